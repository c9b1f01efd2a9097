/**
 * Chaos: servers and workers are killed, PostgreSQL and Redis crash and come back, connections are terminated, the disk
 * fills up and all connections are kept busy, while tasks are submitted. At the end every acknowledged submission has
 * reached one end, the log holds nothing that cannot have happened, no limit was exceeded and no slot lost, no scope of a fair
 * job was passed by, no key had two tasks at once, every debounced submission was in one run, nothing that a handler has
 * returned was thrown away, no server has ended by itself, and what is submitted then waits for nothing.
 *
 * SIGNALBOX_CHAOS_SECONDS sets how long it goes on (default 25), SIGNALBOX_CHAOS_SEED what happens when.
 */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { SignJWT } from 'jose';
import pg from 'pg';
import { afterAll, expect, it } from 'vitest';
import { type Client, createClient, type TaskSubmission } from '../../src/client/index.ts';
import { fromTypeId } from '../../src/domain/typeid.ts';
import { silentServerLogger } from '../../src/events/logger.ts';
import { checkLog } from './checker.ts';
import { readEvidence } from './evidence.ts';
import { BY_ROOM, submitByRooms, submitFairly } from './fair-work.ts';
import { checkFlow } from './flow-checker.ts';
import { type Burst, checkKeys, type Run } from './keys-checker.ts';
import { JOB, KEY_LIMIT, LIMITS, Operators } from './operators.ts';
import { end, endAll, keep, type Program, untilLive } from './programs.ts';
import { randomFrom } from './random.ts';
import { type Disk, freePort, type Service, startOwnPostgres, startOwnRedis } from './services.ts';
import { query } from './sql.ts';
import { checkTurns } from './turns-checker.ts';

