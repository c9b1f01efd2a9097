/**
 * The jobs that submissions and results are checked against, with their compiled schemas. What is cached never
 * changes: a job keeps its id, room and schemas for ever.
 */
import { LRUCache } from 'lru-cache';
import type { SchemaChecks, Validate } from '../../checks/schema-checks.ts';
import type { TaskRow } from '../../domain/task.ts';
import type { JobRow } from '../../store/jobs/jobs.ts';
import type { Store } from '../../store/store.ts';

/** A job as submissions need it. */
export interface KnownJob {
  id: string;
  room: string;
  category: string;
  name: string;
  fullName: string;
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
  /** Remembers which job a task belongs to, so that its result can be checked without reading the task. */
  rememberTasks(tasks: readonly Pick<TaskRow, 'id' | 'jobId'>[]): void;
  /** The job of each task, null where there is none; what is not remembered is read together. */
  jobsOfTasks(taskIds: readonly string[]): Promise<(KnownJob | null)[]>;
}

const NAMES_KEPT = 10_000;
/** Bytes of compiled schemas at most: those of about a thousand small ones. */
const MAX_JOB_BYTES = 134_217_728;
const TASKS_KEPT = 50_000;

export function createJobDirectory(store: Store, checks: SchemaChecks): JobDirectory {
  const idOfName = new LRUCache<string, string>({ max: NAMES_KEPT });
  const byId = new LRUCache<string, KnownJob>({
    maxSize: MAX_JOB_BYTES,
    sizeCalculation: ({ bytes }) => bytes,
  });
  const jobOfTask = new LRUCache<string, string>({ max: TASKS_KEPT });

  // A long list of submissions for a job that is not known yet must not read and compile it once for each.
  const underWay = new Map<string, Promise<KnownJob | null>>();
  function oneAtATime(key: string, read: () => Promise<KnownJob | null>): Promise<KnownJob | null> {
    const known = underWay.get(key);
    if (known) return known;
    const reading = read().finally(() => underWay.delete(key));
    underWay.set(key, reading);
    return reading;
  }

  function remember(row: JobRow | null | undefined): KnownJob | null {
    if (!row) return null;
    const payload = checks.validatorOf(row.payloadSchema);
    const result = row.resultSchema === null ? null : checks.validatorOf(row.resultSchema);
    const job: KnownJob = {
      id: row.id,
      room: row.room,
      category: row.category,
      name: row.name,
      fullName: row.fullName,
      validatePayload: payload.validate,
      validateResult: result?.validate ?? null,
      bytes: payload.bytes + (result?.bytes ?? 0),
    };
    idOfName.set(job.fullName, job.id);
    byId.set(job.id, job);
    return job;
  }

  const directory: JobDirectory = {
    find: async (fullName) =>
      directory.knownByName(fullName) ??
      oneAtATime(`name ${fullName}`, async () => remember(await store.findJobByName(fullName))),
    findById: async (id) =>
      byId.get(id) ?? oneAtATime(`id ${id}`, async () => remember((await store.findJobs([id]))[0])),
    known: (id) => byId.get(id),
    knownByName: (fullName) => byId.get(idOfName.get(fullName) ?? ''),
    rememberTasks(tasks) {
      for (const { id, jobId } of tasks) jobOfTask.set(id, jobId);
    },
    async jobsOfTasks(taskIds) {
      let jobIds = taskIds.map((id) => jobOfTask.get(id));
      const unknown = taskIds.filter((_, index) => jobIds[index] === undefined);
      if (unknown.length > 0) {
        directory.rememberTasks(await store.findTasks(unknown));
        jobIds = taskIds.map((id) => jobOfTask.get(id));
      }
      // Lists are long, and of few jobs.
      const jobs = new Map<string | undefined, KnownJob | null>([[undefined, null]]);
      for (const id of jobIds) {
        if (id !== undefined && !jobs.has(id)) jobs.set(id, await directory.findById(id));
      }
      return jobIds.map((id) => jobs.get(id) ?? null);
    },
  };
  return directory;
}
