/**
 * `npm run bench:flow [-- --quick] [--against CHECKOUT] [drains|free|limited|blocked|flood …]`: claims and drains with limits, and beside what cannot be
 * claimed: delayed tasks of a higher priority, tasks that one full key holds back, many rooms, paused jobs; and again with
 * a snapshot held open. With fairness by room, too: drains, and claims beside many tasks of one room. With `--against`, another checkout of Signalbox first drains queues without limits by turns with
 * this one, on databases of their own. On the PostgreSQL of DATABASE_URL, or the default local one; it makes databases and
 * drops them.
 */
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type { JobLimit } from '../../src/domain/limits.ts';
import type { TaskRow } from '../../src/domain/task.ts';
import type { Database } from '../../src/store/database/database.ts';
import { statement } from '../../src/store/database/statement.ts';
import type { JobRow } from '../../src/store/jobs/jobs.ts';
import type { JobRegistration } from '../../src/store/jobs/registration.ts';
import type { WorkerRow } from '../../src/store/workers/workers.ts';
import type { TestStore } from '../../test/support/test-store.ts';
import { createBenchDatabase } from '../measure/database.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
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

type Settings = Pick<JobRegistration, 'limits' | 'fairness'>;

const FAIR: Settings = { fairness: { by: 'ROOM', keyPointer: null } };

