/**
 * Types and persisted documents of every operation in `app/`, from the published schema.
 *
 * The server runs the persisted text, so `__typename` is added here as the cache would add it.
 * Only `documentMode: 'string'` writes the documents whole.
 */
import { addTypenameSelectionDocumentTransform } from '@graphql-codegen/client-preset';
import type { CodegenConfig } from '@graphql-codegen/cli';

const config: CodegenConfig = {
  schema: '../schema.graphql',
  documents: ['app/**/*.{ts,tsx}', '!app/gql/**'],
  generates: {
    'app/gql/': {
      preset: 'client',
      documentTransforms: [addTypenameSelectionDocumentTransform],
      presetConfig: {
        fragmentMasking: false,
        persistedDocuments: { hashAlgorithm: 'sha256' },
      },
      config: {
        documentMode: 'string',
        enumsAsTypes: true,
        useTypeImports: true,
        scalars: { DateTime: 'string', UUID: 'string', JSON: 'unknown' },
      },
    },
    'app/gql/interfaces.ts': { plugins: ['./interfaces.mjs'] },
  },
};

export default config;
