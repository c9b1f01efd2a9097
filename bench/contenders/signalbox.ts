/** Signalbox: servers of their own, as `npm start` runs them, and the SDK (or lean requests) in this process. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { createClient, ProblemError } from '../../dist/client/index.js';
import { createWorker, type Worker } from '../../dist/client/worker/index.js';
import { openHttpLoad } from '../load/http.ts';
import type { Contender, Place } from './contender.ts';
import { PAYLOAD_JSON_SCHEMA, payloadOf, payloadSchema } from './payload.ts';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const TOKEN = 'bench-admin-token-0123456789';
const ROOM = 'bench';
const JOB = '@global:general:bench';
const IN_FLIGHT = 50;

export interface SignalboxOptions {
  /** What carries submissions: lean POST requests, or the SDK over one socket. */
  over: 'http' | 'socket';
  servers?: number;
  /** Tasks that the worker runs at once. */
  concurrency?: number;
}

const SUBMIT = `mutation ($input: SubmitTaskInput!) { submitTask(input: $input) {
  __typename ... on SubmitTaskSuccess { task { id status } cursor } ... on Problem { detail } } }`;
const SUBMIT_MANY = `mutation ($inputs: [SubmitTaskInput!]!) { submitTasks(inputs: $inputs) {
  __typename ... on SubmitTasksSuccess { results {
    __typename ... on SubmitTaskSuccess { task { id } cursor } ... on Problem { detail } } }
  ... on Problem { detail } } }`;
const REGISTER = `mutation ($input: RegisterJobInput!) { registerJob(input: $input) { __typename } }`;

export async function signalbox(place: Place, options: SignalboxOptions): Promise<Contender> {
  const { over, servers: count = 1, concurrency = 1_000 } = options;
  const servers = await startServers(place, count);
  const urls = servers.map(({ url }) => url);
  const clients = urls.map((url) => createClient({ url, token: TOKEN, transport: 'socket' }));
  const lean = await Promise.all(urls.map((url) => openHttpLoad(url, TOKEN, Math.ceil(IN_FLIGHT / count))));
  const workers: Worker[] = [];
  const pool = new pg.Pool({ connectionString: place.databaseUrl, max: 1 });
  const numbers = new Map<string, number>();
  let watched = false;
  const turn = <T>(all: readonly T[], n: number) => all[n % all.length] as T;

  await clients[0]?.request(
    { toString: () => REGISTER },
    {
      input: {
        category: 'general',
        name: 'bench',
        payloadSchema: PAYLOAD_JSON_SCHEMA,
      },
    },
  );

  const inputOf = (n: number) => ({ room: ROOM, job: JOB, payload: payloadOf(n) });

  return {
    processes: servers.map(({ process: { pid } }) => ({ name: 'server', pid: pid as number })),
    async submit(n) {
      if (over === 'socket') {
        const { id } = await turn(clients, n).submit(inputOf(n));
        if (watched) numbers.set(id, n);
        return;
      }
      const body = await turn(lean, n).post(
        JSON.stringify({ query: SUBMIT, variables: { input: inputOf(n) } }),
      );
      expectSuccess(body);
    },
    async submitMany(first, length) {
      const inputs = Array.from({ length }, (_, i) => inputOf(first + i));
      if (over === 'http') {
        const body = await turn(lean, first).post(
          JSON.stringify({ query: SUBMIT_MANY, variables: { inputs } }),
        );
        return expectSuccess(body);
      }
      const results = await turn(clients, first / length).submitMany(inputs);
      for (const result of results) if (result instanceof ProblemError) throw result;
    },
    async work(onStart) {
      for (const url of urls) {
        const worker = createWorker({
          url,
          token: TOKEN,
          name: 'bench',
          concurrency,
          logger: { debug() {}, info() {}, warn: console.error, error: console.error },
        });
        worker.job({
          category: 'general',
          name: 'bench',
          payload: payloadSchema,
          handler: ({ payload }) => onStart(payload.n),
        });
        workers.push(worker);
        await worker.start();
      }
    },
    async unfinished() {
      const { rows } = await pool.query(
        `SELECT count(*)::int AS n FROM task WHERE room = $1 AND status IN ('PENDING', 'CLAIMED', 'RUNNING')`,
        [ROOM],
      );
      return rows[0].n;
    },
    async watch(onCompleted) {
      watched = true;
      const events = clients[0]?.watchRoom(ROOM);
      void (async () => {
        for await (const event of events ?? []) {
          if (event.kind !== 'transition' || event.transition.to !== 'COMPLETED') continue;
          onCompleted(numbers.get(event.task.id) ?? -1);
          numbers.delete(event.task.id);
        }
      })().catch(() => {});
      // The stream has begun when the server answers what comes after it on the same socket.
      await clients[0]?.jobs(ROOM);
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.stop()));
      for (const one of lean) one.close();
      await Promise.all(clients.map((client) => client.close()));
      await pool.end();
      await Promise.all(servers.map((server) => server.stop()));
    },
  };
}

function expectSuccess(body: string): void {
  if (!body.includes('Success"') || body.includes('"detail"')) throw new Error(body.slice(0, 500));
}

interface RunningServer {
  process: ChildProcess;
  url: string;
  stop(): Promise<void>;
}

async function startServers(place: Place, count: number): Promise<RunningServer[]> {
  const servers: RunningServer[] = [];
  // One after the other: the first one migrates.
  for (let n = 0; n < count; n++) servers.push(await startServer(place));
  return servers;
}

async function startServer({ databaseUrl, redisUrl }: Place): Promise<RunningServer> {
  const profile = process.env.BENCH_PROFILE;
  const child = spawn(
    process.execPath,
    [...(profile ? ['--cpu-prof', `--cpu-prof-dir=${profile}`, '--cpu-prof-interval=400'] : []), MAIN],
    {
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
      env: {
        PATH: process.env.PATH,
        NODE_ENV: 'production',
        PORT: '0',
        DATABASE_URL: databaseUrl,
        REDIS_URL: process.env.BENCH_NO_REDIS ? '' : redisUrl,
        SIGNALBOX_ADMIN_TOKEN: TOKEN,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  // It must not outlive a measurement that is broken off.
  process.once('exit', () => child.kill('SIGKILL'));
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = await new Promise<string>((resolve, reject) => {
    void exited.then(() => reject(new Error('A server did not start.')));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const { url: address, level, msg, err } = JSON.parse(line);
      if (address) resolve(address);
      else if (level >= 40) console.error(msg, err?.stack ?? '');
    });
  });
  return {
    process: child,
    url,
    async stop() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}
