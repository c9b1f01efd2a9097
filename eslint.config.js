/** Rules for the schema alone, by @graphql-eslint; code is checked by Biome. */
import graphql from '@graphql-eslint/eslint-plugin';

// Types that exist for one field, which must have a description, and add nothing to it.
const DESCRIBED_BY_THEIR_FIELD = [
  'ObjectTypeDefinition[name.value=/(Success|Connection|Edge)$/]',
  'UnionTypeDefinition[name.value=/Result$/]',
  'InputObjectTypeDefinition[name.value=/Input$/]',
];

export default [
  {
    files: ['schema.graphql'],
    languageOptions: {
      parser: graphql.parser,
      parserOptions: { graphQLConfig: { schema: './schema.graphql' } },
    },
    plugins: { '@graphql-eslint': graphql },
    rules: {
      ...graphql.configs['flat/schema-recommended'].rules,
      ...graphql.configs['flat/schema-relay'].rules,
      '@graphql-eslint/require-description': [
        'error',
        {
          ...{ types: true, rootField: true, DirectiveDefinition: true },
          ...{ FieldDefinition: true, InputValueDefinition: true, EnumValueDefinition: true },
          ignoredSelectors: DESCRIBED_BY_THEIR_FIELD,
        },
      ],
      // What can be found again implements Node, which has the id. Everything else is a value, a result or a problem: an
      // id of theirs would find nothing.
      '@graphql-eslint/strict-id-in-types': 'off',
      '@graphql-eslint/relay-edge-types': [
        'error',
        {
          withEdgeSuffix: true,
          // A transition belongs to its task, and is found by its version there.
          shouldImplementNode: false,
          // Lists that are short and always whole need no pages: the rooms of a caller, the issues of an input.
          listTypeCanWrapOnlyEdgeType: false,
        },
      ],
    },
  },
];
