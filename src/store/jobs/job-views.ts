/** Jobs as people see them: lists of many rooms, watched lists, and the versions of their schemas. */
import { INTERNAL_ROOM } from '../../domain/rooms.ts';
import type { DatabaseSession } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import { JOB_COLUMNS, type JobRow } from './jobs.ts';

/** Which jobs are wanted; what is null does not matter. */
export interface JobCondition {
  rooms: readonly string[] | null;
  category: string | null;
  /** Words that the full name or the description must have, each somewhere, whatever the case. */
  search: readonly string[];
  /** Whether it is hidden from lists. */
  retired: boolean | null;
}

/** Ids strictly between the bounds. */
export interface IdPage {
  after?: string | undefined;
  before?: string | undefined;
  newestFirst: boolean;
  limit: number;
}

/** A page of jobs by their ids. */
export function listJobs(
  session: DatabaseSession,
  { rooms, category, search, retired }: JobCondition,
  { after, before, newestFirst, limit }: IdPage,
): Promise<JobRow[]> {
  return session.query<JobRow>(newestFirst ? LIST_NEWEST : LIST_OLDEST, [
    rooms,
    category,
    search.map(toPattern),
    retired,
    after ?? null,
    before ?? null,
    limit,
  ]);
}

/** A job with the number of its living workers, without its schemas: they can be large. */
export interface JobView extends Omit<JobRow, 'payloadSchema' | 'resultSchema' | 'retiredAt'> {
  workerCount: number;
  /** Stands for its pauses: another text when there are others. Null where it has none. */
  pauses: string | null;
}

/** Jobs that are not retired, of all rooms, with their workers; oldest first. */
export function findJobViews(
  session: DatabaseSession,
  workerTimeoutSeconds: number,
  limit: number,
): Promise<JobView[]> {
  return session.query<JobView>(FIND_VIEWS, [workerTimeoutSeconds, limit]);
}

export interface JobSchemaRow {
  jobId: string;
  version: number;
  payloadSchema: unknown;
  resultSchema: unknown;
  createdAt: Date;
  createdBy: string;
}

/** Versions of a job's schemas before another one, the newest first. */
export function findJobSchemas(
  session: DatabaseSession,
  jobId: string,
  before: number | null,
  limit: number,
): Promise<JobSchemaRow[]> {
  return session.query<JobSchemaRow>(FIND_SCHEMAS, [jobId, before, limit]);
}

/** The schemas of one version, or null. */
export async function findJobSchema(
  session: DatabaseSession,
  jobId: string,
  version: number,
): Promise<JobSchemaRow | null> {
  const [schema] = await findJobSchemas(session, jobId, version + 1, 1);
  return schema?.version === version ? schema : null;
}

/** The present version of each job's schemas. */
export async function findSchemaVersions(
  session: DatabaseSession,
  jobIds: readonly string[],
): Promise<Map<string, number>> {
  const rows = await session.query<{ id: string; version: number }>(FIND_VERSIONS, [jobIds]);
  return new Map(rows.map(({ id, version }) => [id, version]));
}

/** What matches a text that has the word somewhere. */
function toPattern(word: string): string {
  return `%${word.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
}

const OWN = `job.room <> '${INTERNAL_ROOM}'`;

const buildList = (order: string) => `SELECT ${JOB_COLUMNS} FROM job
  WHERE ${OWN} AND ($1::text[] IS NULL OR job.room = ANY($1)) AND ($2::text IS NULL OR job.category = $2)
    AND concat_ws(' ', job.full_name, job.description) ILIKE ALL ($3::text[])
    AND ($4::bool IS NULL OR (job.retired_at IS NOT NULL) = $4)
    AND ($5::uuid IS NULL OR job.id > $5) AND ($6::uuid IS NULL OR job.id < $6)
  ORDER BY job.id ${order} LIMIT $7::int`;

const LIST_NEWEST = statement('list_jobs_newest', buildList('DESC'));
const LIST_OLDEST = statement('list_jobs_oldest', buildList('ASC'));

const FIND_VIEWS = statement(
  'find_job_views',
  `SELECT job.id, job.room, job.category, job.name, job.full_name AS "fullName", job.description,
    job.schema_version AS "schemaVersion", job.max_attempts AS "maxAttempts", job.backoff_seconds AS "backoffSeconds",
    job.timeout_seconds AS "timeoutSeconds", job.limits, job.fairness, job.fairness_pointer AS "fairnessPointer",
    job.created_at AS "createdAt", (
    SELECT count(*)::int FROM worker_job served JOIN worker ON worker.id = served.worker_id
    WHERE served.job_id = job.id AND worker.last_heartbeat_at > now() - $1::float8 * interval '1 second'
  ) AS "workerCount", (
    SELECT md5(string_agg(pause.room || ' ' || extract(epoch FROM pause.paused_at), ',' ORDER BY pause.room))
    FROM job_pause pause WHERE pause.job_id = job.id
  ) AS pauses
  FROM job WHERE ${OWN} AND job.retired_at IS NULL ORDER BY job.id LIMIT $2::int`,
);

const FIND_SCHEMAS = statement(
  'find_job_schemas',
  `SELECT job_id AS "jobId", version, payload_schema AS "payloadSchema", result_schema AS "resultSchema",
    created_at AS "createdAt", created_by AS "createdBy"
  FROM job_schema WHERE job_id = $1::uuid AND ($2::int IS NULL OR version < $2) ORDER BY version DESC LIMIT $3::int`,
);

const FIND_VERSIONS = statement(
  'find_schema_versions',
  'SELECT id, schema_version AS version FROM job WHERE id = ANY($1::uuid[])',
);
