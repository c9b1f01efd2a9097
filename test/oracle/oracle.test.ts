/**
 * The oracle: readers of streams, against writers that commit out of order, roll back and lose their messages, while
 * servers are killed, Redis crashes, is flushed and drops its connections, and the readers themselves are cut and
 * stalled; and tasks are removed, or deleted by retention. At the end every reader's stream, repeats dropped, is the log of
 * its scope: all of it, in order, no more; or it was asked to read again, for a reason and not for ever, and is the log
 * from there. Nobody has anything of what was removed. And the log itself says that nothing ran beyond a limit, in a pause,
 * or before what it depends on.
 *
 * SIGNALBOX_ORACLE_SECONDS sets how long it goes on (default 12), SIGNALBOX_ORACLE_SEED what happens when.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createClient } from '../../src/client/index.ts';
import { toTypeId } from '../../src/domain/typeid.ts';
import { silentServerLogger } from '../../src/events/logger.ts';
import { buildProgram } from '../app/program.ts';
import { checkLog } from '../chaos/checker.ts';
import { readEvidence } from '../chaos/evidence.ts';
import { checkFlow } from '../chaos/flow-checker.ts';
import { end, endAll, keep, type Program, untilLive } from '../chaos/programs.ts';
import { randomFrom } from '../chaos/random.ts';
import { freePort, type Service, startOwnPostgres, startOwnRedis } from '../chaos/services.ts';
import { query } from '../chaos/sql.ts';
import { type Comparison, compare } from './compare.ts';
import {
  type Reader,
  type ReaderOptions,
  readByClient,
  readOverSocket,
  readOverSse,
  type Scope,
} from './readers.ts';
import { keepTruth, readTruth, type Written } from './truth.ts';
import { startWriters, type Writers } from './writers.ts';

const SECONDS = Number(process.env['SIGNALBOX_ORACLE_SECONDS'] ?? 12);
const SEED = Number(process.env['SIGNALBOX_ORACLE_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const COMPLETE_WITHIN_MS = 60_000;
const TOKEN = 'oracle-admin-token-0123456789';
const SERVERS = 2;
const WRITERS = 6;
const ROOMS = ['north', 'east', 'south'];
/** Tasks that are watched one by one. */
const WATCHED_TASKS = 9;

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const KINDS = [readOverSocket, readOverSse, readByClient];

const closers: (() => unknown)[] = [];

beforeAll(buildProgram, 120_000);

afterAll(async () => {
  for (const close of closers.reverse()) await close();
}, 60_000);

