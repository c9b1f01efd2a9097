/** Execution as the server does it, beside that of graphql-js: whatever is asked and answered, the results are the same. */
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import {
  buildSchema,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLObjectType,
  type GraphQLUnionType,
  parse,
  execute as reference,
  validate,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { execute } from '../../../src/server/graphql/execution/execute.ts';

const schema = buildSchema(`
  interface Named { name: String  item: Item  items: [Item] }
  type Item implements Named {
    name: String  sure: String!  size: Int  sizes: [Int!]  matrix: [[Int]!]
    item: Item  itemSure: Item!  items: [Item]  itemsSure: [Item!]!  any: Any  anys: [Any!]  named: Named
  }
  type Other implements Named { name: String  item: Item  items: [Item]  kind: Kind  echo(value: Int = 3, on: Boolean): Int }
  union Any = Item | Other
  enum Kind { GOOD BAD }
  scalar JSON
  input Inner { on: Boolean  more: [Inner!] }
  input Outer { id: ID!  count: Int! = 7  ratio: Float  kinds: [Kind!]  inner: Inner  matrix: [[Int!]]  free: JSON }
  type Query { item: Item  itemSure: Item!  any: Any  named: Named  items: [Item!]
    echo(input: Outer, inputs: [Outer!], flag: Boolean = true): JSON }
  type Mutation { first: Item  second: Item!  third: Any }
`);

/** What a field gives, of whatever type it is. */
type Given =
  | { kind: 'value' | 'null' | 'undefined' | 'error' | 'thrown' | 'wrong' }
  | { kind: 'later'; of: Given }
  | { kind: 'items'; of: Given[] };

const given: fc.Arbitrary<Given> = fc.letrec<{ given: Given }>((tie) => ({
  given: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    { weight: 8, arbitrary: fc.constant({ kind: 'value' as const }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constantFrom('null', 'undefined', 'error', 'thrown', 'wrong'),
      }) as fc.Arbitrary<Given>,
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('later' as const), of: tie('given') }) },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('items' as const),
        of: fc.array(tie('given'), { maxLength: 3 }),
      }),
    },
  ),
})).given;

/**
 * Objects whose fields give one after the other what is in the list, over and over: the same for both executions, as
 * long as they ask in the same order.
 */
function createTestStore(list: readonly Given[]) {
  const asked: string[] = [];
  let next = 0;
  const take = () => list[next++ % list.length] as Given;

  function make(one: Given, type: string): unknown {
    switch (one.kind) {
      case 'null':
        return null;
      case 'undefined':
        return undefined;
      case 'error':
        return new Error(`An error in the place of ${type}`);
      case 'thrown':
        throw new Error(`Thrown for ${type}`);
      case 'wrong':
        return type.startsWith('[') ? 5 : { is: 'wrong' };
      case 'later':
        return Promise.resolve().then(() => make(one.of, type));
      case 'items': {
        const of = /^\[(.*)\]!?$/.exec(type)?.[1];
        return of
          ? one.of.map((inner) => (inner.kind === 'thrown' ? null : make(inner, of)))
          : makeValue(type);
      }
      case 'value':
        return type.startsWith('[') ? [] : makeValue(type);
    }
  }

  function makeValue(type: string): unknown {
    const name = type.replace('!', '');
    if (name === 'Int') return next;
    if (name === 'String') return `text ${next}`;
    if (name === 'Kind') return 'GOOD';
    const isOther = name === 'Other' || (name !== 'Item' && next % 2 === 0);
    return objectOf(isOther ? 'Other' : 'Item');
  }

  function objectOf(typename: string): object {
    const fields = (schema.getType(typename) as GraphQLObjectType).getFields();
    const object: Record<string, unknown> = { __typename: typename };
    for (const [name, { type }] of Object.entries(fields)) {
      // Those of leaves stand there, others are methods.
      const read = () => {
        asked.push(`${typename}.${name}`);
        return make(take(), String(type));
      };
      if (/Int|String|Kind/.test(String(type)) && name !== 'echo') {
        Object.defineProperty(object, name, { get: read, enumerable: true });
      } else object[name] = name === 'echo' ? (args: { value: number }) => args.value : read;
    }
    return object;
  }
  return { asked, root: { ...objectOfRoot('Query'), ...objectOfRoot('Mutation') }, take };

  function objectOfRoot(typename: string): object {
    const fields = (schema.getType(typename) as GraphQLObjectType).getFields();
    return Object.fromEntries(
      Object.entries(fields).map(([name, { type }]) => [
        name,
        (args: unknown) => {
          asked.push(`${typename}.${name}`);
          return name === 'echo' ? { args } : make(take(), String(type));
        },
      ]),
    );
  }
}

/** What the context decides of objects, as a rule of access does. */
interface Rules {
  rule?: () => unknown;
}
for (const name of ['Item', 'Other']) {
  (schema.getType(name) as GraphQLObjectType).isTypeOf = (_value, context: Rules) =>
    (context.rule?.() ?? true) as boolean;
}
(schema.getType('Any') as GraphQLUnionType).resolveType = (value, context: Rules) => {
  const { __typename } = value as { __typename: string };
  return context.rule && __typename === 'Other' ? Promise.resolve(__typename) : __typename;
};

