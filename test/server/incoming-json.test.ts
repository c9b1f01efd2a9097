import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inexactReason, isKept } from '../../src/domain/exact-numbers.ts';
import { admitJson, MAX_LEVELS } from '../../src/server/incoming-json.ts';

describe('numbers that are kept', () => {
  it.each([
    ...['0', '-0', '0.0', '0e99', '1', '-1.5', '0.1', '0.1000000000000000055511151231257827', '1e2'],
    ...['9007199254740991', '-9007199254740991', '9007199254740992', '9007199254740994', '1e20', '1E+300'],
    ...[
      '100000000000000000000',
      '1.7976931348623157e308',
      '5e-324',
      '9007199254740992.0',
      '123456789012345.5',
    ],
  ])('are such as %s', (text) => {
    expect(isKept(text)).toBe(true);
  });

  it.each([
    ...['9007199254740993', '-9007199254740993', '12345678901234567890', '9223372036854775807', '1e400'],
    ...['-1e400', '1e-400', '9007199254740993.0', '9007199254740992.5', '123456789012345678e2', '1e5e5'],
  ])('are none such as %s', (text) => {
    expect(isKept(text)).toBe(false);
  });

  it('are all that JavaScript writes', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.maxSafeInteger()),
        (value) => isKept(JSON.stringify(value)),
      ),
    );
  });

  it('are whole numbers that are the same when they are read', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }), (value) => {
        const read = String(Number(value));
        const again = /e/.test(read)
          ? BigInt(Number(read).toLocaleString('fullwide', { useGrouping: false }))
          : BigInt(read);
        expect(isKept(String(value))).toBe(again === value || isPlain(value));
      }),
    );
  });
});

/** Whether the shortest text of the number means the same: 1e23 is none of the doubles, and comes back as it was. */
function isPlain(value: bigint): boolean {
  const [, digits = '', exponent = '0'] = /^-?([\d.]+)(?:e\+(\d+))?$/.exec(String(Number(value))) ?? [];
  const [whole = '', fraction = ''] = digits.split('.');
  const written = BigInt(whole + fraction) * 10n ** BigInt(Number(exponent) - fraction.length);
  return written === (value < 0n ? -value : value);
}

describe('JSON from outside', () => {
  it('is left as it is, whatever it is, when its numbers are kept', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), (text) => {
        expect(admitJson(text)).toBe(text);
      }),
    );
  });

  it('has every number marked that is not kept, and nothing else', () => {
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 5 },
        fc.string(),
        fc.constant('"9007199254740993" \\'),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.constantFrom(9007199254740993n, -12345678901234567890n),
        fc.array(tie('any')),
        fc.dictionary(fc.string(), tie('any')),
      ),
    })).any;
    fc.assert(
      fc.property(value, (given) => {
        const admitted = admitJson(write(given));
        expect(JSON.parse(admitted as string)).toEqual(JSON.parse(write(given, true)));
      }),
    );
  });

  it('says how a marked number was written', () => {
    const [marked] = JSON.parse(admitJson('[9007199254740993]') as string);
    expect(inexactReason(marked)).toMatch(/^is 9007199254740993, which would be rounded/);
    expect(inexactReason('9007199254740993')).toBeUndefined();
  });

  it.each([
    ['arrays', '[', ']'],
    ['objects', '{"a":', '}'],
    ['both', '[{"a":', '}]'],
  ])('is refused when %s are nested too deep, and only then', (_what, open, close) => {
    const levels = (count: number) => `${open.repeat(count)}1${close.repeat(count)}`;
    const most = MAX_LEVELS / open.replace(/[^[{]/g, '').length;
    expect(admitJson(levels(most))).toBe(levels(most));
    expect(admitJson(levels(most + 1))).toBeNull();
    expect(admitJson(levels(100_000))).toBeNull();
    // Beside each other, and in texts.
    expect(
      admitJson(
        `[${Array(1_000)
          .fill(levels(most - 1))
          .join()}]`,
      ),
    ).not.toBeNull();
    expect(admitJson(JSON.stringify(levels(1_000)))).not.toBeNull();
  });

  it('may be no JSON at all', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('"', '\\', '[', ']', '{', '}', '1', 'e', '-', ',', ':', ' ') }),
        (text) => {
          const admitted = admitJson(text);
          expect(admitted === null || typeof admitted === 'string').toBe(true);
        },
      ),
    );
  });
});

/** JSON of a value that may have whole numbers of any size; or with these as they are marked. */
function write(value: unknown, isMarked = false): string {
  if (typeof value === 'bigint') return isMarked ? JSON.stringify(`\0number ${value}`) : String(value);
  if (Array.isArray(value)) return `[${value.map((item) => write(item, isMarked)).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(
    ([key, inner]) => `${JSON.stringify(key)}:${write(inner, isMarked)}`,
  );
  return `{${members.join()}}`;
}
