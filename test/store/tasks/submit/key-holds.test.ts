/** How long keys are taken: one at a time, for a time, and debounced; alone, in lists, and in races of two servers. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KeyHold } from '../../../../src/domain/key-hold.ts';
import type { TaskRow } from '../../../../src/domain/task.ts';
import { isTerminal } from '../../../../src/domain/transitions.ts';
import type { JobRow } from '../../../../src/store/jobs/jobs.ts';
import {
  type Submission,
  type SubmitResult,
  submitTasks,
} from '../../../../src/store/tasks/submit/submit.ts';
import type { WorkerRow } from '../../../../src/store/workers/workers.ts';
import { availableDatabases } from '../../../support/database.ts';
import { findMisplaced } from '../../../support/queue.ts';
import {
  changed,
  createTestStore,
  failure,
  submissionOf,
  type TestStore,
} from '../../../support/test-store.ts';
import { createTwoServers, type TwoServers } from '../../../support/two-servers.ts';

const ONE_AT_A_TIME: KeyHold = { until: 'finished' };
const debounced = (debounceSeconds: number): KeyHold => ({ until: 'claimed', debounceSeconds });

const taskOf = (result: SubmitResult): TaskRow => {
  if (result.kind === 'created') return result.change.task;
  if (result.kind === 'duplicate') return result.task;
  throw new Error(result.kind);
};

describe.each(availableDatabases())('a key on %s', (kind) => {
  let testStore: TestStore;
  let job: JobRow;
  let worker: WorkerRow;

  beforeAll(async () => {
    testStore = await createTestStore(kind);
    job = await testStore.newJob({ backoffSeconds: [0], maxAttempts: 1 });
    worker = await testStore.newWorker(job);
  });
  afterAll(() => testStore.close());

  let keys = 0;
  const newKey = () => `key ${keys++}`;
  const submit = (details: Partial<Submission>) => testStore.store.submitTask(submissionOf(job, details));
  const claim = () =>
    testStore.store.claimTasks({ workerId: worker.id, limit: 10, start: true, actor: 'wim' });
  const held = ({ id, attempt }: TaskRow) => ({ taskId: id, workerId: worker.id, attempt, actor: 'wim' });

  const ends = {
    completed: async (task: TaskRow) =>
      changed(await testStore.store.completeTask({ ...held(task), outcome: 'COMPLETED', result: 1 })),
    failed: async (task: TaskRow) =>
      changed(await testStore.store.failTask({ ...held(task), error: failure(false) })),
    cancelled: async ({ id }: TaskRow) =>
      changed(await testStore.store.cancelTask({ taskId: id, actor: 'ann', note: null })),
  };

  it.each(['completed', 'failed', 'cancelled'] as const)(
    'that holds until the end gives another task only when the first is %s',
    async (end) => {
      const idempotencyKey = newKey();
      const again = () => submit({ idempotencyKey, keyHold: ONE_AT_A_TIME, payload: { n: 2 } });
      const first = await submit({ idempotencyKey, keyHold: ONE_AT_A_TIME });
      const { id } = taskOf(first);
      expect(await again()).toMatchObject({ kind: 'duplicate', task: { id }, payloadDiffers: true });
      const running = (await claim()).find((task) => task.id === id) as TaskRow;
      expect(await again()).toMatchObject({ kind: 'duplicate', task: { id, status: 'RUNNING' } });
      await ends[end](running);

      const second = await again();
      expect(second.kind).toBe('created');
      expect(taskOf(second).id).not.toBe(id);
      expect(await again()).toMatchObject({
        ...{ kind: 'duplicate', payloadDiffers: false },
        task: { id: taskOf(second).id },
      });
      // The old one is still found by its key.
      const found = await testStore.store.findTasksByFilter(
        { scope: { rooms: [job.room] }, filter: { idempotencyKey, labels: {} }, order: 'asc' },
        10,
      );
      expect(found.rows.map((task) => task.id)).toEqual([id, taskOf(second).id]);
      await ends.cancelled(taskOf(second));
    },
  );

  it('that holds for a time gives another task afterwards, also while the first one waits', async () => {
    const details = { idempotencyKey: newKey(), keyHold: { until: 'time', seconds: 3_600 } as const };
    const first = taskOf(await submit(details));
    await ends.cancelled(first);
    expect(await submit(details)).toMatchObject({ kind: 'duplicate', task: { id: first.id } });
    await testStore.db.script(`UPDATE task SET key_until = now() WHERE id = '${first.id}'`);
    const second = await submit(details);
    expect(second.kind).toBe('created');
    await testStore.db.script(`UPDATE task SET key_until = now() WHERE id = '${taskOf(second).id}'`);
    expect((await submit(details)).kind).toBe('created');
    expect((await testStore.task(taskOf(second).id)).status).toBe('PENDING');
    await claim();
  });

  it('is held as the task that has it says, whatever a later submission asks for', async () => {
    const idempotencyKey = newKey();
    const first = taskOf(await submit({ idempotencyKey }));
    await ends.cancelled(first);
    for (const keyHold of [null, ONE_AT_A_TIME, debounced(60)]) {
      expect(await submit({ idempotencyKey, keyHold })).toMatchObject({
        ...{ kind: 'duplicate', task: { id: first.id } },
      });
    }
    const other = newKey();
    const held = taskOf(await submit({ idempotencyKey: other, keyHold: ONE_AT_A_TIME }));
    expect(await submit({ idempotencyKey: other })).toMatchObject({ task: { id: held.id } });
    await ends.cancelled(held);
    // Taken over for ever.
    const next = taskOf(await submit({ idempotencyKey: other }));
    expect(next.id).not.toBe(held.id);
    await ends.cancelled(next);
    expect(await submit({ idempotencyKey: other, keyHold: ONE_AT_A_TIME })).toMatchObject({
      ...{ kind: 'duplicate', task: { id: next.id } },
    });
  });

  it('that is free brings a retired job back', async () => {
    const retired = await testStore.newJob();
    const details = { idempotencyKey: newKey(), keyHold: ONE_AT_A_TIME };
    const first = await testStore.submit(retired, details);
    await ends.cancelled(first);
    await testStore.db.script(`UPDATE job SET retired_at = now() WHERE id = '${retired.id}'`);
    expect((await testStore.submit(retired, details)).id).not.toBe(first.id);
  });

  it('tells other payloads from the same one in another order', async () => {
    const idempotencyKey = newKey();
    const payload = { a: [1, 2.5], b: { c: null, d: 'ü' } };
    await submit({ idempotencyKey, payload });
    const differs = async (other: unknown) => {
      const result = await submit({ idempotencyKey, payload: other });
      return result.kind === 'duplicate' && result.payloadDiffers;
    };
    expect(await differs({ b: { d: 'ü', c: null }, a: [1.0, 2.5] })).toBe(false);
    for (const other of [{}, { ...payload, a: [2.5, 1] }, { ...payload, b: { d: 'ü' } }, null, [payload]]) {
      expect(await differs(other)).toBe(true);
    }
    await claim();
  });

  describe('that is debounced', () => {
    it('moves runAt and replaces the payload, and is claimed once with the last one', async () => {
      const idempotencyKey = newKey();
      const send = (n: number, seconds = 600) =>
        submit({ idempotencyKey, keyHold: debounced(seconds), payload: { n }, createdBy: `caller ${n}` });
      const first = await send(1);
      expect(first.kind).toBe('created');
      const { id, createdAt, runAt } = taskOf(first);
      expect(runAt.getTime() - createdAt.getTime()).toBe(600_000);
      expect(await claim()).toEqual([]);

      const before = testStore.published.length;
      const second = await send(2, 900);
      expect(second).toMatchObject({
        ...{ kind: 'duplicate', payloadDiffers: false },
        task: { id, version: 2, status: 'PENDING', payload: { n: 2 }, createdBy: 'caller 1' },
      });
      const [, update] = await testStore.history(id);
      expect(update).toMatchObject({ from: 'PENDING', to: 'PENDING', reason: 'UPDATED', actor: 'caller 2' });
      expect(update?.updates).toEqual({
        runAt: [runAt.toISOString(), taskOf(second).runAt.toISOString()],
        payload: [null, null],
      });
      expect((taskOf(second).runAt.getTime() - (update?.at.getTime() ?? 0)) / 1_000).toBeCloseTo(900, 2);
      expect(testStore.published.slice(before).flat()).toMatchObject([{ transition: { version: 2 } }]);

      // The same payload is no change of it.
      await send(2, 0);
      expect((await testStore.history(id)).at(-1)?.updates).toEqual({ runAt: expect.any(Array) });
      expect(await claim()).toMatchObject([{ id, payload: { n: 2 }, attempt: 1 }]);
    });

    it('is free from the claim on, also when the task is given back', async () => {
      const idempotencyKey = newKey();
      const send = (n: number) => submit({ idempotencyKey, keyHold: debounced(0), payload: { n } });
      const { id } = taskOf(await send(1));
      const [running] = await claim();
      const second = await send(2);
      expect(second.kind).toBe('created');
      changed(await testStore.store.releaseTask(held(running as TaskRow)));
      const third = await send(3);
      expect(taskOf(third).id).toBe(taskOf(second).id);
      const claimed = await claim();
      expect(claimed.map((task) => [task.id, task.payload])).toEqual(
        [
          [id, { n: 1 }],
          [taskOf(second).id, { n: 3 }],
        ].sort(([a], [b]) => order(claimed, a) - order(claimed, b)),
      );
    });

    it('in one list makes one task with the last payload, and leaves the others of the list alone', async () => {
      const [a, b] = [newKey(), newKey()];
      const list = (keys: (string | null)[]) =>
        testStore.store.submitTasks(
          keys.map((idempotencyKey, n) =>
            submissionOf(job, {
              ...{ idempotencyKey, payload: { n } },
              keyHold: idempotencyKey === null ? null : debounced(600),
            }),
          ),
        );
      const first = await list([a, null, b, a, null, a]);
      expect(first.map((result) => result.kind)).toEqual([
        ...['created', 'created', 'created', 'duplicate', 'created', 'duplicate'],
      ]);
      const ids = first.map((result) => taskOf(result).id);
      expect([ids[3], ids[5]]).toEqual([ids[0], ids[0]]);
      expect(first[3]).toMatchObject({ payloadDiffers: true, task: { payload: { n: 5 } } });
      expect(first[5]).toMatchObject({ payloadDiffers: false });
      const second = await list([b, a]);
      expect(second.map((result) => taskOf(result).id)).toEqual([ids[2], ids[0]]);
      expect((await testStore.task(ids[0] as string)).payload).toEqual({ n: 1 });
      await claim();
    });

    it('takes the schemas of its last payload, and no payload of other schemas', async () => {
      const other = await testStore.newJob();
      const details = { idempotencyKey: newKey(), keyHold: debounced(600) };
      const first = await testStore.submit(other, details);
      await testStore.db.script(`
        INSERT INTO job_schema (job_id, version, payload_schema, created_by) VALUES ('${other.id}', 2, '{}', 'ann');
        UPDATE job SET schema_version = 2 WHERE id = '${other.id}'`);
      const send = (schemaVersion: number) =>
        testStore.store.submitTask(
          submissionOf(other, { ...details, schemaVersion, payload: { schemaVersion } }),
        );
      expect(await send(1)).toEqual({ kind: 'other-schema' });
      expect(await testStore.task(first.id)).toMatchObject({ version: 1, schemaVersion: 1 });
      expect(await send(2)).toMatchObject({ kind: 'duplicate', task: { schemaVersion: 2, version: 2 } });
    });

    it('can be depended on within a list, as a task that is there already', async () => {
      const details = { idempotencyKey: newKey(), keyHold: debounced(0) };
      const first = taskOf(await submit({ ...details, payload: { n: 1 } }));
      const [parent, child] = await testStore.store.submitTasks([
        submissionOf(job, { ...details, payload: { n: 2 } }),
        submissionOf(job, { dependsOn: [{ parent: 0, runsOnFailure: false }] }),
      ]);
      expect(parent).toMatchObject({ kind: 'duplicate', task: { id: first.id, payload: { n: 2 } } });
      expect(child).toMatchObject({ kind: 'created', change: { task: { status: 'WAITING' } } });
      const [claimed] = await claim();
      await ends.completed(claimed as TaskRow);
      expect(await testStore.task(taskOf(child as SubmitResult).id)).toMatchObject({ status: 'PENDING' });
      await claim();
    });
  });

  it('is free exactly when a model says so, whatever happens in whatever order', async () => {
    const step = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({ verb: fc.constant('submit' as const), hold: fc.integer({ min: 0, max: 3 }) }),
      },
      { weight: 2, arbitrary: fc.constant({ verb: 'claim' as const }) },
      {
        weight: 3,
        arbitrary: fc.record({
          verb: fc.constantFrom('complete' as const, 'fail' as const, 'release' as const, 'cancel' as const),
          n: fc.nat(),
        }),
      },
      { weight: 1, arbitrary: fc.constant({ verb: 'pass' as const }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
        const mine = await testStore.newJob({ backoffSeconds: [0], maxAttempts: 1 });
        const { id: workerId } = await testStore.newWorker(mine);
        const tasks: { task: TaskRow; hold: number; payload: number; isOver: boolean }[] = [];
        let holder: (typeof tasks)[number] | undefined;
        const holds = (one: (typeof tasks)[number]) => {
          if (one.hold === 1) return !isTerminal(one.task.status);
          if (one.hold === 2) return !one.isOver;
          return one.hold === 0 || (one.task.attempt === 0 && one.task.status === 'PENDING');
        };
        const HOLDS = [null, ONE_AT_A_TIME, { until: 'time', seconds: 60 } as const, debounced(0)];
        for (const [n, given] of steps.entries()) {
          const open = tasks.filter(({ task }) => !isTerminal(task.status));
          if (given.verb === 'submit') {
            const result = await testStore.store.submitTask(
              submissionOf(mine, { idempotencyKey: 'k', keyHold: HOLDS[given.hold], payload: { n } }),
            );
            if (holder && holds(holder)) {
              const moves = given.hold === 3 && holder.hold === 3;
              if (moves) holder.payload = n;
              expect(result).toMatchObject({
                ...{ kind: 'duplicate', payloadDiffers: holder.payload !== n },
                task: { id: holder.task.id, payload: { n: holder.payload } },
              });
            } else {
              expect(result.kind).toBe('created');
              holder = { task: taskOf(result), hold: given.hold, payload: n, isOver: false };
              tasks.push(holder);
            }
          } else if (given.verb === 'claim') {
            const claimed = await testStore.store.claimTasks({ workerId, limit: 9, start: true, actor: 'w' });
            const waiting = tasks.filter(({ task }) => task.status === 'PENDING');
            expect(claimed.map(({ id }) => id).sort()).toEqual(waiting.map(({ task }) => task.id).sort());
          } else if (given.verb === 'pass') {
            await testStore.db.script(
              `UPDATE task SET key_until = now() WHERE job_id = '${mine.id}' AND key_until > now()`,
            );
            for (const one of tasks) one.isOver = true;
          } else if (open.length > 0) {
            const { task } = open[given.n % open.length] as (typeof open)[number];
            const attempt = { taskId: task.id, workerId, attempt: task.attempt, actor: 'w' };
            const act = {
              complete: () =>
                testStore.store.completeTask({ ...attempt, outcome: 'COMPLETED', result: null }),
              fail: () => testStore.store.failTask({ ...attempt, error: failure(false) }),
              release: () => testStore.store.releaseTask(attempt),
              cancel: () => testStore.store.cancelTask({ taskId: task.id, actor: 'ann', note: null }),
            };
            await act[given.verb]();
          }
          for (const one of tasks) one.task = await testStore.task(one.task.id);
        }
      }),
      { numRuns: 25 },
    );
  });
});

const order = (tasks: readonly TaskRow[], id: unknown) => tasks.findIndex((task) => task.id === id);

describe.each(availableDatabases())(
  'on %s, submissions of two servers under few keys',
  { timeout: 60_000 },
  (kind) => {
    let two: TwoServers;
    let servers: readonly TestStore[];
    let testStore: TestStore;

    beforeAll(async () => {
      two = await createTwoServers(kind);
      servers = two.servers;
      [testStore] = two.servers;
    });
    afterAll(() => two.close());

    interface Sent {
      n: number;
      taskId: string;
    }

    /** Submitters and workers at once, until all has been submitted and done. */
    async function race(
      job: JobRow,
      keyHold: KeyHold,
      keys: number,
    ): Promise<{ sent: Sent[]; ran: TaskRow[] }> {
      const sent: Sent[] = [];
      const ran: TaskRow[] = [];
      let n = 0;
      let submitting = true;
      const submitter = async (index: number) => {
        const { store } = servers[index % 2] as TestStore;
        for (let round = 0; round < 60; round++) {
          const list = Array.from({ length: 1 + (round % 3) }, () => n++);
          const submissions = list.map((one) =>
            submissionOf(job, {
              ...{ idempotencyKey: `key ${(one * 7) % keys}`, keyHold },
              ...{ payload: { n: one }, createdBy: `caller ${one}` },
            }),
          );
          const results =
            submissions.length === 1
              ? [await store.submitTask(submissions[0] as Submission)]
              : await store.submitTasks(submissions);
          results.forEach(
            (result, at) => void sent.push({ n: list[at] as number, taskId: taskOf(result).id }),
          );
        }
      };
      const work = async (index: number) => {
        const { store } = servers[index % 2] as TestStore;
        const { id: workerId } = await testStore.newWorker(job);
        for (;;) {
          const last = !submitting;
          const claimed = await store.claimTasks({ workerId, limit: 2, start: true, actor: 'wim' });
          for (const task of claimed) {
            ran.push(task);
            const attempt = { taskId: task.id, workerId, attempt: task.attempt, actor: 'wim' };
            changed(await store.completeTask({ ...attempt, outcome: 'COMPLETED', result: null }));
          }
          if (last && claimed.length === 0) return;
          // PGlite answers within the turn: submissions wait for the next one.
          await nextTurn();
        }
      };
      const working = Promise.all(Array.from({ length: 3 }, (_, index) => work(index)));
      await Promise.all(Array.from({ length: 6 }, (_, index) => submitter(index)));
      submitting = false;
      await working;
      return { sent, ran };
    }

    it('that hold until the end never have two unfinished tasks of a key', async () => {
      const job = await testStore.newJob();
      const { sent, ran } = await race(job, ONE_AT_A_TIME, 3);
      const ids = [...new Set(sent.map(({ taskId }) => taskId))];
      expect(ran.map(({ id }) => id).sort()).toEqual(ids.sort());
      const tasks = await testStore.store.findTasks(ids);
      expect(ids.length).toBeGreaterThan(3);
      for (const key of new Set(tasks.map(({ idempotencyKey }) => idempotencyKey))) {
        // By the order of the log: a task is submitted after the end of the one before.
        const changes = (
          await testStore.log.readVersions(ids.map((taskId) => ({ taskId, from: 1, to: 1_000_000 })))
        ).filter(({ task }) => task.idempotencyKey === key);
        changes.sort((a, b) => Number(BigInt(a.transition.id) - BigInt(b.transition.id)));
        let unfinished = 0;
        for (const { transition } of changes) {
          if (transition.from === null) unfinished++;
          if (isTerminal(transition.to)) unfinished--;
          expect(unfinished).toBeLessThanOrEqual(1);
        }
      }
    });

    it('that are debounced are in one run each, which came after them and has the last of its payloads', async () => {
      const job = await testStore.newJob();
      const { sent, ran } = await race(job, debounced(0), 3);
      const ids = [...new Set(sent.map(({ taskId }) => taskId))];
      // Every task runs once, and nothing else runs.
      expect(ran.map(({ id }) => id).sort()).toEqual(ids.sort());
      expect(ids.length).toBeLessThan(sent.length);
      for (const id of ids) {
        const history = await testStore.history(id);
        const claimedAt = history.findIndex(({ reason }) => reason === 'CLAIMED');
        expect(history.slice(claimedAt).map(({ reason }) => reason)).toEqual([
          'CLAIMED',
          'STARTED',
          'COMPLETED',
        ]);
        const before = history.slice(0, claimedAt);
        expect(before.slice(1).every(({ reason }) => reason === 'UPDATED')).toBe(true);
        const { payload } = ran.find((task) => task.id === id) as TaskRow & { payload: { n: number } };
        expect(before.at(-1)?.actor).toBe(`caller ${payload.n}`);
        const answered = sent.filter(({ taskId }) => taskId === id).map(({ n }) => n);
        expect(answered).toContain(payload.n);
        expect(before.length).toBeLessThanOrEqual(answered.length);
      }
      expect(await findMisplaced(testStore.db)).toEqual([]);
    });

    it('also within transactions of lists with dependencies', async () => {
      const job = await testStore.newJob();
      const parents = await testStore.store.submitTasks(
        Array.from({ length: 4 }, () => submissionOf(job, { runAt: new Date('2099-01-01T00:00:00Z') })),
      );
      const outcomes = await Promise.allSettled(
        Array.from({ length: 40 }, (_, n) => {
          const { store } = servers[n % 2] as TestStore;
          const keyed = (key: number, keyHold: KeyHold) =>
            submissionOf(job, { idempotencyKey: `key ${key % 4}`, keyHold, payload: { n } });
          return store.submitTasks([
            keyed(n, n % 3 === 0 ? ONE_AT_A_TIME : debounced(600)),
            keyed(n + 1, debounced(600)),
            submissionOf(job, {
              dependsOn: [
                { parent: 0, runsOnFailure: false },
                { parent: taskOf(parents[n % 4] as SubmitResult).id, runsOnFailure: false },
              ],
            }),
          ]);
        }),
      );
      const failed = outcomes.flatMap((one) => (one.status === 'rejected' ? [String(one.reason)] : []));
      expect(failed).toEqual([]);
      const { length } = await testStore.db.query({
        ...{ name: 'count_keyed', once: true },
        text: `SELECT 1 FROM task WHERE job_id = '${job.id}' AND idempotency_key IS NOT NULL AND status = 'PENDING'`,
      });
      expect(length).toBe(4);
    });
  },
);

describe('a submission under a key that is taken', () => {
  it('leaves nothing locked where it is not debounced', async () => {
    const [kind] = availableDatabases();
    const testStore = await createTestStore(kind as never);
    const job = await testStore.newJob();
    const first = await testStore.submit(job, { idempotencyKey: 'k' });
    await testStore.db.transaction(async (session) => {
      const [result] = await submitTasks(session, [submissionOf(job, { idempotencyKey: 'k' })]);
      expect(result).toMatchObject({ kind: 'duplicate', task: { id: first.id } });
      const locks = await session.query({
        ...{ name: 'row_locks', once: true },
        text: `SELECT 1 FROM task WHERE id = '${first.id}' AND xmax <> 0`,
      });
      expect(locks).toEqual([]);
    });
    await testStore.close();
  });
});
