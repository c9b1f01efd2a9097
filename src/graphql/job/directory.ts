/**
 * The jobs that submissions and results are checked against, with their compiled schemas. A version of a job never
 * changes: id, room, names and schemas. Which version is the present one can be out of date here; the statement of a
 * submission notices that, and whoever refuses a payload asks first (`latest`).
 */
import { LRUCache } from 'lru-cache';
import type { SchemaChecks, Validate } from '../../checks/schema-checks.ts';
import type { TaskRow } from '../../domain/task.ts';
import type { JobSchemaRow } from '../../store/jobs/job-views.ts';
import type { JobRow } from '../../store/jobs/jobs.ts';
import type { Store } from '../../store/store.ts';

/** A job as submissions need it, with the schemas of one version. */
export interface KnownJob {
  id: string;
  room: string;
  category: string;
  name: string;
  fullName: string;
  schemaVersion: number;
  validatePayload: Validate;
  /** Null when results are not described. */
  validateResult: Validate | null;
  /** About the memory that it takes. */
  bytes: number;
}

export interface JobDirectory {
  /** The job of this full name, or null. */
  find(fullName: string): Promise<KnownJob | null>;
  findById(id: string): Promise<KnownJob | null>;
  /** The job of this id, where it was found lately. */
  known(id: string): KnownJob | undefined;
  /** The job of this full name, likewise. */
  knownByName(fullName: string): KnownJob | undefined;
  /** The job with its schemas as they are now, by a read. */
  latest(id: string): Promise<KnownJob | null>;
  /** The job that has this full name now, read anew: its room may have been removed, and the job defined anew. */
  findAgain(fullName: string): Promise<KnownJob | null>;
  /** Remembers which version of which job a task has, so that its result can be checked without reading the task. */
  rememberTasks(tasks: readonly Pick<TaskRow, 'id' | 'jobId' | 'schemaVersion'>[]): void;
  /**
   * The job of each task with the schemas that the task was submitted by, null where there is none; what is not
   * remembered is read together.
   */
  jobsOfTasks(taskIds: readonly string[]): Promise<(KnownJob | null)[]>;
}

const NAMES_KEPT = 10_000;
/** Bytes of compiled schemas at most: those of about a thousand small ones. */
const MAX_JOB_BYTES = 134_217_728;
const TASKS_KEPT = 50_000;

type Version = Pick<JobSchemaRow, 'version' | 'payloadSchema' | 'resultSchema'>;

export function createJobDirectory(store: Store, checks: SchemaChecks): JobDirectory {
  const idOfName = new LRUCache<string, string>({ max: NAMES_KEPT });
  /** The present version of each job, as far as is known here. */
  const byId = new LRUCache<string, string>({ max: NAMES_KEPT });
  const byVersion = new LRUCache<string, KnownJob>({
    maxSize: MAX_JOB_BYTES,
    sizeCalculation: ({ bytes }) => bytes,
  });
  const versionOfTask = new LRUCache<string, { jobId: string; version: number; key: string }>({
    max: TASKS_KEPT,
  });

  // A long list of submissions for a job that is not known yet must not read and compile it once for each.
  const oneAtATime = createSharedReads();

  function remember(row: JobRow | null | undefined): KnownJob | null {
    if (!row) return null;
    const key = keyOf(row.id, row.schemaVersion);
    idOfName.set(row.fullName, row.id);
    byId.set(row.id, key);
    return byVersion.get(key) ?? compile(row, { ...row, version: row.schemaVersion });
  }

  function compile(row: JobRow, version: Version): KnownJob {
    const job = compiledJob(checks, row, version);
    byVersion.set(keyOf(row.id, version.version), job);
    return job;
  }

  async function findVersion(jobId: string, version: number): Promise<KnownJob | null> {
    const [row] = await store.findJobs([jobId]);
    if (!row || row.schemaVersion === version) return remember(row);
    const schemas = await store.findJobSchema(jobId, version);
    // Submitted by a server that knew of no versions.
    return schemas ? compile(row, schemas) : remember(row);
  }

  const directory: JobDirectory = {
    find: async (fullName) =>
      directory.knownByName(fullName) ??
      oneAtATime(`name ${fullName}`, async () => remember(await store.findJobByName(fullName))),
    findById: async (id) =>
      directory.known(id) ?? oneAtATime(`id ${id}`, async () => remember((await store.findJobs([id]))[0])),
    known: (id) => byVersion.get(byId.get(id) ?? ''),
    knownByName: (fullName) => directory.known(idOfName.get(fullName) ?? ''),
    async latest(id) {
      const version = (await store.findSchemaVersions([id])).get(id);
      const known = directory.known(id);
      if (version !== undefined && known?.schemaVersion === version) return known;
      return remember((await store.findJobs([id]))[0]);
    },
    findAgain: async (fullName) => remember(await store.findJobByName(fullName)),
    rememberTasks(tasks) {
      for (const { id, jobId, schemaVersion: version = 1 } of tasks) {
        versionOfTask.set(id, { jobId, version, key: keyOf(jobId, version) });
      }
    },
    async jobsOfTasks(taskIds) {
      let versions = taskIds.map((id) => versionOfTask.get(id));
      const unknown = taskIds.filter((_, index) => versions[index] === undefined);
      if (unknown.length > 0) {
        directory.rememberTasks(await store.findTasks(unknown));
        versions = taskIds.map((id) => versionOfTask.get(id));
      }
      // Lists are long, and of few jobs.
      const jobs = new Map<string | undefined, KnownJob | null>([[undefined, null]]);
      for (const one of versions) {
        if (one === undefined || jobs.has(one.key)) continue;
        const { key, jobId, version } = one;
        const job = byVersion.get(key) ?? (await oneAtATime(key, () => findVersion(jobId, version)));
        jobs.set(key, job);
      }
      return versions.map((one) => jobs.get(one?.key) ?? null);
    },
  };
  return directory;
}

function keyOf(jobId: string, version: number): string {
  return `${jobId} ${version}`;
}

function compiledJob(
  checks: SchemaChecks,
  { id, room, category, name, fullName }: JobRow,
  { version, payloadSchema, resultSchema }: Version,
): KnownJob {
  const payload = checks.validatorOf(payloadSchema);
  const result = resultSchema === null ? null : checks.validatorOf(resultSchema);
  return {
    ...{ id, room, category, name, fullName },
    schemaVersion: version,
    validatePayload: payload.validate,
    validateResult: result?.validate ?? null,
    bytes: payload.bytes + (result?.bytes ?? 0),
  };
}

/** Callers that want what has the same key share the read that is under way. */
function createSharedReads(): (
  key: string,
  read: () => Promise<KnownJob | null>,
) => Promise<KnownJob | null> {
  const underWay = new Map<string, Promise<KnownJob | null>>();
  return (key, read) => {
    const known = underWay.get(key);
    if (known) return known;
    const reading = read().finally(() => underWay.delete(key));
    underWay.set(key, reading);
    return reading;
  };
}
