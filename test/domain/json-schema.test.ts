import { describe, expect, it } from 'vitest';
import { compileSchema, depthOf, TOO_MUCH } from '../../src/domain/json-schema.ts';
import { SMALL_EFFORT } from '../../src/domain/schema-work.ts';

function issuesFor(schema: unknown, value: unknown) {
  const compiled = compileSchema(schema);
  if (!compiled.ok) throw new Error(compiled.message);
  return compiled.validate(value);
}

describe('schemas of payloads and results', () => {
  it('tell every violation with its path', () => {
    const schema = {
      type: 'object',
      required: ['a'],
      additionalProperties: false,
      properties: {
        a: {},
        'x/y~z': { type: 'array', items: { type: 'integer' } },
        kind: { enum: ['p', 'q'] },
      },
    };
    expect(issuesFor(schema, { 'x/y~z': [1, 'two'], kind: 'r', other: 1 })).toEqual(
      expect.arrayContaining([
        { path: ['a'], message: 'is required' },
        { path: ['other'], message: 'is not allowed here' },
        { path: ['x/y~z', '1'], message: 'must be integer' },
        { path: ['kind'], message: 'must be one of ["p","q"]' },
      ]),
    );
  });

  it('match each pattern by itself, wherever it stands', () => {
    const schema = {
      properties: { a: { pattern: '^a+$' }, b: { pattern: '^b+$' } },
      patternProperties: { '^n_': { type: 'number' } },
    };
    expect(issuesFor(schema, { a: 'aa', b: 'bb', n_1: 1 })).toEqual([]);
    expect(issuesFor(schema, { a: 'bb', b: 'aa', n_1: '1' }).map(({ path }) => path)).toEqual([
      ['a'],
      ['b'],
      ['n_1'],
    ]);
  });

  it.each([
    [
      { type: 'object', properties: { 'a b': { type: 'intger' } } },
      'at /properties/a b/type must be equal to one of the allowed values (array, boolean, integer, null, number, object, string)',
    ],
    [{ properties: { n: { minimum: '1' } } }, 'at /properties/n/minimum must be number'],
    [{ required: 'a' }, 'at /required must be array'],
    [{ $ref: '#/nowhere' }, "can't resolve reference #/nowhere from id #"],
  ])('that are none are refused with where and what, and no more: %j', (schema, message) => {
    expect(compileSchema(schema)).toEqual({ ok: false, message: `No valid JSON Schema 2020-12: ${message}` });
  });

  it('take linear time for a pattern that makes others backtrack for ever', () => {
    expect(issuesFor({ pattern: '^(a+)+$' }, `${'a'.repeat(50_000)}!`)).toHaveLength(1);
  });

  it('refuse patterns that are too large, and texts that would take too long with theirs', () => {
    expect(compileSchema({ pattern: '(\\pL{1000}){20}' })).toMatchObject({ ok: false });
    const schema = { allOf: Array.from({ length: 50 }, (_, n) => ({ pattern: `(\\pL{500})${n}` })) };
    expect(issuesFor(schema, 'a'.repeat(100_000))[0]?.message).toMatch(/too long for the patterns/);
    expect(issuesFor(schema, 'short').length).toBe(50);
  });

  it('tell how much memory they take, and refuse patterns that are too large together', () => {
    const patterns = (count: number) => ({
      allOf: Array.from({ length: count }, (_, n) => ({ pattern: `${'[ab]{900}'.repeat(10)}${n}` })),
    });
    const [few, more] = [compileSchema(patterns(1)), compileSchema(patterns(10))];
    if (!few.ok || !more.ok) throw new Error('These are allowed.');
    expect(more.bytes).toBeGreaterThan(few.bytes + 9 * 9_000 * 50);
    expect(compileSchema(patterns(12))).toEqual({
      ok: false,
      message: 'No valid JSON Schema 2020-12: its patterns are too large together',
    });
    // The same pattern is compiled once.
    const same = { allOf: Array.from({ length: 12 }, () => patterns(1)) };
    expect(compileSchema(same)).toMatchObject({ ok: true });
  });

  it('take the patterns of JSON Schema, with code points and named groups', () => {
    expect(issuesFor({ pattern: '^(?<umlaut>\\u00e4)$' }, 'ä')).toEqual([]);
  });

  it('find equal items in a long array, whatever the order of their keys', () => {
    const items = Array.from({ length: 20_000 }, (_, n) => ({ n, m: n }));
    expect(issuesFor({ uniqueItems: true }, items)).toEqual([]);
    expect(issuesFor({ uniqueItems: true }, [...items, { m: 7, n: 7 }])).toHaveLength(1);
    expect(issuesFor({ uniqueItems: false }, [1, 1])).toEqual([]);
  });

  it('are refused when they refer to themselves without end, to other documents, or are none at all', () => {
    for (const schema of [
      { $ref: '#' },
      { $ref: 'https://example.com/schema' },
      { type: 'thing' },
      'text',
      [],
      null,
    ]) {
      expect(compileSchema(schema)).toMatchObject({ ok: false });
    }
    expect(compileSchema({ pattern: '(?=a)b' })).toMatchObject({ ok: false });
  });

  it('cost a bounded time where alternatives and items multiply', () => {
    const branches = Array.from({ length: 800 }, (_, n) => ({ const: `c${n}` }));
    const items = (length: number, value: unknown) => Array.from({ length }, () => value);
    const tooLong = [{ path: [], message: 'takes too long to check with its schema' }];
    expect(issuesFor({ items: { anyOf: branches } }, items(50_000, 'none'))).toEqual(tooLong);
    expect(issuesFor({ items: { anyOf: branches } }, items(50_000, 'c799'))).toEqual(tooLong);
    expect(issuesFor({ additionalProperties: { oneOf: branches } }, { ...items(50_000, 'c799') })).toEqual(
      tooLong,
    );
    expect(issuesFor({ items: { anyOf: branches } }, items(100, 'c799'))).toEqual([]);
  });

  it('cost a bounded time where parts refer to each other again and again', () => {
    const twice = (levels: number, end: unknown) => {
      const ref = (level: number) => ({ $ref: `#/$defs/a${level}` });
      const parts = Array.from({ length: levels }, (_, n) => [`a${n}`, { allOf: [ref(n + 1), ref(n + 1)] }]);
      return { ...ref(0), $defs: { ...Object.fromEntries(parts), [`a${levels}`]: end } };
    };
    expect(compileSchema(twice(60, { type: 'string' }))).toMatchObject({
      ok: false,
      message: expect.stringMatching(/too expensive/),
    });
    expect(issuesFor(twice(4, { type: 'string' }), 'text')).toEqual([]);
    const large = { enum: Array.from({ length: 3_000 }, (_, n) => `value ${n}`) };
    const often = { anyOf: Array.from({ length: 200 }, () => ({ $ref: '#/$defs/large' })), $defs: { large } };
    expect(issuesFor(often, 'value 1')).toEqual([]);
  });

  it('count no texts that look like code', () => {
    const text = 'for(let i=0;i<1;i++){ "function validate1(data, {a}={}){';
    expect(issuesFor({ const: text }, text)).toEqual([]);
    expect(issuesFor({ properties: { [text]: { const: 1 } }, required: [text] }, { [text]: 1 })).toEqual([]);
  });

  it('take long lists of common objects', () => {
    const properties = Object.fromEntries(
      Array.from({ length: 12 }, (_, n) => [
        `property${n}`,
        { enum: Array.from({ length: n === 0 ? 250 : 60 }, (_, one) => `x${one}`) },
      ]),
    );
    const schema = {
      items: { type: 'object', properties, required: Object.keys(properties), additionalProperties: false },
    };
    const item = Object.fromEntries(Object.keys(properties).map((name) => [name, 'x59']));
    // As much as fits into a request.
    expect(
      issuesFor(
        schema,
        Array.from({ length: 1_200 }, () => item),
      ),
    ).toEqual([]);
  });

  it('may refer to themselves where the value gets smaller', () => {
    const tree = { type: 'object', properties: { child: { $ref: '#' } } };
    expect(issuesFor(tree, { child: { child: {} } })).toEqual([]);
    expect(issuesFor(tree, { child: { child: 1 } })).toEqual([
      { path: ['child', 'child'], message: 'must be object' },
    ]);
  });

  it('are bounded in size and depth', () => {
    expect(compileSchema({ description: 'x'.repeat(70_000) })).toMatchObject({ ok: false });
    let deep: unknown = {};
    for (let level = 0; level < 40; level++) deep = { not: deep };
    expect(compileSchema(deep)).toMatchObject({ ok: false });
  });
});

