/** A whole server in memory, for tests of one's own handlers and of what submits to them; and handlers without a server. */
import { pino } from 'pino';
import { buildApp } from '../app/app.ts';
import { type Client, type ClientOptions, createClient } from '../client/index.ts';
import { createWorker, type Worker, type WorkerOptions } from '../client/worker/index.ts';
import { IN_MEMORY, readConfig } from '../config.ts';
import { createClock, type Inside } from './clock.ts';

export { type RunTaskOptions, runTask, type TaskRun } from '../client/worker/run-task.ts';

/** A server of a test's own. */
export interface TestServer {
  /** http://127.0.0.1:port */
  readonly url: string;
  /** The token of the administrator. */
  readonly token: string;
  /** A client as the administrator, or as the options say; closed with the server. */
  client(options?: Partial<ClientOptions>): Client;
  /** A worker that has not been started; stopped with the server. */
  worker(options?: Partial<WorkerOptions>): Worker;
  /**
   * Resolves when every task that there is has ended, those that are submitted meanwhile among them. Waits for delayed ones
   * and for retries, too: see {@link TestServer.advance}.
   */
  drain(): Promise<void>;
  /**
   * Moves the clock on by so many seconds: delayed tasks, retries in their back-off, timeouts of attempts and ticks of schedules that
   * would be due within them are due now; all others are so much nearer. Resolves with how many these are. Ticks come one
   * after the other, without waiting for the task of the one before: by the policy SKIP it may be left out, so move to one tick at a time where
   * each is to run. Schedules are made before the clock is moved: they are read by the clock of the database.
   */
  advance(seconds: number): Promise<number>;
  /** Stops workers, clients and the server; its data is gone. */
  stop(): Promise<void>;
}

/** Settings of a test server, by their names in the environment: `{ SIGNALBOX_CATEGORIES: 'import,export' }`. */
export type TestServerSettings = Record<string, string>;

const TOKEN = 'token-of-the-test-server';
const UNFINISHED = ['WAITING', 'PENDING', 'CLAIMED', 'RUNNING'] as const;

/** Starts a server in this process, on a free port of this machine, that keeps everything in memory. */
export async function startTestServer(settings: TestServerSettings = {}): Promise<TestServer> {
  const config = readConfig({
    PORT: '0',
    SIGNALBOX_ADMIN_TOKEN: TOKEN,
    SIGNALBOX_DATA_DIR: IN_MEMORY,
    ...settings,
  });
  let inside: Inside | undefined;
  const app = buildApp(config, {
    logger: pino({ enabled: false }),
    onOpen(storage) {
      inside = storage;
    },
  });
  const { url, adminToken: token } = await app.start();
  const closing: (() => Promise<unknown>)[] = [() => app.stop()];

  function client(options: Partial<ClientOptions> = {}): Client {
    const made = createClient({ url, token, ...options });
    closing.push(made.close);
    return made;
  }

  const own = client();
  return {
    url,
    token,
    client,
    worker(options = {}) {
      const worker = createWorker({ url, token, name: 'test', logger: false, ...options });
      closing.push(worker.stop);
      return worker;
    },
    drain: () => drain(own),
    advance: createClock(own, inside as Inside).advance,
    async stop() {
      for (const close of closing.reverse()) await close();
    },
  };
}

async function drain(client: Client): Promise<void> {
  for (;;) {
    const { tasks } = await client.tasks(undefined, { statuses: [...UNFINISHED], first: 100 });
    if (tasks.length === 0) return;
    await Promise.all(tasks.map(({ id }) => untilEnd(client, id)));
  }
}

async function untilEnd(client: Client, taskId: string): Promise<void> {
  for await (const _event of client.watch(taskId));
}
