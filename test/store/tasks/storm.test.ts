/**
 * Everything at once: actors on two servers do anything to the same few tasks, as holders, as late or false holders,
 * as callers and as the server itself. No order is known beforehand, so the logs are the witnesses: legal, without
 * holes, one row for each change that was answered and published, and the tasks as their logs say.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobLimit } from '../../../src/domain/limits.ts';
import {
  TASK_STATUSES,
  type TaskRow,
  TRANSITION_REASONS,
  type TransitionRow,
} from '../../../src/domain/task.ts';
import { statement } from '../../../src/store/database/statement.ts';
import type { JobRow } from '../../../src/store/jobs/jobs.ts';
import type { Store } from '../../../src/store/store.ts';
import type { HeldAttempt } from '../../../src/store/tasks/compare-and-set.ts';
import { availableDatabases } from '../../support/database.ts';
import { findHanging } from '../../support/dependencies.ts';
import { findMisplaced } from '../../support/queue.ts';
import { expectLegalLog, failure, submissionOf, type TestStore } from '../../support/test-store.ts';
import { createTwoServers, type TwoServers } from '../../support/two-servers.ts';

const ACTORS = 16;
const ACTIONS = 80;

function pick<T>(items: readonly T[]): T {
  return items[Math.floor(Math.random() * items.length)] as T;
}

describe.each(availableDatabases())('on %s, everything at once', { timeout: 120_000 }, (kind) => {
  let two: TwoServers;
  let servers: readonly TestStore[];
  let testStore: TestStore;

  beforeAll(async () => {
    two = await createTwoServers(kind);
    servers = two.servers;
    [testStore] = two.servers;
  });
  afterAll(() => two.close());

  it('leaves only legal logs, and tasks as the logs say', async () => {
    const jobs = [
      await testStore.newJob({ backoffSeconds: [0], maxAttempts: 3, limits: LIMITS }),
      await testStore.newJob({ backoffSeconds: [0], maxAttempts: 2, timeoutSeconds: 1 }),
    ];
    const races: Races = { jobs, taskIds: [], attempts: [], failed: [] };
    const storm = Promise.all(
      Array.from({ length: ACTORS }, async (_, index) => {
        const actor = new Actor(servers[index % 2] as TestStore, races);
        await actor.arrive();
        for (let n = 0; n < ACTIONS; n++) await actor.act();
      }),
    );
    let over = false;
    void storm.finally(() => {
      over = true;
    });
    const limited = jobs[0] as JobRow;
    while (!over) {
      expect(await testStore.db.query(EXCEEDED, [limited.id])).toEqual([]);
      // PGlite answers without a turn of the event loop: nobody else would ever have one.
      await new Promise((resolve) => setImmediate(resolve));
    }
    await storm;
    await testStore.store.resumeJob({ jobId: limited.id, room: null, actor: 'ann' });
    await testStore.store.resumeJob({ jobId: limited.id, room: limited.room, actor: 'ann' });

    const { taskIds, attempts } = races;
    await finishAll(testStore, limited);
    const tasks = await testStore.store.findTasks(taskIds);
    const changes = await testStore.log.readVersions(
      taskIds.map((taskId) => ({ taskId, from: 1, to: 1_000_000 })),
    );
    const published = servers.flatMap((server) => server.published.flat());
    const keyOf = ({ taskId, version }: TransitionRow) => `${taskId} ${version}`;
    expect(
      published.flatMap((change) => (change.kind === 'transition' ? [keyOf(change.transition)] : [])).sort(),
    ).toEqual(changes.map(({ transition }) => keyOf(transition)).sort());
    for (const task of tasks) {
      const log = changes.flatMap(({ transition }) => (transition.taskId === task.id ? [transition] : []));
      expectLegalLog(log);
      expectAsLogged(task, log);
    }
    expect(await findMisplaced(testStore.db)).toEqual([]);
    expect(new Set(attempts.map(({ taskId, attempt }) => `${taskId} ${attempt}`)).size).toBe(attempts.length);
    // The storm has reached every status and used every reason that there is a verb for.
    const missing = (all: readonly string[], seen: readonly string[]) =>
      all.filter((one) => !seen.includes(one));
    const [statuses, reasons] = [
      changes.map(({ transition }) => transition.to),
      changes.map(({ transition }) => transition.reason),
    ];
    expect(missing(TASK_STATUSES, statuses)).toEqual([]);
    expect(missing(TRANSITION_REASONS, reasons)).toEqual(['UPDATED', 'DISCARDED', 'RESTORED']);
    expect(await findHanging(testStore.db)).toEqual([]);
  });
});

const LIMITS: JobLimit[] = [
  { name: 'all', scope: 'JOB', keyPointer: null, maxRunning: 6, rate: null },
  { name: 'key', scope: 'KEY', keyPointer: null, maxRunning: 2, rate: null },
];

/** Cancels what is held, and claims and so on, until nothing is left: no slot is lost, and nothing waits for ever. */
async function finishAll({ db, store, newWorker }: TestStore, job: JobRow): Promise<void> {
  const worker = await newWorker(job);
  for (;;) {
    for (const { id: taskId } of await db.query<{ id: string }>(HELD, [job.id]))
      await store.cancelTask({ taskId, actor: 'ann', note: null });
    const claim = { workerId: worker.id, limit: 100, start: true, actor: 'wim' };
    if ((await store.claimTasks(claim)).length === 0) break;
  }
  expect(await db.query(LEFT, [job.id])).toEqual([]);
}

