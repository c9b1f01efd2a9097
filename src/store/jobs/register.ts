/** Registration: a job is defined, or found as it is defined, or given another version of its schemas. */
import { isDeepStrictEqual } from 'node:util';
import { SYSTEM_ACTOR } from '../../domain/audit.ts';
import { DEFAULT_RETRY_POLICY } from '../../domain/retry.ts';
import { INTERNAL_ROOM, jobFullName } from '../../domain/rooms.ts';
import { schemaDigest } from '../../domain/schema-compatibility/index.ts';
import { newUuid } from '../../domain/typeid.ts';
import { insertAuditEntries } from '../audit/record-entry.ts';
import type { Database, DatabaseSession } from '../database/database.ts';
import { statement, toJson } from '../database/statement.ts';
import { changeFairness } from './change-fairness.ts';
import { changeLimits } from './change-limits.ts';
import { type SchemaRefusal, settleSchemas } from './change-schemas.ts';
import { FIND_BY_NAME, JOB_COLUMNS, type JobRow } from './jobs.ts';
import { lockJob } from './pauses.ts';
import type { JobRegistration } from './registration.ts';

export type RegisterJobResult =
  | { kind: 'registered'; job: JobRow; created: boolean; schemaVersion: number }
  | ({ kind: 'conflict'; existing: JobRow } & SchemaRefusal);

/**
 * Defines the job, or finds it. Schemas are compared as values, so the order of keys does not matter; other settings are
 * brought up to date, and a retired job comes back. Of schemas that are not the present ones see `settleSchemas`.
 * `schemaVersion` is that of the schemas which were sent: an earlier one than the job's where they are those of before.
 */
export async function registerJob(database: Database, job: JobRegistration): Promise<RegisterJobResult> {
  if ((job.limits || job.fairness) && !(await isAsItIs(database, job))) {
    return database.transaction((session) => registerWithChanges(session, job));
  }
  return (
    (await registerAsItIs(database, job)) ??
    database.transaction((session) => registerJobWithin(session, job))
  );
}

/** Whether the job has these limits and this fairness already, as most often. */
async function isAsItIs(
  session: DatabaseSession,
  { limits, fairness, ...job }: JobRegistration,
): Promise<boolean> {
  const [existing] = await session.query<JobRow>(FIND_BY_NAME, [nameOf(job)]);
  if (!existing || (limits && !isDeepStrictEqual(existing.limits, limits))) return false;
  return !fairness || (existing.fairness === fairness.by && existing.fairnessPointer === fairness.keyPointer);
}

/** In a transaction: an existing job is locked with its workers and the one that registers it, in their order. */
async function registerWithChanges(
  session: DatabaseSession,
  job: JobRegistration,
): Promise<RegisterJobResult> {
  const { limits, fairness } = job;
  const [existing] = await session.query<JobRow>(LOCK, [nameOf(job)]);
  if (existing) await lockJob(session, existing.id, job.workerId);
  const result = await registerJobWithin(session, job);
  if (result.kind === 'conflict') return result;
  if (limits) await changeLimits(session, result.job.id, limits);
  if (fairness) await changeFairness(session, result.job.id, fairness);
  const [changed] = await session.query<JobRow>(FIND_BY_NAME, [nameOf(job)]);
  return { ...result, job: changed ?? result.job };
}

/** The same in a transaction. */
export async function registerJobWithin(
  session: DatabaseSession,
  job: JobRegistration,
): Promise<RegisterJobResult> {
  const first = await registerAsItIs(session, job);
  if (first) return first;
  const [existing] = await session.query<JobRow>(LOCK, [nameOf(job)]);
  // Jobs are never removed: there is one, or it would have been defined.
  if (!existing) throw new Error(`${nameOf(job)} was neither defined nor found`);
  const settled = await settleSchemas(session, existing, job);
  if (settled.kind === 'refused') return { ...settled, kind: 'conflict', existing };
  const registered = await registerAsItIs(session, {
    ...job,
    payloadSchema: settled.payloadSchema,
    resultSchema: settled.resultSchema ?? undefined,
  });
  if (!registered) throw new Error(`${nameOf(job)} has other schemas than it was just given`);
  return { ...registered, schemaVersion: settled.schemaVersion };
}

function nameOf({ room, category, name }: JobRegistration): string {
  return jobFullName(room, category, name);
}

/** Null when the job has other schemas than these. */
async function registerAsItIs(
  session: DatabaseSession,
  job: JobRegistration,
): Promise<(RegisterJobResult & { kind: 'registered' }) | null> {
  const [row] = await session.query<JobRow & { created: boolean }>(REGISTER, [
    newUuid(),
    job.room,
    job.category,
    job.name,
    nameOf(job),
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
    schemaDigest(job.payloadSchema ?? {}, job.resultSchema),
  ]);
  if (!row) return null;
  const { created, ...registered } = row;
  return { kind: 'registered', job: registered, created, schemaVersion: registered.schemaVersion };
}

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
  ), version AS (
    INSERT INTO job_schema (job_id, version, payload_schema, result_schema, digest, created_by)
    SELECT id, schema_version, payload_schema, result_schema, $16, $15 FROM registered WHERE created
  ), recorded AS (
    ${insertAuditEntries({
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
  ), opened AS (
    -- Whether it is paused or gated is said by the row of the job, which is locked: see pauses.ts.
    UPDATE worker SET open_jobs = worker.open_jobs || state.ids, gated = worker.gated OR state.gated FROM (
      SELECT ARRAY(SELECT id FROM registered WHERE NOT paused) AS ids, (SELECT gated FROM registered) AS gated
    ) state
    WHERE worker.id = $12::uuid AND EXISTS (SELECT FROM registered)
      AND (NOT worker.open_jobs @> state.ids OR (state.gated AND NOT worker.gated))
  )
  SELECT ${JOB_COLUMNS}, job.created FROM registered job`,
);

const LOCK = statement(
  'lock_job',
  `SELECT ${JOB_COLUMNS} FROM job WHERE job.full_name = $1 FOR NO KEY UPDATE`,
);
