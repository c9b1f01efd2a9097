import { parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema } from '../../../src/graphql/schema.ts';
import { pointsOf } from '../../../src/server/limits/operation-points.ts';

function cost(query: string, variableValues: Record<string, unknown> = {}, operationName?: string): number {
  const document = parse(query);
  expect(validate(schema, document)).toEqual([]);
  return pointsOf({ document, variableValues, operationName });
}

const SUBMIT_ALL = 'mutation ($inputs: [SubmitTaskInput!]!) { submitTasks(inputs: $inputs) { __typename } }';
const inputs = (count: number) => Array.from({ length: count }, () => ({ room: 'a', job: 'b' }));
const retry = (alias: string) => `${alias}: retryTask(input: { taskId: "t" }) { __typename }`;

describe('an operation costs', () => {
  it.each([
    ['one, as a query', '{ viewer { id } other: viewer { id } }', {}, 1],
    ['one, as a subscription', 'subscription { roomEvents(room: "a") { __typename } }', {}, 1],
    ['one, as a mutation', `mutation { ${retry('a')} }`, {}, 1],
    ['one for each field of a mutation', `mutation { ${retry('a')} ${retry('b')} ${retry('c')} }`, {}, 3],
    ['one for each item of a batch', SUBMIT_ALL, { inputs: inputs(250) }, 250],
    ['one for a batch of nothing', SUBMIT_ALL, { inputs: [] }, 1],
    ['one for a batch that is one item', SUBMIT_ALL, { inputs: inputs(1)[0] }, 1],
    [
      'one for each item of a batch that stands in the text',
      'mutation { submitTasks(inputs: [{ room: "a", job: "b" }, { room: "a", job: "b" }]) { __typename } }',
      {},
      2,
    ],
    [
      'one for each item of a batch that is the default of a variable',
      'mutation ($inputs: [SubmitTaskInput!]! = [{ room: "a", job: "b" }, { room: "a", job: "b" }]) { submitTasks(inputs: $inputs) { __typename } }',
      {},
      2,
    ],
    [
      'one for a heartbeat, however much the worker holds',
      'mutation ($holding: [HeldAttemptInput!]) { heartbeat(workerId: "w", holding: $holding) { __typename } }',
      { holding: [1, 2, 3] },
      1,
    ],
    [
      'what its fragments cost, once each',
      `mutation { ...A ...A ... { ${retry('c')} } } fragment A on Mutation { ${retry('a')} ...B ...B } fragment B on Mutation { ${retry('b')} }`,
      {},
      3,
    ],
  ])('%s', (_what, query, variables, expected) => {
    expect(cost(query, variables)).toBe(expected);
  });

  it('what the chosen one of several costs', () => {
    const both = `query Q { viewer { id } } mutation M { ${retry('a')} ${retry('b')} }`;
    expect([cost(both, {}, 'Q'), cost(both, {}, 'M')]).toEqual([1, 2]);
  });

  it('no time for fragments that double with every level', () => {
    const levels = Array.from(
      { length: 60 },
      (_, n) => `fragment F${n} on Mutation { ...F${n + 1} ...F${n + 1} }`,
    );
    const query = `mutation { ...F0 } ${levels.join(' ')} fragment F60 on Mutation { ${retry('a')} }`;
    expect(pointsOf({ document: parse(query) })).toBe(1);
  });
});
