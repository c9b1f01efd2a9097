/**
 * Fairness against a model of it: whatever is submitted, claimed, given back, cancelled and paused, each claim takes what the
 * model takes. And claims that race each other: nobody is kept waiting for more than a round, nothing is lost or taken twice.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TaskRow } from '../../../src/domain/task.ts';
import type { Database } from '../../../src/store/database/database.ts';
import { openPostgres } from '../../../src/store/database/postgres.ts';
import type { JobRow } from '../../../src/store/jobs/jobs.ts';
import type { WorkerRow } from '../../../src/store/workers/workers.ts';
import { availableDatabases } from '../../support/database.ts';
import { findMisplaced } from '../../support/queue.ts';
import { changed, createTestStore, submissionOf, type TestStore } from '../../support/test-store.ts';

const BY_ROOM = { by: 'ROOM', keyPointer: null } as const;

/** A reference of fair queueing: groups in a circle, by priority; the one whose last turn is longest ago is next. */
class Model {
  readonly waiting = new Map<string, { priority: number; room: string; at: string }>();
  readonly paused = new Set<string>();
  /** For each group when it joined, or had its turn. */
  readonly #turns = new Map<string, number>();
  /** What has not been seen by a claim: its group joins then. */
  #arrivals: string[] = [];
  #clock = 0;

  arrive(id: string, priority: number, room: string, runAt: Date, joinsAtOnce: boolean): void {
    this.waiting.set(id, { priority, room, at: `${runAt.toISOString()} ${id}` });
    if (joinsAtOnce) this.#join(priority, room);
    else this.#arrivals.push(id);
  }

  #join(priority: number, room: string): void {
    const group = `${priority} ${room}`;
    if (!this.#turns.has(group)) this.#turns.set(group, this.#clock++);
  }

  claim(most: number): string[] {
    const order = (a: string, b: string) => this.#order(a, b);
    for (const id of this.#arrivals.sort(order)) {
      const task = this.waiting.get(id);
      if (task) this.#join(task.priority, task.room);
    }
    this.#arrivals = [];
    const taken: string[] = [];
    for (; taken.length < most; ) {
      const open = [...this.waiting].filter(([, { room }]) => !this.paused.has(room));
      if (open.length === 0) break;
      const top = Math.max(...open.map(([, { priority }]) => priority));
      const groups = [
        ...new Set(open.filter(([, task]) => task.priority === top).map(([, { room }]) => room)),
      ];
      const turnOf = (room: string) => this.#turns.get(`${top} ${room}`) as number;
      const next = groups.sort((a, b) => turnOf(a) - turnOf(b))[0] as string;
      const [id] = open
        .filter(([, task]) => task.priority === top && task.room === next)
        .map(([found]) => found)
        .sort(order);
      this.waiting.delete(id as string);
      this.#turns.set(`${top} ${next}`, this.#clock++);
      taken.push(id as string);
    }
    return taken;
  }

  #order(a: string, b: string): number {
    const [one, other] = [this.waiting.get(a), this.waiting.get(b)];
    if (!one || !other) return one ? -1 : 1;
    return other.priority - one.priority || (one.at < other.at ? -1 : 1);
  }
}

const step = fc.oneof(
  fc.record({
    kind: fc.constant('submit' as const),
    tasks: fc.array(
      fc.record({ room: fc.constantFrom('a', 'b', 'c', 'd'), priority: fc.constantFrom(0, 0, 1) }),
      {
        minLength: 1,
        maxLength: 8,
      },
    ),
  }),
  fc.record({ kind: fc.constant('claim' as const), most: fc.integer({ min: 1, max: 6 }) }),
  fc.record({ kind: fc.constant('release' as const), place: fc.nat(5) }),
  fc.record({ kind: fc.constant('cancel' as const), place: fc.nat(20) }),
  fc.record({ kind: fc.constantFrom('pause' as const, 'resume' as const), room: fc.constantFrom('a', 'b') }),
);