const HELD = statement(
  'test_held',
  "SELECT id FROM task WHERE job_id = $1::uuid AND status IN ('CLAIMED', 'RUNNING')",
);
const LEFT = statement('test_left', "SELECT id FROM task WHERE job_id = $1::uuid AND status = 'PENDING'");

/** What runs beyond the limits of the job, as one snapshot shows it. */
const EXCEEDED = statement(
  'test_exceeded',
  `SELECT limit_key, count(*) FROM task WHERE job_id = $1::uuid AND status IN ('CLAIMED', 'RUNNING')
  GROUP BY GROUPING SETS ((), (limit_key))
  HAVING count(*) > CASE WHEN GROUPING(limit_key) = 0 AND limit_key IS NOT NULL THEN 2 ELSE 6 END`,
);

/** The task has the state that its log tells, counted anew. */
function expectAsLogged(task: TaskRow, log: readonly TransitionRow[]): void {
  const last = log.at(-1) as TransitionRow;
  const claims = log.filter(({ reason }) => reason === 'CLAIMED');
  const fresh = log.slice(log.findLastIndex(({ reason }) => reason === 'RETRY_REQUESTED') + 1);
  const failures = fresh.filter(({ from, reason }) => {
    if (reason === 'WORKER_LOST') return from === 'RUNNING';
    return ['RETRY_SCHEDULED', 'FAILED', 'TIMED_OUT'].includes(reason);
  });
  const holds = ['CLAIMED', 'RUNNING'].includes(last.to);
  expect(claims.map(({ attempt }) => attempt)).toEqual(claims.map((_, index) => index + 1));
  expect(task).toMatchObject({
    ...{ status: last.to, version: log.length, attempt: claims.length, failures: failures.length },
    workerId: holds ? (claims.at(-1)?.workerId ?? null) : null,
  });
}

/** What the actors know of. */
interface Races {
  jobs: readonly JobRow[];
  taskIds: string[];
  /** Every attempt that was ever given to somebody, true or not by now. */
  attempts: HeldAttempt[];
  /** Tasks that have failed at some time. */
  failed: string[];
}

/** Does one thing after the other, whatever comes to its mind. */
class Actor {
  readonly #testStore: TestStore;
  readonly #store: Store;
  readonly #races: Races;
  #workerId = '';

  constructor(testStore: TestStore, races: Races) {
    this.#testStore = testStore;
    this.#store = testStore.store;
    this.#races = races;
  }

  async arrive(): Promise<void> {
    this.#workerId = (await this.#testStore.newWorker(...this.#races.jobs)).id;
  }

