import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DatabaseUnavailable } from '../../../src/store/database/database.ts';
import { lockDirectory } from '../../../src/store/database/directory-lock.ts';
import { openPglite } from '../../../src/store/database/pglite.ts';

const HOLDER = fileURLToPath(new URL('../../support/hold-directory.ts', import.meta.url));
const IN_USE = (directory: string, pid: number) =>
  `The data directory ${directory} is in use by another server (process ${pid}). Stop it, or set SIGNALBOX_DATA_DIR to another directory.`;

let directory: string;
let pidFile: string;
const children: ChildProcessByStdio<Writable, Readable, null>[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'signalbox-lock-'));
  pidFile = join(directory, 'server.pid');
});

afterEach(async () => {
  await Promise.all(children.splice(0).map((child) => kill(child)));
  await rm(directory, { recursive: true });
});

/** Another process that is ready to take the directory. */
async function startHolder() {
  const child = spawn(process.execPath, ['--import', 'tsx', HOLDER, directory], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  children.push(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  expect((await lines.next()).value).toBe('ready');
  return {
    pid: child.pid as number,
    async take(): Promise<string> {
      child.stdin.write('\n');
      return (await lines.next()).value as string;
    },
    kill: () => kill(child),
  };
}

async function kill(child: (typeof children)[number]): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

/** The id of a process that has ended. */
async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  return child.pid as number;
}

describe('a data directory', () => {
  it('belongs to whoever took it, until it is given back', async () => {
    const unlock = await lockDirectory(directory);
    expect(Number(await readFile(pidFile, 'utf8'))).toBe(process.pid);
    const second = lockDirectory(directory);
    await expect(second).rejects.toThrow(DatabaseUnavailable);
    await expect(second).rejects.toThrow(IN_USE(directory, process.pid));
    await unlock();
    expect(await readdir(directory)).toEqual([]);
    const again = await lockDirectory(directory);
    await again();
  });

  it('is taken once by many in one process at the same time', async () => {
    for (let round = 0; round < 20; round++) {
      const results = await Promise.allSettled([1, 2, 3].map(() => lockDirectory(directory)));
      const taken = results.filter((result) => result.status === 'fulfilled');
      expect(taken).toHaveLength(1);
      await taken[0]?.value();
    }
  });

  it('is the same one by another way to it', async () => {
    const link = `${directory}-link`;
    await symlink(directory, link);
    const unlock = await lockDirectory(directory);
    await expect(lockDirectory(link)).rejects.toThrow('is in use by another server');
    await unlock();
    await rm(link);
  });

  it('that another process holds is refused with its id and what to do', async () => {
    const holder = await startHolder();
    expect(await holder.take()).toBe('held');
    await expect(lockDirectory(directory)).rejects.toThrow(
      `${IN_USE(directory, holder.pid)} If that process is no Signalbox server, delete ${pidFile}.`,
    );
    await holder.kill();
    const unlock = await lockDirectory(directory);
    await unlock();
  });

  it.each([
    ['a process that has ended', () => deadPid()],
    ['this process id, as a container has after a restart', () => process.pid],
    ['nothing', () => ''],
    ['something else', () => 'hello'],
    ['no process id', () => '-1'],
  ])('that a crash left behind with %s is taken over', async (_, content) => {
    await writeFile(pidFile, `${await content()}\n`);
    const unlock = await lockDirectory(directory);
    expect(Number(await readFile(pidFile, 'utf8'))).toBe(process.pid);
    await unlock();
    expect(await readdir(directory)).toEqual([]);
  });

  it('that a crash left behind is taken over by one of many that try at once', async () => {
    const holders = await Promise.all([1, 2, 3, 4].map(startHolder));
    for (let round = 0; round < 3; round++) {
      await writeFile(pidFile, `${await deadPid()}\n`);
      const answers = await Promise.all(holders.map((holder) => holder.take()));
      expect(answers.filter((answer) => answer === 'held')).toHaveLength(1);
      const winner = holders[answers.indexOf('held')];
      expect(Number(await readFile(pidFile, 'utf8'))).toBe(winner?.pid);
      holders.splice(answers.indexOf('held'), 1);
      await winner?.kill();
    }
  });

  it('that is not there, or no directory, is refused with the reason and what to do', async () => {
    await expect(lockDirectory(join(directory, 'none'))).rejects.toThrow(
      `The data directory ${directory}/none cannot be written (ENOENT). Set SIGNALBOX_DATA_DIR to one that can, or DATABASE_URL to a PostgreSQL server.`,
    );
    await writeFile(join(directory, 'file'), '');
    await expect(lockDirectory(join(directory, 'file'))).rejects.toThrow('cannot be written (ENOTDIR)');
    await mkdir(pidFile);
    await expect(lockDirectory(directory)).rejects.toThrow('cannot be written (EISDIR)');
  });
});

describe('the embedded database', () => {
  it('is kept in its directory, which nobody else can use meanwhile', async () => {
    const dataDir = join(directory, 'new', 'data');
    const first = await openPglite({ dataDir });
    await first.script('CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)');
    const second = openPglite({ dataDir });
    await expect(second).rejects.toThrow(DatabaseUnavailable);
    await expect(second).rejects.toThrow(IN_USE(dataDir, process.pid));
    await first.close();
    const again = await openPglite({ dataDir });
    expect(await again.query({ name: 'test_kept', text: 'SELECT n FROM kept' })).toEqual([{ n: 7 }]);
    await again.close();
  });

  it('cannot be made below a file', async () => {
    await writeFile(join(directory, 'file'), '');
    const opening = openPglite({ dataDir: join(directory, 'file', 'data') });
    await expect(opening).rejects.toThrow(DatabaseUnavailable);
    await expect(opening).rejects.toThrow(
      `The data directory ${directory}/file/data cannot be created (ENOTDIR). Set SIGNALBOX_DATA_DIR to one that can, or DATABASE_URL to a PostgreSQL server.`,
    );
  });

  it('that is damaged is refused with one sentence, and the directory given back', async () => {
    await mkdir(join(directory, 'db'));
    await writeFile(join(directory, 'db', 'PG_VERSION'), 'none\n');
    const opening = openPglite({ dataDir: directory });
    await expect(opening).rejects.toThrow(DatabaseUnavailable);
    await expect(opening).rejects.toThrow(`The embedded database in ${directory} cannot be opened: `);
    expect(await readdir(directory)).toEqual(['db']);
  });
});
