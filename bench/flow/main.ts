/**
 * `npm run bench:flow [-- --quick] [--against CHECKOUT]`: claims and drains with limits, and beside what cannot be
 * claimed: delayed tasks of a higher priority, tasks that one full key holds back, many rooms, paused jobs; and again with
 * a snapshot held open. With `--against`, another checkout of Signalbox first drains queues without limits by turns with
 * this one, on databases of their own. On the PostgreSQL of DATABASE_URL, or the default local one; it makes databases and
 * drops them.
 */
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type { JobLimit } from '../../src/domain/limits.ts';
import type { TaskRow } from '../../src/domain/task.ts';
import type { Database } from '../../src/store/database/database.ts';
import type { JobRow } from '../../src/store/jobs/jobs.ts';
import { statement } from '../../src/store/tasks/rows.ts';
import type { WorkerRow } from '../../src/store/workers/workers.ts';
import type { TestStore } from '../../test/support/test-store.ts';
import { createBenchDatabase } from '../measure/database.ts';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    against: { type: 'string' },
    rounds: { type: 'string' },
  },
});
const { quick, against } = values;
const server = process.env.DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres';
const here = new URL('../..', import.meta.url).href;

const DRAINED = quick ? 4_000 : 20_000;
const CLAIMS = quick ? 200 : 1_000;
const DELAYED = quick ? 100_000 : 1_000_000;
const BLOCKED = quick ? 20_000 : 200_000;
const ROOMS = quick ? 1_000 : 10_000;
const PAUSED_JOBS = quick ? 100 : 1_000;
const ROUNDS = Number(values.rounds ?? (quick ? 3 : 7));
const WORKERS = 4;
const AT_ONCE = 50;

/** What a checkout is measured by. */
interface Measured {
  testStore: TestStore;
  submissionOf: typeof import('../../test/support/test-store.ts').submissionOf;
  db: Database;
}

/** Runs the work on a new database, with the code of the checkout. */
async function withStore<T>(checkout: string, work: (measured: Measured) => Promise<T>): Promise<T> {
  const load = (path: string) => import(new URL(path, checkout).href);
  const [{ migrate }, { openPostgres }, { createTestStore, submissionOf }] = await Promise.all([
    load('src/store/database/migrate.ts'),
    load('src/store/database/postgres.ts'),
    load('test/support/test-store.ts'),
  ]);
  const bench = await createBenchDatabase(server, `signalbox_flow_${process.pid}_${Date.now()}`);
  try {
    const db: Database = await openPostgres({ url: bench.url });
    try {
      await migrate(db);
      return await work({ testStore: await createTestStore('postgres', db), submissionOf, db });
    } finally {
      await db.close();
    }
  } finally {
    await bench.drop();
  }
}

async function submitMany(
  { testStore, submissionOf }: Measured,
  job: JobRow,
  count: number,
  of: (n: number) => object = () => ({}),
) {
  for (let first = 0; first < count; first += 1_000) {
    const length = Math.min(1_000, count - first);
    await testStore.store.submitTasks(Array.from({ length }, (_, n) => submissionOf(job, of(first + n))));
  }
}

const completions = (tasks: readonly TaskRow[]) =>
  tasks.map(({ id: taskId, attempt, workerId }) => ({
    ...{ taskId, attempt, workerId: workerId as string, actor: 'bench' },
    ...{ outcome: 'COMPLETED' as const, result: null },
  }));

/** Four workers claim and complete all there is. @returns tasks a second */
async function drain(
  { testStore: { store } }: Measured,
  workers: readonly WorkerRow[],
  count: number,
): Promise<number> {
  const began = performance.now();
  let left = count;
  await Promise.all(
    workers.map(async ({ id: workerId }) => {
      while (left > 0) {
        const tasks = await store.claimTasks({ workerId, limit: AT_ONCE, start: true, actor: 'bench' });
        left -= tasks.length;
        if (tasks.length > 0) await store.completeTasks(completions(tasks));
      }
    }),
  );
  return count / ((performance.now() - began) / 1_000);
}

async function drained(
  measured: Measured,
  limits: JobLimit[],
  of: (n: number) => object = () => ({}),
): Promise<number> {
  const { testStore, db } = measured;
  const job = await testStore.newJob(limits.length > 0 ? { limits } : {});
  const workers = await Promise.all(Array.from({ length: WORKERS }, () => testStore.newWorker(job)));
  await submitMany(measured, job, DRAINED, of);
  await db.script('VACUUM ANALYZE');
  return drain(measured, workers, DRAINED);
}

