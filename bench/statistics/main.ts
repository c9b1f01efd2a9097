/**
 * `npm run bench:statistics [-- TASKS]`: how long statistics take in a database with so many tasks (1,000,000) and
 * their logs, and how quickly the log is rolled up. On the PostgreSQL of DATABASE_URL, or the default local one; it
 * makes a database and drops it.
 */

import { JOB_STATISTICS_ORDERS, type StatisticScope } from '../../src/domain/statistics.ts';
import { migrate } from '../../src/store/database/migrate.ts';
import { openPostgres } from '../../src/store/database/postgres.ts';
import { createStore, type Store } from '../../src/store/store.ts';
import { submissionOf } from '../../test/support/test-store.ts';
import { createBenchDatabase } from '../measure/database.ts';
import { ROOMS, writeTasks } from './tasks.ts';

const REPEATS = 20;
const BATCH = 20_000;
const TAIL = 10_000;

const count = Number(process.argv[2] ?? 1_000_000);
const server = process.env.DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres';
const bench = await createBenchDatabase(server, `signalbox_statistics_${process.pid}`);
try {
  const database = await openPostgres({ url: bench.url });
  try {
    await migrate(database);
    console.log(`${count.toLocaleString('en')} tasks of ${ROOMS} rooms, 5 jobs each, over 30 days`);
    await took('written', () => writeTasks(database, count));
    const store = createStore(database, { onCommit: () => undefined, workerTimeoutSeconds: 60 });
    await rollUp(store);
    await readAll(store, 'rolled up');
    const [job] = await database.query<{ id: string }>({
      name: 'bench_job',
      text: `SELECT id FROM job WHERE full_name = 'room-1:general:job-1'`,
    });
    const submissions = Array.from({ length: TAIL }, () =>
      submissionOf({ id: job?.id as string, room: 'room-1' }),
    );
    await store.submitTasks(submissions);
    await readAll(store, `and ${TAIL.toLocaleString('en')} transitions that are not`, job?.id);
    const naive = { name: 'bench_naive', text: 'SELECT status, count(*) FROM task GROUP BY status' };
    await measure('for comparison: SELECT status, count(*) FROM task', () => database.query(naive), 5);
  } finally {
    await database.close();
  }
} finally {
  await bench.drop();
}

async function rollUp(store: Store): Promise<void> {
  let rows = 0;
  let ms = 0;
  const longest: number[] = [];
  for (;;) {
    const begun = performance.now();
    const batch = await store.rollUpStatistics(BATCH);
    const took = performance.now() - begun;
    if (batch === 0) {
      // A transaction elsewhere on the server may still hold the horizon back.
      if (rows >= count) break;
      continue;
    }
    rows += batch;
    ms += took;
    longest.push(took);
  }
  const rate = Math.round(rows / (ms / 1_000)).toLocaleString('en');
  console.log(
    `rolled up: ${rows.toLocaleString('en')} transitions in ${seconds(ms)}, ${rate} a second; a batch of ${BATCH} takes ${Math.max(...longest).toFixed(0)} ms at most`,
  );
}

async function readAll(store: Store, what: string, jobId: string | null = null): Promise<void> {
  console.log(`\nreads, ${REPEATS} each, ${what}:`);
  const scopes = { 'all rooms': null, 'one room': ['room-1'] };
  for (const [name, rooms] of Object.entries(scopes)) {
    const scope = { rooms, jobId: rooms ? jobId : null };
    await measure(`counts by status, ${name}`, () => store.countTasks(scope));
    for (const [grain, points] of [
      ['MINUTE', 60],
      ['HOUR', 24],
      ['DAY', 30],
    ] as const) {
      await measure(`activity of ${points} ${grain}S, ${name}`, () =>
        store.readActivity(scope, { grain, points }),
      );
    }
    await measure(`oldest pending, ${name}`, () => store.findOldestPending(scope));
    await readJobs(store, name, rooms);
    await readErrors(store, name, scope);
  }
}

/** The page of jobs: the first of an order, and what has happened to each. */
async function readJobs(store: Store, name: string, rooms: string[] | null): Promise<void> {
  const series = { grain: 'HOUR', points: 24 } as const;
  for (const order of JOB_STATISTICS_ORDERS) {
    await measure(`20 jobs by ${order}, ${name}`, () => store.rankJobs(rooms, { series, order, limit: 20 }));
  }
  const jobs = await store.rankJobs(rooms, { series, order: 'BACKLOG', limit: 20 });
  const jobIds = jobs.map(({ jobId }) => jobId);
  await measure(`24 hours of 20 jobs together, ${name}`, () =>
    store.readJobActivity({ rooms, jobIds, series }),
  );
  await measure(`24 hours of 20 jobs by the hour, ${name}`, () =>
    store.readJobSeries({ rooms, jobIds, series }),
  );
  await measure(`oldest pending of 20 jobs, ${name}`, () => store.findOldestPendingOfJobs(rooms, jobIds));
}

async function readErrors(store: Store, name: string, scope: StatisticScope): Promise<void> {
  for (const [grain, points] of [
    ['HOUR', 24],
    ['DAY', 30],
  ] as const) {
    await measure(`20 error groups of ${points} ${grain}S, ${name}`, () =>
      store.findErrorGroups(scope, { grain, points }, 20),
    );
  }
  const groups = await store.findErrorGroups(scope, { grain: 'DAY', points: 30 }, 20);
  await measure(`open dead letters of ${groups.length} groups, ${name}`, () =>
    store.countOpenDeadLetters(scope.rooms, groups),
  );
  if (scope.rooms !== null) return;
  await measure('a page of 20 rooms', () => store.listRooms(null, '', { backwards: false, limit: 20 }));
  const rooms = await store.listRooms(null, '', { backwards: false, limit: 20 });
  await measure('what is in 20 rooms', () => store.findRoomContents(rooms));
  await measure('tasks by status of 20 rooms', () => store.countTasksOfRooms(rooms));
  for (const column of ['labels', 'createdBy'] as const) {
    await measure(`suggestions from ${column} of 2,000 tasks`, () => store.sampleTasks(scope, column, 2_000));
  }
}

async function measure(what: string, run: () => Promise<unknown>, repeats = REPEATS): Promise<void> {
  const times: number[] = [];
  await run();
  for (let n = 0; n < repeats; n++) {
    const begun = performance.now();
    await run();
    times.push(performance.now() - begun);
  }
  times.sort((a, b) => a - b);
  const median = times[Math.floor(times.length / 2)] as number;
  console.log(`  ${what.padEnd(52)} median ${median.toFixed(1)} ms, worst ${times.at(-1)?.toFixed(1)} ms`);
}

async function took(what: string, run: () => Promise<unknown>): Promise<void> {
  const begun = performance.now();
  await run();
  console.log(`${what} in ${seconds(performance.now() - begun)}`);
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
