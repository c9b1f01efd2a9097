/** A store on a database of its own, with short ways to bring a task into every status. */

import { expect } from 'vitest';
import { fingerprintOf } from '../../src/domain/error-fingerprint.ts';
import type { JobLimit } from '../../src/domain/limits.ts';
import type { TaskChange, TaskRow, TaskStatus, TransitionRow } from '../../src/domain/task.ts';
import { isLegal } from '../../src/domain/transitions.ts';
import { newUuid } from '../../src/domain/typeid.ts';
import type { Database } from '../../src/store/database/database.ts';
import type { JobRow } from '../../src/store/jobs/jobs.ts';
import type { JobRegistration } from '../../src/store/jobs/registration.ts';
import { openLog, type TransitionLog } from '../../src/store/log/log.ts';
import { createStore, type Store, type VerbResult } from '../../src/store/store.ts';
import type { HeldAttempt } from '../../src/store/tasks/compare-and-set.ts';
import type { Submission } from '../../src/store/tasks/submit/submit.ts';
import type { WorkerRow } from '../../src/store/workers/workers.ts';
import { createTestDatabase, type DatabaseKind } from './database.ts';

/** A task with the job, the worker and the attempt that brought it where it is. */
export interface TaskInStatus {
  task: TaskRow;
  job: JobRow;
  worker: WorkerRow;
  /** The attempt of the worker; of a task that was never claimed, attempt 0. */
  held: HeldAttempt;
}

export interface TestStore {
  db: Database;
  /** For further connections; none on PGlite. */
  url?: string | undefined;
  /** See TestDatabase. */
  directUrl?: string | undefined;
  store: Store;
  log: TransitionLog;
  /** What was handed on to be published: one entry for each statement. */
  published: (readonly TaskChange[])[];
  /** Another job, in a room of its own unless the settings name one. */
  newJob(settings?: Partial<JobRegistration>): Promise<JobRow>;
  /** Another worker that serves the jobs. */
  newWorker(...jobs: JobRow[]): Promise<WorkerRow>;
  /** A task of the job. */
  submit(job: JobRow, details?: Partial<Submission>): Promise<TaskRow>;
  /** A new task of a new job that a new worker holds, or last held. */
  taskIn(status: TaskStatus, settings?: Partial<JobRegistration>): Promise<TaskInStatus>;
  /** The task as it is now. */
  task(id: string): Promise<TaskRow>;
  /** All transitions of the task, oldest first. */
  history(id: string): Promise<TransitionRow[]>;
  close(): Promise<void>;
}

/** What a submission has unless a test says otherwise. */
export function submissionOf(
  job: { id: string; room: string },
  details: Partial<Submission> = {},
): Submission {
  return {
    jobId: job.id,
    schemaVersion: 1,
    room: job.room,
    payload: { n: 1 },
    priority: 0,
    runAt: null,
    idempotencyKey: null,
    correlationId: null,
    entityType: null,
    entityId: null,
    labels: {},
    createdBy: 'ann',
    ...details,
  };
}

export function jobLimit(name: string, rest: Partial<JobLimit>): JobLimit {
  return { name, scope: 'JOB', keyPointer: null, maxRunning: null, rate: null, ...rest };
}

/** An error as a worker reports it. */
export function failure(retryable: boolean, message = 'it broke') {
  const code = 'E_TEST';
  // As it is recorded.
  const fingerprint = fingerprintOf({ code, message });
  return { message, code, retryable, context: { line: 7 }, fingerprint };
}

/** The change of a verb that must not have been refused. */
export function changed<Change extends TaskChange>(result: VerbResult<Change>): Change {
  if (result.kind === 'refused')
    throw new Error(`Refused; the task is ${result.task?.status ?? 'not there'}.`);
  return result.change;
}

/** Versions from 1 without holes, each leaving where the one before it arrived, over edges of the table. */
export function expectLegalLog(transitions: readonly TransitionRow[]): void {
  let status: TaskStatus | null = null;
  transitions.forEach((transition, index) => {
    const { version, from, to, reason } = transition;
    expect({ version, from }).toEqual({ version: index + 1, from: status });
    if (!isLegal(from, to, reason)) throw new Error(`${from} → ${to} (${reason}) is no legal transition.`);
    status = to;
  });
}

