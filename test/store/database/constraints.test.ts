/** Rows that no verb would write, sent straight to the database: it refuses them as well. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TASK_STATUSES, type TaskStatus } from '../../../src/domain/task.ts';
import { HELD_STATUSES, isTerminal } from '../../../src/domain/transitions.ts';
import { availableDatabases } from '../../support/database.ts';
import { createTestStore, type TestStore } from '../../support/test-store.ts';

const CHECK = '23514';
const UNIQUE = '23505';
const NOT_NULL = '23502';
const FOREIGN_KEY = '23503';
const NO_SUCH_VALUE = '22P02';

const held = (status: TaskStatus) => (HELD_STATUSES as readonly TaskStatus[]).includes(status);

/** What of a task makes no sense in its status: the status to begin with, and the assignment that breaks it. */
const BROKEN_TASKS: [constraint: string, status: TaskStatus, assignment: string][] = [
  ...TASK_STATUSES.map((status): [string, TaskStatus, string] => [
    'task_finished_when_terminal',
    status,
    `finished_at = ${isTerminal(status) ? 'NULL' : 'now()'}`,
  ]),
  ...TASK_STATUSES.map((status): [string, TaskStatus, string] => [
    'task_held_by_worker',
    status,
    `worker_id = ${held(status) ? 'NULL' : 'gen_random_uuid()'}`,
  ]),
  ['task_started_when_running', 'RUNNING', 'started_at = NULL'],
  ['task_failed_with_error', 'FAILED', 'error = NULL'],
  ['task_progress_in_percent', 'RUNNING', 'progress = -0.001'],
  ['task_progress_in_percent', 'RUNNING', 'progress = 100.001'],
  ['task_progress_in_percent', 'RUNNING', "progress = 'NaN'"],
  ['task_progress_in_percent', 'RUNNING', "progress = 'Infinity'"],
  ['task_version_positive', 'PENDING', 'version = 0'],
  ['task_attempt_not_negative', 'PENDING', 'attempt = -1'],
  ['task_failures_in_budget', 'PENDING', 'failures = -1'],
  ['task_failures_in_budget', 'PENDING', 'failures = max_attempts + 1'],
  ['task_max_attempts_positive', 'PENDING', 'max_attempts = 0'],
  ['task_room_length', 'PENDING', "room = ''"],
  ['task_room_length', 'PENDING', "room = repeat('x', 129)"],
];

describe.each(availableDatabases())('the database on %s refuses', (kind) => {
  let testStore: TestStore;

  beforeAll(async () => {
    testStore = await createTestStore(kind);
  });
  afterAll(() => testStore.close());

  const expectRefused = async (sql: string, code: string, constraint?: string) =>
    expect(testStore.db.script(sql)).rejects.toMatchObject({ code, ...(constraint ? { constraint } : {}) });

  it.each(BROKEN_TASKS)('by %s a %s task with %s', async (constraint, status, assignment) => {
    const { task } = await testStore.taskIn(status);
    await expectRefused(`UPDATE task SET ${assignment} WHERE id = '${task.id}'`, CHECK, constraint);
    expect(await testStore.task(task.id)).toEqual(task);
  });

  it('a status and a reason that do not exist', async () => {
    const { task } = await testStore.taskIn('PENDING');
    await expectRefused(`UPDATE task SET status = 'DONE' WHERE id = '${task.id}'`, NO_SUCH_VALUE);
    await expectRefused(
      `UPDATE task_transition SET reason = 'WHY' WHERE task_id = '${task.id}'`,
      NO_SUCH_VALUE,
    );
  });

  it('a task without a payload', async () => {
    const { task } = await testStore.taskIn('PENDING');
    await expectRefused(`UPDATE task SET payload = NULL WHERE id = '${task.id}'`, NOT_NULL);
  });

  it('a second task with the idempotency key of another', async () => {
    const job = await testStore.newJob();
    const [one, other] = [await testStore.submit(job, { idempotencyKey: 'k' }), await testStore.submit(job)];
    expect(one.idempotencyKey).toBe('k');
    await expectRefused(
      `UPDATE task SET idempotency_key = 'k' WHERE id = '${other.id}'`,
      UNIQUE,
      'task_idempotency_key',
    );
  });

  it('a version of a task twice, a first one that comes from somewhere, and a later one from nowhere', async () => {
    const { task } = await testStore.taskIn('RUNNING');
    const set = (assignment: string, version: number) =>
      `UPDATE task_transition SET ${assignment} WHERE task_id = '${task.id}' AND version = ${version}`;
    await expectRefused(set('version = 2', 3), UNIQUE, 'task_transition_pkey');
    await expectRefused(set("from_status = 'WAITING'", 1), CHECK, 'task_transition_first_has_no_from');
    await expectRefused(set('from_status = NULL', 2), CHECK, 'task_transition_first_has_no_from');
    expect(await testStore.history(task.id)).toHaveLength(3);
  });

  it.each([
    ['job_full_name_is_address', "full_name = 'another'"],
    ['job_max_attempts_positive', 'max_attempts = 0'],
    ['job_backoff_given', "backoff_seconds = '{}'"],
    ['job_timeout_positive', 'timeout_seconds = 0'],
  ])('by %s a job with %s', async (constraint, assignment) => {
    const job = await testStore.newJob();
    await expectRefused(`UPDATE job SET ${assignment} WHERE id = '${job.id}'`, CHECK, constraint);
  });

  it('a second job of the same full name', async () => {
    const job = await testStore.newJob();
    await expectRefused(
      `INSERT INTO job (id, room, category, name, full_name, payload_schema, max_attempts, backoff_seconds)
       SELECT gen_random_uuid(), room, category, name, full_name, '{}', 1, '{1}' FROM job WHERE id = '${job.id}'`,
      UNIQUE,
      'job_full_name_key',
    );
  });

  it('a worker without capacity, and one that serves a job that is not there', async () => {
    const worker = await testStore.newWorker();
    await expectRefused(
      `UPDATE worker SET capacity = 0 WHERE id = '${worker.id}'`,
      CHECK,
      'worker_capacity_positive',
    );
    await expectRefused(
      `INSERT INTO worker_job (worker_id, job_id) VALUES ('${worker.id}', gen_random_uuid())`,
      FOREIGN_KEY,
      'worker_job_job_id_fkey',
    );
  });

  it('a second identity of the log', async () => {
    await expectRefused('INSERT INTO log_epoch (id) VALUES (2)', CHECK, 'log_epoch_single_row');
    await expectRefused('INSERT INTO log_epoch (id) VALUES (1)', UNIQUE, 'log_epoch_pkey');
  });
});