const SECONDS = Number(process.env['SIGNALBOX_CHAOS_SECONDS'] ?? 25);
const SEED = Number(process.env['SIGNALBOX_CHAOS_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const CALM_WITHIN_MS = 120_000;
const TOKEN = 'chaos-admin-token-0123456789';
const JWT_SECRET = 'chaos-jwt-secret-of-32-bytes-at-least';
/** Who submits, each by a server of its own. */
const CREATORS = ['ann', 'bob'];
/** The longest outage of the database. */
const OUTAGE_SECONDS = 30;
const DISK_MEGABYTES = 512;
const ROOMS = ['room-0', 'room-1', 'room-2'];
const SERVERS = 2;
const WORKERS = 3;
const CONCURRENCY = 8;
/** How long a task may wait that could run, while nothing goes wrong: a beat, on a machine that is busy. */
const BEAT_MS = 3_000;
/** Transactions in a row that may hide a task from other claims: one sorts it in, and one has locked it and is killed. */
const HIDDEN = 2;

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const services: Service[] = [];
const clients: Client[] = [];

afterAll(async () => {
  for (const client of clients) client.close();
  endAll();
  for (const service of services) await service.stop();
});

it(
  `keeps every promise while everything is killed (seed ${SEED})`,
  async () => {
    const postgres = await startOwnPostgres(DISK_MEGABYTES);
    const redis = await startOwnRedis();
    if (!postgres || !redis) throw new Error('The chaos test needs the programs of PostgreSQL and Redis.');
    services.push(postgres, redis);

    const ports = await Promise.all(Array.from({ length: SERVERS }, freePort));
    const servers = ports.map((port) => keep(() => startServer(port, postgres.url, redis.url)));
    const urls = ports.map((port) => `http://127.0.0.1:${port}`);
    for (const url of urls) await untilLive(url);
    const returned = join(mkdtempSync(join(tmpdir(), 'signalbox-chaos-')), 'returned');
    writeFileSync(returned, '');
    const workers = Array.from({ length: WORKERS }, (_, n) =>
      keep(() => startWorker(urls[n % SERVERS] as string, `worker-${n}`, returned)),
    );
    await Promise.all(workers.map(({ child }) => new Promise((resolve) => child.once('message', resolve))));

    const operators = new Operators({ token: TOKEN, databaseUrl: postgres.url });
    await operators.begin(urls[0] as string);

    const until = Date.now() + SECONDS * 1_000;
    const acknowledged = new Set<string>();
    const over = new AbortController();
    const exceeded = watchLimit(over.signal, postgres.url);
    const bursts: Burst[] = [];
    for (const [n, url] of urls.entries()) clients.push(await clientOf(url, CREATORS[n] as string));
    const submitting = clients.flatMap((client, n) => {
      const random = randomFrom(SEED + 1 + n);
      const common = { client, name: CREATORS[n] as string, over: over.signal, random, acknowledged };
      return [submitUntil(common), submitFairly({ ...common, rooms: ROOMS, bursts })];
    });
    const disasters: Record<string, number> = {};
    // What happens, and in which order, is the seed's alone: nobody else takes numbers of it.
    const random = randomFrom(SEED);
    const faults = faultsOf(random, { servers, workers, postgres, redis, urls, operators });
    for (const { name, act } of dealt(random, faults)) {
      if (Date.now() > until && Object.keys(disasters).length === faults.length) break;
      await sleep(200 + random() * 800);
      disasters[name] = (disasters[name] ?? 0) + 1;
      await act();
    }
    over.abort();
    await Promise.all([...submitting, operators.end()]);
    const { looks, beyond } = await exceeded;

    await untilCalm(postgres.url);
    await untilAllWork(postgres.url);
    const calmFrom = Date.now();
    await submitCalmly(urls, acknowledged);
    await untilCalm(postgres.url);
    await operators.takeTurns(BY_ROOM, urls[0] as string);
    await submitByRooms(clients[0] as Client, acknowledged);
    await untilCalm(postgres.url);
    const calm = {
      from: calmFrom,
      to: Date.now(),
      limits: LIMITS,
      capacity: WORKERS * CONCURRENCY,
      beatMs: BEAT_MS,
    };
    await operators.close();
    const evidence = { ...(await readEvidence(postgres.url)), returned: readReturned(returned) };
    console.log(
      `chaos: ${acknowledged.size} submissions acknowledged, ${evidence.log.length} transitions,`,
      disasters,
    );
    const { pauses, phases, turns } = operators;
    expect(checkLog({ ...evidence, pauses, acknowledged: [...acknowledged] })).toEqual([]);
    expect(checkFlow({ ...evidence, phases, calm })).toEqual([]);
    expect(checkTurns({ ...evidence, phases: turns, claimants: WORKERS, hidden: HIDDEN })).toEqual([]);
    expect(checkKeys({ ...evidence, runs: evidence.returned, bursts })).toEqual([]);
    expect(bursts.length).toBeGreaterThan(SECONDS / 5);
    expect(phases.length).toBeGreaterThan(2);
    expect(pauses.length).toBeGreaterThan(0);
    expect(beyond).toEqual([]);
    expect(looks).toBeGreaterThan(SECONDS);
    expect(await query(postgres.url, 'SELECT name, key, running FROM task_gate WHERE running > 0')).toEqual(
      [],
    );
    expect(evidence.dependencies.length).toBeGreaterThan(SECONDS);
    expect(evidence.returned.length).toBeGreaterThan(SECONDS);
    expect([...servers, ...workers].flatMap(({ crashes }) => crashes)).toEqual([]);
    // As a sweep that has found a slot which nobody holds.
    expect(servers.flatMap(({ bugs }) => bugs)).toEqual([]);
    expect(acknowledged.size).toBeGreaterThan(SECONDS * 10);
  },
  SECONDS * 1_000 + CALM_WITHIN_MS + 180_000,
);

/** Looks again and again how many of a key run at one moment: it has a limit that nobody changes. */
async function watchLimit(over: AbortSignal, url: string): Promise<{ looks: number; beyond: object[] }> {
  const beyond: object[] = [];
  let looks = 0;
  while (!over.aborted) {
    try {
      const rows = await query(
        url,
        `SELECT limit_key, count(*) FROM task WHERE status IN ('CLAIMED', 'RUNNING') AND limit_key IS NOT NULL
        GROUP BY limit_key HAVING count(*) > ${KEY_LIMIT}`,
      );
      beyond.push(...rows);
      looks++;
    } catch {
      // The database is away at the moment.
    }
    await sleep(50);
  }
  return { looks, beyond };
}

interface Submitting {
  client: Client;
  name: string;
  over: AbortSignal;
  acknowledged: Set<string>;
  random: () => number;
}

async function clientOf(url: string, creator: string): Promise<Client> {
  const token = await new SignJWT({ role: 'ADMIN', rooms: [] })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(creator)
    .setExpirationTime('1d')
    .sign(new TextEncoder().encode(JWT_SECRET));
  return createClient({ url, token, logger: silentServerLogger as never });
}

/** Submits batches, each again and again under the same idempotency keys until it has been answered. */
async function submitUntil({ client, name, over, acknowledged, random }: Submitting): Promise<void> {
  for (let batch = 0; !over.aborted; batch++) {
    const inputs = Array.from({ length: 20 }, (_, n) => inputOf(n, `${name} ${batch}`, random));
    for (;;) {
      try {
        const results = await client.submitMany(inputs);
        for (const result of results)
          if ('id' in result) acknowledged.add(fromTypeId('task', result.id) as string);
        break;
      } catch {
        await sleep(100);
      }
    }
    await sleep(random() * 50);
  }
}

function inputOf(n: number, batch: string, random: () => number): TaskSubmission {
  const fails = (['never', 'sometimes', 'always'] as const)[Math.floor(random() ** 3 * 3)];
  return {
    room: ROOMS[n % ROOMS.length] as string,
    job: JOB,
    payload: { n, fails, rated: n === 3 ? 'x' : null },
    priority: Math.floor(random() * 3),
    limitKey: n % 4 === 0 ? `key-${n % 3}` : null,
    idempotencyKey: `${batch} ${n}`,
    ref: String(n),
    dependsOn: DEPENDENCIES[n],
  };
}

/** What nothing stands in the way of. */
async function submitCalmly(urls: readonly string[], acknowledged: Set<string>): Promise<void> {
  const random = randomFrom(SEED);
  for (const [n, client] of clients.entries()) {
    for (let batch = 0; batch < 8; batch++) {
      const inputs = Array.from({ length: 20 }, (_, place) =>
        inputOf(place, `calm ${urls[n]} ${batch}`, random),
      );
      for (const result of await client.submitMany(inputs)) {
        if (!('id' in result)) throw result;
        acknowledged.add(fromTypeId('task', result.id) as string);
      }
    }
  }
}

/** Resolves when all workers are there. */
async function untilAllWork(databaseUrl: string): Promise<void> {
  const deadline = Date.now() + CALM_WITHIN_MS;
  for (;;) {
    const [row] = await query<{ alive: number }>(
      databaseUrl,
      "SELECT count(*)::int AS alive FROM worker WHERE last_heartbeat_at > now() - interval '2 seconds'",
    );
    if (row?.alive === WORKERS) return;
    if (Date.now() > deadline) throw new Error(`${row?.alive} workers are there`);
    await sleep(250);
  }
}

/** Of the items of a batch: some follow the one before, whatever its end or only a good one, and one joins two of them. */
const DEPENDENCIES: Record<number, TaskSubmission['dependsOn']> = {
  5: [{ ref: '4', onFailure: 'RUN' }],
  6: [{ ref: '5' }],
  19: [{ ref: '4' }, { ref: '6', onFailure: 'RUN' }],
};

interface Fault {
  name: string;
  /** How often it happens, beside the others. */
  weight: number;
  act(): Promise<void> | void;
}

interface World {
  servers: Program[];
  workers: Program[];
  postgres: Service;
  redis: Service;
  urls: string[];
  operators: Operators;
}

/** What can go wrong. Cancels, retries, pauses and changes of limits by operators belong to the noise. */
function faultsOf(
  random: () => number,
  { servers, workers, postgres, redis, urls, operators }: World,
): Fault[] {
  const pick = <T>(list: T[]) => list[Math.floor(random() * list.length)] as T;
  const { disk } = postgres;
  const faults: Fault[] = [
    { name: 'worker killed', weight: 5, act: () => end(pick(workers), 'SIGKILL') },
    { name: 'worker stopped', weight: 2, act: () => end(pick(workers), 'SIGTERM') },
    { name: 'server killed', weight: 3, act: () => end(pick(servers), 'SIGKILL') },
    { name: 'redis crashed', weight: 2, act: () => redis.crash() },
    { name: 'postgres crashed', weight: 1, act: () => postgres.crash() },
    { name: 'postgres away', weight: 1, act: () => away(postgres, 1_000 * OUTAGE_SECONDS ** random()) },
    { name: 'connections terminated', weight: 5, act: () => terminateConnections(postgres.url) },
    { name: 'connections busy', weight: 1, act: () => keepBusy(postgres.url, 1_000 + 6_000 * random()) },
    { name: 'task cancelled', weight: 4, act: () => actOnOne('PENDING', (client, id) => client.cancel(id)) },
    {
      name: 'dead letter retried',
      weight: 3,
      act: () => actOnOne('FAILED', (client, id) => client.retry(id)),
    },
    {
      name: 'job paused',
      weight: 2,
      act: () => operators.pause(500 + 1_500 * random(), random() < 0.5 ? null : pick(ROOMS), pick(urls)),
    },
    {
      name: 'limits changed',
      weight: 3,
      act: () => operators.change(300 + 2_000 * random(), Math.floor(random() * 100), pick(urls)),
    },
  ];
  if (disk) faults.push({ name: 'disk full', weight: 2, act: () => fullFor(disk, 500 + 2_500 * random()) });
  return faults;
}

/** Deals faults: first each once, so that none is left out of a short run, then each by its weight. */
function* dealt(random: () => number, faults: Fault[]): Generator<Fault, never> {
  yield* shuffled(random, faults);
  for (;;)
    yield* shuffled(
      random,
      faults.flatMap((fault) => Array<Fault>(fault.weight).fill(fault)),
    );
}

function shuffled<T>(random: () => number, list: readonly T[]): T[] {
  const drawn = list.map((item) => ({ item, at: random() }));
  return drawn.sort((a, b) => a.at - b.at).map(({ item }) => item);
}

async function away(service: Service, milliseconds: number): Promise<void> {
  await service.kill();
  await sleep(milliseconds);
  await service.start();
}

/** As a failover does. Where PostgreSQL is away there are none. */
async function terminateConnections(url: string): Promise<void> {
  await query(
    url,
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname IS NOT NULL',
  );
}

/** Everything that a server asks of the database about tasks waits, until it has no connection left. */
async function keepBusy(url: string, milliseconds: number): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  // Another fault may end it meanwhile.
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query('BEGIN');
    await client.query('LOCK TABLE task IN ACCESS EXCLUSIVE MODE');
    await sleep(milliseconds);
  } finally {
    await client.end().catch(() => {});
  }
}

