/** Whatever is wrong at the start is told in one sentence, to whoever can mend it. */
import { mkdir, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  availableDatabases,
  createTestDatabase,
  type TestDatabase,
  testRedisUrl,
} from '../support/database.ts';
import { buildProgram, cleanUp, newDirectory, startProgram } from './program.ts';

const TIMEOUT = 60_000;

beforeAll(buildProgram, TIMEOUT);

afterAll(cleanUp);

/** What it says when it cannot start with these settings; that is all that it may say. */
async function complaint(settings: Record<string, string>, directory?: string): Promise<string> {
  const program = await startProgram(settings, directory);
  const { code } = await program.exited;
  expect(program.stderr).not.toMatch(/^\s+at |Error:|node:internal/m);
  expect(program.stdout).toBe('');
  expect(code).toBe(1);
  expect(program.stderr).toMatch(/[^\n]\n$/);
  return program.stderr.trimEnd();
}

const servers: Server[] = [];

afterAll(() => {
  for (const server of servers) server.close();
});

/** A server that treats every connection so; gives its port. */
async function listen(onConnection: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    onConnection(socket);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** Nobody listens there: reserved, and never given out as a free one. */
const DEAD_PORT = 1;

describe.concurrent('wrong settings', { timeout: TIMEOUT }, () => {
  it('are told all at once', async ({ expect }) => {
    const settings = { PORT: 'http', LOG_LEVEL: 'loud', SIGNALBOX_ADMIN_TOKEN: 'hunter2' };
    expect(await complaint(settings)).toBe(
      [
        'Wrong settings.',
        '  PORT: expected a whole number from 0 to 65535 (it is "http")',
        '  SIGNALBOX_ADMIN_TOKEN: expected at least 16 letters, digits and signs, without white space',
        '  LOG_LEVEL: expected one of "fatal", "error", "warn", "info", "debug", "trace", "silent" (it is "loud")',
      ].join('\n'),
    );
  });

  it('are found in .env as well, where the environment does not say otherwise', async ({ expect }) => {
    const directory = await newDirectory();
    await writeFile(join(directory, '.env'), 'PORT=http\nREDIS_URL=cache:6379\n');
    expect(await complaint({ PORT: '0' }, directory)).toBe(
      'Wrong settings.\n  REDIS_URL: expected a URL like redis://host:6379, or several of one cluster, separated by commas or as a list in JSON',
    );
  });

  it('are not looked for in a directory that is called .env', async ({ expect }) => {
    const directory = await newDirectory();
    await mkdir(join(directory, '.env'));
    expect(await complaint({ PORT: 'http' }, directory)).toMatch(/^Wrong settings\.\n {2}PORT: [^\n]*$/);
  });
});

describe.concurrent('a database that cannot be used', { timeout: TIMEOUT }, () => {
  it('because nobody listens there', async ({ expect }) => {
    const url = `postgres://ann:hunter2@127.0.0.1:${DEAD_PORT}/app`;
    const text = await complaint({ DATABASE_URL: url });
    expect(text).toContain('DATABASE_URL');
    expect(text).toMatch(/127\.0\.0\.1:1\b.*ECONNREFUSED/);
    expect(text).not.toContain('hunter2');
    expect(text).not.toContain('\n');
  });

  it('because there is no such host', async ({ expect }) => {
    const text = await complaint({ DATABASE_URL: 'postgres://ann:hunter2@db.invalid/app' });
    expect(text).toMatch(/^DATABASE_URL .*db\.invalid/);
    expect(text).not.toMatch(/hunter2|\n/);
  });

  it('because whatever listens there says nothing', async ({ expect }) => {
    const port = await listen(() => {});
    const text = await complaint({ DATABASE_URL: `postgres://ann@127.0.0.1:${port}/app` });
    expect(text).toMatch(/^DATABASE_URL .*something that keeps silent listens/);
    expect(text).not.toContain('\n');
  });

  it('because whatever listens there is no PostgreSQL', async ({ expect }) => {
    const port = await listen((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    const text = await complaint({ DATABASE_URL: `postgres://ann@127.0.0.1:${port}/app` });
    expect(text).toMatch(/^DATABASE_URL /);
    expect(text).not.toContain('\n');
  });

  it('because whatever listens there hangs up', async ({ expect }) => {
    const port = await listen((socket) => socket.destroy());
    const text = await complaint({ DATABASE_URL: `postgres://ann@127.0.0.1:${port}/app` });
    expect(text).toMatch(/^DATABASE_URL /);
    expect(text).not.toContain('\n');
  });

  it.for([
    ['nonsense', 'nonsense'],
    ['an address of something else', 'mysql://ann:hunter2@db/app'],
    ['a port that is none', 'postgres://ann:hunter2@db:port/app'],
  ])('because it is %s', async ([, url], { expect }) => {
    expect(await complaint({ DATABASE_URL: url as string })).toBe(
      'Wrong settings.\n  DATABASE_URL: expected a URL like postgres://user:password@host:5432/database',
    );
  });

  it.for([
    ['a password that is badly encoded', 'postgres://ann:hunter2%zz@127.0.0.1/app'],
    ['an sslmode that is none', 'postgres://ann:hunter2@127.0.0.1/app?sslmode=maybe'],
    ['a certificate that is not there', 'postgres://ann:hunter2@127.0.0.1/app?sslrootcert=/nowhere.pem'],
  ])('because it has %s', async ([, url], { expect }) => {
    const text = await complaint({ DATABASE_URL: url as string });
    expect(text).toContain('DATABASE_URL');
    expect(text).not.toMatch(/hunter2|\n/);
  });
});

describe.runIf(availableDatabases().includes('postgres'))('a PostgreSQL', { timeout: TIMEOUT }, () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase('postgres');
  });

  afterAll(() => database.close());

  const with_ = (change: (url: URL) => void) => {
    const url = new URL(database.url as string);
    change(url);
    return { DATABASE_URL: url.href };
  };

  it('without the database is told by name', async () => {
    const text = await complaint(with_((url) => (url.pathname = '/not_there')));
    expect(text).toMatch(/^DATABASE_URL .*database "not_there" does not exist/);
    expect(text).not.toContain('\n');
  });

  it('without the user is told by name', async () => {
    const text = await complaint(with_((url) => (url.username = 'nobody_at_all')));
    expect(text).toMatch(/^DATABASE_URL .*role "nobody_at_all" does not exist/);
    expect(text).not.toContain('\n');
  });

  it('that is newer than the program is left as it is', async () => {
    await database.db.script(`INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at)
      VALUES ('later', 'x', '29991231000000_later', now())`);
    expect(await complaint({ DATABASE_URL: database.url as string })).toBe(
      'The database is newer than this program: it has the migration 29991231000000_later, which this version does not know. Start a newer version of Signalbox.',
    );
  });
});

