/** The Pothos builder: plugins, scalars and the rules that hold for every field. */
import SchemaBuilder from '@pothos/core';
import ComplexityPlugin from '@pothos/plugin-complexity';
import ErrorsPlugin from '@pothos/plugin-errors';
import PrismaPlugin from '@pothos/plugin-prisma';
import RelayPlugin from '@pothos/plugin-relay';
import ScopeAuthPlugin from '@pothos/plugin-scope-auth';
import { GraphQLError } from 'graphql';
import { ID_PREFIXES, type IdPrefix, parseTypeId, toTypeId } from '../domain/typeid.ts';
import type PrismaTypes from '../generated/pothos-prisma-types.ts';
import { getDatamodel } from '../generated/pothos-prisma-types.ts';
import type { Context } from './context.ts';
import { loadNode } from './node/load.ts';

// A connection's own page is the multiplier: its lists must not multiply once more.
const ONCE = { field: 1, multiplier: 1 };

export const builder = new SchemaBuilder<{
  Context: Context;
  PrismaTypes: PrismaTypes;
  DefaultFieldNullability: false;
  DefaultEdgesNullability: { list: false; items: false };
  DefaultNodeNullability: false;
  AuthScopes: { authenticated: boolean };
  Scalars: {
    ID: { Input: string; Output: string };
    DateTime: { Input: Date; Output: Date };
    JSON: { Input: unknown; Output: unknown };
    Long: { Input: number; Output: number };
    Labels: { Input: Record<string, string>; Output: Record<string, string> };
    Cursor: { Input: string; Output: string };
  };
}>({
  // The errors plugin must wrap what the others throw: it goes before prisma.
  plugins: [ErrorsPlugin, ScopeAuthPlugin, RelayPlugin, PrismaPlugin, ComplexityPlugin],
  defaultFieldNullability: false,
  errors: { directResult: true },
  scopeAuth: {
    authorizeOnSubscribe: true,
    // Once for each object and not for each of its fields. What may not be seen is an error in the object's place, and
    // none of its fields is resolved.
    runScopesOnType: true,
    authScopes: (context) => ({ authenticated: context.viewer !== null }),
    unauthorizedError: () =>
      new GraphQLError('Send a token: Authorization: Bearer ….', { extensions: { code: 'UNAUTHENTICATED' } }),
  },
  prisma: {
    client: (context) => context.services.prisma,
    dmmf: getDatamodel(),
    exposeDescriptions: false,
    onUnusedQuery: null,
  },
  relay: {
    cursorType: 'String',
    clientMutationId: 'omit',
    nodeTypeOptions: { description: 'An object with an id of its own, by which the query node finds it.' },
    pageInfoTypeOptions: { description: 'Where a page lies in its list.' },
    firstArgOptions: {
      description: 'Rows from the front, 100 at most; 20 when neither first nor last is given.',
    },
    lastArgOptions: { description: 'Rows from the end, 100 at most.' },
    afterArgOptions: { description: 'Only what comes behind this cursor.' },
    beforeArgOptions: { description: 'Only what comes in front of this cursor.' },
    nodesOnConnection: { complexity: ONCE },
    edgesFieldOptions: { nullable: { list: false, items: false }, complexity: ONCE },
    nodeFieldOptions: { nullable: false },
    encodeGlobalID: (typename, id) => toTypeId(prefixOf(typename), String(id)),
    decodeGlobalID: (id) => ({ typename: 'Node', id }),
    nodeQueryOptions: {
      description: 'The object with this id; null when there is none that the caller may see.',
      resolve: (_root, { id }, context) => loadNode(context, parseTypeId(id.id)) as never,
    },
    nodesQueryOptions: {
      description: 'The objects with these ids, in order; null in place of each that the caller may not see.',
      complexity: ({ ids }: { ids?: unknown[] }) => ({ field: 1, multiplier: ids?.length ?? 1 }),
      resolve: (_root, { ids }, context) => {
        if (ids.length > MAX_NODES) {
          throw new GraphQLError(`Ask for ${MAX_NODES} nodes at most.`, {
            extensions: { code: 'BAD_USER_INPUT' },
          });
        }
        return Promise.all(ids.map(({ id }) => loadNode(context, parseTypeId(id)))) as never;
      },
    },
  },
  complexity: { defaultComplexity: 1, defaultListMultiplier: 10, disabled: true },
});

const MAX_NODES = 100;

/** How the ids of a type begin. */
export function prefixOf(typename: string): IdPrefix {
  const entry = Object.entries(ID_PREFIXES).find(([, type]) => type === typename);
  if (!entry) throw new Error(`${typename} has no id prefix`);
  return entry[0] as IdPrefix;
}

builder.queryType({ description: 'What can be read.', authScopes: { authenticated: true } });
builder.mutationType({
  description: 'What can be changed. What a caller may cause to go wrong is answered as a Problem.',
  authScopes: { authenticated: true },
});
builder.subscriptionType({ description: 'What can be watched, live.', authScopes: { authenticated: true } });
