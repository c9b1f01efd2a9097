import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GLOBAL_ROOM, isValidRoom, isVisibleFrom, jobFullName } from '../../src/domain/rooms.ts';

/** Letters, digits, marks, punctuation and symbols of any script, but the two that the rule reserves. */
const nameCharacter = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 1 })
  .filter((text) => /^[\p{L}\p{N}\p{M}\p{P}\p{S}]+$/u.test(text) && !/[@:]/.test(text));
const name = fc
  .array(nameCharacter, { minLength: 1, maxLength: 40 })
  .map((characters) => characters.join(''))
  .filter((text) => text.length <= 128);
const forbidden = fc.constantFrom(
  ...['@', ':', ' ', '\t', '\n', '\r', '\0', '\u001f', '\u007f', '\u0085', '\u00a0', '\u2028', '\u3000'],
  ...['\u200b', '\u202e', '\ufeff', '\ud800', '\udc00'],
);

describe('a room id', () => {
  it('may be any visible text of up to 128 characters', () => {
    fc.assert(fc.property(name, (room) => isValidRoom(room)));
  });

  it('is refused with a reserved, white, control or invisible character anywhere in it', () => {
    fc.assert(
      fc.property(name, forbidden, fc.nat(), (room, character, place) => {
        const at = place % (room.length + 1);
        // Between the halves of a surrogate pair a lone surrogate may complete another pair.
        fc.pre(!/[\ud800-\udfff]/.test(room));
        return !isValidRoom(room.slice(0, at) + character + room.slice(at));
      }),
    );
  });

  it.each([
    ['one character', 'a', true],
    ['128 characters', 'a'.repeat(128), true],
    ['129 characters', 'a'.repeat(129), false],
    ['nothing', '', false],
    ['the global room', GLOBAL_ROOM, true],
    ['another name with @', '@globals', false],
    ['the global room in capitals', '@GLOBAL', false],
    ['a path-like name', 'org/repo#main', true],
    ['letters of other scripts', 'проект-東京-é', true],
  ])('%s: %j → %s', (_, room, valid) => {
    expect(isValidRoom(room)).toBe(valid);
  });
});

describe('a job', () => {
  it('is addressed by room, category and name', () => {
    expect(jobFullName('lab', 'analysis', 'index')).toBe('lab:analysis:index');
  });

  it('can be run from its own room, and from every room when it is global', () => {
    expect(isVisibleFrom('lab', 'lab')).toBe(true);
    expect(isVisibleFrom(GLOBAL_ROOM, 'lab')).toBe(true);
    expect(isVisibleFrom(GLOBAL_ROOM, GLOBAL_ROOM)).toBe(true);
    expect(isVisibleFrom('lab', 'office')).toBe(false);
    expect(isVisibleFrom('lab', GLOBAL_ROOM)).toBe(false);
  });
});
