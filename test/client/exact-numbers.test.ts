import fc from 'fast-check';
import { expect, it } from 'vitest';
import { findRounded, refusalOf } from '../../src/client/exact-numbers.ts';

const BEYOND = 2 ** 53;

it('names the first number that would be rounded', () => {
  expect(refusalOf({ user: { ids: [1, -BEYOND] } })).toMatchObject({
    name: 'InvalidInput',
    message: `payload.user.ids.1: is ${-BEYOND}, and JSON carries integers exactly only up to 9007199254740991 in either direction. Send it as text.`,
    issues: [{ path: ['payload', 'user', 'ids', '1'] }],
  });
  expect(refusalOf({ big: 1n })?.issues[0]?.path).toEqual(['payload', 'big']);
  expect(refusalOf({ from: { toJSON: () => BEYOND } })).toBeDefined();
});

it('lets everything through that comes out as it went in', () => {
  const values = fc.jsonValue({ maxDepth: 4 });
  fc.assert(
    fc.property(values, (value) => {
      const beyond = JSON.stringify(value).match(/(?<![\d.e"])-?\d{16,}(?![\d.])/g) ?? [];
      if (beyond.length === 0 && !/e\+/.test(JSON.stringify(value)))
        expect(findRounded(value)).toBeUndefined();
    }),
  );
  for (const value of [BEYOND - 1, 1 - BEYOND, 0.1, 1e-300, '9007199254740993', new Date(), null]) {
    expect(findRounded({ value })).toBeUndefined();
  }
});

it('finds a number wherever it is', () => {
  const path = fc.array(fc.string({ minLength: 1 }), { maxLength: 5 });
  const number = fc.oneof(fc.bigInt({ min: 2n ** 53n }), fc.bigInt({ max: -(2n ** 53n) })).map(Number);
  fc.assert(
    fc.property(path, number, (keys, value) => {
      const payload = keys.reduceRight<unknown>((inner, key) => ({ before: 1, [`k${key}`]: inner }), value);
      expect(findRounded(payload)).toEqual({ path: keys.map((key) => `k${key}`), value });
    }),
  );
});
