/** How the page of the REST API is built: every byte from our own origin, under /v1/docs/. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here('docs'),
  base: '/v1/docs/',
  build: {
    outDir: here('dist/docs'),
    emptyOutDir: true,
    assetsInlineLimit: 0, // a style sheet may not load data: but images
    chunkSizeWarningLimit: 2000, // Swagger UI is one chunk of that size
  },
});