async function fullFor(disk: Disk, milliseconds: number): Promise<void> {
  disk.fill();
  await sleep(milliseconds);
  disk.free();
}

async function actOnOne(
  status: 'PENDING' | 'FAILED',
  act: (client: Client, id: string) => Promise<unknown>,
): Promise<void> {
  const [client] = clients;
  if (!client) return;
  try {
    const page = await client.tasks(undefined, { statuses: [status], first: 1 });
    const [task] = page.tasks;
    if (task) await act(client, task.id);
  } catch {
    // The server is down, or the task has gone on: both belong to the day.
  }
}

function startServer(port: number, databaseUrl: string, redisUrl: string): ChildProcess {
  return spawn(process.execPath, ['--import', 'tsx', `${ROOT}src/main.ts`, 'serve'], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      PORT: String(port),
      DATABASE_URL: databaseUrl,
      REDIS_URL: redisUrl,
      SIGNALBOX_ADMIN_TOKEN: TOKEN,
      SIGNALBOX_JWT_SECRET: JWT_SECRET,
      SIGNALBOX_WORKER_TIMEOUT_SECONDS: '3',
      SIGNALBOX_SWEEP_INTERVAL_SECONDS: '1',
      // Few, so that they can all be busy.
      SIGNALBOX_DATABASE_CONNECTIONS: '4',
      LOG_LEVEL: 'info',
    },
  });
}

function startWorker(url: string, name: string, returned: string): ChildProcess {
  return fork(fileURLToPath(new URL('./worker.ts', import.meta.url)), [url, TOKEN, name, returned], {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
}

function readReturned(file: string): Run[] {
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => {
    const [id = '', attempt, n] = line.split(' ');
    return { taskId: fromTypeId('task', id) as string, attempt: Number(attempt), n: Number(n) };
  });
}

/** Nothing more is going wrong: everything must come to its end by itself. */
async function untilCalm(databaseUrl: string): Promise<void> {
  const deadline = Date.now() + CALM_WITHIN_MS;
  for (;;) {
    const [row] = await query<{ left: number }>(
      databaseUrl,
      'SELECT count(*)::int AS left FROM task WHERE finished_at IS NULL',
    );
    if (row?.left === 0) return;
    if (Date.now() > deadline) throw new Error(`${row?.left} tasks have not come to an end`);
    await sleep(250);
  }
}