describe.concurrent('a Redis that cannot be used', { timeout: TIMEOUT }, () => {
  // The database is opened first: the quickest is one in memory, but that is not offered to users.
  const withDatabase = async (redisUrl: string): Promise<Record<string, string>> => {
    const url = sharedDatabase?.url;
    return url ? { DATABASE_URL: url, REDIS_URL: redisUrl } : { REDIS_URL: redisUrl };
  };
  let sharedDatabase: TestDatabase | undefined;

  beforeAll(async () => {
    if (availableDatabases().includes('postgres')) sharedDatabase = await createTestDatabase('postgres');
  });

  afterAll(() => sharedDatabase?.close());

  it('because whatever listens there is no Redis', async ({ expect }) => {
    const port = await listen((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    const text = await complaint(await withDatabase(`redis://127.0.0.1:${port}`));
    expect(text).toMatch(/^REDIS_URL /);
    expect(text).not.toContain('\n');
  });

  it('because it is nonsense', async ({ expect }) => {
    expect(await complaint({ REDIS_URL: 'cache' })).toBe(
      'Wrong settings.\n  REDIS_URL: expected a URL like redis://host:6379, or several of one cluster, separated by commas or as a list in JSON',
    );
  });

  it.skipIf(testRedisUrl() === undefined)('because the login is refused', async ({ expect }) => {
    const url = new URL(testRedisUrl() as string);
    url.username = 'ann';
    url.password = 'hunter2';
    const text = await complaint(await withDatabase(url.href));
    expect(text).toMatch(/^REDIS_URL .*(WRONGPASS|AUTH|password)/i);
    expect(text).not.toMatch(/hunter2|\n/);
  });
});

describe('an address that cannot be listened on', { timeout: TIMEOUT }, () => {
  let database: TestDatabase | undefined;

  beforeAll(async () => {
    if (availableDatabases().includes('postgres')) database = await createTestDatabase('postgres');
  });

  afterAll(() => database?.close());

  const withDatabase = (settings: Record<string, string>): Record<string, string> =>
    database?.url ? { DATABASE_URL: database.url, ...settings } : settings;

  it('because the port is in use', async () => {
    const port = await listen(() => {});
    expect(await complaint(withDatabase({ PORT: String(port) }))).toBe(
      `Port ${port} on 127.0.0.1 is in use. Stop what uses it, or set PORT to another one.`,
    );
  });

  it('because it is none of this machine', async () => {
    expect(await complaint(withDatabase({ HOST: '203.0.113.7', PORT: '4000' }))).toBe(
      'Cannot listen on 203.0.113.7:4000 (EADDRNOTAVAIL). Check HOST and PORT.',
    );
  });

  it('because there is no such host', async () => {
    expect(await complaint(withDatabase({ HOST: 'host.invalid', PORT: '4000' }))).toMatch(
      /^Cannot listen on host\.invalid:4000 \((ENOTFOUND|EAI_AGAIN)\)\. Check HOST and PORT\.$/,
    );
  });
});

describe('a command that is none', { timeout: TIMEOUT }, () => {
  it('is told with the help', async () => {
    const program = await startProgram({}, undefined, ['surve']);
    expect((await program.exited).code).toBe(1);
    expect(program.stderr).toMatch(/^error: [^\n]*\n/);
    expect(program.stderr).toMatch(/Usage: signalbox/);
  });
});
