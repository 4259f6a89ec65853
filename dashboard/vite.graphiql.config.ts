/** How GraphiQL is built: every byte from our own origin, under /graphiql/, beside the dashboard. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const server = process.env.PINMARK_URL ?? 'http://127.0.0.1:8000';

export default defineConfig({
  root: here('graphiql'),
  base: '/graphiql/',
  build: {
    outDir: here('dist/graphiql'),
    emptyOutDir: true,
    chunkSizeWarningLimit: 4000, // the editor alone is one chunk of that size
    rolldownOptions: {
      onwarn(warning, warn) {
        // "use client" marks of React libraries mean nothing without a React server.
        if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') warn(warning);
      },
    },
  },
  // Two copies of graphql-js refuse each other's schema objects.
  resolve: { dedupe: ['graphql', 'react', 'react-dom', 'monaco-editor'] },
  worker: { format: 'es' },
  server: { proxy: { '/graphql': { target: server, ws: true, changeOrigin: false } } },
});
