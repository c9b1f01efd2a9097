/** A PostgreSQL and a Redis of the chaos test's own, which can be killed and started again on their data and port. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chownSync, closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import pg from 'pg';
import { run } from '../../scripts/run.mjs';
import { findPostgres, findRedis, unprivilegedUser } from '../../scripts/services/programs.mjs';

/** A small disk of a service's own. */
export interface Disk {
  /** Leaves no space on it. */
  fill(): void;
  free(): void;
}

export interface Service {
  url: string;
  /** Where its data lies, when that is a disk of its own. */
  disk?: Disk | undefined;
  /** Kills it without warning. */
  kill(): Promise<void>;
  /** Starts it again on what it has kept. */
  start(): Promise<void>;
  /** Kills it, and starts it again. */
  crash(): Promise<void>;
  stop(): Promise<void>;
}

const READY_WITHIN_MS = 60_000;

/**
 * Undefined where there are no programs to start.
 * @param diskMegabytes puts tables, not the WAL, on a disk of this size; where nothing may be mounted there is none
 */
export async function startOwnPostgres(diskMegabytes?: number): Promise<Service | undefined> {
  const programs = await findPostgres();
  if (!programs) return undefined;
  const user = unprivilegedUser();
  const directory = mkdtempSync(join(tmpdir(), 'signalbox-chaos-postgres-'));
  const disk = diskMegabytes ? mountDisk(join(directory, 'disk'), diskMegabytes) : undefined;
  for (const place of [directory, ...(disk ? [disk.path] : [])])
    if (user) chownSync(place, user.uid, user.gid);
  const data = join(disk?.path ?? directory, 'data');
  const as = { ...user, cwd: directory, env: { ...process.env, LC_ALL: 'C' } };
  await run(
    'initdb',
    join(programs, 'initdb'),
    [
      '-D',
      data,
      `--waldir=${join(directory, 'wal')}`,
      '-U',
      'postgres',
      '-A',
      'trust',
      '-E',
      'UTF8',
      '--no-sync',
    ],
    as,
  );
  const port = await freePort();
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  // A crash of the server, not of the machine: what it has written is kept without fsync.
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    fsync: 'off',
    max_connections: 100,
  };
  const args = [
    '-D',
    data,
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
  const service = await startService(
    directory,
    url,
    'SIGQUIT',
    () => spawn(join(programs, 'postgres'), args, { ...as, stdio: 'ignore' }),
    async () => {
      const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
      client.on('error', () => {});
      try {
        await client.connect();
        await client.query('SELECT 1');
      } finally {
        await client.end().catch(() => {});
      }
    },
    () => disk?.unmount(),
  );
  return { ...service, disk };
}

/** A disk in memory; undefined where the system does not let us. */
function mountDisk(path: string, megabytes: number) {
  mkdirSync(path);
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', path]);
  if (status !== 0) return undefined;
  const ballast = join(path, 'ballast');
  return {
    path,
    fill() {
      const file = openSync(ballast, 'w');
      try {
        for (const size of [1_048_576, 4_096]) {
          const zeros = Buffer.alloc(size);
          try {
            while (writeSync(file, zeros) === size);
          } catch (error) {
            if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
          }
        }
      } finally {
        closeSync(file);
      }
    },
    free: () => rmSync(ballast, { force: true }),
    unmount: () => void spawnSync('umount', [path]),
  };
}

/** Undefined where there is no program to start. */
export async function startOwnRedis(settings: Record<string, string> = {}): Promise<Service | undefined> {
  const program = findRedis();
  if (!program) return undefined;
  const directory = mkdtempSync(join(tmpdir(), 'signalbox-chaos-redis-'));
  const port = await freePort();
  const all = {
    ...{ port: String(port), bind: '127.0.0.1', save: '', appendonly: 'no', dir: directory },
    ...settings,
  };
  const args = Object.entries(all).flatMap(([name, value]) => [`--${name}`, value]);
  return startService(
    directory,
    `redis://127.0.0.1:${port}`,
    'SIGKILL',
    () => spawn(program, args, { stdio: 'ignore' }),
    async () => {
      const client = new Redis(port, '127.0.0.1', { lazyConnect: true, retryStrategy: () => null });
      client.on('error', () => {});
      try {
        await client.connect();
      } finally {
        client.disconnect();
      }
    },
  );
}

export interface Cluster {
  /** The masters, in the order of their slots. */
  nodes: Service[];
  /** Resolves when every node knows every slot and is content. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

const SLOTS = 16_384;

/** A Redis Cluster of three masters; undefined where there is no program to start. */
export async function startOwnCluster(): Promise<Cluster | undefined> {
  const nodes: Service[] = [];
  const busPorts: number[] = [];
  for (let n = 0; n < 3; n++) {
    const busPort = await freePort();
    const node = await startOwnRedis({
      'cluster-enabled': 'yes',
      'cluster-port': String(busPort),
      'cluster-node-timeout': '2000',
    });
    if (!node) return undefined;
    nodes.push(node);
    busPorts.push(busPort);
  }
  const admins = nodes.map(({ url }) => new Redis(url));
  for (const [n, admin] of admins.entries()) {
    const [first, last] = [n, n + 1].map((part) => Math.floor((part * SLOTS) / nodes.length)) as [
      number,
      number,
    ];
    await admin.call('CLUSTER', 'SET-CONFIG-EPOCH', String(n + 1));
    await admin.call('CLUSTER', 'ADDSLOTSRANGE', String(first), String(last - 1));
    if (n > 0)
      await admins[0]?.call(
        'CLUSTER',
        'MEET',
        '127.0.0.1',
        new URL(nodes[n]?.url ?? '').port,
        String(busPorts[n]),
      );
  }
  for (const admin of admins) admin.disconnect();

  const cluster: Cluster = {
    nodes,
    async settled() {
      for (const { url } of nodes) await untilReady(() => expectWholeCluster(url, nodes.length));
    },
    async stop() {
      for (const node of nodes) await node.stop();
    },
  };
  await cluster.settled();
  return cluster;
}

async function expectWholeCluster(url: string, size: number): Promise<void> {
  const admin = new Redis(url, { lazyConnect: true, retryStrategy: () => null });
  admin.on('error', () => {});
  try {
    await admin.connect();
    const info = String(await admin.cluster('INFO'));
    const ok = /cluster_state:ok/.test(info) && info.includes(`cluster_size:${size}`);
    if (!ok || !info.includes('cluster_slots_ok:16384')) throw new Error(`The cluster is not whole: ${info}`);
  } finally {
    admin.disconnect();
  }
}

/** Starts a program and waits until it answers. The directory goes when it is stopped. */
export async function startService(
  directory: string,
  url: string,
  kill: NodeJS.Signals,
  start: () => ChildProcess,
  answers: () => Promise<void>,
  onStopped: () => void = () => {},
): Promise<Service> {
  let child = start();
  await untilReady(answers);
  const end = () =>
    new Promise<void>((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) return resolve();
      child.once('exit', () => resolve());
      child.kill(kill);
    });
  async function startAgain(): Promise<void> {
    child = start();
    await untilReady(answers);
  }

  return {
    url,
    kill: end,
    start: startAgain,
    async crash() {
      await end();
      await startAgain();
    },
    async stop() {
      await end();
      onStopped();
      rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Asks again and again until it answers: a service of others has no other signal. */
async function untilReady(answers: () => Promise<void>): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  for (;;) {
    try {
      await answers();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(50);
    }
  }
}

/** A port that nobody listens on in this moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
