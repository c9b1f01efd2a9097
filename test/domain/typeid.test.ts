import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  fromTypeId,
  ID_PREFIXES,
  type IdPrefix,
  newUuid,
  parseTypeId,
  toTypeId,
} from '../../src/domain/typeid.ts';

const prefixes = Object.keys(ID_PREFIXES) as IdPrefix[];
const prefix = fc.constantFrom(...prefixes);

describe('a new id', () => {
  it('is a UUIDv7', () => {
    expect(newUuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('sorts after all that were made before it', () => {
    const ids = Array.from({ length: 5_000 }, newUuid);
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('a TypeID', () => {
  it('leads back to its kind and its UUID', () => {
    fc.assert(
      fc.property(prefix, fc.uuid(), (kind, uuid) => {
        const id = toTypeId(kind, uuid);
        expect(id.startsWith(`${kind}_`)).toBe(true);
        expect(parseTypeId(id)).toEqual({ prefix: kind, uuid });
        expect(fromTypeId(kind, id)).toBe(uuid);
      }),
    );
  });

  // Those of the specification, https://github.com/jetify-com/typeid/blob/main/spec/valid.yml
  it.each([
    ['00000000000000000000000000', '00000000-0000-0000-0000-000000000000'],
    ['00000000000000000000000001', '00000000-0000-0000-0000-000000000001'],
    ['0000000000000000000000000a', '00000000-0000-0000-0000-00000000000a'],
    ['0000000000000000000000000g', '00000000-0000-0000-0000-000000000010'],
    ['00000000000000000000000010', '00000000-0000-0000-0000-000000000020'],
    ['7zzzzzzzzzzzzzzzzzzzzzzzzz', 'ffffffff-ffff-ffff-ffff-ffffffffffff'],
    ['0123456789abcdefghjkmnpqrs', '0110c853-1d09-52d8-d73e-1194e95b5f19'],
    ['01h455vb4pex5vsknk084sn02q', '01890a5d-ac96-774b-bcce-b302099a8057'],
  ])('writes %s for %s', (digits, uuid) => {
    expect(toTypeId('task', uuid)).toBe(`task_${digits}`);
    expect(fromTypeId('task', `task_${digits}`)).toBe(uuid);
  });

  it('of one kind is not found among another', () => {
    for (const kind of prefixes) {
      for (const other of prefixes.filter((candidate) => candidate !== kind)) {
        expect(fromTypeId(other, toTypeId(kind, newUuid()))).toBeNull();
      }
    }
  });

  it.each([
    ['nothing', ''],
    ['a bare UUID', '0199aa5e-7d53-7c1c-9c8c-0c3f52a5e6b1'],
    ['a prefix alone', 'task_'],
    ['no prefix', '01k6n5wzakfge9s20c7x9ab9nh'],
    ['a prefix that we do not have', 'user_01k6n5wzakfge9s20c7x9ab9nh'],
    ['the name of a property that every object has', 'constructor_01k6n5wzakfge9s20c7x9ab9nh'],
    ['a letter that base32 leaves out', 'task_01k6n5wzakfge9s20c7x9ab9nu'],
    ['too few digits', 'task_01k6n5wzakfge9s20c7x9ab9n'],
    ['too many digits', 'task_01k6n5wzakfge9s20c7x9ab9nh0'],
    ['more than 128 bits', 'task_81k6n5wzakfge9s20c7x9ab9nh'],
    ['a letter beyond ASCII', 'task_01k6n5wzakfge9s20c7x9ab9nü'],
    ['capitals', 'task_01K6N5WZAKFGE9S20C7X9AB9NH'],
    ['white space', ' task_01k6n5wzakfge9s20c7x9ab9nh'],
    ['something very long', `task_${'0'.repeat(100_000)}`],
  ])('is null for %s', (_, id) => {
    expect(parseTypeId(id)).toBeNull();
    expect(fromTypeId('task', id)).toBeNull();
  });

  it('is null or a UUID for any text, and never throws', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string({ maxLength: 30 }).map((rest) => `task_${rest}`),
        ),
        (text) => {
          const uuid = fromTypeId('task', text);
          return uuid === null || toTypeId('task', uuid) === text;
        },
      ),
    );
  });
});
