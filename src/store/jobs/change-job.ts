/** What people change of a job by hand: its settings, and whether it is in the lists. */

import type { Fairness } from '../../domain/fairness.ts';
import type { JobLimit } from '../../domain/limits.ts';
import { INTERNAL_ROOM } from '../../domain/rooms.ts';
import { TRANSITIONS } from '../../domain/transitions.ts';
import { insertAuditEntries } from '../audit/record-entry.ts';
import type { Database, DatabaseSession } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import { sqlStatuses } from '../tasks/rows.ts';
import { changeFairness } from './change-fairness.ts';
import { changeLimits } from './change-limits.ts';
import { JOB_COLUMNS, type JobRow } from './jobs.ts';
import { reviveJobs } from './revive.ts';

/** What is undefined stays; null takes it away. */
export interface JobChange {
  description?: string | null | undefined;
  maxAttempts?: number | undefined;
  backoffSeconds?: number[] | undefined;
  timeoutSeconds?: number | null | undefined;
  /** All of them, see change-limits.ts. */
  limits?: readonly JobLimit[] | undefined;
  /** See change-fairness.ts. */
  fairness?: Fairness | undefined;
}

/**
 * Changes what is given. It holds for what is submitted, fails or starts from now on. A job that is so already stays as it
 * is, without an entry in the audit log.
 * @returns null for no such job
 */
export function updateJob(
  database: Database,
  id: string,
  change: JobChange,
  actor: string,
): Promise<JobRow | null> {
  const { limits, fairness } = change;
  if (!limits && !fairness) return updateSettings(database, id, change, { actor, flowChanged: false });
  return database.transaction(async (session) => {
    const limitsChanged = limits !== undefined && (await changeLimits(session, id, limits));
    const fairnessChanged = fairness !== undefined && (await changeFairness(session, id, fairness));
    return updateSettings(session, id, change, { actor, flowChanged: limitsChanged || fairnessChanged });
  });
}

async function updateSettings(
  session: DatabaseSession,
  id: string,
  { description, maxAttempts, backoffSeconds, timeoutSeconds }: JobChange,
  { actor, flowChanged }: { actor: string; flowChanged: boolean },
): Promise<JobRow | null> {
  const [job] = await session.query<JobRow>(UPDATE, [
    id,
    description !== undefined,
    description ?? null,
    maxAttempts ?? null,
    backoffSeconds ?? null,
    timeoutSeconds !== undefined,
    timeoutSeconds ?? null,
    actor,
    flowChanged,
  ]);
  return job ?? null;
}

export type RetireJobResult =
  | { kind: 'retired'; job: JobRow }
  /** It has so many living workers and at least so many unfinished tasks (counted to a hundred). */
  | { kind: 'in-use'; workers: number; tasks: number }
  | { kind: 'not-found' };

/** Hides a job that nobody serves and that has no work; one that is hidden stays so. */
export async function retireJob(
  session: DatabaseSession,
  id: string,
  workerTimeoutSeconds: number,
  actor: string,
): Promise<RetireJobResult> {
  const [row] = await session.query<JobRow & { workers: number; tasks: number }>(RETIRE, [
    id,
    workerTimeoutSeconds,
    actor,
  ]);
  if (!row) return { kind: 'not-found' };
  const { workers, tasks, ...job } = row;
  return job.retiredAt === null ? { kind: 'in-use', workers, tasks } : { kind: 'retired', job };
}

/** Brings a retired job back into the lists. @returns null for no such job */
export async function restoreJob(
  session: DatabaseSession,
  id: string,
  actor: string,
): Promise<JobRow | null> {
  await reviveJobs(session, [id], actor);
  const [job] = await session.query<JobRow>(FIND, [id]);
  return job ?? null;
}

const UPDATE = statement(
  'update_job',
  `WITH updated AS (
    UPDATE job SET description = CASE WHEN $2::bool THEN $3 ELSE description END,
      max_attempts = COALESCE($4::int, max_attempts), backoff_seconds = COALESCE($5::float8[], backoff_seconds),
      timeout_seconds = CASE WHEN $6::bool THEN $7::int ELSE timeout_seconds END
    WHERE id = $1::uuid AND room <> '${INTERNAL_ROOM}' AND ($9::bool
      OR ($2::bool AND description IS DISTINCT FROM $3) OR max_attempts <> $4::int
      OR backoff_seconds <> $5::float8[] OR ($6::bool AND timeout_seconds IS DISTINCT FROM $7::int))
    RETURNING *
  ), recorded AS (
    ${insertAuditEntries({
      type: 'JOB_UPDATED',
      severity: 'INFO',
      room: 'updated.room',
      actor: '$8::text',
      subjectKind: 'job',
      subjectId: 'updated.id',
      payload: "jsonb_build_object('job', updated.full_name)",
      from: 'updated',
    })}
  )
  SELECT ${JOB_COLUMNS} FROM (
    SELECT * FROM updated
    UNION ALL SELECT * FROM job
    WHERE id = $1::uuid AND room <> '${INTERNAL_ROOM}' AND NOT EXISTS (SELECT FROM updated)
  ) job`,
);

const COUNTED = 100;
const counted = (from: string) =>
  `(SELECT count(*)::int FROM (SELECT FROM ${from} LIMIT ${COUNTED}) AS found)`;

const RETIRE = statement(
  'retire_job',
  `WITH used AS (
    SELECT ${counted(`worker_job served JOIN worker ON worker.id = served.worker_id
      WHERE served.job_id = $1::uuid AND worker.last_heartbeat_at > now() - $2::float8 * interval '1 second'`)} AS workers,
    ${counted('task_queue q WHERE q.job_id = $1::uuid AND q.ready')}
      + ${counted('job JOIN task_queue q ON q.gate_id = job.turn_gate_id WHERE job.id = $1::uuid AND NOT q.ready')}
      + ${counted('task_queue q WHERE q.job_id = $1::uuid AND NOT q.ready AND q.gate_id IS NULL')}
      + ${counted('task_gate gate JOIN task_queue q ON q.gate_id = gate.id WHERE gate.job_id = $1::uuid AND NOT q.ready')}
      + ${counted('task_hold h JOIN task ON task.id = h.task_id AND task.worker_id = h.worker_id WHERE task.job_id = $1::uuid')}
      + ${counted(`task WHERE task.job_id = $1::uuid AND task.rare_status = ${sqlStatuses(TRANSITIONS.unblock.from)}`)} AS tasks
  ), retired AS (
    UPDATE job SET retired_at = now() FROM used
    WHERE id = $1::uuid AND room <> '${INTERNAL_ROOM}' AND retired_at IS NULL AND used.workers = 0 AND used.tasks = 0
    RETURNING job.*
  ), recorded AS (
    ${insertAuditEntries({
      type: 'JOB_RETIRED',
      severity: 'INFO',
      room: 'retired.room',
      actor: '$3::text',
      subjectKind: 'job',
      subjectId: 'retired.id',
      payload: "jsonb_build_object('job', retired.full_name)",
      from: 'retired',
    })}
  )
  SELECT ${JOB_COLUMNS}, used.workers, used.tasks FROM (
    SELECT * FROM retired
    UNION ALL SELECT * FROM job WHERE id = $1::uuid AND NOT EXISTS (SELECT FROM retired)
  ) job CROSS JOIN used`,
);

const FIND = statement('find_job_by_id', `SELECT ${JOB_COLUMNS} FROM job WHERE job.id = $1::uuid`);
