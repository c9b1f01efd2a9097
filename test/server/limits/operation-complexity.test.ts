/** What an operation may cost, and what is wrong with it: told alike over HTTP, SSE and WebSocket. */
import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMIN_TOKEN, startApp, type TestApp } from '../../support/app.ts';
import { createTestDatabase } from '../../support/database.ts';
import type { Operation } from '../events.ts';
import { type Answer, ask, codeOf, TRANSPORTS } from '../transports.ts';

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
  return `{ tasks(filter: { statuses: [${'FAILED '.repeat(count - 19)}] }) { nodes { id } } }`;
}

/** A query of exactly so many levels; its fields need not exist to be counted. */
function queryOfDepth(depth: number): string {
  return `${'{ deeper '.repeat(depth)}${'}'.repeat(depth)}`;
}

const range = (length: number) => Array.from({ length }, (_, index) => index);

/** Two more with each fragment, and one of the operation itself. */
const ALIASES = `query { viewer { ...A ...A a: id } } fragment A on Viewer { ...B ... { b: id } }
  fragment B on Viewer { c: role ...C } fragment C on Viewer { d: id e: role f: rooms g: id i: id`;
/** Five on the operation, its variable and its fields, and three in the fragment. */
const DIRECTIVES = `query A($on: Boolean! = true) { viewer @include(if: $on) {
  id @include(if: $on) role @skip(if: false) ...B @include(if: $on) ... @include(if: $on) { __typename }
} } fragment B on Viewer { id @skip(if: false) role @skip(if: false) rooms @skip(if: false)`;

/** Costs 301 and 400 for each of the `first` transitions. */
const HISTORIES = `query Histories($first: Int!) {
  tasks(first: 100) { nodes { id transitions(first: $first) { nodes { version to at } } } }
}`;

function expectTooComplex(answer: Answer, message: RegExp): void {
  expect(codeOf(answer)).toBe('QUERY_TOO_COMPLEX');
  expect(answer.errors?.[0]?.message).toMatch(message);
  expect(answer.errors).toHaveLength(1);
  expect(answer.data ?? null).toBeNull();
}