const SELECTIONS: Record<string, string[]> = {
  leaf: ['name', 'size', 'sizes', 'sure', 'matrix', '__typename', 'n: name', 'size name'],
  deep: ['item', 'itemSure', 'items', 'itemsSure', 'any', 'anys', 'named', 'i: item', 'items'],
};

/** Selections of an Item, so many levels deep. */
const selection = (levels: number): fc.Arbitrary<string> => {
  const leaf = fc.constantFrom(...(SELECTIONS['leaf'] as string[]));
  if (levels === 0) return leaf;
  const inner = fc.array(selection(levels - 1), { minLength: 1, maxLength: 3 }).map((all) => all.join(' '));
  const deep = fc
    .tuple(fc.constantFrom(...(SELECTIONS['deep'] as string[])), inner)
    .map(([field, of]) =>
      /^any/.test(field)
        ? `${field} { __typename ... on Item { ${of} } ... on Other { name kind echo(value: 4, on: $on) } ...N }`
        : field === 'named'
          ? `named { name ... on Item { ${of} } ...N ... on Other { kind e: echo } }`
          : `${field} { ${of} }`,
    );
  const fragment = fc.oneof(
    inner.map((of) => `... { ${of} }`),
    inner.map((of) => `... on Item { ${of} }`),
    fc.constantFrom('...I', '...N', '... on Named { name }', '... on Other { kind }'),
  );
  return fc.oneof(
    { weight: 3, arbitrary: leaf },
    { weight: 3, arbitrary: deep },
    { weight: 1, arbitrary: fragment },
  );
};

const FRAGMENTS =
  'fragment I on Item { size ...N item { name } } fragment N on Named { name items { name size } }';

const query = fc
  .tuple(fc.constantFrom('query', 'mutation'), fc.array(selection(2), { minLength: 1, maxLength: 4 }))
  .map(([kind, all]) => {
    const of = all.join(' ');
    const root =
      kind === 'query'
        ? `item { ${of} } itemSure { ${of} } any { ... on Item { ${of} } ...N } items { ${of} }`
        : `first { ${of} } second { ${of} } third { ... on Item { ${of} } ...N } last: first { name }`;
    return `${kind} ($on: Boolean) { ${root} ...Spread } ${FRAGMENTS} fragment Spread on ${
      kind === 'query' ? 'Query { named { ...N } }' : 'Mutation { first { name ...I } }'
    }`;
  });

/** The result as it would be sent, and what was asked for it. */
async function told(
  run: typeof execute,
  document: DocumentNode,
  list: readonly Given[],
  rules: readonly Given[],
): Promise<{ text: string; asked: string[] }> {
  const { root, asked } = createTestStore(list);
  const { take } = createTestStore(rules.length > 0 ? rules : [{ kind: 'value' }]);
  const rule = () => {
    const { kind } = take();
    if (kind === 'thrown') throw new Error('Not allowed');
    if (kind === 'error') return Promise.reject(new Error('No'));
    return kind === 'later' ? Promise.resolve(true) : true;
  };
  const contextValue: Rules = rules.length > 0 ? { rule } : {};
  const result = await run({ schema, document, rootValue: root, contextValue, variableValues: { on: true } });
  // What an error has made useless goes on until it is done.
  await turn();
  const errors = result.errors?.map(({ message, path, locations }) => ({
    message: message.replace(OF_THE_SERVER, 'a mistake of the server'),
    path,
    locations,
  }));
  return { text: JSON.stringify({ errors, data: result.data }), asked };
}