describe.each(availableDatabases())('fair queueing on %s', (kind) => {
  let testStore: TestStore;

  beforeAll(async () => {
    testStore = await createTestStore(kind);
  });
  afterAll(() => testStore.close());

  it('takes what a model of it takes', { timeout: 600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
        const { store } = testStore;
        const job = await testStore.newJob({ fairness: BY_ROOM });
        const worker = await testStore.newWorker(job);
        const model = new Model();
        let running: TaskRow[] = [];
        const claim = async (most: number) => {
          const tasks = await store.claimTasks({
            workerId: worker.id,
            limit: most,
            start: true,
            actor: 'wim',
          });
          expect(tasks.map(({ id }) => id)).toEqual(model.claim(most));
          running = [...running, ...tasks];
        };
        for (const one of steps) {
          if (one.kind === 'submit') {
            const results = await store.submitTasks(one.tasks.map((task) => submissionOf(job, task)));
            for (const result of results) {
              if (result.kind !== 'created') throw new Error(result.kind);
              const { id, priority, room, runAt } = result.change.task;
              model.arrive(id, priority, room, runAt, true);
            }
          }
          if (one.kind === 'claim') await claim(one.most);
          if (one.kind === 'release') {
            const [task] = running.splice(one.place, 1);
            if (!task) continue;
            const { id: taskId, attempt, priority, room, runAt } = task;
            changed(await store.releaseTask({ taskId, workerId: worker.id, attempt, actor: 'wim' }));
            model.arrive(taskId, priority, room, runAt, false);
          }
          if (one.kind === 'cancel') {
            const id = [...model.waiting.keys()][one.place];
            if (id === undefined) continue;
            changed(await store.cancelTask({ taskId: id, actor: 'ann', note: null }));
            model.waiting.delete(id);
          }
          if (one.kind === 'pause' || one.kind === 'resume') {
            const target = { jobId: job.id, room: one.room, actor: 'ann' };
            if (one.kind === 'pause') await store.pauseJob(target, null);
            else await store.resumeJob(target);
            if (one.kind === 'pause') model.paused.add(one.room);
            else model.paused.delete(one.room);
          }
        }
        for (const room of ['a', 'b']) {
          await store.resumeJob({ jobId: job.id, room, actor: 'ann' });
          model.paused.delete(room);
        }
        await claim(300);
        expect(model.waiting.size).toBe(0);
        expect(await findMisplaced(testStore.db)).toEqual([]);
      }),
      { numRuns: kind === 'pglite' ? 15 : 40 },
    );
  });
});

describe.each(availableDatabases().filter((kind) => kind === 'postgres'))(
  'claims that race each other on %s',
  (kind) => {
    let testStore: TestStore;
    let servers: TestStore[];
    let other: Database;

    beforeAll(async () => {
      testStore = await createTestStore(kind);
      other = await openPostgres({
        ...{ url: testStore.url as string, directUrl: testStore.directUrl, maxConnections: 10 },
      });
      servers = [testStore, await createTestStore(kind, other)];
    });
    afterAll(async () => {
      await other.close();
      await testStore.close();
    });

    it('give each room its turn, take each task once, and leave nothing', { timeout: 240_000 }, async () => {
      const CLAIMERS = 12;
      const job: JobRow = await testStore.newJob({ fairness: BY_ROOM });
      const workers: WorkerRow[] = await Promise.all(
        Array.from({ length: CLAIMERS }, () => testStore.newWorker(job)),
      );
      const rooms = Array.from({ length: 8 }, (_, n) => `r${n}`);
      const each = 60;
      for (const room of rooms)
        await testStore.store.submitTasks(Array.from({ length: each }, () => submissionOf(job, { room })));
      await testStore.store.submitTasks(
        Array.from({ length: 400 }, () => submissionOf(job, { room: 'flood' })),
      );
      const order: string[] = [];
      const taken = new Set<string>();
      let late: Promise<unknown> | null = null;
      await Promise.all(
        workers.map(async ({ id: workerId }, n) => {
          for (let empty = 0; empty < 3; ) {
            const { store } = servers[n % 2] as TestStore;
            const found = await store.claimTasks({ workerId, limit: 1 + (n % 2), start: true, actor: 'wim' });
            for (const { id, room } of found) {
              order.push(room);
              taken.add(id);
            }
            empty = found.length === 0 ? empty + 1 : 0;
            // Rooms that come while all others are at work.
            if (order.length > 200)
              late ??= testStore.store.submitTasks(
                Array.from({ length: 10 }, (_, place) => submissionOf(job, { room: `late${place}` })),
              );
          }
        }),
      );
      await late;
      expect(order).toHaveLength(rooms.length * each + 400 + 10);
      expect(taken.size).toBe(order.length);
      // While all have work, none is further ahead than what is under way at once.
      const counts = new Map<string, number>();
      for (const room of order.slice(0, 400)) {
        counts.set(room, (counts.get(room) ?? 0) + 1);
      }
      const all = [...rooms, 'flood'].map((room) => counts.get(room) ?? 0);
      expect(Math.max(...all) - Math.min(...all)).toBeLessThanOrEqual(CLAIMERS);
      const last = Math.max(...Array.from({ length: 10 }, (_, place) => order.indexOf(`late${place}`)));
      expect(last).toBeLessThan(200 + 3 * CLAIMERS + 2 * (rooms.length + 11));
      expect(await findMisplaced(testStore.db)).toEqual([]);
    });
  },
);