const limit = (name: string, rest: Partial<JobLimit>): JobLimit => ({
  ...{ name, scope: 'JOB', keyPointer: null, maxRunning: null, rate: null, ...rest },
});

const sorted = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b);
const at = (numbers: readonly number[], share: number) =>
  sorted(numbers)[Math.min(numbers.length - 1, Math.floor(numbers.length * share))] as number;
const median = (numbers: readonly number[]) => at(numbers, 0.5);

/** Claims of one task each, which is completed then. */
async function claims(
  measured: Measured,
  job: JobRow,
  worker: WorkerRow,
  of: (n: number) => object = () => ({}),
) {
  const { store } = measured.testStore;
  await submitMany(measured, job, CLAIMS, of);
  const took: number[] = [];
  for (let n = 0; n < CLAIMS; n++) {
    const began = performance.now();
    const [task] = await store.claimTasks({ workerId: worker.id, limit: 1, start: true, actor: 'bench' });
    took.push(performance.now() - began);
    if (!task) throw new Error('A claim found nothing');
    await store.completeTasks(completions([task]));
  }
  return took;
}

function tell(what: string, took: readonly number[], than?: readonly number[]): void {
  const ratio = than ? `  ${(median(than) / median(took)).toFixed(2)} of that alone` : '';
  console.log(
    `${what.padEnd(64)} p50 ${median(took).toFixed(2)} ms  p95 ${at(took, 0.95).toFixed(2)} ms${ratio}`,
  );
}

/** Two queues are drained by turns, a claim and its completions each: what else the machine does meets both alike. */
async function compare(other: string): Promise<void> {
  const took: { here: number[]; other: number[] } = { here: [], other: [] };
  await withStore(here, (mine) =>
    withStore(other, async (theirs) => {
      const drained = { here: await filled(mine), other: await filled(theirs) };
      for (let round = 0; round * AT_ONCE < DRAINED; round++) {
        for (const which of round % 2 === 0 ? (['here', 'other'] as const) : (['other', 'here'] as const)) {
          const began = performance.now();
          await drained[which]();
          took[which].push(performance.now() - began);
        }
      }
    }),
  );
  const rate = (times: readonly number[]) => ((AT_ONCE * 1_000) / median(times)).toFixed(0);
  const ratio = median(took.other) / median(took.here);
  const middle = (times: readonly number[]) => sorted(times).slice(0, Math.ceil(times.length * 0.75));
  const sum = (times: readonly number[]) => times.reduce((total, ms) => total + ms, 0);
  console.log(
    `drain without limits, one worker, ${AT_ONCE} at a time: ${rate(took.here)} tasks/s, the other checkout ${rate(took.other)}: ` +
      `${ratio.toFixed(3)} of it by medians, ${(sum(middle(took.other)) / sum(middle(took.here))).toFixed(3)} by the faster three quarters`,
  );
}

/** A queue and its worker. @returns what claims some of it and completes them */
async function filled(measured: Measured): Promise<() => Promise<void>> {
  const { testStore, db } = measured;
  const job = await testStore.newJob();
  const worker = await testStore.newWorker(job);
  await submitMany(measured, job, DRAINED);
  await db.script('VACUUM ANALYZE');
  return async () => {
    const claim = { workerId: worker.id, limit: AT_ONCE, start: true, actor: 'bench' };
    await testStore.store.completeTasks(completions(await testStore.store.claimTasks(claim)));
  };
}

async function drains(): Promise<void> {
  const cases: [string, JobLimit[], (n: number) => object][] = [
    ['without limits', [], () => ({})],
    [
      'limit by key, 1,000 keys, 100 each',
      [limit('key', { scope: 'KEY', maxRunning: 100 })],
      (n) => ({ limitKey: `k${n % 1_000}` }),
    ],
    ['limit of the job, more than are claimed', [limit('all', { maxRunning: 1_000 })], () => ({})],
    [
      'limit of the job, half of what workers want',
      [limit('all', { maxRunning: (WORKERS * AT_ONCE) / 2 })],
      () => ({}),
    ],
  ];
  const rates = new Map<string, number[]>(cases.map(([name]) => [name, []]));
  for (let round = 0; round < Math.min(3, ROUNDS); round++) {
    for (const [name, limits, of] of cases) {
      rates.get(name)?.push(await withStore(here, (measured) => drained(measured, limits, of)));
    }
  }
  const plain = median(rates.get('without limits') as number[]);
  for (const [name, found] of rates) {
    console.log(
      `drain, ${name}: ${median(found).toFixed(0)} tasks/s, ${(median(found) / plain).toFixed(2)} of that without`,
    );
  }
}

