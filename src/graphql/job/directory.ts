/**
 * The jobs that submissions and results are checked against, with their compiled schemas. What is cached never
 * changes: a job keeps its id, room and schemas for ever.
 */
import { LRUCache } from 'lru-cache';
import { type CompiledSchema, compileSchema, type SchemaValidator } from '../../domain/json-schema.ts';
import type { TaskRow } from '../../domain/task.ts';
import type { Store } from '../../store/store.ts';
import type { JobRow } from '../../store/verbs/jobs.ts';

/** A job as submissions need it. */
export interface KnownJob {
  id: string;
  room: string;
  category: string;
  name: string;
  fullName: string;
  validatePayload: SchemaValidator;
  /** Null when results are not described. */
  validateResult: SchemaValidator | null;
}

export interface JobDirectory {
  /** The job of this full name, or null. */
  find(fullName: string): Promise<KnownJob | null>;
  findById(id: string): Promise<KnownJob | null>;
  /** The job of this id, where it was found lately. */
  known(id: string): KnownJob | undefined;
  /** Remembers which job a task belongs to, so that its result can be checked without reading the task. */
  rememberTasks(tasks: readonly Pick<TaskRow, 'id' | 'jobId'>[]): void;
  /** The job of a task, read where it is not remembered; null for an unknown task. */
  jobOfTask(taskId: string): Promise<KnownJob | null>;
}

const JOBS_KEPT = 1_000;
const TASKS_KEPT = 50_000;

export function createJobDirectory(store: Store): JobDirectory {
  const byName = new LRUCache<string, KnownJob>({ max: JOBS_KEPT });
  const byId = new LRUCache<string, KnownJob>({ max: JOBS_KEPT });
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
    const job: KnownJob = {
      id: row.id,
      room: row.room,
      category: row.category,
      name: row.name,
      fullName: row.fullName,
      validatePayload: validatorOf(compileSchema(row.payloadSchema), row),
      validateResult: row.resultSchema === null ? null : validatorOf(compileSchema(row.resultSchema), row),
    };
    byName.set(job.fullName, job);
    byId.set(job.id, job);
    return job;
  }

  const directory: JobDirectory = {
    find: async (fullName) =>
      byName.get(fullName) ??
      oneAtATime(`name ${fullName}`, async () => remember(await store.findJobByName(fullName))),
    findById: async (id) =>
      byId.get(id) ?? oneAtATime(`id ${id}`, async () => remember((await store.findJobs([id]))[0])),
    known: (id) => byId.get(id),
    rememberTasks(tasks) {
      for (const { id, jobId } of tasks) jobOfTask.set(id, jobId);
    },
    async jobOfTask(taskId) {
      const known = jobOfTask.get(taskId);
      if (known) return directory.findById(known);
      const [task] = await store.findTasks([taskId]);
      if (!task) return null;
      directory.rememberTasks([task]);
      return directory.findById(task.jobId);
    },
  };
  return directory;
}

// Registered schemas were compiled before they were stored.
function validatorOf(compiled: CompiledSchema, job: JobRow): SchemaValidator {
  if (compiled.ok) return compiled.validate;
  throw new Error(`The stored schema of ${job.fullName} does not compile: ${compiled.message}`);
}
