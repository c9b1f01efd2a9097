/**
 * The submitting side: one task per part of a source tree, watched live over one subscription, then the results.
 *
 *     SIGNALBOX_URL=… SIGNALBOX_ADMIN_TOKEN=… node --import tsx examples/index-source/submit.ts DIR
 *
 * In a project of its own: `import { createClient } from 'signalbox/client'`.
 */

import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import {
  type Client,
  createClient,
  isFinished,
  ProblemError,
  type TaskHandle,
} from '../../src/client/index.ts';
import { paint } from './colors.ts';
import { createDisplay } from './display.ts';
import { CATEGORY, NAME, resultSchema, roomOf } from './job.ts';
import { partsOf, ROOT_FILES, reasonOf } from './source-files.ts';
import { renderTable, type TableRow } from './table.ts';

/** An expected way to fail: its message is all that a person needs to read. */
class DemoError extends Error {}
/** A Ctrl-C. */
class Interrupted extends Error {}

const CANCEL_MS = 5_000;

type Names = ReadonlyMap<string, string>;

/** What can be indexed of a directory; rejects with a DemoError when that is nothing. */
async function findParts(root: string): Promise<string[]> {
  let parts: string[];
  try {
    const { isDirectory } = await stat(root).then((found) => ({ isDirectory: found.isDirectory() }));
    if (!isDirectory) throw new DemoError(`${root} is a file; the demo wants a directory.`);
    parts = await partsOf(root);
  } catch (error) {
    if (error instanceof DemoError) throw error;
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new DemoError(
      missing ? `There is no directory ${root}.` : `Cannot read ${root}: ${reasonOf(error)}.`,
    );
  }
  if (parts.length === 0) throw new DemoError(`There is nothing to index in ${root}: it has no source.`);
  return parts;
}

/** Submits a task per part; returns their ids with the parts' names. */
async function submitParts(client: Client, room: string, parts: string[], run: string): Promise<Names> {
  const submitted = await client.submitMany(
    parts.map((part) => ({
      room,
      job: `${room}:${CATEGORY}:${NAME}`,
      payload: { part },
      correlationId: run,
      labels: { part },
    })),
  );
  const refused = submitted.find((each) => each instanceof ProblemError);
  if (refused) throw new DemoError(`The server refused a task: ${(refused as ProblemError).message}`);
  return new Map((submitted as TaskHandle[]).map(({ id }, index) => [id, labelOf(parts[index] ?? '')]));
}

function labelOf(part: string): string {
  return part === ROOT_FILES ? './*' : `${part}/`;
}

interface Watching {
  room: string;
  names: Names;
  /** The correlation id of the tasks. */
  run: string;
  /** A position from before their submission. */
  after: string;
  /** Aborted: what has not finished is cancelled. */
  signal: AbortSignal;
}

/** Shows the tasks until all of them have finished. @returns how many attempts were lost with their worker */
async function watchAll(client: Client, { room, names, run, after, signal }: Watching): Promise<number> {
  const display = createDisplay(names);
  let lost = 0;
  const unfinished = new Set(names.keys());
  try {
    for await (const event of client.watchRoom(room, { filter: { correlationId: run }, after, signal })) {
      if (event.kind === 'resync') throw new DemoError(`Events were missed: ${event.reason}`);
      display.show(event.task.id, event);
      if (event.kind === 'transition' && event.transition.reason === 'WORKER_LOST') lost++;
      if (event.kind === 'transition' && isFinished(event.task.status)) unfinished.delete(event.task.id);
      if (unfinished.size === 0) break;
    }
    return lost;
  } finally {
    display.stop();
    if (signal.aborted) await cancelAll(client, unfinished);
  }
}

/** Best effort, for as long as a person waits: nobody is left to see what becomes of the tasks. */
async function cancelAll(client: Client, ids: Iterable<string>): Promise<void> {
  console.log('Cancelling what has not finished…');
  const cancelled = Promise.allSettled([...ids].map((id) => client.cancel(id, 'Interrupted')));
  await Promise.race([cancelled, setTimeout(CANCEL_MS)]);
}

/** Reads every result; prints what is missing in it. */
async function readResults(client: Client, names: Names): Promise<TableRow[]> {
  const rows: TableRow[] = [];
  for (const [id, name] of names) {
    const task = await client.task(id);
    if (task?.result) rows.push({ name, result: resultSchema.parse(task.result) });
    else {
      rows.push({ name, result: undefined });
      console.log(
        paint('red', `${name} ${task?.status.toLowerCase()}: ${task?.error?.message ?? 'no reason given'}`),
      );
    }
  }
  return rows;
}

function printUnreadable(rows: TableRow[]): void {
  const unreadable = rows.flatMap(({ result }) => result?.unreadable ?? []);
  if (unreadable.length === 0) return;
  console.log(paint('yellow', `\n${unreadable.length} could not be read:`));
  for (const { path, reason } of unreadable.slice(0, 10)) console.log(`  ${path}: ${reason}`);
  if (unreadable.length > 10) console.log(`  … and ${unreadable.length - 10} more`);
}

async function main(): Promise<void> {
  const root = resolve(process.argv[2] ?? '.');
  const parts = await findParts(root);
  const room = roomOf(root);
  const client = createClient({
    url: process.env['SIGNALBOX_URL'] ?? 'http://127.0.0.1:4000',
    token: process.env['SIGNALBOX_ADMIN_TOKEN'],
  });
  try {
    const startedAt = performance.now();
    const run = randomUUID();
    console.log(`\nIndexing ${paint('bold', root)}: ${parts.length} tasks in room ${room}\n`);
    const { streamCursor } = await client.tasks(room, { first: 1 });
    const names = await submitParts(client, room, parts, run);
    const lost = await watchAll(client, { room, names, run, after: streamCursor, signal: interruption() });
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    const rows = await readResults(client, names);
    console.log(`\n${renderTable(rows, process.stdout.columns ?? 100)}`);
    printUnreadable(rows);
    console.log(
      paint('dim', `\n${parts.length} tasks in ${seconds} s, every change seen over one subscription.`),
    );
    if (lost > 0)
      console.log(paint('dim', `${lost} attempts were lost with their worker, and done again by another.`));
    if (rows.some(({ result }) => !result)) process.exitCode = 1;
  } finally {
    await client.close();
  }
}

/** Aborted by the first Ctrl-C; a second one ends the process at once. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  const interrupt = () => controller.abort(new Interrupted('Interrupted.'));
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  return controller.signal;
}

main().catch((error: Error) => {
  console.error(paint('red', error.message));
  // Requests that were given up would keep the process.
  if (error instanceof Interrupted) process.exit(130);
  process.exitCode = 1;
});