  async act(): Promise<void> {
    const dice = Math.random();
    if (dice < 0.12) return this.#submit();
    if (dice < 0.4) return this.#claim();
    if (dice < 0.8) return this.#report();
    if (dice < 0.93) return this.#call();
    return this.#beTheServer();
  }

  async #submit(): Promise<void> {
    const parents =
      Math.random() < 0.4 ? [...new Set([1, 2].map(() => pick(this.#races.taskIds.slice(-30))))] : [];
    const dependsOn = parents
      .filter((parent) => parent !== undefined)
      .map((parent) => ({ parent, runsOnFailure: Math.random() < 0.4 }));
    const results = await this.#store.submitTasks([
      submissionOf(pick(this.#races.jobs), { dependsOn, limitKey: pick(['a', 'b', null]) }),
      submissionOf(pick(this.#races.jobs), { dependsOn: dependsOn.slice(1) }),
    ]);
    this.#races.taskIds.push(
      ...results.flatMap((result) => (result.kind === 'created' ? [result.change.task.id] : [])),
    );
  }

  async #claim(): Promise<void> {
    const start = Math.random() < 0.5;
    const claim = { workerId: this.#workerId, limit: pick([1, 2, 3]), start, actor: 'wim' };
    for (const { id: taskId, attempt } of await this.#store.claimTasks(claim)) {
      this.#races.attempts.push({ taskId, attempt, workerId: claim.workerId, actor: 'wim' });
    }
  }

  /** Mostly of one of the last attempts that anybody was given; sometimes of an old one, or a false one. */
  async #report(): Promise<void> {
    const given = this.#races.attempts.slice(Math.random() < 0.8 ? -20 : 0);
    if (given.length === 0) return;
    const held = { ...pick(given) };
    if (Math.random() < 0.05) held.attempt += 1;
    const store = this.#store;
    await pick<() => Promise<unknown>>([
      () => store.startTask(held),
      () => store.startTask(held),
      () => store.reportProgress({ ...held, percent: 50, message: null }),
      () => store.completeTask({ ...held, outcome: pick(['COMPLETED', 'PARTIAL']), result: 1 }),
      async () => {
        const result = await store.failTask({ ...held, error: failure(Math.random() < 0.6) });
        if (result.kind === 'changed' && result.change.task.status === 'FAILED') {
          this.#races.failed.push(held.taskId);
        }
      },
      () => store.releaseTask(held),
    ])();
  }

  async #call(): Promise<void> {
    const { taskIds, failed } = this.#races;
    const any = pick(taskIds.slice(-30)) ?? this.#workerId;
    if (Math.random() < 0.3) await this.#store.cancelTask({ taskId: any, actor: 'ann', note: null });
    else await this.#store.retryTask({ taskId: pick(failed.slice(-10)) ?? any, actor: 'ann' });
  }

  async #beTheServer(): Promise<void> {
    const { db } = this.#testStore;
    const silence = `UPDATE worker SET last_heartbeat_at = now() - interval '1 hour' WHERE id = '${this.#workerId}'`;
    const overrun = `UPDATE task SET started_at = now() - interval '1 hour' WHERE id = (
      SELECT id FROM task WHERE job_id = '${this.#races.jobs[1]?.id}' AND status = 'RUNNING' ORDER BY random() LIMIT 1)`;
    const pause = { jobId: this.#races.jobs[0]?.id as string, actor: 'ann' };
    await pick([
      async () => {
        const room = pick([null, this.#races.jobs[0]?.room as string]);
        await this.#store.pauseJob({ ...pause, room }, null);
        await this.#store.resumeJob({ ...pause, room });
      },
      async () => {
        await this.#store.deregisterWorker(this.#workerId, 'wim');
        await this.arrive();
      },
      async () => {
        await db.script(silence);
        await this.#store.rescueTasks(100);
        await this.#store.beat(this.#workerId);
      },
      async () => {
        await db.script(overrun);
        await this.#store.timeOutTasks(100);
      },
    ])();
  }
}