/** What is wrong with a resolver, and not with a request, may be told in other words. */
const OF_THE_SERVER = /^(Abstract type "|"\w+" was resolved to |Expected value of type ).*$/s;

/** So that it is not run for the first time. */
async function prepare(document: DocumentNode): Promise<void> {
  await execute({ schema, document, rootValue: {}, contextValue: {} });
}

/**
 * Runs the work while rejections that nobody hears of, each of which would end a server, are gathered. graphql-js leaves
 * some: of a list in which an item fails at once, those that fail later.
 */
async function gathering(work: (unheard: unknown[]) => Promise<void>): Promise<void> {
  const unheard: unknown[] = [];
  const listeners = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection').on('unhandledRejection', (error) => unheard.push(error));
  try {
    await work(unheard);
  } finally {
    process.removeAllListeners('unhandledRejection');
    for (const listener of listeners) process.on('unhandledRejection', listener);
  }
}

describe('an execution', () => {
  it('gives what graphql-js gives, and asks for the same in the same order', async () => {
    const property = (unheard: unknown[]) =>
      fc.asyncProperty(
        query,
        fc.array(given, { minLength: 1, maxLength: 12 }),
        fc.array(given, { maxLength: 5 }),
        async (text, list, rules) => {
          const document = parse(text);
          fc.pre(validate(schema, document).length === 0);
          const expected = await told(reference as typeof execute, document, list, rules);
          await prepare(document);
          unheard.length = 0;
          for (const _ of [1, 2]) expect(await told(execute, document, list, rules)).toEqual(expected);
          expect(unheard).toEqual([]);
        },
      );
    await gathering((unheard) => fc.assert(property(unheard), { numRuns: 500 }));
  });

  it('hears of what fails later in a list that has failed already', async () => {
    const document = parse('query ($on: Boolean) { item { anys { ... on Other { echo(on: $on) } } } }');
    const anys: Given = { kind: 'items', of: [{ kind: 'later', of: { kind: 'thrown' } }, { kind: 'null' }] };
    await prepare(document);
    await gathering(async (unheard) => {
      const { text } = await told(execute, document, [{ kind: 'value' }, anys], []);
      expect(text).toContain('Cannot return null for non-nullable field Item.anys.');
      expect(unheard).toEqual([]);
    });
  });

  it.each([
    '{ item { name @include(if: false) size @skip(if: true) } }',
    '{ item { ...I @skip(if: true) name } } fragment I on Item { size }',
    '{ __schema { queryType { name } } __type(name: "Item") { name } }',
    '{ __proto__: item { name } item { __proto__: name } }',
    'query A { item { name } } query B { any { __typename } }',
  ])('leaves to graphql-js what is uncommon: %s', async (text) => {
    const document = parse(text);
    const list: Given[] = [{ kind: 'value' }];
    const expected = await told(reference as typeof execute, document, list, []);
    for (const _ of [1, 2, 3]) expect(await told(execute, document, list, [])).toEqual(expected);
  });

  it('runs the operation that is named', async () => {
    const document = parse('query A { item { name } } query B { item { size } }');
    for (const _ of [1, 2, 3]) {
      for (const [operationName, key] of [
        ['A', 'name'],
        ['B', 'size'],
      ] as const) {
        const { root: rootValue } = createTestStore([{ kind: 'value' }]);
        const { data } = (await execute({
          schema,
          document,
          rootValue,
          contextValue: {},
          operationName,
        })) as ExecutionResult;
        expect(Object.keys(data?.['item'] as object)).toEqual([key]);
      }
    }
  });

  it('gives resolvers the same arguments and the same information', async () => {
    const document = parse('query ($on: Boolean = true) { a: echo(flag: $on) ... { a: echo(flag: $on) } }');
    const calls: unknown[] = [];
    const field = (schema.getType('Query') as GraphQLObjectType).getFields()['echo'];
    if (!field) throw new Error('no field');
    field.resolve = (...call) => void calls.push(call);
    const args = { schema, document, rootValue: { root: 1 }, contextValue: { context: 1 } };
    await reference(args);
    for (const _ of [1, 2]) await execute(args);
    delete field.resolve;
    expect(calls).toHaveLength(3);
    expect(calls[2]).toEqual(calls[0]);
  });
});

describe('variables', () => {
  const value: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      fc.constantFrom(null, true, 0, 1, -7, 1.5, 3e9, 'a', '', '5', 'GOOD', 'BAD', 'UGLY', undefined),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.record(
        {
          id: fc.oneof(fc.constant('x'), fc.constant(5), tie('value')),
          count: fc.oneof(fc.integer(), tie('value')),
          ratio: fc.oneof(fc.constant(1.5), tie('value')),
          kinds: fc.oneof(fc.constant(['GOOD']), fc.constant('BAD'), tie('value')),
          inner: fc.oneof(fc.constant({ on: true, more: [{ on: false }] }), tie('value')),
          matrix: fc.oneof(fc.constant([[1], null, [2, 3]]), fc.constant(4), tie('value')),
          free: tie('value'),
          unknown: tie('value'),
        },
        { requiredKeys: [] },
      ),
      fc.record({ id: fc.constant('x'), kinds: fc.constant(['BAD', 'GOOD']), free: tie('value') }),
    ),
  })).value;
  const document = parse(`query ($input: Outer, $inputs: [Outer!], $flag: Boolean! = false, $must: ID!) {
    echo(input: $input, inputs: $inputs, flag: $flag) other: echo(input: { id: $must, count: 3 }) }`);

  it('are coerced, or refused, as graphql-js does', async () => {
    let right = 0;
    const list: Given[] = [{ kind: 'value' }];
    const answer = async (run: typeof execute, variableValues: Record<string, unknown>) => {
      const { root: rootValue } = createTestStore(list);
      return JSON.stringify(await run({ schema, document, rootValue, contextValue: {}, variableValues }));
    };
    await prepare(document);
    await fc.assert(
      fc.asyncProperty(
        fc.record({ input: value, inputs: value, flag: value, must: value }, { requiredKeys: [] }),
        fc.boolean(),
        async (variables, mend) => {
          const asked = mend ? { ...variables, must: 'm', flag: true } : variables;
          const expected = await answer(reference as typeof execute, asked);
          if (!expected.includes('errors')) right++;
          expect(await answer(execute, asked)).toBe(expected);
        },
      ),
      { numRuns: 1_500 },
    );
    expect(right).toBeGreaterThan(100);
  });
});
