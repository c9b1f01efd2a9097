/**
 * Runs of operations. Who starts one holds the lock of its operation and room, so that a run which is still RUNNING in
 * the table then belongs to a process that is gone.
 */
import { SYSTEM_ACTOR } from '../../domain/audit.ts';
import type { RunRow, RunStatus } from '../../domain/operation-run.ts';
import type { Position } from '../../domain/position.ts';
import type { DatabaseSession } from '../database/database.ts';
import { queryOne } from '../database/query-one.ts';
import { statement } from '../database/statement.ts';
import { positionedStatement, readPositioned } from '../log/positioned.ts';

export interface NewRun {
  id: string;
  operation: string;
  room: string | null;
  dryRun: boolean;
  parameters: Record<string, unknown>;
  triggeredBy: string;
  correlationId: string;
  /** Milliseconds that it has already been going on. */
  sinceMs: number;
}

export interface RunEnd {
  id: string;
  status: Exclude<RunStatus, 'RUNNING'>;
  metrics: Record<string, unknown>;
  /** Of what failed or was skipped. */
  error: string | null;
  /** Of what went well as well. */
  warnings: readonly string[];
}

const ABANDONED = 'The server that ran it ended, or lost its connection, before the operation did.';

/** Begins a run; what is left RUNNING of the same operation and room is closed as failed. */
export async function startRun(session: DatabaseSession, run: NewRun): Promise<RunRow> {
  return queryOne<RunRow>(session, START, [
    run.operation,
    run.room,
    run.id,
    run.dryRun,
    JSON.stringify(run.parameters),
    run.triggeredBy,
    run.correlationId,
    run.sinceMs,
  ]);
}

/** Keeps what the run has done so far. Null when it has been ended by somebody else. */
export async function reportRun(
  session: DatabaseSession,
  id: string,
  metrics: Record<string, unknown>,
): Promise<RunRow | null> {
  const [row] = await session.query<RunRow>(REPORT, [id, JSON.stringify(metrics)]);
  return row ?? null;
}

/** Ends the run, with its event. Null when it has been ended by somebody else. */
export async function finishRun(session: DatabaseSession, end: RunEnd): Promise<RunRow | null> {
  const [row] = await session.query<RunRow>(FINISH, [
    end.id,
    end.status,
    JSON.stringify(end.metrics),
    storable(end.error),
    end.warnings.map(storable),
  ]);
  return row ?? null;
}

/** Closes what is RUNNING of the operation and room as failed, with its event. The caller holds their lock. */
export function closeAbandonedRuns(
  session: DatabaseSession,
  operation: string,
  room: string | null,
): Promise<RunRow[]> {
  return session.query<RunRow>(CLOSE_ABANDONED, [operation, room]);
}

/** What is RUNNING, as far as the table knows. */
export function findRunning(session: DatabaseSession): Promise<RunRow[]> {
  return session.query<RunRow>(FIND_RUNNING);
}

export function findRuns(session: DatabaseSession, ids: readonly string[]): Promise<RunRow[]> {
  return ids.length === 0 ? Promise.resolve([]) : session.query<RunRow>(FIND, [ids]);
}

/** Runs that changed after the position, in the order of their last change. */
export function readRuns(session: DatabaseSession, after: Position, limit: number) {
  return readPositioned<RunRow>(session, READ, after, limit);
}

/** PostgreSQL takes neither NUL nor half a surrogate pair in text. */
function storable(text: string | null): string | null {
  return text?.replaceAll('\0', '�').toWellFormed() ?? null;
}

const columnsOf = (run: string) => `${run}.id, ${run}.serial::text AS serial, ${run}.changed_xid::text AS xid,
  ${run}.version, ${run}.operation, ${run}.room, ${run}.status, ${run}.dry_run AS "dryRun", ${run}.parameters,
  ${run}.metrics, ${run}.error, ${run}.warnings, ${run}.triggered_by AS "triggeredBy", ${run}.correlation_id AS "correlationId",
  ${run}.started_at AS "startedAt", ${run}.updated_at AS "updatedAt", ${run}.finished_at AS "finishedAt"`;

