import type { CodegenConfig } from '@graphql-codegen/cli';

/** `documentMode: 'string'` keeps graphql-js out of the browser: a document is its own text. */
function typedDocuments(documents: string[]): CodegenConfig['generates'][string] {
  return {
    documents,
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
        Long: 'number',
        Labels: 'Record<string, string>',
        Cursor: 'string',
      },
    },
  };
}

/** Types every operation that is written with `graphql(…)`: of the SDK, the examples and the tests, and of the dashboard. */
const config: CodegenConfig = {
  schema: './schema.graphql',
  emitLegacyCommonJSImports: false,
  importExtension: '.ts',
  generates: {
    'src/client/generated/': typedDocuments([
      'src/client/**/*.ts',
      'examples/**/*.ts',
      'test/**/*.ts',
      '!src/client/generated/**',
    ]),
    'src/dashboard/generated/': typedDocuments([
      'src/dashboard/**/*.{ts,tsx}',
      '!src/dashboard/generated/**',
    ]),
  },
};

export default config;
