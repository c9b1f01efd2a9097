/**
 * Fifty workers claim five thousand tasks at the same time, through two servers' pools on one PostgreSQL.
 *
 * What "order" means while claims overlap: a claim passes a task over only when another claim has it locked in that
 * moment. So a claim that began after another one had been answered never finds a task that ought to have gone before
 * one of that other's tasks (higher priority, or older runAt, or smaller id). Claims that overlap may share the best
 * tasks between them in any way.
 */
import { performance } from 'node:perf_hooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TaskRow } from '../../../src/domain/task.ts';
import type { Database } from '../../../src/store/database/database.ts';
import { openPostgres } from '../../../src/store/database/postgres.ts';
import type { JobRow } from '../../../src/store/jobs/jobs.ts';
import { availableDatabases } from '../../support/database.ts';
import { findMisplaced } from '../../support/queue.ts';
import { createTestStore, expectLegalLog, submissionOf, type TestStore } from '../../support/test-store.ts';

const WORKERS = 50;
const TASKS = 5_000;

interface ClaimRecord {
  workerId: string;
  began: number;
  ended: number;
  tasks: TaskRow[];
}

/** Negative when a should run before b. */
function order(a: TaskRow, b: TaskRow): number {
  return b.priority - a.priority || a.runAt.getTime() - b.runAt.getTime() || (a.id < b.id ? -1 : 1);
}

/** The pairs of claims of which the later one, begun after the end of the earlier, got a task that goes before. */
function findOvertaken(claims: readonly ClaimRecord[]): {
  overtaken: [TaskRow, TaskRow][];
  comparable: number;
} {
  const overtaken: [TaskRow, TaskRow][] = [];
  let comparable = 0;
  for (const earlier of claims) {
    const last = earlier.tasks.at(-1);
    if (!last) continue;
    for (const later of claims) {
      if (later.began <= earlier.ended) continue;
      comparable++;
      const first = later.tasks[0];
      if (first && order(first, last) < 0) overtaken.push([last, first]);
    }
  }
  return { overtaken, comparable };
}

// On a busy machine five thousand tasks take their time.
const TIMEOUT_MS = 120_000;

