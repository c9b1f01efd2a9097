/** TypeIDs: `prefix_base32-of-UUIDv7`. The database holds the UUID; callers only see the TypeID. */
import { TypeID } from 'typeid-js';
import { uuidv7 } from 'uuidv7';

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
} as const;
export type IdPrefix = keyof typeof ID_PREFIXES;

/** A new UUIDv7: later ones of one process sort after earlier ones. */
export function newUuid(): string {
  return uuidv7();
}

/** The TypeID that callers see for a UUID. */
export function toTypeId(prefix: IdPrefix, uuid: string): string {
  return TypeID.fromUUID(prefix, uuid).toString();
}

/** The UUID behind a TypeID of this kind; null for anything else, so that a malformed id is simply not found. */
export function fromTypeId(prefix: IdPrefix, id: string): string | null {
  const parsed = parseTypeId(id);
  return parsed?.prefix === prefix ? parsed.uuid : null;
}

/** Kind and UUID of any TypeID of ours, or null. */
export function parseTypeId(id: string): { prefix: IdPrefix; uuid: string } | null {
  if (id.length > 64) return null;
  try {
    const parsed = TypeID.fromString(id);
    const prefix = parsed.getType();
    return Object.hasOwn(ID_PREFIXES, prefix) ? { prefix: prefix as IdPrefix, uuid: parsed.toUUID() } : null;
  } catch {
    return null;
  }
}
