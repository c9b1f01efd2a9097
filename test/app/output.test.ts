/** What the program prints: JSON lines to whatever collects logs, words to people, and secrets to neither twice. */
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMIN_TOKEN, request } from '../support/app.ts';
import { availableDatabases, createTestDatabase, testRedisUrl } from '../support/database.ts';
import { buildProgram, cleanUp, newDirectory, startProgram } from './program.ts';

const TIMEOUT = 90_000;

beforeAll(buildProgram, TIMEOUT);

afterAll(cleanUp);

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}

describe.concurrent('without configuration', { timeout: TIMEOUT }, () => {
  it('the program serves on loopback, and prints once a token that works, to people alone', async ({
    expect,
  }) => {
    const program = await startProgram({});
    const url = await program.ready;
    expect(new URL(url).hostname).toBe('127.0.0.1');
    // People are told after the log is.
    while (!program.stderr.includes('SIGNALBOX_ADMIN_TOKEN')) {
      await new Promise((resolve) => program.process.stderr?.once('data', resolve));
    }
    const [, token = ''] = /Admin token, made for this run: (\S+)/.exec(program.stderr) ?? [];
    expect(token).toMatch(/^[\w-]{43}$/);
    // Of the dashboard, or of the explorer where the dashboard was not built.
    expect(program.stderr).toMatch(new RegExp(`${url}/(explorer)?#token=${token}\\n`));
    expect(program.stderr).toContain(`${url}/graphql `);
    expect(program.stderr).toContain('embedded database');
    // Once to be copied, and once in the link that is ready to be opened.
    expect(count(program.stderr, token)).toBe(2);

    expect(await request(url, token, '{ viewer { role } }')).toMatchObject({
      data: { viewer: { role: 'ADMIN' } },
    });
    expect((await request(url, `${token.slice(0, -1)}!`, '{ viewer { role } }')).status).toBe(401);
    expect(await program.end('SIGTERM')).toEqual({ code: 0, signal: null });

    expect(program.stdout).not.toContain(token);
    expect(count(program.stderr, token)).toBe(2);
    // Every line is JSON, with a time and a level.
    const lines = program.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    for (const line of lines)
      expect(line).toMatchObject({ level: 30, time: expect.any(Number), msg: expect.any(String) });
    expect(lines.map(({ msg }) => msg)).toEqual([
      'The database was migrated',
      'Signalbox is ready',
      'Stopping',
    ]);
  });
});

const redisUrl = testRedisUrl();
const hasBoth = availableDatabases().includes('postgres') && redisUrl !== undefined;

describe.runIf(hasBoth)('with everything configured', { timeout: TIMEOUT }, () => {
  it('the program prints no token, no password and no secret', async () => {
    const database = await createTestDatabase('postgres');
    const databaseUrl = new URL(database.url as string);
    // Trusted, and so not looked at.
    databaseUrl.password = 'hunter2';
    const secret = 'hunter2-hunter2-hunter2-hunter2-hunter2';
    const program = await startProgram({
      DATABASE_URL: databaseUrl.href,
      REDIS_URL: redisUrl as string,
      SIGNALBOX_ADMIN_TOKEN: ADMIN_TOKEN,
      SIGNALBOX_JWT_SECRET: secret,
      LOG_LEVEL: 'trace',
    });
    const url = await program.ready;
    expect(await request(url, ADMIN_TOKEN, '{ viewer { role } }')).toMatchObject({ status: 200 });
    expect((await request(url, 'wrong-token-0123456789', '{ viewer { role } }')).status).toBe(401);
    expect((await request(url, ADMIN_TOKEN, '{ viewer { secret } }')).errors).toBeDefined();
    expect(await program.end('SIGINT')).toEqual({ code: 0, signal: null });
    for (const text of [program.stdout, program.stderr]) {
      expect(text).not.toContain(ADMIN_TOKEN);
      expect(text).not.toContain('wrong-token');
      expect(text).not.toContain('hunter2');
      expect(text).not.toMatch(/#token/);
    }
    expect(program.stderr).toContain(`${url}/explorer\n`);
    expect(program.stderr).toMatch(/PostgreSQL, changes spread by Redis/);
    for (const line of program.stdout.trimEnd().split('\n')) JSON.parse(line);
    await database.close();
  });

  it('the program says nothing at all with LOG_LEVEL=silent, but where it is', async () => {
    const database = await createTestDatabase('postgres');
    const program = await startProgram({
      DATABASE_URL: database.url as string,
      SIGNALBOX_ADMIN_TOKEN: ADMIN_TOKEN,
      LOG_LEVEL: 'silent',
    });
    while (!program.stderr.includes('Explorer')) {
      await new Promise((resolve) => program.process.stderr?.once('data', resolve));
    }
    expect(await program.end('SIGINT')).toEqual({ code: 0, signal: null });
    expect(program.stdout).toBe('');
    await database.close();
  });
});

describe('migrate', { timeout: TIMEOUT }, () => {
  it.runIf(availableDatabases().includes('postgres'))('says what it did', async () => {
    const database = await createTestDatabase('postgres');
    await database.db.script('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
    const first = await startProgram({ DATABASE_URL: database.url as string }, undefined, ['migrate']);
    expect(await first.exited).toEqual({ code: 0, signal: null });
    const { host, pathname } = new URL(database.url as string);
    const name = `database ${pathname.slice(1)} on ${host}`;
    expect(first.stdout.replace(name, 'NAME')).toMatch(
      /^Applied \d{14}_init(, \d{14}_\w+)* to the NAME\.\n$/,
    );
    const second = await startProgram({ DATABASE_URL: database.url as string }, undefined, ['migrate']);
    expect(await second.exited).toEqual({ code: 0, signal: null });
    expect(second.stdout).toBe(`The ${name} is up to date.\n`);
    await database.close();
  });

  it('says that it is the embedded database where none is named, and where that is', async () => {
    const directory = await newDirectory();
    const settings = { SIGNALBOX_DATA_DIR: 'data' };
    const program = await startProgram(settings, directory, ['migrate']);
    expect(await program.exited).toEqual({ code: 0, signal: null });
    const where = `to the embedded database in ${join(await realpath(directory), 'data')} (DATABASE_URL is not set).\n`;
    expect(program.stdout.endsWith(where)).toBe(true);
  });

  it('tells what is wrong in one sentence', async () => {
    const program = await startProgram({ DATABASE_URL: 'postgres://127.0.0.1:1/app' }, undefined, [
      'migrate',
    ]);
    expect(await program.exited).toEqual({ code: 1, signal: null });
    expect(program.stderr).toMatch(/^DATABASE_URL [^\n]*ECONNREFUSED[^\n]*\n$/);
  });
});

it('tells its version', { timeout: TIMEOUT }, async () => {
  const program = await startProgram({}, undefined, ['--version']);
  expect(await program.exited).toEqual({ code: 0, signal: null });
  expect(program.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});
