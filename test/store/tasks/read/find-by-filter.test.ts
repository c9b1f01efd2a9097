/** The walk of a list: what it finds page by page is what is there, and where it stops early it says so. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fingerprintOf } from '../../../../src/domain/error-fingerprint.ts';
import { TASK_STATUSES, type TaskRow } from '../../../../src/domain/task.ts';
import { matchesFilter, type TaskFilter } from '../../../../src/domain/task-filter.ts';
import { MOST_LOOKED_AT, type TaskSearch } from '../../../../src/store/tasks/read/find-by-filter.ts';
import type { TaskScope } from '../../../../src/store/tasks/read/task-conditions.ts';
import { availableDatabases } from '../../../support/database.ts';
import { createTestStore, submissionOf, type TestStore } from '../../../support/test-store.ts';

const fingerprint = fingerprintOf({ code: 'E_TEST', message: 'it broke' });

describe.each(availableDatabases())('tasks by filter on %s', (kind) => {
  let test: TestStore;
  let all: TaskRow[];
  const rooms: string[] = [];
  const jobs: string[] = [];

  beforeAll(async () => {
    test = await createTestStore(kind);
    for (const status of TASK_STATUSES) {
      const { job } = await test.taskIn(status);
      rooms.push(job.room);
      jobs.push(job.id);
      for (let n = 0; n < 3; n++) {
        await test.submit(job, {
          labels: n === 0 ? {} : { n: String(n), room: job.room },
          entityId: n === 1 ? 'e' : null,
          correlationId: n === 2 ? 'c' : null,
          priority: n,
        });
      }
    }
    const { rows } = await test.store.findTasksByFilter(
      { scope: { rooms: null }, filter: { labels: {} }, order: 'desc' },
      1_000,
    );
    all = rows;
    expect(all).toHaveLength(4 * TASK_STATUSES.length);
  });
  afterAll(() => test?.close());

  async function pages(search: TaskSearch, size: number): Promise<string[]> {
    const found: string[] = [];
    for (let lt = search.lt; ; ) {
      const { rows, stoppedAt } = await test.store.findTasksByFilter({ ...search, lt }, size);
      found.push(...rows.map(({ id }) => id));
      lt = rows.length === size ? rows.at(-1)?.id : stoppedAt;
      if (lt === undefined) return found;
    }
  }

  it('are those that match one by one, in order, whatever the filter, the rights and the size of a page', async () => {
    const some = <T>(values: readonly T[]) => fc.subarray([...values], { minLength: 1 });
    const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 1 });
    const anyFilter = fc.record({
      statuses: maybe(some(TASK_STATUSES)),
      jobIds: maybe(some(jobs)),
      labels: fc.constantFrom({}, {}, { n: '1' }, { n: '2', room: rooms[0] as string }),
      labelKeys: maybe(fc.constant(['room'])),
      entityId: maybe(fc.constantFrom('e', 'none')),
      correlationId: maybe(fc.constantFrom('c', 'none')),
      minPriority: maybe(fc.nat(2)),
      errorWords: maybe(fc.constantFrom(['it'], ['it', 'broke'], ['none'])),
      errorCode: maybe(fc.constantFrom('E_TEST', 'none')),
      errorKind: maybe(
        fc.record({ jobId: fc.constantFrom(...jobs), fingerprint: fc.constantFrom(fingerprint, 'none') }),
      ),
      discarded: maybe(fc.boolean()),
    });
    const anyScope = fc.oneof(fc.constant(null), some(rooms));
    await fc.assert(
      fc.asyncProperty(anyFilter, anyScope, fc.integer({ min: 1, max: 7 }), async (given, inRooms, size) => {
        const filter = Object.fromEntries(
          Object.entries(given).filter(([, value]) => value !== undefined),
        ) as unknown as TaskFilter;
        const scope: TaskScope = { rooms: inRooms };
        const expected = all
          .filter((task) => (!inRooms || inRooms.includes(task.room)) && matchesFilter(filter, task))
          .map(({ id }) => id);
        expect(await pages({ scope, filter, order: 'desc' }, size)).toEqual(expected);
        const { total, atLeast } = await test.store.countTasksByFilter(scope, filter);
        expect({ total, atLeast }).toEqual({ total: expected.length, atLeast: false });
      }),
      { numRuns: 60 },
    );
  });

  it('stop where more than enough were looked at, and go on from there', async () => {
    const job = await test.newJob();
    const other = await test.newJob();
    const rare = await test.submit(job, { priority: 9 });
    for (let n = 0; n < MOST_LOOKED_AT / 1_000; n++) {
      const room = n % 2 ? job : other;
      await test.store.submitTasks(Array.from({ length: 1_000 }, () => submissionOf(room)));
    }
    const search: TaskSearch = {
      ...{ scope: { rooms: [job.room, other.room] }, filter: { labels: {}, minPriority: 9 } },
      order: 'desc',
    };
    const first = await test.store.findTasksByFilter(search, 10);
    expect(first).toMatchObject({ rows: [], stoppedAt: expect.any(String) });
    const second = await test.store.findTasksByFilter({ ...search, lt: first.stoppedAt as string }, 10);
    expect(second).toMatchObject({ rows: [{ id: rare.id }] });
    expect(second.stoppedAt).toBeUndefined();
    expect(await test.store.countTasksByFilter(search.scope, search.filter)).toMatchObject({ atLeast: true });
  });

  it('look up what few tasks have by an index, and look at tasks in order for what many have', async () => {
    const job = await test.newJob();
    const [plain, marked] = [submissionOf(job), submissionOf(job, { labels: { often: 'yes' } })];
    const submit = (count: number, one: typeof plain) =>
      test.store.submitTasks(Array.from({ length: count }, () => one));
    await submit(5, marked);
    for (let n = 0; n < MOST_LOOKED_AT / 1_000; n++) await submit(1_000, plain);
    await submit(50, marked);
    // Nobody else estimates meanwhile.
    await test.db.script('ALTER TABLE task SET (autovacuum_enabled = false)');
    const countOf = async (tasks: number) => {
      await test.db.script(`UPDATE pg_class SET reltuples = ${tasks} WHERE oid = 'task'::regclass`);
      return test.store.countTasksByFilter({ rooms: [job.room] }, { labels: { often: 'yes' } });
    };
    expect(await countOf(-1)).toMatchObject({ total: 55, atLeast: false });
    expect(await countOf(20_000)).toMatchObject({ total: 55, atLeast: false });
    expect(await countOf(1_000_000)).toMatchObject({ total: 50, atLeast: true });
  });
});
