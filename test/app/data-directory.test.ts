/** The embedded database: one server at a time, found again by the next, whatever became of the one before. */
import { openAsBlob } from 'node:fs';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { Caller } from '../support/api.ts';
import { ADMIN_TOKEN } from '../support/app.ts';
import { buildProgram, cleanUp, newDirectory, type Program, startProgram } from './program.ts';

const TIMEOUT = 120_000;

/** A data directory to copy: made once, for a new one takes seconds. */
let prepared: string;

beforeAll(async () => {
  await buildProgram();
  prepared = join(await newDirectory(), 'data');
  await mkdir(prepared);
  const loadDataDir = await openAsBlob(inject('testPgliteDump'));
  await (await PGlite.create({ dataDir: join(prepared, 'db'), loadDataDir })).close();
}, TIMEOUT);

afterAll(cleanUp);

/** A data directory of one test's own. */
async function newData(): Promise<string> {
  const data = join(await newDirectory(), 'data');
  await cp(prepared, data, { recursive: true });
  return data;
}

function serve(data: string): Promise<Program> {
  return startProgram({ SIGNALBOX_DATA_DIR: data, SIGNALBOX_ADMIN_TOKEN: ADMIN_TOKEN });
}

async function callerOf(program: Program): Promise<Caller> {
  return new Caller(await program.ready, '@admin', ADMIN_TOKEN);
}

/** What a program says that cannot start. */
async function complaint(data: string): Promise<string> {
  const program = await serve(data);
  expect((await program.exited).code).toBe(1);
  expect(program.stdout).toBe('');
  return program.stderr.trimEnd();
}

describe.concurrent('the data directory', { timeout: TIMEOUT }, () => {
  it('is made by the first start, and found by the second, where it is by default', async ({ expect }) => {
    const directory = await newDirectory();
    const settings = { SIGNALBOX_ADMIN_TOKEN: ADMIN_TOKEN };
    const first = await startProgram(settings, directory);
    const before = await callerOf(first);
    await before.registerJob({ room: 'a', name: 'b' });
    const { task } = await before.submit({ room: 'a', job: 'a:general:b', payload: { n: 1 } });
    expect(await first.end('SIGTERM')).toEqual({ code: 0, signal: null });

    const second = await startProgram(settings, directory);
    const after = await callerOf(second);
    expect(await after.task(task.id)).toEqual(task);
    expect(second.stdout).not.toContain('migrated');
    expect(await second.end('SIGTERM')).toEqual({ code: 0, signal: null });
    // Nothing is left that says it were in use.
    await expect(readFile(join(directory, '.signalbox/server.pid'))).rejects.toThrow('ENOENT');
  });

  it('of a server that was killed is found by the next, with all that was acknowledged', async ({
    expect,
  }) => {
    const data = await newData();
    const killed = await serve(data);
    const before = await callerOf(killed);
    await before.registerJob({ room: 'a', name: 'b' });
    const tasks = [];
    for (let n = 0; n < 20; n++) {
      tasks.push((await before.submit({ room: 'a', job: 'a:general:b', payload: { n } })).task);
    }
    expect(await killed.end('SIGKILL')).toEqual({ code: null, signal: 'SIGKILL' });

    const next = await serve(data);
    const after = await callerOf(next);
    for (const task of tasks) expect(await after.task(task.id)).toEqual(task);
    expect(await next.end('SIGTERM')).toEqual({ code: 0, signal: null });
  });

  it('of a server that was killed in its very first start is found by the next', async ({ expect }) => {
    const data = join(await newDirectory(), 'data');
    const killed = await serve(data);
    // Its database is being made, beside where it will be.
    await expect
      .poll(
        () =>
          readFile(join(data, 'db.new/PG_VERSION')).then(
            () => true,
            () => false,
          ),
        { timeout: 60_000, interval: 5 },
      )
      .toBe(true);
    await killed.end('SIGKILL');
    const next = await serve(data);
    await (await callerOf(next)).registerJob({ room: 'a', name: 'b' });
    expect(await next.end('SIGTERM')).toEqual({ code: 0, signal: null });
  });

  it('in use by another server is refused, and the other goes on', async ({ expect }) => {
    const data = await newData();
    const first = await serve(data);
    const caller = await callerOf(first);
    const { pid } = first.process;
    expect(await complaint(data)).toBe(
      `The data directory ${data} is in use by another server (process ${pid}). Stop it, or set SIGNALBOX_DATA_DIR to another directory. If that process is no Signalbox server, delete ${data}/server.pid.`,
    );
    await caller.registerJob({ room: 'a', name: 'b' });
    expect(await first.end('SIGTERM')).toEqual({ code: 0, signal: null });
  });

  it('below a file cannot be made', async ({ expect }) => {
    const directory = await newDirectory();
    await writeFile(join(directory, 'file'), '');
    const data = join(directory, 'file/data');
    expect(await complaint(data)).toBe(
      `The data directory ${data} cannot be created (ENOTDIR). Set SIGNALBOX_DATA_DIR to one that can, or DATABASE_URL to a PostgreSQL server.`,
    );
  });

  it.runIf(process.platform === 'linux')('in /proc cannot be made', async ({ expect }) => {
    expect(await complaint('/proc/signalbox')).toMatch(
      /^The data directory \/proc\/signalbox cannot be created \(ENOENT\)\. Set SIGNALBOX_DATA_DIR[^\n]*$/,
    );
  });

  it.runIf(process.platform === 'linux')(
    'that is there but takes no files cannot be written',
    async ({ expect }) => {
      expect(await complaint('/proc/self')).toMatch(
        /^The data directory \/proc\/self cannot be written \(\w+\)\. Set SIGNALBOX_DATA_DIR[^\n]*$/,
      );
    },
  );

  it('that holds something else is left as it is', async ({ expect }) => {
    const data = join(await newDirectory(), 'data');
    await mkdir(join(data, 'db'), { recursive: true });
    await writeFile(join(data, 'db/PG_VERSION'), '9.6\n');
    await writeFile(join(data, 'db/precious'), 'mine');
    const text = await complaint(data);
    expect(text).toMatch(/^The embedded database in [^\n]* cannot be opened: [^\n]*$/);
    expect(await readFile(join(data, 'db/precious'), 'utf8')).toBe('mine');
  });

  it('that a newer program has used is left as it is', async ({ expect }) => {
    const data = await newData();
    const client = await PGlite.create(join(data, 'db'));
    await client.exec(`INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at)
      VALUES ('later', 'x', '29991231000000_later', now())`);
    await client.close();
    expect(await complaint(data)).toMatch(/^The database is newer than this program: [^\n]*$/);
  });
});
