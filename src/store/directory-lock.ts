/**
 * One process per data directory. PGlite does not defend its files against a second process, which would destroy
 * them, so a lock file names the owner. A file whose process is gone was left by a crash and is taken over.
 */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseUnavailable } from './database.ts';

/**
 * Takes the directory for this process.
 * @returns gives it back
 * @throws DatabaseUnavailable when a living process has it, or it cannot be written
 */
export async function lockDirectory(directory: string): Promise<() => Promise<void>> {
  const file = join(directory, 'server.pid');
  if (heldHere.has(file)) throw inUse(directory, process.pid);
  for (;;) {
    try {
      await writeFile(file, `${process.pid}\n`, { flag: 'wx' });
      heldHere.add(file);
      return async () => {
        heldHere.delete(file);
        await rm(file, { force: true });
      };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw notWritable(directory, error);
    }
    const owner = Number.parseInt(await readFile(file, 'utf8').catch(() => ''), 10);
    // Our own id in a file that we do not hold: a container's process had the same id before it crashed.
    if (Number.isInteger(owner) && owner !== process.pid && isAlive(owner))
      throw inUse(directory, owner, file);
    await rm(file, { force: true });
  }
}

const heldHere = new Set<string>();

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function inUse(directory: string, pid: number, file?: string): DatabaseUnavailable {
  return new DatabaseUnavailable(
    `The data directory ${directory} is in use by another server (process ${pid}). Stop it, or set SIGNALBOX_DATA_DIR to another directory.${file ? ` If that process is no Signalbox server, delete ${file}.` : ''}`,
  );
}

function notWritable(directory: string, cause: unknown): DatabaseUnavailable {
  return new DatabaseUnavailable(
    `The data directory ${directory} cannot be written (${(cause as NodeJS.ErrnoException).code}). Set SIGNALBOX_DATA_DIR to one that can, or DATABASE_URL to a PostgreSQL server.`,
    { cause },
  );
}
