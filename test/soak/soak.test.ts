/**
 * Soak: watchers of rooms and of tasks come and go, and nothing of them stays, in the server or in the process that uses
 * the SDK. What is alive is counted by constructor, and by function for what is made of closures, after a collection.
 *
 * SIGNALBOX_SOAK_SECONDS sets how long they come and go between the two counts (default 5).
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, inject, it } from 'vitest';
import { buildProgram, cleanUp, startProgram } from '../app/program.ts';
import { createTestDatabase } from '../support/database.ts';
import { type Census, type Heap, openHeap } from './heap.ts';
import { TASKS, WATCHERS } from './load.ts';

const SECONDS = Number(process.env['SIGNALBOX_SOAK_SECONDS'] ?? 5);
const TOKEN = 'soak-admin-token-0123456789';
const INSPECT = '--inspect=127.0.0.1:0';
/** Rounds before the first count: caches fill, code is compiled. */
const WARM_UP = 2;
const LEAST_ROUNDS = 3;

/** For what is open all the time: a room that is watched, and a worker. A group has a queue, and each of its members. */
const OPEN_ON_SERVER = { WatchedRoom: 1, Sequencer: 1, SubscriberQueue: 2, Group: 1, WorkerWatch: 1 };
const OPEN_IN_SDK = { Subscriber: 1 };

/** Of the room, and of the worker's signals. */
const STAYING_STREAMS = 2;

const closers: (() => unknown)[] = [cleanUp];
afterAll(async () => {
  for (const close of closers.reverse()) await close();
});

it.runIf(inject('testPostgres'))(
  'nothing that has come and gone stays in memory',
  async () => {
    await buildProgram();
    const database = await createTestDatabase('postgres');
    closers.unshift(database.close);
    const server = await startProgram({
      NODE_OPTIONS: INSPECT,
      DATABASE_URL: database.url as string,
      SIGNALBOX_ADMIN_TOKEN: TOKEN,
    });
    const sdk = fork(fileURLToPath(new URL('./sdk.ts', import.meta.url)), [await server.ready, TOKEN], {
      execArgv: ['--import', 'tsx', INSPECT],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    closers.push(() => sdk.kill('SIGKILL'));
    let saidBySdk = '';
    sdk.stderr?.on('data', (text) => {
      saidBySdk += text;
    });
    await once(sdk, 'message');
    const heaps = [
      await openHeap(async () => server.stderr),
      await openHeap(async () => {
        if (!saidBySdk) await once(sdk.stderr as never, 'data');
        return saidBySdk;
      }),
    ];
    const url = await server.ready;
    const count = async () => {
      await untilGone(url);
      return Promise.all(heaps.map((heap: Heap) => heap.census()));
    };
    let rounds = 0;
    const round = async () => {
      sdk.send('round');
      await once(sdk, 'message');
      rounds++;
    };

    for (let n = 0; n < WARM_UP; n++) await round();
    const before = await count();
    rounds = 0;
    const until = performance.now() + SECONDS * 1_000;
    while (rounds < LEAST_ROUNDS || performance.now() < until) await round();
    const after = await count();
    for (const heap of heaps) heap.close();

    const [server1, sdk1] = before as [Census, Census];
    const [server2, sdk2] = after as [Census, Census];
    console.log(`soak: ${rounds} rounds, ${rounds * TASKS} tasks and ${rounds * WATCHERS} watchers of rooms`);
    expect({
      open: { server: pick(server2, OPEN_ON_SERVER), sdk: pick(sdk2, OPEN_IN_SDK) },
      left: { server: left(server1, server2, rounds), sdk: left(sdk1, sdk2, rounds) },
    }).toEqual({ open: { server: OPEN_ON_SERVER, sdk: OPEN_IN_SDK }, left: { server: {}, sdk: {} } });
  },
  SECONDS * 1_000 + 300_000,
);

/** Resolves when the server has heard of the end of all streams but those that stay. */
async function untilGone(url: string): Promise<void> {
  for (;;) {
    const response = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${TOKEN}` } });
    const [, open] = /^signalbox_stream_subscribers\S* (\d+)/m.exec(await response.text()) ?? [];
    if (Number(open) <= STAYING_STREAMS) return;
    await sleep(50);
  }
}

function pick(census: Census, names: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.keys(names).map((name) => [name, census.get(name) ?? 0]));
}

/** Has many uses: the server remembers a version of each task, and documents that it has parsed. */
const GENERAL = ['Object', 'Array', 'Map', 'system / Context', 'Token', 'Location', '()', 'get()', 'set()'];

/** What there is more of than before, as if something of what came and went had stayed. */
function left(before: Census, after: Census, rounds: number): Record<string, number> {
  const passed = rounds * (TASKS + WATCHERS);
  const grown = [...after].map(([name, count]) => [name, count - (before.get(name) ?? 0)] as const);
  const isLeft = ([name, more]: readonly [string, number]) =>
    more > (GENERAL.includes(name) ? 4 * passed : (rounds * WATCHERS) / 2);
  return Object.fromEntries(grown.filter(isLeft));
}
