/**
 * An SDK process of the soak test. It keeps a worker and a stream of a room open, and does a round each time that its
 * parent sends a message: watchers of rooms and of single tasks come and go.
 * Arguments: URL of a server, token.
 */
import { z } from 'zod';
import { createClient } from '../../src/client/index.ts';
import { createWorker } from '../../src/client/worker/index.ts';
import { silentServerLogger } from '../../src/events/logger.ts';
import { KEPT_ROOM, TASKS, WATCHERS } from './load.ts';

const [url, token] = process.argv.slice(2) as [string, string];
const options = { url, token, logger: silentServerLogger as never };

const worker = createWorker({ ...options, name: 'soak', concurrency: 20 });
worker.job({
  ...{ room: '@global', category: 'general', name: 'soak' },
  payload: z.object({ n: z.int().optional() }),
  handler: ({ payload }) => payload,
});
await worker.start();

const kept = createClient(options);
void (async () => {
  for await (const _event of kept.watchRoom(KEPT_ROOM));
})();

let rounds = 0;

/** Each task is watched to its end; each room until its first event, by a client that comes and goes as well. */
async function round(): Promise<void> {
  const passing = createClient(options);
  const job = '@global:general:soak';
  const names = Array.from({ length: WATCHERS }, (_, n) => `room-${rounds}-${n}`);
  rounds++;
  const streams = names.map((room) => passing.watchRoom(room)[Symbol.asyncIterator]());
  const first = streams.map((stream) => stream.next());
  for (const room of names) await passing.submit({ room, job, payload: {} });
  await Promise.all(first);
  for (const stream of streams) await stream.return?.();
  const tasks = Array.from({ length: TASKS }, async (_, n) => {
    const handle = await kept.submit({ room: `tasks-${n % 10}`, job, payload: { n } });
    await kept.result(handle.id);
  });
  await Promise.all(tasks);
  await passing.close();
}

process.on('message', () => void round().then(() => process.send?.('done')));
process.send?.('working');
