// Prints which types each interface and union has, as caches of GraphQL clients read it, for scripts/generate.mjs.
import { isAbstractType } from 'graphql';
import { schema } from '../src/graphql/schema.ts';

const types = Object.values(schema.getTypeMap()).filter(
  (type) => isAbstractType(type) && !type.name.startsWith('__'),
);
const entries = types.map(
  (type) =>
    [
      type.name,
      schema
        .getPossibleTypes(type as never)
        .map(({ name }) => name)
        .sort(),
    ] as const,
);
entries.sort(([a], [b]) => (a < b ? -1 : 1));

process.stdout.write(`${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`);
