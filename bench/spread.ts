/**
 * `npm run bench:spread [-- TASKS]`: how long after the answer to a submission at one server a watcher at another one has
 * heard of it, with and without a Redis between them. One task at a time: what is measured is the way, not the load. It
 * uses `DATABASE_URL` and `REDIS_URL`, or the default local ones.
 */
import { buildProgram, cleanUp, startProgram } from '../test/app/program.ts';
import { Caller } from '../test/support/api.ts';
import { PROTOCOLS } from '../test/support/client.ts';
import { TOKEN } from './fanout/start.mjs';
import { createBenchDatabase } from './measure/database.ts';

const COUNT = Number(process.argv[2] ?? 200);
const WARM_UP = 10;
const PATIENCE_MS = 60_000;
const ROOM = 'spread';
const QUERY = `subscription ($room: String!, $after: Cursor) {
  roomEvents(room: $room, after: $after) { __typename ... on TaskTransitioned { task { id } } }
}`;

const database = process.env.DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres';
const redis = process.env.REDIS_URL ?? 'redis://127.0.0.1:6379';

await buildProgram();
console.log('| between two servers | p50 ms | p99 ms | longest ms |\n|---|--:|--:|--:|');
for (const [name, settings] of [
  ['PostgreSQL alone', {}],
  ['Redis', { REDIS_URL: redis }],
] as const) {
  const times = await measure(settings);
  const at = (share: number) =>
    times[Math.min(times.length - 1, Math.floor(times.length * share))]?.toFixed(1);
  console.log(`| ${name} | ${at(0.5)} | ${at(0.99)} | ${at(1)} |`);
}

async function measure(settings: Record<string, string>): Promise<number[]> {
  const bench = await createBenchDatabase(database, `signalbox_spread_${process.pid}`);
  try {
    const start = () => startProgram({ DATABASE_URL: bench.url, SIGNALBOX_ADMIN_TOKEN: TOKEN, ...settings });
    // The second finds the database migrated.
    const [one, other] = [await start(), await start()];
    const [here, there] = [await one.ready, await other.ready].map(
      (url) => new Caller(url, '@admin', TOKEN),
    ) as [Caller, Caller];
    await here.registerJob({ room: ROOM, name: 'work' });
    const after = (await here.ask('{ tasks(first: 1) { streamCursor } }')).streamCursor;
    const watcher = there.subscribe(PROTOCOLS[0] as never, QUERY, { room: ROOM, after });
    const times: number[] = [];
    for (let n = 0; n < WARM_UP + COUNT; n++) {
      const { task } = await here.submit({ room: ROOM, job: `${ROOM}:general:work` });
      const answered = performance.now();
      while ((await watcher.event(PATIENCE_MS)).task.id !== task.id);
      if (n >= WARM_UP) times.push(performance.now() - answered);
    }
    watcher.close();
    return times.sort((a, b) => a - b);
  } finally {
    await cleanUp();
    await bench.drop();
  }
}
