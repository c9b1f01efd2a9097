/** Live counts on a real log, a real hub and real writers. */
import { describe, expect, it } from 'vitest';
import type { StatusCounts } from '../../../src/domain/statistics.ts';
import { createHub } from '../../../src/events/hub/hub.ts';
import { silentServerLogger } from '../../../src/events/logger.ts';
import { createPublisher } from '../../../src/events/publishing/publisher.ts';
import { createLiveCounts, type LiveCountsOptions } from '../../../src/events/streams/live-counts.ts';
import { createMemoryTransport } from '../../../src/events/transports/memory.ts';
import { openLog } from '../../../src/store/log/log.ts';
import { createStore, type Store } from '../../../src/store/store.ts';
import { availableDatabases, createTestDatabase, type DatabaseKind } from '../../support/database.ts';
import { submissionOf } from '../../support/test-store.ts';

async function scene(kind: DatabaseKind, settings: Partial<LiveCountsOptions> = {}) {
  const { db, close } = await createTestDatabase(kind);
  const transport = createMemoryTransport({ logger: silentServerLogger });
  const publisher = createPublisher({ transport });
  const store = createStore(db, {
    onCommit: (changes) => void publisher.publish(changes),
    workerTimeoutSeconds: 60,
  });
  const log = await openLog(db);
  const hub = createHub({ transport, log, healthyBeatMs: 50 });
  let reads = 0;
  const live = createLiveCounts({
    hub,
    read: (scope) => {
      reads++;
      return store.countTasks(scope);
    },
    // Nothing is put right by a read unless the test says so.
    ...{ correctionMs: 2 ** 31 - 1, pollMs: 5, pushMs: 1, ...settings },
  });
  const register = async (room: string) => {
    const result = await store.registerJob({ room, category: 'general', name: 'work' });
    if (result.kind !== 'registered') throw new Error(result.kind);
    return result.job;
  };
  return {
    ...{ db, store, hub, live, register, reads: () => reads },
    async close() {
      await live.close();
      await hub.close();
      await transport.close();
      await close();
    },
  };
}

/** Takes counts until they are as expected. */
async function until(
  counts: AsyncIterableIterator<StatusCounts>,
  expected: Partial<StatusCounts>,
): Promise<number> {
  for (let pushes = 1; ; pushes++) {
    const { value, done } = await counts.next();
    if (done) throw new Error('The counts have ended');
    if (Object.entries(expected).every(([status, n]) => value[status as keyof StatusCounts] === n))
      return pushes;
  }
}

async function work(store: Store, job: { id: string; room: string }, workerId: string, tasks: number) {
  for (let n = 0; n < tasks; n++) {
    await store.submitTask(submissionOf(job));
    const [task] = await store.claimTasks({ workerId, limit: 1, start: n % 2 === 0, actor: 'wim' });
    if (!task) continue;
    const held = { taskId: task.id, workerId, attempt: task.attempt, actor: 'wim' };
    if (n % 2 === 0) await store.completeTask({ ...held, outcome: 'COMPLETED', result: null });
    else await store.cancelTask({ taskId: task.id, actor: 'ann', note: null });
  }
}

describe.each(availableDatabases())('live counts on %s', (kind) => {
  it('count each transition once, whether it comes before, during or after the read', async () => {
    const { store, live, register, reads, close } = await scene(kind);
    try {
      const job = await register('main');
      const worker = await store.registerWorker({ name: 'w', owner: 'wim', capacity: 1 });
      await store.registerJob({ room: 'main', category: 'general', name: 'work', workerId: worker.id });
      const writers = Array.from({ length: 3 }, () => work(store, job, worker.id, 12));
      // One begins to watch after the other, each in the middle of it all.
      const scopes = [null, job.id].map((jobId) => ({ rooms: ['main'], jobId }));
      const watched = [];
      for (const scope of scopes) {
        watched.push(await live.watch(scope));
        await store.submitTask(submissionOf(job, { runAt: new Date(Date.now() + 3_600_000) }));
      }
      await Promise.all(writers);
      const { counts } = await store.countTasks(scopes[0] as (typeof scopes)[0]);
      expect(counts.COMPLETED + counts.CANCELLED).toBeGreaterThan(0);
      for (const one of watched) await until(one, counts);
      expect(reads()).toBe(2);
    } finally {
      await close();
    }
  });

  it('are counted once for all who watch, and given up when the last has left', async () => {
    const { store, live, hub, register, reads, close } = await scene(kind);
    try {
      const job = await register('main');
      const scope = { rooms: ['main'], jobId: null };
      const watched = await Promise.all([live.watch(scope), live.watch(scope), live.watch(scope)]);
      for (const one of watched) await until(one, { PENDING: 0 });
      await store.submitTask(submissionOf(job));
      for (const one of watched) await until(one, { PENDING: 1 });
      expect({ ...live.stats(), reads: reads() }).toEqual({ scopes: 1, watches: 3, reads: 1 });
      const pending = watched[0]?.next();
      for (const one of watched) await one.return?.();
      expect(await pending).toEqual({ done: true, value: undefined });
      expect(live.stats()).toEqual({ scopes: 0, watches: 0 });
      expect(hub.stats()).toMatchObject({ rooms: 0, watches: 0 });
    } finally {
      await close();
    }
  });

  it('push at most so often: what changes in between comes as one', async () => {
    const { store, live, register, close } = await scene(kind, { pushMs: 400 });
    try {
      const job = await register('main');
      const counts = await live.watch({ rooms: ['main'], jobId: null });
      await until(counts, { PENDING: 0 });
      await store.submitTasks(Array.from({ length: 50 }, () => submissionOf(job)));
      for (let n = 0; n < 20; n++) await store.submitTask(submissionOf(job));
      const begun = performance.now();
      const pushes = await until(counts, { PENDING: 70 });
      expect(pushes).toBeLessThanOrEqual(2 + (performance.now() - begun) / 400);
    } finally {
      await close();
    }
  });

  it('are read again on a beat: what no transition tells, and rooms that nobody could watch all of', async () => {
    const { db, store, live, register, close } = await scene(kind, { correctionMs: 5 });
    try {
      const job = await register('main');
      await store.submitTask(submissionOf(job));
      const [room, all] = await Promise.all([
        live.watch({ rooms: ['main'], jobId: null }),
        live.watch({ rooms: null, jobId: null }),
      ]);
      await until(room, { PENDING: 1 });
      await store.submitTask(submissionOf(job));
      await until(all, { PENDING: 2 });
      await db.script('DELETE FROM task');
      await until(room, { PENDING: 0 });
      await until(all, { PENDING: 0 });
    } finally {
      await close();
    }
  });
});
