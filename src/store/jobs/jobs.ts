/** The job registry: define, find, count who serves. */

import { SYSTEM_ACTOR } from '../../domain/events.ts';
import { DEFAULT_RETRY_POLICY } from '../../domain/retry.ts';
import { INTERNAL_ROOM, jobFullName } from '../../domain/rooms.ts';
import { type SchemaDifference, schemaDifference } from '../../domain/schema-difference.ts';
import { newUuid } from '../../domain/typeid.ts';
import { insertEvents } from '../audit/record-event.ts';
import type { DatabaseSession } from '../database/database.ts';
import { statement, toJson } from '../tasks/rows.ts';

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
  maxAttempts: number;
  backoffSeconds: number[];
  timeoutSeconds: number | null;
  createdAt: Date;
  /** Hidden from lists since then. */
  retiredAt: Date | null;
}

/** A validated registration. What is undefined is taken from the existing job, or the default for a new one. */
export interface JobRegistration {
  room: string;
  category: string;
  name: string;
  description?: string;
  payloadSchema?: unknown;
  resultSchema?: unknown;
  maxAttempts?: number;
  backoffSeconds?: number[];
  timeoutSeconds?: number;
  /** The worker that will serve it. */
  workerId?: string;
  /** The identity that registers it (default: the server itself). */
  actor?: string;
}

export type RegisterJobResult =
  | { kind: 'registered'; job: JobRow; created: boolean }
  | { kind: 'conflict'; existing: JobRow; schema: 'payload' | 'result'; difference: SchemaDifference };

/**
 * Defines the job or finds it defined the same way; schemas are compared as values, so the order of keys does not
 * matter, and neither do annotations: those of the first registration stay. Other settings are brought up to date. A
 * retired job comes back.
 */
export async function registerJob(
  session: DatabaseSession,
  job: JobRegistration,
): Promise<RegisterJobResult> {
  const fullName = jobFullName(job.room, job.category, job.name);
  const [row] = await session.query<JobRow & { created: boolean }>(REGISTER, [
    newUuid(),
    job.room,
    job.category,
    job.name,
    fullName,
    job.description ?? null,
    toJson(job.payloadSchema),
    toJson(job.resultSchema),
    job.maxAttempts ?? null,
    job.backoffSeconds ?? null,
    job.timeoutSeconds ?? null,
    job.workerId ?? null,
    DEFAULT_RETRY_POLICY.maxAttempts,
    DEFAULT_RETRY_POLICY.backoffSeconds,
    job.actor ?? SYSTEM_ACTOR,
  ]);
  if (row) {
    const { created, ...registered } = row;
    return { kind: 'registered', job: registered, created };
  }
  const existing = await findJobByName(session, fullName);
  if (!existing) return registerJob(session, job);
  // Schemas of a job never change: the second time nothing differs.
  return (
    conflictOf(existing, job) ??
    registerJob(session, {
      ...job,
      payloadSchema: existing.payloadSchema,
      resultSchema: existing.resultSchema ?? undefined,
    })
  );
}

function conflictOf(existing: JobRow, job: JobRegistration): RegisterJobResult | null {
  for (const schema of ['payload', 'result'] as const) {
    const sent = job[`${schema}Schema`];
    const difference = sent === undefined ? null : schemaDifference(existing[`${schema}Schema`], sent);
    if (difference) return { kind: 'conflict', existing, schema, difference };
  }
  return null;
}

/** The job of this full name, retired or not. */
export async function findJobByName(session: DatabaseSession, fullName: string): Promise<JobRow | null> {
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

const JOB_COLUMNS = `job.id, job.room, job.category, job.name, job.full_name AS "fullName", job.description,
  job.payload_schema AS "payloadSchema", job.result_schema AS "resultSchema", job.max_attempts AS "maxAttempts",
  job.backoff_seconds AS "backoffSeconds", job.timeout_seconds AS "timeoutSeconds", job.created_at AS "createdAt",
  job.retired_at AS "retiredAt"`;

const REGISTER = statement(
  'register_job',
  `WITH registered AS (
    INSERT INTO job (id, room, category, name, full_name, description, payload_schema, result_schema, max_attempts,
      backoff_seconds, timeout_seconds)
    VALUES ($1::uuid, $2, $3, $4, $5, $6, COALESCE($7::text::jsonb, '{}'), $8::text::jsonb,
      COALESCE($9::int, $13::int), COALESCE($10::float8[], $14::float8[]), $11::int)
    ON CONFLICT (full_name) DO UPDATE SET
      description = COALESCE($6, job.description), max_attempts = COALESCE($9::int, job.max_attempts),
      backoff_seconds = COALESCE($10::float8[], job.backoff_seconds),
      timeout_seconds = COALESCE($11::int, job.timeout_seconds), retired_at = NULL, last_active_at = now()
    WHERE ($7::text IS NULL OR job.payload_schema = $7::text::jsonb)
      AND ($8::text IS NULL OR job.result_schema IS NOT DISTINCT FROM $8::text::jsonb)
    RETURNING job.*, (xmax = 0) AS created
  ), told AS (
    ${insertEvents({
      type: 'JOB_REGISTERED',
      severity: 'INFO',
      room: 'registered.room',
      actor: '$15::text',
      subjectKind: 'job',
      subjectId: 'registered.id',
      payload: "jsonb_build_object('job', registered.full_name, 'created', registered.created)",
      // The statement's snapshot still shows how the job was before.
      from: `registered LEFT JOIN job before ON before.id = registered.id
      WHERE (registered.created OR before.retired_at IS NOT NULL) AND registered.room <> '${INTERNAL_ROOM}'`,
    })}
  ), served AS (
    INSERT INTO worker_job (worker_id, job_id) SELECT $12::uuid, id FROM registered WHERE $12::uuid IS NOT NULL
    ON CONFLICT DO NOTHING
  )
  SELECT ${JOB_COLUMNS}, job.created FROM registered job`,
);

const FIND_BY_NAME = statement('find_job', `SELECT ${JOB_COLUMNS} FROM job WHERE job.full_name = $1`);

const FIND_BY_ID = statement('find_jobs', `SELECT ${JOB_COLUMNS} FROM job WHERE job.id = ANY($1::uuid[])`);

const COUNT_WORKERS = statement(
  'count_workers',
  `SELECT served.job_id AS "jobId", count(*)::int AS count
  FROM worker_job served JOIN worker ON worker.id = served.worker_id
  WHERE served.job_id = ANY($1::uuid[]) AND worker.last_heartbeat_at > now() - $2::float8 * interval '1 second'
  GROUP BY served.job_id`,
);