async function drained(
  measured: Measured,
  settings: Settings,
  of: (n: number) => object = () => ({}),
): Promise<number> {
  const { testStore, db } = measured;
  const job = await testStore.newJob(settings);
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

/** A worker that claims one task of a job at a time, and completes it. */
interface Claimant {
  measured: Measured;
  job: JobRow;
  worker: WorkerRow;
  of?: (n: number) => object;
}

async function newClaimant(measured: Measured, settings: Settings, of?: Claimant['of']): Promise<Claimant> {
  const job = await measured.testStore.newJob(settings);
  const worker = await measured.testStore.newWorker(job);
  return { measured, job, worker, ...(of && { of }) };
}

/** Milliseconds of the claim. */
async function claimOne({ measured: { testStore }, worker }: Claimant): Promise<number> {
  const began = performance.now();
  const [task] = await testStore.store.claimTasks({
    ...{ workerId: worker.id, limit: 1, start: true, actor: 'bench' },
  });
  const ms = performance.now() - began;
  if (!task) throw new Error('A claim found nothing');
  await testStore.store.completeTasks(completions([task]));
  return ms;
}

/** Claims by turns with those of an empty database: what else the machine does meets both alike. */
async function besideEmpty(what: string, full: Claimant, empty: Claimant): Promise<void> {
  const took = new Map<Claimant, number[]>([
    [full, []],
    [empty, []],
  ]);
  for (const { measured, job, of } of took.keys()) await submitMany(measured, job, CLAIMS, of);
  for (let n = 0; n < CLAIMS; n++) {
    for (const one of n % 2 === 0 ? [full, empty] : [empty, full]) took.get(one)?.push(await claimOne(one));
  }
  const [here, alone] = [...took.values()] as [number[], number[]];
  const shown = (share: number) =>
    `${at(here, share).toFixed(2)} ms, empty ${at(alone, share).toFixed(2)}, rate ${(at(alone, share) / at(here, share)).toFixed(2)}`;
  console.log(`${what.padEnd(66)} p50 ${shown(0.5)}; p95 ${shown(0.95)}`);
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
  const cases: [string, Settings, (n: number) => object][] = [
    ['without limits', {}, () => ({})],
    ['fairness by room, 100 rooms', FAIR, (n) => ({ room: `r${n % 100}` })],
    ['fairness by room, one room', FAIR, () => ({})],
    [
      'limit by key, 1,000 keys, 100 each',
      { limits: [limit('key', { scope: 'KEY', maxRunning: 100 })] },
      (n) => ({ limitKey: `k${n % 1_000}` }),
    ],
    [
      'limit of the job, more than are claimed',
      { limits: [limit('all', { maxRunning: 1_000 })] },
      () => ({}),
    ],
    [
      'limit of the job, half of what workers want',
      { limits: [limit('all', { maxRunning: (WORKERS * AT_ONCE) / 2 })] },
      () => ({}),
    ],
  ];
  const rates = new Map<string, number[]>(cases.map(([name]) => [name, []]));
  for (let round = 0; round < Math.min(3, ROUNDS); round++) {
    for (const [name, settings, of] of cases) {
      rates.get(name)?.push(await withStore(here, (measured) => drained(measured, settings, of)));
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
  FROM generate_series($2::int, $3::int) n`,
);
/** Of one statement, which has a minute. */
const DELAYED_AT_ONCE = 100_000;

async function beside(full: Claimant, empty: Claimant, label: string): Promise<void> {
  const { job, worker, measured } = full;
  const { testStore, db } = measured;
  await besideEmpty(`${label}: both empty`, full, empty);

  for (let first = 1; first <= DELAYED; first += DELAYED_AT_ONCE) {
    await db.query(DELAY, [job.id, first, Math.min(DELAYED, first + DELAYED_AT_ONCE - 1)]);
  }
  await db.script('ANALYZE task_queue');
  await besideEmpty(`${label}: beside ${DELAYED} delayed ones of a higher priority`, full, empty);

  for (let n = 0; n < PAUSED_JOBS; n++) {
    const other = await testStore.newJob({ name: `paused-${n}` });
    const { room, category, name } = other;
    await testStore.store.registerJob({ room, category, name, workerId: worker.id });
    await testStore.store.pauseJob({ jobId: other.id, room: null, actor: 'bench' }, null);
    await submitMany(measured, other, 10);
  }
  await besideEmpty(`${label}: and ${PAUSED_JOBS} paused jobs with 10 tasks each`, full, empty);
  await withSnapshot(db, () => besideEmpty(`${label}: and with a snapshot held open`, full, empty));
}

/** Tasks of one key that is full stand before free ones: what claims have met once is not walked over again. */
async function besideBlocked(measured: Measured, reference: Measured): Promise<void> {
  const { testStore, db } = measured;
  const limits = [limit('key', { scope: 'KEY', maxRunning: 1 })];
  const free = (n: number) => ({ limitKey: `free-${n}` });
  const full = await newClaimant(measured, { limits }, free);
  const empty = await newClaimant(reference, { limits }, free);
  await besideEmpty('limit by key: both empty', full, empty);
  await submitMany(measured, full.job, BLOCKED, () => ({ limitKey: 'full', priority: 9 }));
  const claim = () =>
    testStore.store.claimTasks({ workerId: full.worker.id, limit: 1, start: true, actor: 'bench' });
  const [holder] = await claim();
  const began = performance.now();
  const ready = statement('bench_ready', 'SELECT FROM task_queue WHERE job_id = $1::uuid AND ready LIMIT 1');
  while ((await db.query(ready, [full.job.id])).length > 0) await claim();
  console.log(
    `limit by key: ${BLOCKED} tasks of a full key are met once, ${(((performance.now() - began) / BLOCKED) * 1_000).toFixed(0)} µs each`,
  );
  await db.script('VACUUM ANALYZE task_queue');
  await besideEmpty(`limit by key: beside ${BLOCKED} tasks of a full key`, full, empty);
  await withSnapshot(db, () => besideEmpty('limit by key: and with a snapshot held open', full, empty));
  if (!holder) throw new Error('Nobody holds the slot of the full key');

  const byRoom = [limit('room', { scope: 'ROOM', maxRunning: 1 })];
  const inNew = (n: number) => ({ room: `new-${n}` });
  const fullRooms = await newClaimant(measured, { limits: byRoom }, inNew);
  await submitMany(measured, fullRooms.job, ROOMS, (n) => ({ room: `room-${n}`, priority: -1 }));
  await besideEmpty(
    `limit by room: beside tasks of ${ROOMS} rooms`,
    fullRooms,
    await newClaimant(reference, { limits: byRoom }, inNew),
  );
}

/** One room has many tasks; others come with a few each, and those are claimed by turns with them. */
async function besideFlood(measured: Measured, reference: Measured): Promise<void> {
  const small = (n: number) => ({ room: `small-${n % 10}` });
  const full = await newClaimant(measured, FAIR, small);
  const empty = await newClaimant(reference, FAIR, small);
  await besideEmpty('fairness by room: both empty', full, empty);
  const began = performance.now();
  await submitMany(measured, full.job, BLOCKED, () => ({ room: 'flood' }));
  console.log(
    `fairness by room: ${BLOCKED} tasks of one room are submitted, ${(((performance.now() - began) / BLOCKED) * 1_000).toFixed(0)} µs each`,
  );
  await besideEmpty('fairness by room: beside these', full, empty);
}

/** Works while a transaction sees how things are now, and so keeps dead rows from being removed. */
async function withSnapshot(db: Database, work: () => Promise<void>): Promise<void> {
  const snapshot = holdSnapshot(db);
  await snapshot.begun;
  await work();
  snapshot.end();
  await snapshot.ended;
}

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

/** Runs the work on a new database, and one beside it that stays empty. */
const withBoth = (work: (measured: Measured, reference: Measured) => Promise<void>) =>
  withStore(here, (measured) => withStore(here, (reference) => work(measured, reference)));

const besideWith = async (limits: JobLimit[], label: string, measured: Measured, reference: Measured) =>
  beside(await newClaimant(measured, { limits }), await newClaimant(reference, { limits }), label);

if (against) await compare(pathToFileURL(`${against.replace(/\/$/, '')}/`).href);
const PARTS = {
  drains,
  free: () => withBoth((...both) => besideWith([], 'without limits', ...both)),
  limited: () =>
    withBoth((...both) => besideWith([limit('all', { maxRunning: 1_000 })], 'limit of the job', ...both)),
  blocked: () => withBoth(besideBlocked),
  flood: () => withBoth(besideFlood),
};
for (const [name, run] of Object.entries(PARTS)) {
  if (positionals.length === 0 || positionals.includes(name)) await run();
}
