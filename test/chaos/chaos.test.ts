/**
 * Chaos: servers and workers are killed, PostgreSQL and Redis crash and come back, connections are terminated, the disk
 * fills up and all connections are kept busy, while tasks are submitted. At the end every acknowledged submission has
 * reached one end, the log holds nothing that cannot have happened, nothing that a handler has returned was thrown away,
 * and no server has ended by itself.
 *
 * SIGNALBOX_CHAOS_SECONDS sets how long it goes on (default 25), SIGNALBOX_CHAOS_SEED what happens when.
 */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, expect, it } from 'vitest';
import { type Client, createClient } from '../../src/client/index.ts';
import { fromTypeId } from '../../src/domain/typeid.ts';
import { silentLogger } from '../../src/events/logger.ts';
import { type Attempt, checkLog, type FinalTask, type LogEntry } from './checker.ts';
import { end, endAll, keep, type Program, untilLive } from './programs.ts';
import { randomFrom } from './random.ts';
import { type Disk, freePort, type Service, startOwnPostgres, startOwnRedis } from './services.ts';

const SECONDS = Number(process.env['SIGNALBOX_CHAOS_SECONDS'] ?? 25);
const SEED = Number(process.env['SIGNALBOX_CHAOS_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const CALM_WITHIN_MS = 120_000;
const TOKEN = 'chaos-admin-token-0123456789';
/** The longest outage of the database. */
const OUTAGE_SECONDS = 30;
const DISK_MEGABYTES = 512;
const SERVERS = 2;
const WORKERS = 3;

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

    const random = randomFrom(SEED);
    const until = Date.now() + SECONDS * 1_000;
    const acknowledged = new Set<string>();
    const submitting = urls.map((url) => submitUntil(until, url, acknowledged, random));
    const disasters: Record<string, number> = {};
    while (Date.now() < until) {
      await sleep(200 + random() * 800);
      await disaster(random, { servers, workers, postgres, redis }, disasters);
    }
    await Promise.all(submitting);

    await untilCalm(postgres.url);
    const evidence = { ...(await readEvidence(postgres.url)), returned: readReturned(returned) };
    console.log(
      `chaos: ${acknowledged.size} submissions acknowledged, ${evidence.log.length} transitions,`,
      disasters,
    );
    expect(checkLog({ ...evidence, acknowledged: [...acknowledged] })).toEqual([]);
    expect(evidence.returned.length).toBeGreaterThan(SECONDS);
    expect([...servers, ...workers].flatMap(({ crashes }) => crashes)).toEqual([]);
    expect(acknowledged.size).toBeGreaterThan(SECONDS * 10);
  },
  SECONDS * 1_000 + CALM_WITHIN_MS + 120_000,
);

/** Submits batches, each again and again under the same idempotency keys until it has been answered. */
async function submitUntil(
  until: number,
  url: string,
  acknowledged: Set<string>,
  random: () => number,
): Promise<void> {
  const client = createClient({ url, token: TOKEN, logger: silentLogger as never });
  clients.push(client);
  for (let batch = 0; Date.now() < until; batch++) {
    const inputs = Array.from({ length: 20 }, (_, n) => ({
      room: `room-${n % 3}`,
      job: '@global:general:chaos',
      payload: { n, fails: (['never', 'sometimes', 'always'] as const)[Math.floor(random() ** 3 * 3)] },
      priority: Math.floor(random() * 3),
      idempotencyKey: `${url} ${batch} ${n}`,
    }));
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

/** One thing goes wrong. Cancels and retries by operators belong to the noise. */
async function disaster(
  random: () => number,
  {
    servers,
    workers,
    postgres,
    redis,
  }: { servers: Program[]; workers: Program[]; postgres: Service; redis: Service },
  count: Record<string, number>,
): Promise<void> {
  const pick = <T>(list: T[]) => list[Math.floor(random() * list.length)] as T;
  const choices: [string, number, () => Promise<void> | void][] = [
    ['worker killed', 5, () => end(pick(workers), 'SIGKILL')],
    ['worker stopped', 2, () => end(pick(workers), 'SIGTERM')],
    ['server killed', 3, () => end(pick(servers), 'SIGKILL')],
    ['redis crashed', 2, () => redis.crash()],
    ['postgres crashed', 1, () => postgres.crash()],
    ['postgres away', 1, () => away(postgres, 1_000 * OUTAGE_SECONDS ** random())],
    ['connections terminated', 5, () => terminateConnections(postgres.url)],
    ['connections busy', 1, () => keepBusy(postgres.url, 1_000 + 6_000 * random())],
    ...(postgres.disk ? [diskFull(postgres.disk, 500 + 2_500 * random())] : []),
    ['task cancelled', 4, () => actOnOne('PENDING', (client, id) => client.cancel(id))],
    ['dead letter retried', 3, () => actOnOne('FAILED', (client, id) => client.retry(id))],
  ];
  const weighted = choices.flatMap(([name, weight, act]) =>
    Array.from({ length: weight }, () => ({ name, act })),
  );
  const { name, act } = pick(weighted);
  count[name] = (count[name] ?? 0) + 1;
  await act();
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
  await client.connect();
  try {
    await client.query('BEGIN');
    await client.query('LOCK TABLE task IN ACCESS EXCLUSIVE MODE');
    await sleep(milliseconds);
  } finally {
    await client.end();
  }
}

function diskFull(disk: Disk, milliseconds: number): [string, number, () => Promise<void>] {
  return [
    'disk full',
    2,
    async () => {
      disk.fill();
      await sleep(milliseconds);
      disk.free();
    },
  ];
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

function readReturned(file: string): Attempt[] {
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => {
    const [id = '', attempt] = line.split(' ');
    return { taskId: fromTypeId('task', id) as string, attempt: Number(attempt) };
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

async function readEvidence(databaseUrl: string): Promise<{ log: LogEntry[]; tasks: FinalTask[] }> {
  const log = await query<LogEntry>(
    databaseUrl,
    `SELECT task_id AS "taskId", version, from_status AS "from", to_status AS "to", reason, attempt,
      worker_id AS "workerId" FROM task_transition`,
  );
  const tasks = await query<FinalTask>(
    databaseUrl,
    'SELECT id, status, version, attempt, failures, max_attempts AS "maxAttempts" FROM task',
  );
  return { log, tasks };
}

async function query<Row extends object>(url: string, text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}
