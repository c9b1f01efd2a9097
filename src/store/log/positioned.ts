/**
 * Tables whose rows have a position, (transaction, serial): reading on from one misses nothing, as in the log of
 * transitions. A row that changes moves to the end.
 */
import { earlierPosition, type Position } from '../../domain/position.ts';
import type { DatabaseSession, Statement } from '../database/database.ts';
import { statement } from '../database/statement.ts';

/** Rows after a position. */
export interface PositionedPage<Row> {
  rows: Row[];
  /** Where to go on; everything below it has been read. Never above the horizon. */
  position: Position;
  /** Whether the page was full. */
  more: boolean;
  /** The highest position of a row that was deleted. */
  trimmed: Position;
}

/**
 * The statement that `readPositioned` needs; `columns` must give the position as `xid` and `serial`, both text.
 * `trimmed` names the table that holds how far rows were deleted; without one nobody needs to know.
 */
export function positionedStatement(
  verb: string,
  table: { columns: string; from: string; xid: string; serial: string; trimmed?: string },
): Statement {
  return statement(
    verb,
    `SELECT snapshot.*, page.*
    FROM (
      SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS "snapshotXmin",
        ${table.trimmed ? 'xid::text' : "'0'"} AS "trimmedXid", ${table.trimmed ? 'serial::text' : "'0'"} AS "trimmedSerial"
      ${table.trimmed ? `FROM ${table.trimmed}` : ''}
    ) snapshot
    LEFT JOIN LATERAL (
      SELECT ${table.columns} FROM ${table.from}
      WHERE (${table.xid}, ${table.serial}) > ($1::text::xid8, $2::bigint)
      ORDER BY ${table.xid}, ${table.serial} LIMIT $3
    ) page ON true`,
  );
}

/** Committed rows after the position, also those above the horizon; at most `limit`. */
export async function readPositioned<Row extends { xid: string; serial: string }>(
  session: DatabaseSession,
  verb: Statement,
  after: Position,
  limit: number,
): Promise<PositionedPage<Row>> {
  const found = await session.query<Row & SnapshotColumns>(verb, [after.xid, after.id, limit]);
  const snapshot: Position = { xid: found[0]?.snapshotXmin ?? after.xid, id: '0' };
  // One row without a serial stands for none: it only has the snapshot.
  const rows = found
    .filter(({ serial }) => serial !== null)
    .map(({ snapshotXmin: _x, trimmedXid: _t, trimmedSerial: _s, ...row }) => row as unknown as Row);
  const more = rows.length === limit;
  const last = rows.at(-1);
  const end = more && last ? earlierPosition({ xid: last.xid, id: last.serial }, snapshot) : snapshot;
  const trimmed = { xid: found[0]?.trimmedXid ?? '0', id: found[0]?.trimmedSerial ?? '0' };
  return { rows, position: end, more, trimmed };
}

interface SnapshotColumns {
  snapshotXmin: string;
  trimmedXid: string;
  trimmedSerial: string;
}
