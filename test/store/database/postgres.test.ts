import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { DatabaseUnavailable } from '../../../src/store/database/database.ts';
import { openPostgres } from '../../../src/store/database/postgres.ts';
import { availableDatabases, createTestDatabase, type TestDatabase } from '../../support/database.ts';

const PID = { name: 'test_pid', text: 'SELECT pg_backend_pid() AS pid' };

const cleanUps: (() => Promise<unknown> | unknown)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** A server that is no PostgreSQL: what it does with a connection is up to the test. */
async function listen(onConnection: (socket: Socket) => void): Promise<{ server: Server; port: number }> {
  const server = createServer(onConnection).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}

async function closedPort(): Promise<number> {
  const { server, port } = await listen(() => undefined);
  server.close();
  await once(server, 'close');
  return port;
}

async function refusal(url: string): Promise<string> {
  const error = await openPostgres({ url, connectTimeoutMs: 300 }).then(
    (database) => database.close(),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(DatabaseUnavailable);
  return (error as Error).message;
}

describe('DATABASE_URL', () => {
  it.each([
    ['nothing', ''],
    ['a name', 'signalbox'],
    ['a sentence', 'not a url'],
    ['another database', 'mysql://localhost/signalbox'],
    ['a web address', 'http://localhost:5432/signalbox'],
    ['a port that is none', 'postgres://localhost:port/signalbox'],
    ['a scheme alone', 'postgres:'],
  ])('that is %s is refused as no address', async (_, url) => {
    expect(await refusal(url)).toBe(
      'DATABASE_URL is no PostgreSQL address; expected postgres://user:password@host:port/database.',
    );
  });

  it('of a port where nothing listens is refused with the reason', async () => {
    const port = await closedPort();
    expect(await refusal(`postgres://ann@127.0.0.1:${port}/db`)).toBe(
      `DATABASE_URL (postgres://ann@127.0.0.1:${port}/db) cannot be used: connect ECONNREFUSED 127.0.0.1:${port}`,
    );
  });

  it('of a name with several addresses where nothing listens is refused with the reason of one', async () => {
    const port = await closedPort();
    expect(await refusal(`postgres://ann@localhost:${port}/db`)).toMatch(
      /cannot be used: connect ECONNREFUSED /,
    );
  });

  it('of a host that is not there is refused with the reason', async () => {
    expect(await refusal('postgres://ann@nowhere.invalid/db')).toMatch(
      /^DATABASE_URL \(postgres:\/\/ann@nowhere.invalid\/db\) cannot be used: (getaddrinfo|timeout)/,
    );
  });

  it('of a server that does not answer is refused when the time is over', async () => {
    const { server, port } = await listen((socket) => cleanUps.push(() => socket.destroy()));
    cleanUps.push(() => server.close());
    expect(await refusal(`postgres://ann@127.0.0.1:${port}/db`)).toContain('cannot be used: ');
  });

  it('of a server that is no PostgreSQL is refused', async () => {
    const { server, port } = await listen((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    cleanUps.push(() => server.close());
    expect(await refusal(`postgres://ann@127.0.0.1:${port}/db`)).toContain(
      `cannot be used: an HTTP server answers at 127.0.0.1:${port}, not PostgreSQL.`,
    );
  });

  it.each([
    ['postgres://ann:secret@127.0.0.1:1/db', 'postgres://ann@127.0.0.1:1/db'],
    ['postgres://ann:sec%40ret@127.0.0.1:1/db', 'postgres://ann@127.0.0.1:1/db'],
    ['postgres://ann:secret@127.0.0.1:1/db?x=a@b', 'postgres://ann@127.0.0.1:1/db?x=a@b'],
    ['postgres://:secret@127.0.0.1:1/db', 'postgres://127.0.0.1:1/db'],
    ['postgres://127.0.0.1:1/db?user=ann&password=secret', 'postgres://127.0.0.1:1/db?user=ann'],
  ])('%s is never shown with its password', async (url, shown) => {
    const message = await refusal(url);
    expect(message).toContain(`DATABASE_URL (${shown}) cannot be used: `);
    expect(message).not.toContain('secret');
  });
});

describe.runIf(availableDatabases().includes('postgres'))('on a PostgreSQL server', () => {
  const server = inject('testPostgres')?.url as string;

  async function testDatabase(): Promise<TestDatabase & { url: string }> {
    const database = await createTestDatabase('postgres');
    cleanUps.push(() => database.close());
    return database as TestDatabase & { url: string };
  }

  it('a database that is not there is refused with the reason', async () => {
    const url = new URL(server);
    url.pathname = '/sb_nowhere';
    expect(await refusal(url.href)).toMatch(
      /cannot be used: database "sb_nowhere" does not exist\. Create it: /,
    );
  });

  it('a user that is not there is refused with the reason', async () => {
    const url = new URL(server);
    url.username = 'sb_nobody';
    expect(await refusal(url.href)).toMatch(/cannot be used: .*"sb_nobody"/);
  });

  it('connections that break while idle are told of and replaced', async () => {
    const { url, db: other } = await testDatabase();
    let told: (error: Error) => void = () => {};
    const broken = new Promise<Error>((resolve) => {
      told = resolve;
    });
    const database = await openPostgres({
      url,
      maxConnections: 1,
      onConnectionError: (error) => told(error),
    });
    const [before] = await database.query<{ pid: number }>(PID);
    await other.query({ name: 'test_kill', text: 'SELECT pg_terminate_backend($1)' }, [before?.pid]);
    expect((await broken).message).toContain('terminating connection');
    const [after] = await database.query<{ pid: number }>(PID);
    expect(after?.pid).not.toBe(before?.pid);
    await database.close();
  });

  it('a connection that breaks in a transaction fails it and is not used again', async () => {
    const { url, db: other } = await testDatabase();
    const database = await openPostgres({ url, maxConnections: 1 });
    const work = database.transaction(async (session) => {
      await session.script(
        `INSERT INTO worker (id, name, owner, capacity) VALUES (gen_random_uuid(), 'w', 'o', 1)`,
      );
      const [row] = await session.query<{ pid: number }>(PID);
      await other.query({ name: 'test_kill', text: 'SELECT pg_terminate_backend($1)' }, [row?.pid]);
      await session.query(PID);
    });
    await expect(work).rejects.toThrow();
    expect(await database.query({ name: 'test_workers', text: 'SELECT 1 FROM worker' })).toEqual([]);
    await database.close();
  });

  it('keeps one connection for a session, and gives it back', async () => {
    const { url } = await testDatabase();
    const database = await openPostgres({ url, maxConnections: 2 });
    const pids = await database.session(async (session) => {
      const rows: { pid: number }[] = [];
      for (let n = 0; n < 3; n++) {
        rows.push(...(await session.query<{ pid: number }>(PID)));
        await database.query(PID);
      }
      return rows.map(({ pid }) => pid);
    });
    expect(new Set(pids).size).toBe(1);
    await Promise.all([1, 2, 3, 4].map(() => database.session((session) => session.query(PID))));
    await database.close();
  });

  it('sends what a session is given at once, without waiting for the answer of the first', async () => {
    const { url } = await testDatabase();
    const target = new URL(url);
    let traffic = '';
    const { server: proxy, port } = await listen((socket) => {
      const upstream = connect(Number(target.port || 5432), target.hostname);
      socket.on('data', (data) => {
        traffic += '>';
        upstream.write(data);
      });
      upstream.on('data', (data) => {
        traffic += '<';
        socket.write(data);
      });
      upstream.on('error', () => socket.destroy()).on('close', () => socket.end());
      socket.on('error', () => upstream.destroy()).on('close', () => upstream.end());
    });
    cleanUps.push(() => proxy.close());
    const through = Object.assign(new URL(url), { host: `127.0.0.1:${port}` });
    const database = await openPostgres({ url: through.href, maxConnections: 1 });
    const sleep = { name: 'test_sleep', text: 'SELECT 1 FROM pg_sleep(0.05)' };
    for (let round = 0; round < 2; round++) {
      traffic = '';
      await database.session((session) => Promise.all([session.query(sleep), session.query(PID)]));
    }
    expect(traffic).toMatch(/^>+<+$/);
    await database.close();
  });

  it('a connection that breaks fails all that was sent over it, and is not used again', async () => {
    const { url } = await testDatabase();
    const database = await openPostgres({ url, maxConnections: 1 });
    const killed = { name: 'test_kill_own', text: 'SELECT pg_terminate_backend(pg_backend_pid())' };
    const answers = await database.session((session) =>
      Promise.allSettled([session.query(PID), session.query(killed), session.query(PID), session.query(PID)]),
    );
    // The answer of the first may be lost with the connection, or come before.
    expect(answers.slice(1).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(await database.query(PID)).toHaveLength(1);
    await database.close();
  });
});
