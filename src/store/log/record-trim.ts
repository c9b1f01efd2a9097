/** Remembers how far the transition log has been trimmed, so that nobody resumes across the gap unawares. */
import type { Position } from '../../domain/position.ts';
import type { DatabaseSession } from '../database/database.ts';
import { statement } from '../database/statement.ts';

/**
 * To be called in the transaction that deletes transitions, with the highest position (by xid, then id) among them:
 * then no reader sees the gap without the mark. Streams that resume from below it, or watch with a watermark below
 * it, get ResyncRequired; so delete only what is below the log's horizon, or streams get it without need.
 */
export async function recordTrim(session: DatabaseSession, highest: Position): Promise<void> {
  await session.query(RECORD, [highest.xid, highest.id]);
}

const RECORD = statement(
  'record_trim',
  `UPDATE log_epoch SET trimmed_xid = $1::text::xid8, trimmed_id = $2::bigint
  WHERE (trimmed_xid, trimmed_id) < ($1::text::xid8, $2::bigint)`,
);
