/**
 * One process per data directory. PGlite does not defend its files against a second process, which would destroy
 * them, so a lock file names the owner. A file whose process is gone was left by a crash and is taken over.
 */

import { readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorCode } from '../../domain/thrown.ts';
import { DatabaseUnavailable } from './database.ts';

const heldHere = new Set<string>();

/**
 * Takes the directory for this process.
 * @returns gives it back
 * @throws DatabaseUnavailable when a living process has it, or it cannot be written
 */
export async function lockDirectory(directory: string): Promise<() => Promise<void>> {
  const file = join(await realpath(directory).catch(rejectAsNotWritable(directory)), 'server.pid');
  if (heldHere.has(file)) throw inUse(directory, process.pid);
  // Nothing is awaited since the look: of several calls in this process one gets here.
  heldHere.add(file);
  try {
    while (!(await create(file))) {
      const owner = await readOwner(file);
      if (isAlive(owner)) throw inUse(directory, owner, file);
      await removeLeftBehind(file);
    }
  } catch (error) {
    heldHere.delete(file);
    if (error instanceof DatabaseUnavailable) throw error;
    return rejectAsNotWritable(directory)(error);
  }
  return async () => {
    await rm(file, { force: true });
    heldHere.delete(file);
  };
}

/** Creates the file with our process id; false when it is there already. */
async function create(file: string): Promise<boolean> {
  try {
    await writeFile(file, `${process.pid}\n`, { flag: 'wx' });
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

const WAIT_FOR_OWNER_MS = 1_000;

/** Whose file it is: undefined when there is none any more, NaN when it does not say. */
async function readOwner(file: string): Promise<number | undefined> {
  for (const deadline = Date.now() + WAIT_FOR_OWNER_MS; ; await sleep(10)) {
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
      return undefined;
    });
    // A file is there a moment before its content is.
    if (text !== '' || Date.now() > deadline)
      return text === undefined ? undefined : Number.parseInt(text, 10);
  }
}

/**
 * Removes the file of a process that is gone. Processes take turns at it, by a second file: one that has read the
 * old file might otherwise remove that of the new owner.
 */
async function removeLeftBehind(file: string): Promise<void> {
  const turn = `${file}.turn`;
  if (await create(turn)) {
    const owner = await readOwner(file);
    if (owner !== undefined && !isAlive(owner)) await rm(file, { force: true });
    await rm(turn, { force: true });
    return;
  }
  if (isAlive(await readOwner(turn))) await sleep(10);
  else await rm(turn, { force: true });
}

/** Our own id does not count: in a container, a process that crashed had the same. */
function isAlive(pid: number | undefined): pid is number {
  if (pid === undefined || !(pid > 0) || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

function inUse(directory: string, pid: number, file?: string): DatabaseUnavailable {
  return new DatabaseUnavailable(
    `The data directory ${directory} is in use by another server (process ${pid}). Stop it, or set SIGNALBOX_DATA_DIR to another directory.${file ? ` If that process is no Signalbox server, delete ${file}.` : ''}`,
  );
}

function rejectAsNotWritable(directory: string): (cause: unknown) => never {
  return (cause) => {
    throw new DatabaseUnavailable(
      `The data directory ${directory} cannot be written (${errorCode(cause)}). Set SIGNALBOX_DATA_DIR to one that can, or DATABASE_URL to a PostgreSQL server.`,
      { cause },
    );
  };
}
