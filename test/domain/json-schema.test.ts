import { describe, expect, it } from 'vitest';
import { CheckBudget, compileSchema, depthOf } from '../../src/domain/json-schema.ts';

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
    expect(issuesFor(schema, 'a'.repeat(100_000))[0]?.message).toMatch(/more text than the patterns/);
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
      message: expect.stringMatching(/takes too long/),
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

  it('is checked within what the values of a request may cost together', () => {
    const compiled = compileSchema({
      type: 'array',
      items: { anyOf: Array.from({ length: 400 }, (_, n) => ({ const: n })) },
    });
    if (!compiled.ok) throw new Error(compiled.message);
    const together = new CheckBudget();
    const value = Array.from({ length: 200 }, () => 399);
    const tooLong = [{ path: [], message: 'takes too long to check with its schema' }];
    let checked = 0;
    while (checked < 1_000 && compiled.validate(value, together).length === 0) checked++;
    expect(checked).toBeGreaterThan(1);
    expect(checked).toBeLessThan(1_000);
    expect(compiled.validate(value, together)).toEqual(tooLong);
    expect(compiled.validate(value)).toEqual([]);
  });
});
