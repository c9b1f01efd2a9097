/** TypeIDs: `prefix_base32-of-UUIDv7`. The database holds the UUID; callers only see the TypeID. */
import { V7Generator } from 'uuidv7';

export const ID_PREFIXES = {
  job: 'Job',
  task: 'Task',
  worker: 'Worker',
  asset: 'Asset',
  schedule: 'Schedule',
  schedulerun: 'ScheduleRun',
  run: 'OperationRun',
  event: 'Event',
  key: 'ApiKey',
  webhook: 'Webhook',
  delivery: 'WebhookDelivery',
  plan: 'BulkPlan',
  bulk: 'BulkRun',
  view: 'SavedView',
} as const;
export type IdPrefix = keyof typeof ID_PREFIXES;

// The library itself asks for randomness for every other id, which takes longer than the rest of an id.
const random = new Uint32Array(1_024);
let used = random.length;
const generator = new V7Generator({
  nextUint32() {
    if (used === random.length) {
      crypto.getRandomValues(random);
      used = 0;
    }
    return random[used++] as number;
  },
});

/** A new UUIDv7: later ones of one process sort after earlier ones. */
export function newUuid(): string {
  return generator.generate().toString();
}

/** When a UUIDv7 was made, to the millisecond. */
export function timeOfUuid(uuid: string): Date {
  return new Date(Number.parseInt(uuid.slice(0, 8) + uuid.slice(9, 13), 16));
}

/** The TypeID that callers see for a UUID. */
export function toTypeId(prefix: IdPrefix, uuid: string): string {
  return `${prefix}_${encode(uuid)}`;
}

/** The UUID behind a TypeID of this kind; null for anything else, so that a malformed id is simply not found. */
export function fromTypeId(prefix: IdPrefix, id: string): string | null {
  const parsed = parseTypeId(id);
  return parsed?.prefix === prefix ? parsed.uuid : null;
}

/** Kind and UUID of any TypeID of ours, or null. */
export function parseTypeId(id: string): { prefix: IdPrefix; uuid: string } | null {
  if (id.length > 64) return null;
  const end = id.lastIndexOf('_');
  const prefix = id.slice(0, Math.max(end, 0));
  if (!Object.hasOwn(ID_PREFIXES, prefix)) return null;
  const uuid = decode(id, end + 1);
  return uuid === null ? null : { prefix: prefix as IdPrefix, uuid };
}

// Written out here and not taken from a library: every task of a list has an id, and the library's way took more than
// all else that a completion costs in GraphQL.
const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz';
const HEX_DIGITS = '0123456789abcdef';
const LENGTH = 26;
const NO_DIGIT = 255;

const codesOf = (digits: string) => Uint8Array.from(digits, (digit) => digit.charCodeAt(0));
const CODES = codesOf(DIGITS);
const HEX_CODES = codesOf(HEX_DIGITS);
const VALUES = valuesOf(DIGITS);
const HEX_VALUES = valuesOf(HEX_DIGITS);
const HYPHEN = 45;
/** Where the digits of a UUID stand between its hyphens. */
const PLACES = Array.from('xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx').flatMap((mark, place) =>
  mark === 'x' ? [place] : [],
);

function valuesOf(digits: string): Uint8Array {
  const values = new Uint8Array(128).fill(NO_DIGIT);
  for (const [value, code] of codesOf(digits).entries()) values[code] = value;
  return values;
}

/** 128 bits as 26 digits of 5, of which the first has only three. */
function encode(uuid: string): string {
  const codes = new Array<number>(LENGTH);
  let bits = 0;
  let count = 2;
  let at = 0;
  for (const place of PLACES) {
    bits = (bits << 4) | (HEX_VALUES[uuid.charCodeAt(place)] as number);
    count += 4;
    if (count < 5) continue;
    count -= 5;
    codes[at++] = CODES[bits >> count] as number;
    bits &= (1 << count) - 1;
  }
  return String.fromCharCode.apply(null, codes);
}

/** The UUID that the 26 digits from `start` on stand for. */
function decode(id: string, start: number): string | null {
  if (id.length !== start + LENGTH) return null;
  const codes = new Array<number>(36).fill(HYPHEN);
  let bits = 0;
  let count = -2;
  let at = 0;
  for (let place = start; place < id.length; place++) {
    const value = VALUES[id.charCodeAt(place)] ?? NO_DIGIT;
    // The first digit stands for three bits.
    if (value === NO_DIGIT || (place === start && value > 7)) return null;
    bits = (bits << 5) | value;
    count += 5;
    while (count >= 4) {
      count -= 4;
      codes[PLACES[at++] as number] = HEX_CODES[(bits >> count) & 15] as number;
    }
    bits &= (1 << count) - 1;
  }
  return String.fromCharCode.apply(null, codes);
}
