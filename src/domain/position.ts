/**
 * Positions in the transition log, and the opaque cursors made of them.
 *
 * Ids from a sequence commit out of order, so a position is the pair of the writing transaction and the id.
 * A cursor is only handed out for a position below which nothing can appear any more: everything at or above
 * it may be delivered again after a resume, nothing is ever missed.
 */

/** Bigints as decimal text: they exceed what a JavaScript number holds. */
export interface Position {
  xid: string;
  id: string;
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

/**
 * An opaque cursor.
 * @param epoch identity of the log
 * @param position where a resume starts reading
 * @param event distinguishes two events whose position is the same; ignored when resuming
 */
export function encodeCursor(epoch: string, position: Position, event?: string): string {
  const parts = [epoch, position.xid, position.id, ...(event === undefined ? [] : [event])];
  return Buffer.from(parts.join('.')).toString('base64url');
}

// What xid8 and bigint hold.
const LARGEST: Position = { xid: '18446744073709551615', id: '9223372036854775807' };

/** What `encodeCursor` made, or null for anything else: SQL can read every position that comes out. */
export function decodeCursor(cursor: string): { epoch: string; position: Position } | null {
  if (cursor.length > 200) return null;
  const match = /^([0-9a-f-]{1,36})\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:\.[\w-]{1,60})?$/.exec(
    Buffer.from(cursor, 'base64url').toString('latin1'),
  );
  if (!match) return null;
  const [, epoch, xid, id] = match as unknown as [string, string, string, string];
  if (compareDecimal(xid, LARGEST.xid) > 0 || compareDecimal(id, LARGEST.id) > 0) return null;
  return { epoch, position: { xid, id } };
}

/** The same for ids, or for transactions. Decimal text without leading zeros: the longer one is the larger one. */
export function compareDecimal(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}