it(
  `gives every reader the whole log in order, whatever happens (seed ${SEED})`,
  async () => {
    const random = randomFrom(SEED);
    const postgres = await startOwnPostgres();
    if (postgres) closers.push(postgres.stop);
    const redis = await startOwnRedis();
    if (redis) closers.push(redis.stop);
    if (!postgres || !redis) throw new Error('The oracle needs the programs of PostgreSQL and Redis.');

    // Writers meet crosswise all the time: their transactions do not lock in one order.
    await query(postgres.url, "ALTER SYSTEM SET deadlock_timeout = '50ms'");
    await query(postgres.url, 'SELECT pg_reload_conf()');

    closers.push(endAll);
    const ports = await Promise.all(Array.from({ length: SERVERS }, freePort));
    const urls = ports.map((port) => `http://127.0.0.1:${port}`);
    const servers = ports.map((port) => keep(() => startServer(port, postgres.url, redis.url)));
    for (const url of urls) await untilLive(url);
    await keepTruth(postgres.url);

    const readers: Reader[] = [];
    closers.push(() => Promise.all(readers.map((reader) => reader.close())));
    const common = { urls, token: TOKEN, after: await positionOf(urls[0] as string), random };
    const read = async (kind: (options: ReaderOptions) => Reader | Promise<Reader>, scope: Scope) => {
      const name = `${kind.name} of ${Object.values(scope)}`;
      readers.push(await kind({ ...common, name, scope }));
    };
    for (const room of ROOMS) for (const kind of KINDS) await read(kind, { room });
    for (const kind of [readOverSocket, readOverSse]) {
      await read(kind, { all: true });
      await read(kind, { leaving: 'PENDING' });
    }

    const until = Date.now() + SECONDS * 1_000;
    const writers = await startWriters({
      databaseUrl: postgres.url,
      redisUrl: redis.url,
      rooms: ROOMS,
      count: WRITERS,
      until,
      random,
    });
    closers.push(() => writers.close());
    const submitting = submitUntil(until, urls, writers, random);
    const disasters: Record<string, number> = {};
    for (let watched = 0; Date.now() < until; ) {
      await sleep(100 + random() * 250);
      await disaster(random, { servers, redis, readers }, disasters);
      // One after the other, over the whole time: some begin with much behind them.
      const due = WATCHED_TASKS * Math.min(1, 1 - (until - Date.now()) / (SECONDS * 1_000));
      for (; watched < due && writers.tasks.length > 0; watched++)
        await watchTask(writers, watched, read, random);
    }
    await Promise.all([submitting, writers.done]);

    const late = await untilComplete(readers, await readTruth(postgres.url));
    // Nobody is cut any more, and of these nobody is told: only looking for them can bring them.
    await writers.writeSilently();
    const truth = await readTruth(postgres.url);
    const { log, removed, expired } = truth;
    const silent = await untilComplete(readers, truth);
    const results = readers.map((reader) => ({ reader, ...judge(reader, truth) }));
    const sum = (count: (result: (typeof results)[number]) => number) =>
      results.reduce((total, result) => total + count(result), 0);
    console.log(
      `oracle: ${log.length} transitions, ${sum(({ reader }) => reader.received.length)} received by ${readers.length} readers`,
      `(${sum(({ repeats }) => repeats)} again), ${sum(({ reader }) => reader.cuts)} cuts, ${removed.size} tasks removed, ${expired.size} expired, read again ${sum(({ reader }) => reader.resyncs)} times; complete ${late} after the last disaster, what nobody told of ${silent} after its commit;`,
      { ...writers.counts, ...disasters },
    );
    const wrong = results.flatMap(({ reader, wrong, missing }) => {
      const misses =
        missing.length > 0 ? [`misses ${missing.length}: ${missing.slice(0, 3).join(', ')}`] : [];
      const most = mostResyncs(reader, truth);
      const needless =
        reader.resyncs > most ? [`read again ${reader.resyncs} times, ${most} at most for a reason`] : [];
      return [...reader.problems, ...wrong.slice(0, 3), ...misses, ...needless].map(
        (what) => `${reader.name}: ${what}`,
      );
    });
    expect(wrong).toEqual([]);
    const evidence = await readEvidence(postgres.url);
    const { pauses, limits } = writers;
    // A parent that is deleted says nothing any more.
    const dependencies = evidence.dependencies.filter(
      ({ parentId }) => !removed.has(parentId) && !expired.has(parentId),
    );
    expect(checkLog({ ...evidence, dependencies, pauses, acknowledged: [], returned: [] })).toEqual([]);
    expect(checkFlow({ ...evidence, phases: [limits], calm: null })).toEqual([]);
    expect(pauses.length).toBeGreaterThan(0);
    for (const { size } of [removed, expired]) expect(size).toBeGreaterThan(0);
    expect(evidence.dependencies.length).toBeGreaterThan(0);
    expect(servers.flatMap(({ crashes }) => crashes)).toEqual([]);
    expect(log.length).toBeGreaterThan(SECONDS * 5);
    expect(readers.length).toBe(ROOMS.length * KINDS.length + 4 + WATCHED_TASKS);
  },
  SECONDS * 1_000 + 2 * COMPLETE_WITHIN_MS + 120_000,
);

async function positionOf(url: string): Promise<string> {
  const client = createClient({ url, token: TOKEN });
  const { streamCursor } = await client.tasks(undefined, { first: 1 });
  await client.close();
  return streamCursor;
}

/** Tasks by way of the servers, whose own commits are published or die with them. */
async function submitUntil(
  until: number,
  urls: string[],
  { job, tasks }: Writers,
  random: () => number,
): Promise<void> {
  const clients = urls.map((url) => createClient({ url, token: TOKEN, logger: silentServerLogger as never }));
  await Promise.all(
    clients.map(async (client) => {
      while (Date.now() < until) {
        const room = ROOMS[Math.floor(random() * ROOMS.length)] as string;
        // Whether it was done when nobody answers is for the log to say.
        const recent = tasks.slice(-20)[Math.floor(random() * 20)];
        const dependsOn = recent && random() < 0.5 ? [toTypeId('task', recent)] : [];
        await client.submit({ room, job, payload: {}, dependsOn }).catch(() => sleep(100));
        await sleep(random() * 60);
      }
      await client.close();
    }),
  );
}

