/** Several servers on one database: each tick is run once. */
import { describe, expect, it } from 'vitest';
import { openPostgres } from '../../../src/store/database/postgres.ts';
import { availableDatabases, createTestDatabase } from '../../support/database.ts';
import { createTestStore, type TestStore } from '../../support/test-store.ts';

const SERVERS = 4;
const SCHEDULES = 60;
const TICKS = 5;

describe.skipIf(!availableDatabases().includes('postgres'))('schedules on several servers', () => {
  it('run each tick once, also while somebody edits them and runs them by hand', async () => {
    const database = await createTestDatabase('postgres');
    const worlds: TestStore[] = [await createTestStore('postgres', database.db)];
    const connections = await Promise.all(
      Array.from({ length: SERVERS - 1 }, () =>
        openPostgres({ url: database.url as string, directUrl: database.directUrl, maxConnections: 3 }),
      ),
    );
    try {
      for (const connection of connections) worlds.push(await createTestStore('postgres', connection));
      const [first] = worlds as [TestStore];
      const job = await first.newJob();
      for (let n = 0; n < SCHEDULES; n++) {
        await first.store.createSchedule(
          {
            ...{ name: `s${n}`, cron: '* * * * *', timeZone: 'UTC', overlap: 'ALLOW', catchUpSeconds: 3600 },
            ...{
              paused: false,
              room: job.room,
              jobId: job.id,
              payload: {},
              priority: 0,
              labels: {},
              limitKey: null,
            },
            ...{ operation: null, parameters: null, dryRun: false },
          },
          'ann',
        );
      }
      const [{ id: edited } = { id: '' }] = await first.db.query<{ id: string }>({
        name: 'test_one',
        text: 'SELECT id FROM schedule LIMIT 1',
      });
      // The clock that all are given goes on by a minute each time, until every tick has been run by somebody.
      const start = (await first.store.readNow()).getTime();
      for (let tick = 1; tick <= TICKS; tick++) {
        const now = new Date(start + tick * 60_000);
        const drain = async ({ store }: TestStore) => {
          // What another server has locked at this moment is passed over: it runs it.
          for (let idle = 0; idle < 2; ) idle = (await store.runDueSchedules(7, now)) === 0 ? idle + 1 : 0;
        };
        await Promise.all([
          ...worlds.flatMap((testStore) => [drain(testStore), drain(testStore)]),
          first.store.updateSchedule(edited, { priority: tick }, { expectedVersion: null, actor: 'bob' }),
          first.store.runScheduleNow(edited, 'ann'),
        ]);
        await drain(first);
      }
      const rows = await first.db.query<{
        id: string;
        ticks: number;
        runs: number;
        tasks: number;
        keys: number;
      }>({
        name: 'test_count',
        text: `SELECT run.schedule_id AS id, count(DISTINCT run.tick)::int AS ticks, count(run.tick)::int AS runs,
          count(DISTINCT task.id) FILTER (WHERE run.tick IS NOT NULL)::int AS tasks,
          count(DISTINCT task.idempotency_key) FILTER (WHERE run.tick IS NOT NULL)::int AS keys
        FROM schedule_run run JOIN task ON task.id = run.task_id GROUP BY run.schedule_id`,
      });
      expect(rows).toHaveLength(SCHEDULES);
      for (const { ticks, runs, tasks, keys } of rows) {
        expect({ ticks, runs, tasks, keys }).toEqual({
          ticks: TICKS,
          runs: TICKS,
          tasks: TICKS,
          keys: TICKS,
        });
      }
      const [{ count } = { count: 0 }] = await first.db.query<{ count: number }>({
        name: 'test_tasks',
        text: 'SELECT count(*)::int AS count FROM task',
      });
      expect(count).toBe(SCHEDULES * TICKS + TICKS);
      // Each change was handed on to be published by exactly one server.
      const published = worlds
        .flatMap((testStore) => testStore.published.flat())
        .map((change) => change.task.id);
      expect(new Set(published).size).toBe(published.length);
      expect(published).toHaveLength(SCHEDULES * TICKS + TICKS);
    } finally {
      for (const connection of connections) await connection.close();
      await database.close();
    }
  });
});
