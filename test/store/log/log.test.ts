import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { comparePositions, LOG_START, type Position } from '../../../src/domain/position.ts';
import type { TransitionChange } from '../../../src/domain/task.ts';
import { newUuid } from '../../../src/domain/typeid.ts';
import { type LogScope, openLog } from '../../../src/store/log/log.ts';
import { recordTrim } from '../../../src/store/log/record-trim.ts';
import { submitTasks } from '../../../src/store/tasks/submit/submit.ts';
import { availableDatabases } from '../../support/database.ts';
import {
  changed,
  createTestStore,
  expectLegalLog,
  failure,
  submissionOf,
  type TestStore,
} from '../../support/test-store.ts';

const keyOf = ({ transition }: TransitionChange) => `${transition.taskId} ${transition.version}`;

/** Reads on from a position as a subscriber does that keeps only the position of each page. */
async function readAll(testStore: TestStore, scope: LogScope, after: Position, limit: number) {
  const changes: TransitionChange[] = [];
  for (let position = after, more = true; more; ) {
    const page = await testStore.log.read(scope, position, limit);
    expect(page.changes.length).toBeLessThanOrEqual(limit);
    changes.push(...page.changes);
    // Above the horizon a position does not move on; the last row does.
    const last = page.changes.at(-1)?.transition;
    position = page.more && last ? last : page.position;
    more = page.more;
  }
  return changes;
}

