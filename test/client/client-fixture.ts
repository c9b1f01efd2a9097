/** What the tests of the SDK run against: a server with a client of its administrator, and jobs to submit. */

import { graphql } from '../../src/client/generated/index.ts';
import { type Client, type ClientOptions, createClient } from '../../src/client/index.ts';
import { createWorker, type Worker, type WorkerOptions } from '../../src/client/worker/index.ts';
import { ADMIN_TOKEN, startApp } from '../support/app.ts';
import {
  availableDatabases,
  createTestDatabase,
  type DatabaseKind,
  testRedisUrl,
} from '../support/database.ts';

export interface ClientFixture {
  url: string;
  /** A client as the administrator, or as the options say. Closed with the fixture. */
  client(options?: Partial<ClientOptions>): Client;
  /** A worker as the administrator that says nothing and has not been started. Stopped with the fixture. */
  worker(options?: Partial<WorkerOptions>): Worker;
  /** Closed with the fixture. */
  own<T extends { close(): Promise<unknown> }>(thing: T): T;
  close(): Promise<void>;
}

/** PGlite with changes in process, and PostgreSQL with changes over Redis, as far as this run has them. */
export const scenes: [string, DatabaseKind][] = availableDatabases().map((kind) => [
  kind === 'pglite' ? 'PGlite' : `PostgreSQL${testRedisUrl() ? ' and Redis' : ''}`,
  kind,
]);

export async function openClientFixture(kind: DatabaseKind): Promise<ClientFixture> {
  const database = await createTestDatabase(kind);
  const app = await startApp(
    kind === 'pglite' ? { database: database.db } : { databaseUrl: database.url, redisUrl: testRedisUrl() },
  );
  const closing: (() => Promise<unknown>)[] = [
    async () => {
      await app.stop();
      if (kind === 'postgres') await database.close();
    },
  ];
  return {
    url: app.url,
    client(options = {}) {
      const client = createClient({ url: app.url, token: ADMIN_TOKEN, ...options });
      closing.push(client.close);
      return client;
    },
    worker(options = {}) {
      const worker = createWorker({
        url: app.url,
        token: ADMIN_TOKEN,
        name: 'test',
        logger: quiet,
        ...options,
      });
      closing.push(async () => {
        const stopping = worker.stop();
        // The second call cuts the grace period short: a handler that a failed test left behind is not waited for.
        await Promise.all([stopping, worker.stop()]);
      });
      return worker;
    },
    own(thing) {
      closing.push(() => thing.close());
      return thing;
    },
    async close() {
      for (const close of closing.reverse()) await close();
    },
  };
}

const nothing = () => {};
export const quiet = { debug: nothing, info: nothing, warn: nothing, error: nothing };

const DefineJob = graphql(`
  mutation DefineTestJob($input: RegisterJobInput!) {
    registerJob(input: $input) {
      __typename
      ... on RegisterJobSuccess {
        job {
          fullName
        }
      }
    }
  }
`);

/** Defines a job that nobody serves, and returns its full name. */
export async function defineJob(client: Client, name: string, payloadSchema?: unknown): Promise<string> {
  const { registerJob } = await client.request(DefineJob, {
    input: { room: 'lab', category: 'general', name, payloadSchema },
  });
  if (registerJob.__typename !== 'RegisterJobSuccess') throw new Error(registerJob.__typename);
  return registerJob.job.fullName;
}

/** A promise to be settled from outside: how tests and handlers wait for one another. */
export function gate<T = void>(): { promise: Promise<T>; open: (value: T) => void } {
  let open: (value: T) => void = nothing;
  const promise = new Promise<T>((resolve) => {
    open = resolve;
  });
  return { promise, open };
}