describe('the depth of a value', () => {
  it('counts nested objects and arrays, of any width', () => {
    expect(depthOf(1)).toBe(0);
    expect(depthOf([[{}]])).toBe(3);
    expect(depthOf(Array.from({ length: 200_000 }, () => 0))).toBe(1);
  });
});

describe('a small effort', () => {
  const small = (schema: unknown) => compileSchema(schema, SMALL_EFFORT);
  const branches = (count: number) => Array.from({ length: count }, (_, n) => ({ const: n }));

  it('does what is small', () => {
    const compiled = small({ type: 'object', required: ['a'], properties: { a: { pattern: '^a+$' } } });
    if (compiled === TOO_MUCH || !compiled.ok) throw new Error('It is small.');
    expect(compiled.validate({ a: 'aa' })).toEqual([]);
    expect(compiled.validate({})).toEqual([{ path: ['a'], message: 'is required' }]);
  });

  it.each<[what: string, schema: unknown]>([
    ['many parts', { anyOf: branches(200) }],
    ['much text', { enum: ['x'.repeat(9_000)] }],
    ['large patterns', { pattern: '[ab]{900}'.repeat(8) }],
    ['the schema of schemas', { $ref: 'https://json-schema.org/draft/2020-12/schema' }],
    ['references that multiply', multiplied(14)],
  ])('is given up for a schema with %s', (_what, schema) => {
    expect(small(schema)).toBe(TOO_MUCH);
    expect(compileSchema(schema)).toMatchObject({ ok: true });
  });

  it.each<[what: string, schema: unknown, value: unknown]>([
    ['many alternatives for many items', { items: { anyOf: branches(90) } }, Array(2_000).fill(89)],
    ['long text', { pattern: '^([a-z]+ ?)+$' }, 'abc '.repeat(20_000)],
    ['many items that must differ', { uniqueItems: true }, Array.from({ length: 30_000 }, (_, n) => [n])],
    [
      'text whose characters are counted again and again',
      { anyOf: Array(90).fill({ minLength: 1, maxLength: 150_000 }) },
      'x'.repeat(100_000),
    ],
  ])('is given up for a value with %s', (_what, schema, value) => {
    const compiled = small(schema);
    if (compiled === TOO_MUCH || !compiled.ok) throw new Error('The schema is small.');
    expect(compiled.validate(value)).toBe(TOO_MUCH);
    expect(issuesFor(schema, value)).toEqual([]);
  });

  it('takes no longer than a turn may, on a machine that is not busy', () => {
    const compiled = small({ items: { anyOf: branches(90) } });
    if (compiled === TOO_MUCH || !compiled.ok) throw new Error('The schema is small.');
    const took = Array.from({ length: 20 }, () => {
      const began = performance.now();
      compiled.validate(Array(2_000).fill('none'));
      return performance.now() - began;
    });
    expect(Math.min(...took)).toBeLessThan(40);
  });
});

/** Parts that refer twice to the next one, so often. */
function multiplied(levels: number): unknown {
  const ref = (level: number) => ({ $ref: `#/$defs/a${level}` });
  const parts = Array.from({ length: levels }, (_, n) => [`a${n}`, { allOf: [ref(n + 1), ref(n + 1)] }]);
  return {
    ...ref(0),
    $defs: {
      ...Object.fromEntries(parts),
      [`a${levels}`]: { type: ['string', 'null', 'number', 'object', 'array'] },
    },
  };
}
