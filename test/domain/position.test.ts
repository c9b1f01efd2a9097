import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  comparePositions,
  decodeCursor,
  earlierPosition,
  encodeCursor,
  havingSeen,
  LOG_START,
  type Position,
} from '../../src/domain/position.ts';

const EPOCH = '0199aa5e-7d53-7c1c-9c8c-0c3f52a5e6b1';
const LARGEST_XID = 2n ** 64n - 1n;
const LARGEST_ID = 2n ** 63n - 1n;

const position: fc.Arbitrary<Position> = fc.record({
  xid: fc.bigInt({ min: 0n, max: LARGEST_XID }).map(String),
  id: fc.bigInt({ min: 0n, max: LARGEST_ID }).map(String),
});

const cursorOf = (text: string) => Buffer.from(text).toString('base64url');

describe('positions', () => {
  it('are ordered by transaction, then id, as numbers', () => {
    fc.assert(
      fc.property(position, position, (a, b) => {
        const order = (text: string, other: string) =>
          BigInt(text) < BigInt(other) ? -1 : text === other ? 0 : 1;
        expect(Math.sign(comparePositions(a, b))).toBe(order(a.xid, b.xid) || order(a.id, b.id));
      }),
    );
  });

  it('give the earlier of two, whichever comes first', () => {
    fc.assert(
      fc.property(position, position, (a, b) => {
        const earlier = earlierPosition(a, b);
        expect(comparePositions(earlier, a)).toBeLessThanOrEqual(0);
        expect(comparePositions(earlier, b)).toBeLessThanOrEqual(0);
        expect(earlierPosition(b, a)).toEqual(earlier);
      }),
    );
  });

  it('never come before the start of the log', () => {
    fc.assert(fc.property(position, (any) => comparePositions(LOG_START, any) <= 0));
  });
});

describe('a cursor', () => {
  it('leads back to its epoch and position', () => {
    fc.assert(
      fc.property(fc.uuid(), position, (epoch, at) => {
        expect(decodeCursor(encodeCursor(epoch, at))).toEqual({ epoch, position: at });
      }),
    );
  });

  it('keeps the removal that was seen above its position, and no other', () => {
    fc.assert(
      fc.property(position, position, ({ xid: removal }, { xid, id }) => {
        const at = havingSeen({ xid, id }, removal);
        expect(at).toEqual(BigInt(removal) >= BigInt(xid) ? { xid, id, removal } : { xid, id });
        for (const event of [undefined, 'abc-1'])
          expect(decodeCursor(encodeCursor(EPOCH, at, event))).toEqual({ epoch: EPOCH, position: at });
      }),
    );
  });

  it('tells two events at one position apart and resumes both alike', () => {
    const at = { xid: '7', id: '12' };
    const [one, other] = [encodeCursor(EPOCH, at, 'abc-1'), encodeCursor(EPOCH, at, 'abc-2')];
    expect(one).not.toBe(other);
    expect(decodeCursor(one)).toEqual({ epoch: EPOCH, position: at });
    expect(decodeCursor(other)).toEqual(decodeCursor(one));
  });

  it('fits a URL and a header as it is', () => {
    fc.assert(fc.property(position, (at) => /^[\w-]+$/.test(encodeCursor(EPOCH, at))));
  });

  it.each([
    ['nothing', ''],
    ['no base64', '!!!'],
    ['another text', cursorOf('hello')],
    ['no epoch', cursorOf('.1.2')],
    ['no id', cursorOf(`${EPOCH}.1`)],
    ['a negative transaction', cursorOf(`${EPOCH}.-1.2`)],
    ['a transaction larger than 64 bits hold', cursorOf(`${EPOCH}.18446744073709551616.2`)],
    ['an id larger than a bigint', cursorOf(`${EPOCH}.1.9223372036854775808`)],
    ['a number with a leading zero, which SQL may read as octal', cursorOf(`${EPOCH}.017.2`)],
    ['white space', cursorOf(`${EPOCH}.1.2\n`)],
    ['SQL', cursorOf(`${EPOCH}.1.2'; DROP TABLE task; --`)],
    ['something very long', cursorOf(`${EPOCH}.1.2.${'x'.repeat(10_000)}`)],
  ])('is null for %s', (_, text) => {
    expect(decodeCursor(text)).toBeNull();
  });

  it('is null or a position that the database takes for any text, and never throws', () => {
    const part = fc.oneof(fc.string(), fc.bigInt({ min: -1n, max: 10n ** 20n }).map(String));
    const garbage = fc.oneof(
      fc.string(),
      fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => cursorOf([EPOCH, ...parts].join('.'))),
    );
    fc.assert(
      fc.property(garbage, (text) => {
        const decoded = decodeCursor(text);
        if (decoded === null) return;
        const { xid, id } = decoded.position;
        expect(BigInt(xid)).toBeLessThanOrEqual(LARGEST_XID);
        expect(BigInt(id)).toBeLessThanOrEqual(LARGEST_ID);
        expect([xid, id]).toEqual([String(BigInt(xid)), String(BigInt(id))]);
      }),
    );
  });
});
