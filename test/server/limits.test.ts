/** What an operation may cost, and what is wrong with it: told alike over HTTP, SSE and WebSocket. */
import { type GraphQLObjectType, getNamedType, isAbstractType, isObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';
import { ADMIN_TOKEN, startApp, type TestApp } from '../support/app.ts';
import { createTestDatabase } from '../support/database.ts';
import type { Operation } from './events.ts';
import { ask, codeOf, TRANSPORTS } from './transports.ts';

let app: TestApp;

beforeAll(async () => {
  app = await startApp({ database: (await createTestDatabase('pglite')).db });
});

afterAll(async () => {
  await app?.stop();
  expect(app.logged.filter((line) => /"level":(50|60)/.test(line))).toEqual([]);
});

/** A query of exactly so many tokens. */
function queryOfTokens(count: number): string {
  const fields = Array.from({ length: Math.floor((count - 6) / 3) }, (_, index) => `a${index}: id`);
  // Six around the fields, `{ viewer { … } }` and the first of the padding, which is there in any case.
  const padding = ['role', 'rooms', '__typename'].slice(0, 1 + ((count - 6) % 3));
  return `{ viewer { ${[...fields, ...padding].join(' ')} } }`;
}

/** Costs 301 and 400 for each of the `first` transitions. */
const HISTORIES = `query Histories($first: Int!) {
  tasks(first: 100) { nodes { id transitions(first: $first) { nodes { version to at } } } }
}`;

describe.each(TRANSPORTS)('over %s', (transport) => {
  const asked = (operation: Operation) => ask(transport, app.url, ADMIN_TOKEN, operation);

  it('an operation may have 2,000 tokens, and not one more', async () => {
    expect((await asked({ query: queryOfTokens(2_000) })).data).toMatchObject({ viewer: { a7: 'admin' } });
    const { errors } = await asked({ query: queryOfTokens(2_001) });
    expect(errors).toMatchObject([{ message: expect.stringContaining('more that 2000 tokens') }]);
  });

  it('an operation may cost 25,000, and the variables count, also those of a document that is known', async () => {
    const affordable = { query: HISTORIES, variables: { first: 61 } };
    expect(await asked(affordable)).toEqual({ data: { tasks: { nodes: [] } } });
    const answer = await asked({ query: HISTORIES, variables: { first: 62 } });
    expect(codeOf(answer)).toBe('QUERY_TOO_COMPLEX');
    expect(answer.errors?.[0]?.message).toBe(
      'The operation is too large. Its cost is 25101; 25000 is allowed. Ask for smaller pages.',
    );
    expect(answer.data ?? null).toBeNull();
    expect(await asked(affordable)).toEqual({ data: { tasks: { nodes: [] } } });
  });

  it('the page of a list counts once, however it is asked for', async () => {
    const nodes = '{ tasks { nodes { id transitions { nodes { version to at } } } } }';
    const edges = '{ tasks { edges { node { id transitions { edges { node { version to at } } } } } } }';
    expect(await asked({ query: nodes })).toEqual({ data: { tasks: { nodes: [] } } });
    expect(await asked({ query: edges })).toEqual({ data: { tasks: { edges: [] } } });
  });

  it('the operation that runs is the one that counts, wherever it stands in the document', async () => {
    const query = `query Cheap { viewer { id } }
      query Dear { tasks(first: 100) { nodes { ...History } } }
      query Schema { __schema { queryType { name } } }
      fragment History on Task { transitions(first: 100) { nodes { version to at } } }`;
    expect(codeOf(await asked({ query, operationName: 'Dear' }))).toBe('QUERY_TOO_COMPLEX');
    expect((await asked({ query, operationName: 'Cheap' })).data).toEqual({ viewer: { id: 'admin' } });
    expect((await asked({ query, operationName: 'Schema' })).data).toEqual({
      __schema: { queryType: { name: 'Query' } },
    });
  });

  it('a subscription is judged before it begins', async () => {
    const fields = 'transitions(first: 100) { nodes { version to at } }';
    const copies = Array.from({ length: 70 }, (_, index) => `a${index}: ${fields}`).join(' ');
    const query = `subscription { roomEvents(room: "a") { ... on TaskTransitioned { task { ${copies} } } } }`;
    expect(codeOf(await asked({ query }))).toBe('QUERY_TOO_COMPLEX');
  });

  it.each([
    ['a syntax error', { query: '{ viewer { id }' }, /Syntax Error/],
    ['an empty document', { query: '' }, /Syntax Error|Must provide query string/],
    ['an unknown field', { query: '{ viewer { secret } }' }, /Cannot query field "secret"/],
    [
      'fragments that go round in circles',
      {
        query: '{ viewer { ...A } } fragment A on Viewer { id ...B } fragment B on Viewer { ...A }',
      },
      /Cannot spread fragment "A" within itself/,
    ],
    ['a fragment of itself', { query: '{ ...A } fragment A on Query { ...A }' }, /within itself/],
    [
      'an operation that is not there',
      { query: 'query A { viewer { id } }', operationName: 'B' },
      /Could not determine what operation/,
    ],
    [
      'several operations and no name',
      { query: 'query A { viewer { id } } query B { viewer { id } }' },
      /Could not determine what operation/,
    ],
    ['only fragments', { query: 'fragment A on Viewer { id }' }, /operation|never used/],
    ['a definition of a type', { query: 'type Query { id: ID }' }, /not executable|Could not determine what/],
    ['a missing variable', { query: HISTORIES }, /"\$first" of required type "Int!"/],
    [
      'a variable of the wrong type',
      { query: HISTORIES, variables: { first: 'many' } },
      /"\$first" got invalid value "many"/,
    ],
    [
      'a variable of the wrong type for a subscription',
      { query: 'subscription A($id: ID!) { taskEvents(taskId: $id) { __typename } }', variables: { id: {} } },
      /"\$id" got invalid value/,
    ],
    [
      'two subscriptions in one',
      {
        query:
          'subscription { a: roomEvents(room: "a") { __typename } roomEvents(room: "b") { __typename } }',
      },
      /must select only one top level field|only one/,
    ],
    [
      'a subscription to nothing',
      {
        query:
          'subscription { ...A } fragment A on Subscription { roomEvents(room: "a") @skip(if: true) { __typename } }',
      },
      /cannot be subject to @skip or @include/,
    ],
    [
      'a subscription to what may be nothing',
      {
        query:
          'subscription A($on: Boolean!) { ... @include(if: $on) { roomEvents(room: "a") { __typename } } }',
        variables: { on: false },
      },
      /cannot be subject to|was not provided a runtime value/,
    ],
    ['an introspection that never ends', { query: deepIntrospection() }, /Maximum introspection depth/],
  ] as [string, Operation, RegExp][])('%s is told', async (_what, operation, message) => {
    const { data, errors } = await asked(operation);
    expect(errors?.[0]?.message).toMatch(message);
    expect(errors?.[0]?.extensions?.code).not.toBe('INTERNAL_SERVER_ERROR');
    expect(errors?.[0]?.extensions ?? {}).not.toHaveProperty('http');
    expect(data ?? null).toBeNull();
  });
});

function deepIntrospection(): string {
  let inner = 'name';
  for (let level = 0; level < 10; level++) inner = `fields { type { ${inner} } }`;
  return `{ __schema { types { ${inner} } } }`;
}

describe('the limit on depth', () => {
  it('is beyond what the schema can be asked for: with the first circle of types it must be tested', () => {
    const depthOf = (type: GraphQLObjectType, above: readonly string[]): number => {
      if (above.includes(type.name)) throw new Error(`${[...above, type.name].join(' > ')} is a circle.`);
      const fields = Object.values(type.getFields()).map((field) => getNamedType(field.type));
      const below = fields.flatMap((field) =>
        isAbstractType(field) ? schema.getPossibleTypes(field) : isObjectType(field) ? [field] : [],
      );
      return 1 + Math.max(0, ...below.map((field) => depthOf(field, [...above, type.name])));
    };
    const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
    const deepest = Math.max(...roots.map((root) => depthOf(root as GraphQLObjectType, [])));
    expect(deepest).toBeLessThanOrEqual(12);
  });
});
