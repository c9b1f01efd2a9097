/**
 * Positions in the transition log, and the opaque cursors made of them.
 *
 * Ids from a sequence commit out of order, so a position is the pair of the writing transaction and the id.
 * A cursor is only handed out for a position below which nothing can appear any more: everything at or above
 * it may be delivered again after a resume, nothing is ever missed.
 *
 * Removals of tasks leave no row in the log. They take turns, so the transaction of the last one says which have been
 * seen, also above the position, where some other transaction stays open.
 */

/** Bigints as decimal text: they exceed what a JavaScript number holds. */
export interface Position {
  xid: string;
  id: string;
  /** The last removal that was seen there, by its transaction; left out when it lies below the position. */
  removal?: string;
}

/** Where a new log begins. */
export const LOG_START: Position = { xid: '0', id: '0' };

/** Negative, zero or positive, as for Array.prototype.sort. */
export function comparePositions(a: Position, b: Position): number {
  return compareDecimal(a.xid, b.xid) || compareDecimal(a.id, b.id);
}

/** The earlier of the two. */
export function earlierPosition(a: Position, b: Position): Position {
  return comparePositions(a, b) <= 0 ? a : b;
}

/** The position as one that has seen all removals up to this one. */
export function havingSeen({ xid, id }: Position, removal: string | undefined): Position {
  return removal !== undefined && compareDecimal(removal, xid) >= 0 ? { xid, id, removal } : { xid, id };
}

/**
 * An opaque cursor.
 * @param epoch identity of the log
 * @param position where a resume starts reading
 * @param event distinguishes two events whose position is the same; ignored when resuming
 */
export function encodeCursor(epoch: string, position: Position, event?: string): string {
  const { xid, id, removal } = position;
  const parts = [
    ...[epoch, xid, id],
    ...(removal === undefined ? [] : [`r${removal}`]),
    ...(event === undefined ? [] : [event]),
  ];
  return Buffer.from(parts.join('.')).toString('base64url');
}

// What xid8 and bigint hold.
const LARGEST: Position = { xid: '18446744073709551615', id: '9223372036854775807' };

/** What `encodeCursor` made, or null for anything else: SQL can read every position that comes out. */
export function decodeCursor(cursor: string): { epoch: string; position: Position } | null {
  if (cursor.length > 250) return null;
  const match = /^([0-9a-f-]{1,36})\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:\.r(0|[1-9]\d*))?(?:\.[\w-]{1,60})?$/.exec(
    Buffer.from(cursor, 'base64url').toString('latin1'),
  );
  if (!match) return null;
  const [, epoch, xid, id, removal] = match as unknown as [
    string,
    string,
    string,
    string,
    string | undefined,
  ];
  if (compareDecimal(xid, LARGEST.xid) > 0 || compareDecimal(id, LARGEST.id) > 0) return null;
  if (removal !== undefined && compareDecimal(removal, LARGEST.xid) > 0) return null;
  return { epoch, position: havingSeen({ xid, id }, removal) };
}

/** The later of two transactions; undefined is before all. */
export function laterTransaction(a: string | undefined, b: string | undefined): string | undefined {
  return compareDecimal(a ?? '0', b ?? '0') >= 0 ? a : b;
}

/** The same for ids, or for transactions. Decimal text without leading zeros: the longer one is the larger one. */
export function compareDecimal(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}
