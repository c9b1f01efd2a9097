/**
 * A log that was restored from a dump brings the numbers of the transactions of another cluster. Where these lie ahead of
 * the numbers of this one, what is written now would sort before what was written then: positions, beats, statistics and
 * webhooks would pass it over in silence. So all that was restored is moved to the very beginning, below every number
 * that a cluster gives out:
 *
 *   1  what statistics and webhooks have counted already
 *   2  what they have not
 *   3  the first number of a transaction; what is written here lies from here on
 *
 * Within one of them rows keep the order of their ids, as the versions of each task have it. Positions from before are
 * past retention then.
 */
import { type Database, lockKey } from '../database/database.ts';
import { statement } from '../database/statement.ts';

/**
 * Does nothing where no number lies ahead, as everywhere but after a restore. Servers take turns.
 * @returns whether something was moved
 */
export async function rebaseRestored(database: Database): Promise<boolean> {
  const [first] = await database.query<{ ahead: boolean }>(IS_AHEAD);
  if (!first?.ahead) return false;
  return database.transaction(async (session) => {
    // All rows of the log: that may take longer than any statement otherwise may.
    const lock = lockKey('rebase_log', database.schema);
    await session.script(`SET LOCAL statement_timeout = 0; SELECT pg_advisory_xact_lock(${lock})`);
    const [row] = await session.query<{ ahead: boolean }>(IS_AHEAD);
    if (!row?.ahead) return false;
    await session.script(REBASE);
    return true;
  });
}

const PRESENT = 'pg_snapshot_xmax(pg_current_snapshot())';

const IS_AHEAD = statement(
  'log_is_ahead',
  `SELECT COALESCE(
    (SELECT xid FROM task_transition ORDER BY xid DESC, id DESC LIMIT 1) >= ${PRESENT}
    OR (SELECT xid FROM event ORDER BY xid DESC, serial DESC LIMIT 1) >= ${PRESENT}
    OR (SELECT changed_xid FROM operation_run ORDER BY changed_xid DESC, serial DESC LIMIT 1) >= ${PRESENT}
    OR (SELECT trimmed_xid FROM log_epoch) >= ${PRESENT}
    OR (SELECT xid FROM event_trim) >= ${PRESENT}
    OR (SELECT xid FROM statistic_position) >= ${PRESENT}
    OR (SELECT xid FROM webhook_cursor) >= ${PRESENT}
    OR (SELECT max(xid) FROM task_removal) >= ${PRESENT}, false) AS ahead`,
);

/** A row that was restored says another transaction than the one that has really written it. */
const isRestored = (row: string, xid: string) =>
  `${row}.${xid} > '2'::xid8 AND ${row}.xmin::text::numeric <> ${row}.${xid}::text::numeric % 4294967296`;

const LAST = '9223372036854775807';

const REBASE = `
UPDATE task_transition logged SET horizon = '2'::xid8, xid = CASE
    WHEN (logged.xid, logged.id) <= (counted.xid, counted.log_id) THEN '1'::xid8 ELSE '2'::xid8 END
  FROM statistic_position counted WHERE ${isRestored('logged', 'xid')};
UPDATE event SET xid = CASE
    WHEN (event.xid, event.serial) <= (seen.xid, seen.serial) THEN '1'::xid8 ELSE '2'::xid8 END
  FROM webhook_cursor seen WHERE ${isRestored('event', 'xid')};
UPDATE operation_run SET changed_xid = '2'::xid8 WHERE ${isRestored('operation_run', 'changed_xid')};
UPDATE statistic_position SET xid = '1'::xid8, log_id = ${LAST};
UPDATE webhook_cursor SET xid = '1'::xid8, serial = ${LAST};
DELETE FROM task_removal;
UPDATE log_epoch SET trimmed_xid = '2'::xid8, trimmed_id = ${LAST};
UPDATE event_trim SET xid = '2'::xid8, serial = ${LAST}`;
