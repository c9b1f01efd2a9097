/** The job registry: find jobs, and count who serves them. */
import type { FairnessBy } from '../../domain/fairness.ts';
import type { JobLimit } from '../../domain/limits.ts';
import { isStorable } from '../../domain/storable.ts';
import type { DatabaseSession } from '../database/database.ts';
import { statement } from '../database/statement.ts';

export interface JobRow {
  /** UUIDv7. */
  id: string;
  room: string;
  category: string;
  name: string;
  fullName: string;
  description: string | null;
  /** JSON Schema 2020-12. */
  payloadSchema: unknown;
  resultSchema: unknown;
  /** Of both schemas. */
  schemaVersion: number;
  maxAttempts: number;
  backoffSeconds: number[];
  timeoutSeconds: number | null;
  limits: JobLimit[];
  fairness: FairnessBy;
  /** Of KEY: where the payload has the key; null for the limitKey of the submission. */
  fairnessPointer: string | null;
  createdAt: Date;
  /** Hidden from lists since then. */
  retiredAt: Date | null;
}

/** The job of this full name, retired or not; what the database cannot store is the name of none. */
export async function findJobByName(session: DatabaseSession, fullName: string): Promise<JobRow | null> {
  if (!isStorable(fullName)) return null;
  const [row] = await session.query<JobRow>(FIND_BY_NAME, [fullName]);
  return row ?? null;
}

export function findJobs(session: DatabaseSession, ids: readonly string[]): Promise<JobRow[]> {
  return ids.length === 0 ? Promise.resolve([]) : session.query<JobRow>(FIND_BY_ID, [ids]);
}

/** How many living workers serve each of the jobs; jobs without any are left out. */
export async function countWorkers(
  session: DatabaseSession,
  jobIds: readonly string[],
  workerTimeoutSeconds: number,
): Promise<Map<string, number>> {
  const rows = await session.query<{ jobId: string; count: number }>(COUNT_WORKERS, [
    jobIds,
    workerTimeoutSeconds,
  ]);
  return new Map(rows.map(({ jobId, count }) => [jobId, count]));
}

/** All of a JobRow, read from `job`. */
export const JOB_COLUMNS = `job.id, job.room, job.category, job.name, job.full_name AS "fullName", job.description,
  job.payload_schema AS "payloadSchema", job.result_schema AS "resultSchema",
  job.schema_version AS "schemaVersion", job.max_attempts AS "maxAttempts",
  job.backoff_seconds AS "backoffSeconds", job.timeout_seconds AS "timeoutSeconds", job.limits,
  job.fairness, job.fairness_pointer AS "fairnessPointer",
  job.created_at AS "createdAt",
  job.retired_at AS "retiredAt"`;

export const FIND_BY_NAME = statement('find_job', `SELECT ${JOB_COLUMNS} FROM job WHERE job.full_name = $1`);

const FIND_BY_ID = statement('find_jobs', `SELECT ${JOB_COLUMNS} FROM job WHERE job.id = ANY($1::uuid[])`);

const COUNT_WORKERS = statement(
  'count_workers',
  `SELECT served.job_id AS "jobId", count(*)::int AS count
  FROM worker_job served JOIN worker ON worker.id = served.worker_id
  WHERE served.job_id = ANY($1::uuid[]) AND worker.last_heartbeat_at > now() - $2::float8 * interval '1 second'
  GROUP BY served.job_id`,
);
