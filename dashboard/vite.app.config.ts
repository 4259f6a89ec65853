/** How the dashboard is built: hashed assets under /assets/, one chunk a vendor, nothing inlined. */
import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { documentsWhereTheyAreSent } from './vite.documents.ts';
import { inEnglish } from './vite.english.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const server = process.env.PINMARK_URL ?? 'http://127.0.0.1:8000';
const proxied = ['/graphql', '/graphiql', '/login', '/logout', '/v1', '/schema.graphql'];

export default defineConfig({
  root: here('app'),
  publicDir: here('app/public'),
  plugins: [inEnglish(), documentsWhereTheyAreSent(here('app/gql/persisted-documents.json')), react()],
  build: {
    outDir: here('dist/app'),
    emptyOutDir: true,
    modulePreload: { polyfill: false }, // it would be an inline script
    assetsInlineLimit: 0, // fonts and images come from our own origin, as the policy says
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'react', test: /node_modules\/(react|react-dom|react-router|scheduler)\// },
            { name: 'graphql', test: /node_modules\/(urql|@urql|graphql-ws|wonka|@0no-co)/ },
          ],
        },
      },
      onwarn(warning, warn) {
        if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') warn(warning); // "use client" marks
      },
    },
  },
  server: {
    proxy: Object.fromEntries(
      proxied.map((path) => [path, { target: server, ws: true, changeOrigin: false }]),
    ),
  },
  test: { environment: 'happy-dom', root: here('app') },
});
