import type { CodegenConfig } from '@graphql-codegen/cli';

/**
 * Types every operation that the SDK, the examples and the tests write with `graphql(…)`.
 * `documentMode: 'string'` keeps graphql-js out of the browser client: a document is its own text.
 */
const config: CodegenConfig = {
  schema: './schema.graphql',
  documents: ['src/client/**/*.ts', 'examples/**/*.ts', 'test/**/*.ts', '!src/client/generated/**'],
  emitLegacyCommonJSImports: false,
  importExtension: '.ts',
  generates: {
    'src/client/generated/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: {
        documentMode: 'string',
        enumType: 'string-literal',
        useTypeImports: true,
        strictScalars: true,
        scalars: {
          // Ids in variables are TypeIDs: always text.
          ID: 'string',
          DateTime: 'string',
          JSON: 'unknown',
          Labels: 'Record<string, string>',
          Cursor: 'string',
        },
      },
    },
  },
};

export default config;