describe.each(availableDatabases())('the log on %s', (kind) => {
  let testStore: TestStore;

  beforeAll(async () => {
    testStore = await createTestStore(kind);
  });
  afterAll(() => testStore.close());

  /** Two rooms with some tasks that have come some way. */
  async function makeHistory() {
    const jobs = [await testStore.newJob({ backoffSeconds: [0] }), await testStore.newJob()];
    for (const job of jobs) {
      const worker = await testStore.newWorker(job);
      await testStore.store.submitTasks([1, 2, 3].map(() => submissionOf(job)));
      const claimed = await testStore.store.claimTasks({
        workerId: worker.id,
        limit: 2,
        start: true,
        actor: 'wim',
      });
      for (const { id, attempt } of claimed.slice(0, 1)) {
        const held = { taskId: id, workerId: worker.id, attempt, actor: 'wim' };
        changed(await testStore.store.failTask({ ...held, error: failure(true) }));
      }
    }
    const rooms = jobs.map(({ room }) => room);
    return { rooms, scope: { rooms }, size: 2 * (3 + 4 + 1) };
  }

  it('has an identity that stays', async () => {
    expect(testStore.log.epoch).toMatch(/^[0-9a-f-]{36}$/);
    expect((await openLog(testStore.db)).epoch).toBe(testStore.log.epoch);
  });

  it('gives all transitions of a room, or of several, in log order', async () => {
    const { rooms, scope, size } = await makeHistory();
    const { changes, more } = await testStore.log.read(scope, LOG_START, 100);
    expect(more).toBe(false);
    expect(changes).toHaveLength(size);
    const sorted = [...changes].sort((a, b) => comparePositions(a.transition, b.transition));
    expect(changes).toEqual(sorted);
    const one = await testStore.log.read({ rooms: rooms.slice(0, 1) }, LOG_START, 100);
    expect(one.changes).toEqual(changes.filter(({ transition }) => transition.room === rooms[0]));
    expect((await testStore.log.read({ rooms: [newUuid()] }, LOG_START, 100)).changes).toEqual([]);
    expect((await testStore.log.read({ rooms: [] }, LOG_START, 100)).changes).toEqual([]);
  });

  it('gives the transitions of one task', async () => {
    const { task } = await testStore.taskIn('COMPLETED');
    const { changes } = await testStore.log.read({ taskId: task.id }, LOG_START, 100);
    expect(changes.map(({ transition }) => transition.version)).toEqual([1, 2, 3, 4]);
    expectLegalLog(changes.map(({ transition }) => transition));
  });

  it.each([1, 2, 3, 7, 15, 16, 17])('gives the same in pages of %d', async (limit) => {
    const { scope, size } = await makeHistory();
    const { changes } = await testStore.log.read(scope, LOG_START, 1_000);
    expect(changes).toHaveLength(size);
    expect(await readAll(testStore, scope, LOG_START, limit)).toEqual(changes);
    const page = await testStore.log.read(scope, LOG_START, limit);
    expect(page.more).toBe(limit <= size);
  });

  it('goes on from any position with exactly what comes after it', async () => {
    const { scope } = await makeHistory();
    const { changes } = await testStore.log.read(scope, LOG_START, 1_000);
    for (const [index, { transition }] of changes.entries()) {
      expect((await testStore.log.read(scope, transition, 1_000)).changes).toEqual(changes.slice(index + 1));
    }
  });

  it('never gives a position above its horizon, nor one that goes back', async () => {
    const { scope } = await makeHistory();
    const before = await testStore.log.horizon();
    expect(before.id).toBe('0');
    const { position } = await testStore.log.read(scope, LOG_START, 1_000);
    const after = await testStore.log.horizon();
    expect(comparePositions(before, position)).toBeLessThanOrEqual(0);
    expect(comparePositions(position, after)).toBeLessThanOrEqual(0);
  });

  it('gives each transition with the task as it was then', async () => {
    const { task, worker, held } = await testStore.taskIn('RUNNING', { backoffSeconds: [0], maxAttempts: 3 });
    const live: TransitionChange[] = [];
    const keep = (change: TransitionChange) => live.push(change);
    keep(changed(await testStore.store.failTask({ ...held, error: failure(true, 'first') })));
    await testStore.store.claimTasks({ workerId: worker.id, limit: 1, start: true, actor: 'wim' });
    keep(changed(await testStore.store.failTask({ ...held, attempt: 2, error: failure(false, 'second') })));
    keep(changed(await testStore.store.retryTask({ taskId: task.id, actor: 'ann' })));
    await testStore.store.claimTasks({ workerId: worker.id, limit: 1, start: true, actor: 'wim' });
    const last = { ...held, attempt: 3, outcome: 'COMPLETED', result: 1 } as const;
    keep(changed(await testStore.store.completeTask(last)));

    const { changes } = await testStore.log.read({ taskId: task.id }, LOG_START, 100);
    for (const { task: then, transition } of changes) {
      const holds = ['CLAIMED', 'RUNNING'].includes(transition.to);
      expect(then).toMatchObject({
        ...{ id: task.id, status: transition.to, version: transition.version, attempt: transition.attempt },
        workerId: holds ? worker.id : null,
      });
      expect(then.finishedAt).toEqual(['FAILED', 'COMPLETED'].includes(transition.to) ? transition.at : null);
      if (transition.to === 'FAILED') expect(then.error).toEqual(transition.error);
    }
    // What was published at the time and what is read later tell the same of every transition.
    const published = new Map(live.map((change) => [change.transition.version, change.transition]));
    for (const { transition } of changes) {
      if (published.has(transition.version)) expect(transition).toEqual(published.get(transition.version));
    }
    expect(changes.at(-1)).toEqual(live.at(-1));
    expect(
      changes.map(({ task: then }) => then).every((then) => !('payload' in then) && !('result' in then)),
    ).toBe(true);
  });

  it('gives the versions of many tasks that were asked for, ordered by task and version', async () => {
    const [a, b, c] = [
      await testStore.taskIn('COMPLETED'),
      await testStore.taskIn('RUNNING'),
      await testStore.taskIn('CANCELLED'),
    ].map(({ task }) => task.id) as [string, string, string];
    const read = await testStore.log.readVersions([
      { taskId: b, from: 2, to: 4 },
      { taskId: a, from: 1, to: 3 },
      { taskId: c, from: 3, to: 3 },
      { taskId: c, from: 4, to: 99 },
      { taskId: newUuid(), from: 1, to: 9 },
    ]);
    const wanted = [`${b} 2`, `${b} 3`, `${a} 1`, `${a} 2`, `${c} 4`].sort();
    expect(read.map(keyOf)).toEqual(wanted);
    expect(await testStore.log.readVersions([])).toEqual([]);
  });

  it('gives versions only since a transaction where one is named', async () => {
    const { task } = await testStore.taskIn('COMPLETED');
    const history = await testStore.history(task.id);
    for (const { xid } of history) {
      const read = await testStore.log.readVersions([{ taskId: task.id, from: 1, to: 99, sinceXid: xid }]);
      expect(read.map(({ transition }) => transition)).toEqual(
        history.filter((transition) => BigInt(transition.xid) >= BigInt(xid)),
      );
    }
  });

  it('tells with each page, empty or not, how far it has ever been trimmed', async () => {
    const job = await testStore.newJob();
    const scope = { rooms: [job.room] };
    const trimmed = async () => (await testStore.log.read(scope, LOG_START, 10)).trimmed;
    expect(await trimmed()).toEqual(LOG_START);
    await recordTrim(testStore.db, { xid: '90', id: '17' });
    expect(await trimmed()).toEqual({ xid: '90', id: '17' });
    await testStore.submit(job);
    for (const lower of [
      { xid: '90', id: '16' },
      { xid: '9', id: '999' },
    ]) {
      await recordTrim(testStore.db, lower);
      expect(await trimmed()).toEqual({ xid: '90', id: '17' });
    }
    await recordTrim(testStore.db, { xid: '90', id: '18' });
    expect(await trimmed()).toEqual({ xid: '90', id: '18' });
  });

  it('tells with each row what was finished when it was written', async () => {
    const { task } = await testStore.taskIn('COMPLETED');
    for (const { xid, horizon } of await testStore.history(task.id)) {
      expect(BigInt(horizon)).toBeLessThanOrEqual(BigInt(xid));
    }
  });
});