describe.runIf(availableDatabases().includes('postgres'))(
  'fifty workers that claim at the same time',
  {
    timeout: TIMEOUT_MS,
  },
  () => {
    let testStore: TestStore;
    let servers: TestStore[];
    let databases: Database[];

    beforeAll(async () => {
      testStore = await createTestStore('postgres');
      databases = await Promise.all(
        [1, 2].map(() =>
          openPostgres({ url: testStore.url as string, directUrl: testStore.directUrl, maxConnections: 10 }),
        ),
      );
      servers = await Promise.all(databases.map((database) => createTestStore('postgres', database)));
    });
    afterAll(async () => {
      await Promise.all(databases.map((database) => database.close()));
      await testStore.close();
    });

    /** Claims with random limits until nothing is left for the worker. */
    async function drain(
      server: TestStore,
      workerId: string,
      start: boolean,
      most = 3,
    ): Promise<ClaimRecord[]> {
      const claims: ClaimRecord[] = [];
      for (;;) {
        const limit = 1 + Math.floor(Math.random() * most);
        const began = performance.now();
        const tasks = await server.store.claimTasks({ workerId, limit, start, actor: 'wim' });
        claims.push({ workerId, began, ended: performance.now(), tasks });
        expect(tasks.length).toBeLessThanOrEqual(limit);
        if (tasks.length === 0) return claims;
      }
    }

    async function submitAll(jobs: readonly JobRow[], count = TASKS): Promise<void> {
      const now = Date.now();
      const submissions = Array.from({ length: count }, (_, index) =>
        submissionOf(jobs[index % jobs.length] as JobRow, {
          priority: Math.floor(Math.random() * 20) - 10,
          runAt: Math.random() < 0.5 ? null : new Date(now - Math.floor(Math.random() * 10_000)),
        }),
      );
      await testStore.store.submitTasks(submissions);
    }

    it.each([
      ['one job', 1, false],
      ['three jobs, starting them', 3, true],
    ])('take every task of %s once, leave none, and keep the order', async (_, jobCount, start) => {
      const jobs = await Promise.all(Array.from({ length: jobCount }, () => testStore.newJob()));
      const workers = await Promise.all(Array.from({ length: WORKERS }, () => testStore.newWorker(...jobs)));
      await submitAll(jobs);

      const claims = (
        await Promise.all(
          workers.map(({ id }, index) => drain(servers[index % servers.length] as TestStore, id, start)),
        )
      ).flat();

      const taken = claims.flatMap(({ tasks }) => tasks);
      expect(taken).toHaveLength(TASKS);
      expect(new Set(taken.map(({ id, attempt }) => `${id} ${attempt}`)).size).toBe(TASKS);
      for (const { workerId, tasks } of claims) {
        expect(tasks.filter((task) => task.workerId !== workerId || task.attempt !== 1)).toEqual([]);
        expect(tasks).toEqual([...tasks].sort(order));
      }

      const stored = await testStore.store.findTasks(taken.map(({ id }) => id));
      const holders = new Map(taken.map(({ id, workerId }) => [id, workerId]));
      const status = start ? 'RUNNING' : 'CLAIMED';
      const version = start ? 3 : 2;
      expect(
        stored.filter(
          (task) =>
            task.status !== status ||
            task.version !== version ||
            task.attempt !== 1 ||
            task.workerId !== holders.get(task.id),
        ),
      ).toEqual([]);
      const changes = await testStore.log.readVersions(
        taken.map(({ id }) => ({ taskId: id, from: 1, to: 1_000 })),
      );
      expect(changes).toHaveLength(TASKS * version);
      for (let first = 0; first < changes.length; first += version) {
        expectLegalLog(changes.slice(first, first + version).map(({ transition }) => transition));
      }

      const { overtaken, comparable } = findOvertaken(claims);
      expect(overtaken).toEqual([]);
      // Most claims can be told apart in time; otherwise this would have shown nothing.
      expect(comparable).toBeGreaterThan((claims.length * claims.length) / 4);
      // And all workers had their share of the race.
      expect(
        new Set(claims.filter(({ tasks }) => tasks.length > 0).map(({ workerId }) => workerId)).size,
      ).toBe(WORKERS);
    });

    it('one after the other take all in exactly the order of priority, runAt and id', async () => {
      const job = await testStore.newJob();
      const { id } = await testStore.newWorker(job);
      await submitAll([job], 1_000);
      const taken = (await drain(testStore, id, false, 10)).flatMap(({ tasks }) => tasks);
      expect(taken).toHaveLength(1_000);
      expect(taken.map((task) => task.id)).toEqual([...taken].sort(order).map((task) => task.id));
    });

    it('while they also give back and fail, never hold one attempt twice', async () => {
      const job = await testStore.newJob({ backoffSeconds: [0], maxAttempts: 1_000 });
      const workers = await Promise.all(Array.from({ length: 20 }, () => testStore.newWorker(job)));
      await testStore.store.submitTasks(Array.from({ length: 200 }, () => submissionOf(job)));
      const attempts: string[] = [];
      const ids = new Set<string>();

      await Promise.all(
        workers.map(async ({ id: workerId }, index) => {
          const { store } = servers[index % servers.length] as TestStore;
          for (let round = 0; round < 15; round++) {
            const tasks = await store.claimTasks({ workerId, limit: 5, start: true, actor: 'wim' });
            const results = await Promise.all(
              tasks.map(({ id: taskId, attempt }) => {
                attempts.push(`${taskId} ${attempt}`);
                ids.add(taskId);
                const held = { taskId, workerId, attempt, actor: 'wim' };
                const error = { message: 'again', code: null, retryable: true, context: null };
                return Math.random() < 0.5 ? store.releaseTask(held) : store.failTask({ ...held, error });
              }),
            );
            expect(results.filter(({ kind }) => kind === 'refused')).toEqual([]);
          }
        }),
      );

      expect(new Set(attempts).size).toBe(attempts.length);
      const stored = await testStore.store.findTasks([...ids]);
      const total = stored.reduce((sum, { attempt }) => sum + attempt, 0);
      expect(total).toBe(attempts.length);
      expect(stored.filter(({ status, workerId }) => status !== 'PENDING' || workerId !== null)).toEqual([]);
      expect(await findMisplaced(testStore.db)).toEqual([]);
      for (const { id, version, attempt, failures } of stored) {
        const history = await testStore.history(id);
        expectLegalLog(history);
        expect(history).toHaveLength(version);
        expect(history.filter(({ reason }) => reason === 'CLAIMED')).toHaveLength(attempt);
        expect(history.filter(({ reason }) => reason === 'RETRY_SCHEDULED')).toHaveLength(failures);
      }
    });
  },
);
