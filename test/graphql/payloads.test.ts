/** Payloads against the schema of their job: every violation with its path, and nothing lost. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, type Caller, startApi } from '../support/api.ts';
import { newJob } from './task-in-status.ts';

let api: Api;
let wim: Caller;
let mia: Caller;

beforeAll(async () => {
  api = await startApi('pglite');
  wim = await api.caller('wim', 'WORKER', ['main']);
  mia = await api.caller('mia', 'MEMBER', ['main']);
});
afterAll(() => api?.close());

/** What a submission of the payload to a job with the schema answers. */
async function submitTo(payloadSchema: unknown, payload: unknown) {
  const { fullName } = await newJob(wim, 'main', { payloadSchema });
  return mia.submit({ room: 'main', job: fullName, payload });
}

const object = (properties: object, more: object = {}) => ({ type: 'object', properties, ...more });

describe('a payload that violates its schema', () => {
  it.each<[what: string, schema: unknown, payload: unknown, issues: [path: string, message: RegExp][]]>([
    ['is of another type', { type: 'object' }, [], [['', /must be object/]]],
    [
      'lacks something',
      object({}, { required: ['a', 'b'] }),
      {},
      [
        ['/a', /is required/],
        ['/b', /is required/],
      ],
    ],
    [
      'has too much',
      object({ a: {} }, { additionalProperties: false }),
      { a: 1, b: 2 },
      [['/b', /not allowed/]],
    ],
    ['is none of the values', { enum: ['x', null] }, 'y', [['', /one of \["x",null\]/]]],
    ['is not the value', object({ a: { const: 1 } }), { a: 2 }, [['/a', /equal to constant/]]],
    [
      'is too small',
      object({ a: { type: 'integer', minimum: 3 } }),
      { a: 2.5 },
      [
        ['/a', /integer/],
        ['/a', />= 3/],
      ],
    ],
    [
      'is too long',
      { items: { maxLength: 2 } },
      ['ab', 'abc', 'äöü'],
      [
        ['/1', /2 char/],
        ['/2', /2 char/],
      ],
    ],
    [
      'is wrong deep inside',
      object({ a: { items: object({ b: { items: { type: 'number' } } }) } }),
      { a: [{ b: [1] }, { b: [2, '3'] }] },
      [['/a/1/b/1', /must be number/]],
    ],
    [
      'is wrong under names that a JSON Pointer escapes',
      object({ 'a/b': object({ '~': { type: 'null' }, '': { type: 'null' }, '~1': { type: 'null' } }) }),
      { 'a/b': { '~': 1, '': 1, '~1': 1, other: 1 } },
      [
        ['/a~1b/', /null/],
        ['/a~1b/~0', /null/],
        ['/a~1b/~01', /null/],
      ],
    ],
    [
      'does not match its patterns, each of them',
      object({ a: { pattern: '^a+$' }, b: { pattern: '^b+$' }, c: { pattern: '^c+$' } }),
      { a: 'aaa', b: 'aaa', c: 'aaa' },
      [
        ['/b', /pattern "\^b\+\$"/],
        ['/c', /pattern "\^c\+\$"/],
      ],
    ],
    [
      'has names that match a pattern',
      { patternProperties: { '^n': { type: 'number' }, '^s': { type: 'string' } } },
      { n1: 'x', s1: 'x', other: null },
      [['/n1', /number/]],
    ],
    ['repeats itself', { uniqueItems: true }, [{ a: 1, b: 2 }, 1, { b: 2, a: 1 }], [['', /equal|duplicate/]]],
    [
      'has no such format',
      object({ at: { format: 'date-time' } }),
      { at: '2026-02-30' },
      [['/at', /date-time/]],
    ],
    ['may not be', false, {}, [['', /false/]]],
    [
      'suits no alternative',
      { anyOf: [{ type: 'null' }, { minimum: 2 }] },
      1,
      [
        ['', /null/],
        ['', />= 2/],
        ['', /anyOf/],
      ],
    ],
    [
      'suits no branch that a reference leads to',
      { $ref: '#/$defs/tree', $defs: { tree: object({ kids: { items: { $ref: '#/$defs/tree' } } }) } },
      { kids: [{ kids: [{ kids: 1 }, 2] }] },
      [['/kids/0/kids/1', /object/]],
    ],
  ])('is refused where it %s', async (_what, schema, payload, issues) => {
    const answer = await submitTo(schema, payload);
    expect(answer.__typename).toBe('InvalidInput');
    // JSON Pointers name the places without doubt; the API gives their segments.
    const pointer = ([first, ...segments]: string[]) => {
      expect(first).toBe('payload');
      return segments.map((one) => `/${one.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
    };
    expect(answer.issues.map(({ path }: { path: string[] }) => pointer(path))).toEqual(
      issues.map(([path]) => path),
    );
    for (const [index, [, message]] of issues.entries())
      expect(answer.issues[index].message).toMatch(message);
  });

  it('tells a hundred violations, and how many there are besides', async () => {
    const { issues } = await submitTo({ items: { type: 'null' } }, Array(1_234).fill(1));
    expect(issues).toHaveLength(101);
    expect(issues[99]).toMatchObject({ path: ['payload', '99'] });
    expect(issues[100]).toEqual({ path: ['payload'], message: '… and 1134 more violations' });
  });

  it('leaves the others of its list alone', async () => {
    const { fullName: job } = await newJob(wim, 'main', { payloadSchema: { type: 'integer' } });
    const { results } = await mia.submitAll([1, 'x', 2].map((payload) => ({ room: 'main', job, payload })));
    expect(results).toMatchObject([
      { duplicate: false },
      { __typename: 'InvalidInput' },
      { duplicate: false },
    ]);
  });

  it('is refused although its idempotency key was used before', async () => {
    const { fullName: job } = await newJob(wim, 'main', { payloadSchema: { type: 'integer' } });
    const once = { room: 'main', job, idempotencyKey: 'once' };
    expect(await mia.submit({ ...once, payload: 1 })).toMatchObject({ duplicate: false });
    expect(await mia.submit({ ...once, payload: 'x' })).toMatchObject({ __typename: 'InvalidInput' });
  });
});

describe('a payload', () => {
  it.each<[what: string, payload: unknown]>([
    ['an empty object', {}],
    ['nothing but text', 'ä€😀\u2028\\"'],
    ['false', false],
    ['zero', 0],
    ['an empty list', []],
    ['numbers at their limits', [Number.MAX_SAFE_INTEGER, -0.1, 1e308, 5e-324]],
    [
      'names that mean something elsewhere',
      JSON.parse('{"__proto__":{"a":1},"constructor":null,"":[{"":{}}]}'),
    ],
    ['64 levels', nested(64)],
    ['a hundred thousand entries', Array(100_000).fill(7)],
  ])('comes back as it was: %s', async (_what, payload) => {
    const { task } = await submitTo(true, payload);
    expect(task.payload).toEqual(payload);
    expect((await mia.task(task.id)).payload).toEqual(payload);
  });

  it('is {} when it is left out or null', async () => {
    expect((await submitTo({}, undefined)).task.payload).toEqual({});
    expect((await submitTo({}, null)).task.payload).toEqual({});
  });

  it.each<[what: string, payload: unknown, path: string[], message: RegExp]>([
    ['is nested too deep', nested(65), [], /64 levels/],
    ['holds the character U+0000', { a: ['ok', 'x\0'] }, ['a', '1'], /U\+0000/],
    ['holds half a character', { a: '\ud800' }, ['a'], /surrogate/],
    ['has the character U+0000 in a name', { a: { 'x\0': 1 } }, ['a'], /U\+0000/],
  ])('is refused when it %s', async (_what, payload, path, message) => {
    expect(await submitTo(true, payload)).toMatchObject({
      __typename: 'InvalidInput',
      issues: [{ path: ['payload', ...path], message: expect.stringMatching(message) }],
    });
  });

  it('is refused when it has numbers that no computer holds', async () => {
    const { fullName } = await newJob(wim, 'main');
    const literal = `mutation { submitTask(input: { room: "main", job: "${fullName}", payload: { a: [1, -1e999] } }) {
      ... on InvalidInput { issues { path message } }
    } }`;
    expect(await mia.ask(literal)).toEqual({
      issues: [{ path: ['payload', 'a', '1'], message: expect.stringContaining('numbers are exact up to') }],
    });
  });

  it('is refused when it is nested deeper than anything can follow', async () => {
    const { fullName } = await newJob(wim, 'main');
    const query = `mutation ($payload: JSON) {
      submitTask(input: { room: "main", job: "${fullName}", payload: $payload }) { __typename ... on Problem { detail } }
    }`;
    const deep = '['.repeat(60_000) + ']'.repeat(60_000);
    const response = await fetch(`${api.url}/graphql`, {
      method: 'POST',
      headers: { authorization: `Bearer ${mia.token}`, 'content-type': 'application/json' },
      body: `{ "query": ${JSON.stringify(query)}, "variables": { "payload": ${deep} } }`,
    });
    expect(await response.json()).toMatchObject({
      errors: [
        { message: expect.stringContaining('128 levels deep at most'), extensions: { code: 'BAD_REQUEST' } },
      ],
    });
  });

  it('may be written into the document, with variables inside', async () => {
    const { fullName } = await newJob(wim, 'main');
    const query = `mutation ($v: JSON, $n: Int) {
      submitTask(input: { room: "main", job: "${fullName}", payload: { a: [1.5, ENUM, null, $n], b: { c: $v } } }) {
        ... on SubmitTaskSuccess { task { payload } }
      }
    }`;
    expect((await mia.ask(query, { v: { d: ['x'] }, n: 3 })).task.payload).toEqual({
      a: [1.5, 'ENUM', null, 3],
      b: { c: { d: ['x'] } },
    });
  });
});

/** Lists in lists, this many levels. */
function nested(levels: number): unknown {
  let value: unknown[] = [];
  for (let level = 1; level < levels; level++) value = [value];
  return value;
}