describe.runIf(availableDatabases().includes('postgres'))('the log while transactions are open', () => {
  let testStore: TestStore;

  beforeAll(async () => {
    testStore = await createTestStore('postgres');
  });
  afterAll(() => testStore.close());

  /** Submits within a transaction that stays open until it is told to commit. */
  async function submitSlowly(job: { id: string; room: string }, count = 1) {
    let commit = () => {};
    const open = new Promise<void>((resolve) => {
      commit = resolve;
    });
    let written: (changes: TransitionChange[]) => void;
    const changes = new Promise<TransitionChange[]>((resolve) => {
      written = resolve;
    });
    const done = testStore.db.transaction(async (session) => {
      const results = await submitTasks(
        session,
        Array.from({ length: count }, () => submissionOf(job)),
      );
      written(results.flatMap((result) => (result.kind === 'created' ? [result.change] : [])));
      await open;
    });
    return {
      changes: await changes,
      async commit() {
        commit();
        await done;
      },
    };
  }

  it('gives what has committed above the horizon, and a position that misses nothing later', async () => {
    const job = await testStore.newJob();
    const scope = { rooms: [job.room] };
    const slow = await submitSlowly(job);
    const fast = [await testStore.submit(job), await testStore.submit(job)];

    const first = await testStore.log.read(scope, LOG_START, 100);
    expect(first.changes.map(({ task }) => task.id)).toEqual(fast.map(({ id }) => id));
    const held = slow.changes[0]?.transition as Position;
    expect(comparePositions(first.position, held)).toBeLessThan(0);
    expect(comparePositions(await testStore.log.horizon(), held)).toBeLessThan(0);

    await slow.commit();
    const second = await testStore.log.read(scope, first.position, 100);
    expect(second.changes.map(keyOf)).toEqual([...slow.changes, ...first.changes].map(keyOf));
  });

  it('is ordered by transaction, not by the order in which ids were drawn', async () => {
    const job = await testStore.newJob();
    const scope = { rooms: [job.room] };
    const begin = { name: 'test_begin', text: 'SELECT pg_current_xact_id()' };
    const [early, late] = await testStore.db.transaction(async (session) => {
      await session.query(begin);
      const second = await testStore.submit(job);
      const [first] = await submitTasks(session, [submissionOf(job)]);
      return [first?.kind === 'created' ? first.change.task.id : null, second.id];
    });
    const { changes } = await testStore.log.read(scope, LOG_START, 10);
    expect(changes.map(({ task }) => task.id)).toEqual([early, late]);
    const [a, b] = changes.map(({ transition }) => BigInt(transition.id)) as [bigint, bigint];
    expect(a > b).toBe(true);
    expect(await readAll(testStore, scope, LOG_START, 1)).toEqual(changes);
  });

  it('can be read on above the horizon, further than one page, from the last row', async () => {
    const job = await testStore.newJob();
    const scope = { rooms: [job.room] };
    const slow = await submitSlowly(job);
    await testStore.store.submitTasks(Array.from({ length: 25 }, () => submissionOf(job)));
    const page = await testStore.log.read(scope, LOG_START, 10);
    expect(page.more).toBe(true);
    expect(comparePositions(page.position, slow.changes[0]?.transition as Position)).toBeLessThan(0);
    expect(await readAll(testStore, scope, LOG_START, 10)).toHaveLength(25);
    await slow.commit();
    expect((await testStore.log.read(scope, page.position, 100)).changes).toHaveLength(26);
  });

  it('misses nothing for a reader that goes on from each position, whatever the order of commits', async () => {
    const job = await testStore.newJob();
    const scope = { rooms: [job.room] };
    let position: Position = LOG_START;
    const seen = new Map<string, TransitionChange>();
    const written = new Set<string>();

    async function read(limit: number): Promise<void> {
      const page = await testStore.log.read(scope, position, limit);
      for (const change of page.changes) seen.set(keyOf(change), change);
      expect(comparePositions(page.position, position)).toBeGreaterThanOrEqual(0);
      position = page.position;
    }

    // Which of up to three open transactions to commit, or null to open another one; and how much to read then.
    const step = fc.record({
      commit: fc.option(fc.nat(2)),
      count: fc.integer({ min: 1, max: 3 }),
      limit: fc.nat(4),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        const open: Awaited<ReturnType<typeof submitSlowly>>[] = [];
        const commitOne = async (index: number) => {
          const [slow] = open.splice(index % open.length, 1);
          await slow?.commit();
        };
        for (const { commit, count, limit } of steps) {
          if (open.length === 3 || (commit !== null && open.length > 0)) await commitOne(commit ?? 0);
          else {
            const slow = await submitSlowly(job, count);
            open.push(slow);
            for (const change of slow.changes) written.add(keyOf(change));
          }
          await read(limit + 1);
        }
        while (open.length > 0) await commitOne(open.length - 1);
      }),
      { numRuns: 40 },
    );
    // Somebody else's transaction on this server may still hold the horizon back for a moment.
    while (seen.size < written.size) await read(1_000);
    expect(new Set(seen.keys())).toEqual(written);
  });
});