describe.each(TRANSPORTS)('over %s', (transport) => {
  const asked = (operation: Operation) => ask(transport, app.url, ADMIN_TOKEN, operation);

  it('an operation may have 2,000 tokens, and not one more', async () => {
    expect(await asked({ query: queryOfTokens(2_000) })).toEqual({ data: { tasks: { nodes: [] } } });
    expectTooComplex(await asked({ query: queryOfTokens(2_001) }), /more than the 2000 tokens/);
  });

  it('an operation may be 12 levels deep, and not one more, also through fragments', async () => {
    expect(codeOf(await asked({ query: queryOfDepth(12) }))).toBe('GRAPHQL_VALIDATION_FAILED');
    expectTooComplex(await asked({ query: queryOfDepth(13) }), /13 levels deep; 12 are allowed/);
    const split = (inner: number) => `{ a { ...F } } fragment F on Query ${queryOfDepth(inner)}`;
    expect(codeOf(await asked({ query: split(11) }))).toBe('GRAPHQL_VALIDATION_FAILED');
    expectTooComplex(await asked({ query: split(12) }), /13 levels deep/);
  });

  it('what describes the schema may be deeper: explorers and code generators ask so', async () => {
    const { data, errors } = await asked({ query: getIntrospectionQuery() });
    expect(errors).toBeUndefined();
    expect(data.__schema.queryType).toMatchObject({ name: 'Query' });
  });

  it('an operation may have 15 aliases, and not one more, each as often as its fragment is spread', async () => {
    expect((await asked({ query: `${ALIASES} }` })).data.viewer).toMatchObject({ a: '@admin', g: '@admin' });
    expectTooComplex(await asked({ query: `${ALIASES} h: id }` }), /17 aliases; 15 are allowed/);
    const many = (count: number) =>
      `{ ${range(count)
        .map((n) => `a${n}: __typename`)
        .join(' ')} }`;
    expect((await asked({ query: many(15) })).data).toMatchObject({ a14: 'Query' });
    expectTooComplex(await asked({ query: many(16) }), /16 aliases/);
  });

  it('an operation may ask for the same field 50 times in one place, and not once more', async () => {
    const times = (n: number, part: string) => Array(n).fill(part).join(' ');
    expect((await asked({ query: `{ ${times(50, 'viewer { id }')} }` })).errors).toBeUndefined();
    // What stands in inline fragments stands in the same place; another place is another place.
    const inline = `{ ${times(25, 'viewer { id }')} ${times(26, '... { viewer { id } }')} }`;
    expectTooComplex(await asked({ query: inline }), /51 times in one place; 50 are allowed/);
    expectTooComplex(await asked({ query: `{ viewer { ${times(51, 'id')} } }` }), /51 times/);
    const elsewhere = `{ ${times(10, `viewer { ${times(10, 'id')} }`)} }`;
    expect((await asked({ query: elsewhere })).errors).toBeUndefined();
  });

  it('an operation may have 8 directives, and not one more, wherever they stand', async () => {
    expect((await asked({ query: `${DIRECTIVES} }` })).data.viewer).toMatchObject({ id: '@admin' });
    const nine = `${DIRECTIVES} id @skip(if: false) }`;
    expectTooComplex(await asked({ query: nine }), /9 directives; 8 are allowed/);
    const onOperation = `query ${'@deprecated '.repeat(9)}{ viewer { id } }`;
    expectTooComplex(await asked({ query: onOperation }), /9 directives/);
  });

  it('the limits hold for subscriptions and for every operation of a document', async () => {
    const aliases = range(16)
      .map((n) => `a${n}: __typename`)
      .join(' ');
    const query = `subscription { roomEvents(room: "a") { ${aliases} } }`;
    expectTooComplex(await asked({ query }), /16 aliases/);
    const second = `query A { viewer { id } } query B { ${aliases} }`;
    expectTooComplex(await asked({ query: second, operationName: 'A' }), /16 aliases/);
  });

  it('fragments that double with every level, or go round in circles, are refused at once', async () => {
    const doubling = range(150).map((n) => `fragment F${n} on Viewer { ...F${n + 1} ...F${n + 1} }`);
    const query = `{ viewer { ...F0 } } ${doubling.join(' ')} fragment F150 on Viewer { a: id }`;
    expectTooComplex(await asked({ query }), /aliases/);
    const circle = range(150).map(
      (n) => `fragment F${n} on Viewer { ...F${(n + 1) % 150} ...F${(n + 7) % 150} }`,
    );
    const { errors } = await asked({ query: `{ viewer { ...F0 } } ${circle.join(' ')}` });
    expect(errors?.[0]?.message).toMatch(/within itself/);
  });

  it('a page may have 100 rows, and not one more', async () => {
    const query =
      'query Page($first: Int, $last: Int) { tasks(first: $first, last: $last) { nodes { id } } }';
    expect(await asked({ query, variables: { first: 100 } })).toEqual({ data: { tasks: { nodes: [] } } });
    for (const variables of [{ first: 101 }, { last: 2 ** 31 - 1 }]) {
      const { errors } = await asked({ query, variables });
      expect(errors).toMatchObject([
        { message: expect.stringMatching(/may be 100 at most/), extensions: { code: 'INVALID_INPUT' } },
      ]);
    }
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
    expect((await asked({ query, operationName: 'Cheap' })).data).toEqual({ viewer: { id: '@admin' } });
    expect((await asked({ query, operationName: 'Schema' })).data).toEqual({
      __schema: { queryType: { name: 'Query' } },
    });
  });

  it('variables that only coercion makes a list of, and defaults, count like any others', async () => {
    const query = `query ($ids: [ID!]!, $first: Int = 100) {
      nodes(ids: $ids) { id }
      tasks(first: 100) { nodes { transitions(first: $first) { nodes { version to at } } } }
    }`;
    for (const ids of ['task_x', ['task_x'], [1]]) {
      expect(codeOf(await asked({ query, variables: { ids } }))).toBe('QUERY_TOO_COMPLEX');
      const { data } = await asked({ query, variables: { ids, first: 1 } });
      expect(data).toEqual({ nodes: [null], tasks: { nodes: [] } });
    }
    for (const ids of [{ length: -1e9 }, [{}], null, 1.5]) {
      const { data, errors } = await asked({ query, variables: { ids, first: 1 } });
      expect(data ?? null).toBeNull();
      expect(errors?.[0]?.message).toMatch(/^Variable "\$ids" (got invalid|of non-null)/);
    }
    const { errors } = await asked({ query, variables: { first: 1 } });
    expect(errors?.[0]?.message).toBe('Variable "$ids" of required type "[ID!]!" was not provided.');
  });

  it('a subscription is judged before it begins', async () => {
    const fields = 'transitions(first: 100) { nodes { version to at } }';
    // Fields that come again are counted again, although they are answered once.
    const task = `task { ${range(70)
      .map(() => fields)
      .join(' ')} }`;
    const query = `subscription { roomEvents(room: "a") { ... on TaskTransitioned { ${task} } } }`;
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
    expect(errors?.[0]?.extensions?.['code']).toMatch(/^(GRAPHQL|OPERATION|BAD)_/);
    expect(errors?.[0]?.extensions ?? {}).not.toHaveProperty('http');
    expect(data ?? null).toBeNull();
  });

  it.each([
    ['missing', { query: 'query A($room: String!) { jobs(room: $room) { nodes { id } } }' }],
    [
      'without a field that its type needs',
      {
        query: 'mutation A($input: SubmitTaskInput!) { submitTask(input: $input) { __typename } }',
        variables: { input: { room: 'a' } },
      },
    ],
    [
      'no value of its enum',
      {
        query: 'query A($filter: TaskFilter) { tasks(filter: $filter) { nodes { id } } }',
        variables: { filter: { statuses: ['LOST'] } },
      },
    ],
    [
      'more than an Int holds',
      {
        query: 'query A($first: Int) { tasks(first: $first) { nodes { id } } }',
        variables: { first: 2 ** 31 },
      },
    ],
    [
      'no cursor',
      {
        query:
          'subscription A($after: Cursor) { roomEvents(room: "a", after: $after) { ... on ResyncRequired { reason } } }',
        variables: { after: 1 },
      },
    ],
    [
      'null where a field takes none',
      {
        query: 'query A($ids: [ID!]! = []) { nodes(ids: $ids) { id } }',
        variables: { ids: null },
      },
    ],
    [
      'null in the place of a default of a field',
      {
        query:
          'subscription A($follow: Boolean = true) { taskEvents(taskId: "a", follow: $follow) { __typename } }',
        variables: { follow: null },
      },
    ],
  ] as [string, Operation][])(
    'a variable that is %s is told as such, the second time too',
    async (_what, operation) => {
      for (let time = 0; time < 2; time++) {
        const { errors } = await asked(operation);
        expect(errors).toMatchObject([{ message: expect.stringMatching(/"(\$\w+|follow)"/) }]);
        expect(errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT' });
      }
    },
  );
});

function deepIntrospection(): string {
  let inner = 'name';
  for (let level = 0; level < 10; level++) inner = `fields { type { ${inner} } }`;
  return `{ __schema { types { ${inner} } } }`;
}
