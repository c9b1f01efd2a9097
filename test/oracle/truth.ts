/**
 * The log as it was written, kept by triggers in tables of the oracle's own: what removal and retention delete stays
 * there. Whatever is rolled back is not in it.
 */
import { query } from '../chaos/sql.ts';
import type { Told } from './compare.ts';
import { whatOf } from './readers.ts';

const KEEP = `
CREATE TABLE oracle_log (task_id uuid, version int, room text, from_status text, to_status text, reason text);
CREATE TABLE oracle_gone (task_id uuid, xid xid8 DEFAULT pg_current_xact_id());
CREATE TABLE oracle_removal (room text, xid xid8 DEFAULT pg_current_xact_id());
CREATE TABLE oracle_trim (xid xid8 DEFAULT pg_current_xact_id());
CREATE FUNCTION oracle_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  CASE TG_TABLE_NAME
    WHEN 'task' THEN INSERT INTO public.oracle_gone (task_id) VALUES (OLD.id);
    WHEN 'task_removal' THEN INSERT INTO public.oracle_removal (room) VALUES (NEW.room);
    WHEN 'log_epoch' THEN INSERT INTO public.oracle_trim DEFAULT VALUES;
    ELSE INSERT INTO public.oracle_log
      VALUES (NEW.task_id, NEW.version, NEW.room, NEW.from_status, NEW.to_status, NEW.reason);
  END CASE;
  RETURN NULL;
END $$;
CREATE TRIGGER oracle_keep AFTER INSERT ON task_transition FOR EACH ROW EXECUTE FUNCTION oracle_keep();
CREATE TRIGGER oracle_keep AFTER DELETE ON task FOR EACH ROW EXECUTE FUNCTION oracle_keep();
CREATE TRIGGER oracle_keep AFTER INSERT OR UPDATE ON task_removal FOR EACH ROW EXECUTE FUNCTION oracle_keep();
CREATE TRIGGER oracle_keep AFTER UPDATE ON log_epoch FOR EACH ROW EXECUTE FUNCTION oracle_keep();
`;

/** From now on what is committed is kept. To be called before the first task. */
export const keepTruth = (databaseUrl: string) => query(databaseUrl, KEEP);

export interface LogRow extends Told {
  room: string;
  from: string | null;
  to: string;
}

export interface Written {
  log: LogRow[];
  /** Tasks that were removed. */
  removed: Set<string>;
  /** Tasks that retention has deleted. */
  expired: Set<string>;
  /** Rooms, one for each removal of tasks from it. */
  removals: string[];
  /** How often retention has deleted. */
  trims: number;
}

/** Everything that was committed, by task and version. */
export async function readTruth(databaseUrl: string): Promise<Written> {
  const rows = await query<Omit<LogRow, 'what'> & { reason: string }>(
    databaseUrl,
    `SELECT task_id AS "taskId", version, room, from_status AS "from", to_status AS "to", reason
     FROM oracle_log ORDER BY task_id, version`,
  );
  const gone = await query<{ id: string; removed: boolean }>(
    databaseUrl,
    'SELECT task_id AS id, xid IN (SELECT xid FROM oracle_removal) AS removed FROM oracle_gone',
  );
  const removals = await query<{ room: string }>(databaseUrl, 'SELECT room FROM oracle_removal');
  const trims = await query(databaseUrl, 'SELECT xid FROM oracle_trim');
  const goneBy = (byRemoval: boolean) =>
    new Set(gone.filter(({ removed }) => removed === byRemoval).map(({ id }) => id));
  return {
    log: rows.map(({ reason, ...row }) => ({ ...row, what: whatOf(row.from, row.to, reason) })),
    removed: goneBy(true),
    expired: goneBy(false),
    removals: removals.map(({ room }) => room),
    trims: trims.length,
  };
}