async function watchTask(
  { tasks }: Writers,
  n: number,
  read: (kind: (typeof KINDS)[number], scope: Scope) => Promise<void>,
  random: () => number,
): Promise<void> {
  const recent = tasks.slice(-40);
  const taskId = toTypeId('task', recent[Math.floor(random() * recent.length)] as string);
  await read(KINDS[n % KINDS.length] as (typeof KINDS)[number], { taskId });
}

/** One thing goes wrong. */
async function disaster(
  random: () => number,
  { servers, redis, readers }: { servers: Program[]; redis: Service; readers: Reader[] },
  count: Record<string, number>,
): Promise<void> {
  const pick = <T>(list: T[]) => list[Math.floor(random() * list.length)] as T;
  const choices: [string, number, () => Promise<unknown> | unknown][] = [
    ['reader cut', 12, () => pick(readers).cut()],
    ['reader stalled', 3, () => pick(readers).stall(500 + random() * 4_000)],
    ['server killed', 1, () => end(pick(servers), 'SIGKILL')],
    ['subscriptions dropped', 4, () => toRedis(redis, 'CLIENT', 'KILL', 'TYPE', 'pubsub')],
    ['publishers dropped', 2, () => toRedis(redis, 'CLIENT', 'KILL', 'TYPE', 'normal')],
    ['redis flushed', 1, () => toRedis(redis, 'FLUSHALL')],
    ['redis crashed', 1, () => redis.crash()],
    [
      'redis away',
      1,
      async () => {
        await redis.kill();
        await sleep(random() * 2_500);
        await redis.start();
      },
    ],
  ];
  const weighted = choices.flatMap(([name, weight, act]) =>
    Array.from({ length: weight }, () => ({ name, act })),
  );
  const { name, act } = pick(weighted);
  count[name] = (count[name] ?? 0) + 1;
  await act();
}

async function toRedis({ url }: Service, command: string, ...args: string[]): Promise<void> {
  const admin = new Redis(url, { retryStrategy: () => null });
  admin.on('error', () => {});
  await admin.call(command, ...args).catch(() => {}); // it may end itself with the others
  admin.disconnect();
}

function startServer(port: number, databaseUrl: string, redisUrl: string): ChildProcess {
  return spawn(process.execPath, [MAIN, 'serve'], {
    stdio: 'ignore',
    env: {
      ...process.env,
      PORT: String(port),
      DATABASE_URL: databaseUrl,
      REDIS_URL: redisUrl,
      SIGNALBOX_ADMIN_TOKEN: TOKEN,
      // The writers' worker sends no heartbeats: only writers change anything.
      SIGNALBOX_WORKER_TIMEOUT_SECONDS: '86400',
      LOG_LEVEL: 'silent',
    },
  });
}

/** The reader against what was written to its scope. */
function judge({ scope, received }: Reader, { log, removed, expired }: Written): Comparison {
  const inScope = log.filter((row) => isIn(scope, row));
  if (!('leaving' in scope)) return compare(received, { log: inScope, removed, expired });
  const status = new Map(log.map(({ taskId, to }) => [taskId, to]));
  const isRead = (taskId: string) => status.get(taskId) === scope.leaving;
  return compare(received, { log: inScope, removed, expired, isRead });
}

function isIn(scope: Scope, { room, from, to, taskId }: Written['log'][number]): boolean {
  if ('room' in scope) return room === scope.room;
  if ('all' in scope) return true;
  if ('leaving' in scope) return [from, to].includes(scope.leaving);
  return toTypeId('task', taskId) === scope.taskId;
}

/** A removal can be heard of once more where another server has not noted it yet. */
function mostResyncs({ scope }: Reader, { removals, trims }: Written): number {
  const own = 'room' in scope ? removals.filter((room) => room === scope.room) : removals;
  return trims + 2 * own.length;
}

/** Nothing goes wrong any more: what is still missing must come by itself. @returns how long that took, and for whom */
async function untilComplete(readers: Reader[], truth: Written): Promise<string> {
  const begun = Date.now();
  const isComplete = (reader: Reader) => judge(reader, truth).missing.length === 0;
  let left = readers;
  let last = 'nobody';
  while (left.length > 0 && Date.now() - begun < COMPLETE_WITHIN_MS) {
    await sleep(100);
    last = left[0]?.name ?? last;
    left = left.filter((reader) => !isComplete(reader));
  }
  return `${Date.now() - begun} ms (last: ${last})`;
}
