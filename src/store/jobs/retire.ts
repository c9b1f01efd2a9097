/**
 * Retirement: a job that nobody has served and that had no unfinished task for a while is hidden from lists. Its
 * history stays, and it comes back when it is registered again or submitted to.
 */
import { SYSTEM_ACTOR } from '../../domain/audit.ts';
import { INTERNAL_ROOM } from '../../domain/rooms.ts';
import { TRANSITIONS } from '../../domain/transitions.ts';
import { insertAuditEntries } from '../audit/record-entry.ts';
import type { DatabaseSession } from '../database/database.ts';
import { queryOne } from '../database/query-one.ts';
import { statement } from '../database/statement.ts';
import { sqlStatuses } from '../tasks/rows.ts';

/** How many jobs were retired, and how many came back. */
export interface Retirement {
  retired: number;
  returned: number;
}

/** Which jobs: those that have been idle for so many seconds, without a living worker and an unfinished task. */
export interface Idle {
  /** 0: none. */
  idleSeconds: number;
  workerTimeoutSeconds: number;
  /** Null: of all rooms. */
  room: string | null;
}

/** Retires what has been idle, and brings back what is not. */
export async function retireJobs(session: DatabaseSession, idle: Idle): Promise<Retirement> {
  return queryOne<Retirement>(session, RETIRE, parametersOf(idle));
}

/** What `retireJobs` would do now. */
export async function countIdleJobs(session: DatabaseSession, idle: Idle): Promise<Retirement> {
  return queryOne<Retirement>(session, COUNT, parametersOf(idle));
}

function parametersOf({ workerTimeoutSeconds, idleSeconds, room }: Idle): unknown[] {
  return [workerTimeoutSeconds, idleSeconds, room];
}

const OF_ROOM = '($3::text IS NULL OR job.room = $3::text)';

const IDLE = `$2::float8 > 0 AND job.retired_at IS NULL AND job.last_active_at <= now() - $2::float8 * interval '1 second'
  AND job.id NOT IN (SELECT job_id FROM active) AND ${OF_ROOM}`;

const ACTIVE = `active AS (
    SELECT served.job_id FROM worker_job served JOIN worker ON worker.id = served.worker_id
    WHERE worker.last_heartbeat_at > now() - $1::float8 * interval '1 second'
    UNION
    SELECT task.job_id FROM task_hold h JOIN task ON task.id = h.task_id AND task.worker_id = h.worker_id
    UNION
    SELECT job.id FROM job WHERE EXISTS (
      SELECT 1 FROM task_queue q WHERE q.job_id = job.id AND q.ready
    ) OR EXISTS (
      SELECT 1 FROM task_queue q WHERE q.job_id = job.id AND NOT q.ready AND q.gate_id IS NULL
    ) OR EXISTS (
      SELECT 1 FROM task_gate gate WHERE gate.job_id = job.id AND gate.opens_at IS NOT NULL
    ) OR EXISTS (
      SELECT 1 FROM task_queue q WHERE q.gate_id = job.turn_gate_id AND NOT q.ready
    ) OR EXISTS (
      SELECT 1 FROM task WHERE task.job_id = job.id AND task.rare_status = ${sqlStatuses(TRANSITIONS.unblock.from)}
    )
  )`;

const RETIRE = statement(
  'retire_jobs',
  `WITH ${ACTIVE}, seen AS (
    UPDATE job SET last_active_at = now(), retired_at = NULL FROM active
    WHERE job.id = active.job_id AND ${OF_ROOM} AND (job.retired_at IS NOT NULL OR job.last_active_at < now() - interval '10 seconds')
    RETURNING job.id, (SELECT before.retired_at FROM job before WHERE before.id = job.id) IS NOT NULL AS returned
  ), retired AS (
    UPDATE job SET retired_at = now() WHERE ${IDLE} RETURNING job.id, job.room, job.full_name
  ), recorded AS (
    ${insertAuditEntries({
      type: 'JOB_RETIRED',
      severity: 'INFO',
      room: 'retired.room',
      actor: `'${SYSTEM_ACTOR}'`,
      subjectKind: 'job',
      subjectId: 'retired.id',
      payload: "jsonb_build_object('job', retired.full_name)",
      from: `retired WHERE retired.room <> '${INTERNAL_ROOM}'`,
    })}
  )
  SELECT (SELECT count(*)::int FROM retired) AS retired,
    (SELECT count(*)::int FROM seen WHERE returned) AS returned`,
);

const COUNT = statement(
  'count_idle_jobs',
  `WITH ${ACTIVE}
  SELECT (SELECT count(*)::int FROM job WHERE ${IDLE}) AS retired, (
    SELECT count(*)::int FROM job
    WHERE job.id IN (SELECT job_id FROM active) AND ${OF_ROOM} AND job.retired_at IS NOT NULL
  ) AS returned`,
);