const CHANGED = 'version = run.version + 1, changed_xid = pg_current_xact_id(), updated_at = now()';

/** A CTE that records how the runs of another CTE have ended. */
const recordEnds = (
  runs: string,
) => `INSERT INTO event (type, severity, room, actor, correlation_id, subject_kind,
      subject_id, payload)
    SELECT 'OPERATION_' || status, (CASE WHEN status = 'FAILED' THEN 'ERROR' WHEN warnings <> '{}' THEN 'WARNING' ELSE 'INFO' END)::event_severity, room,
      triggered_by, correlation_id, 'run', id, jsonb_strip_nulls(jsonb_build_object('operation', operation,
        'dryRun', dry_run, 'metrics', metrics, 'error', left(error, 500),
        'warnings', CASE WHEN warnings <> '{}' THEN to_jsonb(warnings) END))
    FROM ${runs}`;

const CLOSING = `abandoned AS (
    UPDATE operation_run run SET ${CHANGED}, status = 'FAILED', finished_at = now(), error = '${ABANDONED}'
    WHERE run.operation = $1 AND run.room IS NOT DISTINCT FROM $2::text AND run.status = 'RUNNING'
    RETURNING run.*
  ), told_abandoned AS (
    ${recordEnds('abandoned')}
  )`;

const START = statement(
  'start_run',
  `WITH ${CLOSING}, run AS (
    INSERT INTO operation_run (id, operation, room, status, dry_run, parameters, triggered_by, correlation_id,
      started_at)
    VALUES ($3::uuid, $1, $2, 'RUNNING', $4, $5::text::jsonb, $6, $7, now() - $8::float8 * interval '1 millisecond')
    RETURNING *
  ), recorded AS (
    INSERT INTO event (type, severity, room, actor, correlation_id, subject_kind, subject_id, payload)
    SELECT 'OPERATION_STARTED', 'INFO', room, triggered_by, correlation_id, 'run', id,
      jsonb_build_object('operation', operation, 'dryRun', dry_run, 'parameters', parameters)
    FROM run WHERE triggered_by <> '${SYSTEM_ACTOR}'
  )
  SELECT ${columnsOf('run')} FROM run`,
);

const REPORT = statement(
  'report_run',
  `UPDATE operation_run run SET ${CHANGED}, metrics = $2::text::jsonb
  WHERE run.id = $1::uuid AND run.status = 'RUNNING' RETURNING ${columnsOf('run')}`,
);

const FINISH = statement(
  'finish_run',
  `WITH run AS (
    UPDATE operation_run run SET ${CHANGED}, status = $2::operation_run_status, metrics = $3::text::jsonb,
      error = left($4::text, 1000), warnings = $5::text[], finished_at = now()
    WHERE run.id = $1::uuid AND run.status = 'RUNNING' RETURNING run.*
  ), recorded AS (
    ${recordEnds('run')}
  )
  SELECT ${columnsOf('run')} FROM run`,
);

const CLOSE_ABANDONED = statement(
  'close_runs',
  `WITH ${CLOSING} SELECT ${columnsOf('abandoned')} FROM abandoned`,
);

const FIND_RUNNING = statement(
  'find_running_runs',
  `SELECT ${columnsOf('operation_run')} FROM operation_run WHERE status = 'RUNNING' ORDER BY id`,
);

const FIND = statement(
  'find_runs',
  `SELECT ${columnsOf('operation_run')} FROM operation_run WHERE id = ANY($1::uuid[])`,
);

const READ = positionedStatement('read_runs', {
  columns: columnsOf('operation_run'),
  from: 'operation_run',
  xid: 'operation_run.changed_xid',
  serial: 'operation_run.serial',
});