/** Tasks that only stand in the queue: no claim reaches them. */
const DELAY = statement(
  'bench_delay',
  `INSERT INTO task_queue (job_id, priority, run_at, task_id, version, room, ready)
  SELECT $1::uuid, 100, now() + interval '1 day' + n * interval '1 millisecond', gen_random_uuid(), 1, 'r', false
  FROM generate_series(1, $2::int) n`,
);

async function beside(measured: Measured, limited: JobLimit[], label: string): Promise<void> {
  const { testStore, db } = measured;
  const job = await testStore.newJob(limited.length > 0 ? { limits: limited } : {});
  const worker = await testStore.newWorker(job);
  await claims(measured, job, worker);
  const alone = await claims(measured, job, worker);
  tell(`${label}: claim of one, empty database`, alone);

  await db.query(DELAY, [job.id, DELAYED]);
  await db.script('ANALYZE task_queue');
  tell(
    `${label}: beside ${DELAYED} delayed ones of a higher priority`,
    await claims(measured, job, worker),
    alone,
  );

  const paused: JobRow[] = [];
  for (let n = 0; n < PAUSED_JOBS; n++) {
    const other = await testStore.newJob({ name: `paused-${n}` });
    await testStore.store.registerJob({
      room: other.room,
      category: other.category,
      name: other.name,
      workerId: worker.id,
    });
    await testStore.store.pauseJob({ jobId: other.id, room: null, actor: 'bench' }, null);
    paused.push(other);
  }
  for (const other of paused) await submitMany(measured, other, 10);
  tell(
    `${label}: and ${PAUSED_JOBS} paused jobs with 10 tasks each`,
    await claims(measured, job, worker),
    alone,
  );
}

/** Tasks of one key that is full stand before free ones: what claims have met once is not walked over again. */
async function besideBlocked(measured: Measured): Promise<void> {
  const { testStore, db } = measured;
  const job = await testStore.newJob({ limits: [limit('key', { scope: 'KEY', maxRunning: 1 })] });
  const worker = await testStore.newWorker(job);
  const free = (n: number) => ({ limitKey: `free-${n}` });
  await claims(measured, job, worker, free);
  const alone = await claims(measured, job, worker, free);
  tell('limit by key: claim of one, empty database', alone);
  await submitMany(measured, job, BLOCKED, () => ({ limitKey: 'full', priority: 9 }));
  const claim = () =>
    testStore.store.claimTasks({ workerId: worker.id, limit: 1, start: true, actor: 'bench' });
  const [holder] = await claim();
  const began = performance.now();
  const ready = statement('bench_ready', 'SELECT FROM task_queue WHERE job_id = $1::uuid AND ready LIMIT 1');
  while ((await db.query(ready, [job.id])).length > 0) await claim();
  console.log(
    `limit by key: ${BLOCKED} tasks of a full key are met once, ${(((performance.now() - began) / BLOCKED) * 1_000).toFixed(0)} µs each`,
  );
  await db.script('VACUUM ANALYZE task_queue');
  tell(
    `limit by key: beside ${BLOCKED} tasks of a full key`,
    await claims(measured, job, worker, free),
    alone,
  );
  const snapshot = holdSnapshot(db);
  await snapshot.begun;
  tell('limit by key: and with a snapshot held open', await claims(measured, job, worker, free), alone);
  snapshot.end();
  await snapshot.ended;
  if (!holder) throw new Error('Nobody holds the slot of the full key');

  const byRoom = await testStore.newJob({ limits: [limit('room', { scope: 'ROOM', maxRunning: 1 })] });
  const other = await testStore.newWorker(byRoom);
  await submitMany(measured, byRoom, ROOMS, (n) => ({ room: `room-${n}`, priority: -1 }));
  tell(
    `limit by room: beside tasks of ${ROOMS} rooms`,
    await claims(measured, byRoom, other, (n) => ({ room: `new-${n}` })),
    alone,
  );
}

/** A transaction that sees how things are now, and so keeps dead rows from being removed. */
function holdSnapshot(db: Database) {
  let end = () => {};
  const waiting = new Promise<void>((resolve) => {
    end = resolve;
  });
  let begin = () => {};
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const ended = db.transaction(async (session) => {
    await session.script('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM job');
    begin();
    await waiting;
  });
  return { begun, end, ended };
}

if (against) await compare(pathToFileURL(`${against.replace(/\/$/, '')}/`).href);
await drains();
await withStore(here, (measured) => beside(measured, [], 'without limits'));
await withStore(here, (measured) =>
  beside(measured, [limit('all', { maxRunning: 1_000 })], 'limit of the job'),
);
await withStore(here, besideBlocked);