/** Opens a store on a fresh database, or on the one that is given. */
export async function createTestStore(
  kind: DatabaseKind,
  existing?: Database,
  workerTimeoutSeconds = 60,
): Promise<TestStore> {
  const database = existing ? { db: existing, close: async () => undefined } : await createTestDatabase(kind);
  const { db, url, directUrl, close } = { url: undefined, directUrl: undefined, ...database };
  const published: (readonly TaskChange[])[] = [];
  const store = createStore(db, { onCommit: (changes) => published.push(changes), workerTimeoutSeconds });
  const log = await openLog(db);

  async function newJob(settings: Partial<JobRegistration> = {}): Promise<JobRow> {
    const room = `room-${newUuid()}`;
    const result = await store.registerJob({ room, category: 'general', name: 'work', ...settings });
    if (result.kind !== 'registered') throw new Error('The job is registered with another schema.');
    return result.job;
  }

  async function newWorker(...jobs: JobRow[]): Promise<WorkerRow> {
    const worker = await store.registerWorker({ name: 'worker', owner: 'wim', capacity: 4 });
    for (const { room, category, name } of jobs) {
      await store.registerJob({ room, category, name, workerId: worker.id });
    }
    return worker;
  }

  async function submit(job: JobRow, details: Partial<Submission> = {}): Promise<TaskRow> {
    const result = await store.submitTask(submissionOf(job, details));
    if (result.kind !== 'created') throw new Error(`The submission gave ${result.kind}.`);
    return result.change.task;
  }

  async function task(id: string): Promise<TaskRow> {
    const [found] = await store.findTasks([id]);
    if (!found) throw new Error(`There is no task ${id}.`);
    return found;
  }

  async function history(id: string): Promise<TransitionRow[]> {
    const changes = await log.readVersions([{ taskId: id, from: 1, to: 1_000_000 }]);
    return changes.map(({ transition }) => transition);
  }

  async function taskIn(status: TaskStatus, settings: Partial<JobRegistration> = {}): Promise<TaskInStatus> {
    const job = await newJob(settings);
    const worker = await newWorker(job);
    const { id } = status === 'WAITING' ? await insertWaiting(db, job) : await submit(job);
    const held = { taskId: id, workerId: worker.id, attempt: 0, actor: 'wim' };
    if (status !== 'WAITING' && status !== 'PENDING') {
      const start = status !== 'CLAIMED';
      await store.claimTasks({ workerId: worker.id, limit: 1, start, actor: 'wim' });
      held.attempt = 1;
    }
    if (status === 'COMPLETED' || status === 'PARTIAL') {
      changed(await store.completeTask({ ...held, outcome: status, result: { done: true } }));
    }
    if (status === 'FAILED') changed(await store.failTask({ ...held, error: failure(false) }));
    if (status === 'CANCELLED') changed(await store.cancelTask({ taskId: id, actor: 'ann', note: null }));
    const reached = await task(id);
    expect(reached.status).toBe(status);
    return { task: reached, job, worker, held };
  }

  return {
    db,
    url,
    directUrl,
    store,
    log,
    published,
    newJob,
    newWorker,
    submit,
    taskIn,
    task,
    history,
    close,
  };
}

/** No verb makes a task wait for others yet: written as the one that will should write it. */
async function insertWaiting(db: Database, job: JobRow): Promise<{ id: string }> {
  const id = newUuid();
  await db.script(`
    INSERT INTO task (id, job_id, room, status, version, max_attempts, payload, created_by)
    VALUES ('${id}', '${job.id}', '${job.room}', 'WAITING', 1, ${job.maxAttempts}, '{}', 'ann');
    INSERT INTO task_transition (task_id, version, room, job_id, to_status, reason, attempt, actor)
    VALUES ('${id}', 1, '${job.room}', '${job.id}', 'WAITING', 'SUBMITTED', 0, 'ann');
  `);
  return { id };
}
