/**
 * The worker: indexes the parts of one source tree, four at a time.
 *
 *     SIGNALBOX_URL=… SIGNALBOX_ADMIN_TOKEN=… node --import tsx examples/index-source/worker.ts DIR
 *
 * In a project of its own: `import { createWorker, partial } from 'signalbox/worker'`.
 */

import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { createWorker, partial } from '../../src/client/worker/index.ts';
import { indexPart } from './indexer.ts';
import { CATEGORY, NAME, payloadSchema, resultSchema, roomOf } from './job.ts';

const root = resolve(process.argv[2] ?? '.');
/** The demo of what happens when a worker is killed: this one ends without a word at its n-th file. */
const lastFile = Number(process.env['SIGNALBOX_DEMO_LAST_FILE'] ?? Number.POSITIVE_INFINITY);
let files = 0;

const worker = createWorker({
  url: process.env['SIGNALBOX_URL'] ?? 'http://127.0.0.1:4000',
  token: process.env['SIGNALBOX_ADMIN_TOKEN'],
  name: `${NAME} on ${hostname()}`,
  concurrency: 4,
  heartbeatMs: Number(process.env['SIGNALBOX_DEMO_HEARTBEAT_MS'] ?? 10_000),
});

worker.job({
  room: roomOf(root),
  category: CATEGORY,
  name: NAME,
  description: `Files, lines, languages and exported symbols of the parts of ${root}`,
  payload: payloadSchema,
  result: resultSchema,
  retryPolicy: { maxAttempts: 3, backoffSeconds: [1] },
  async handler({ payload, progress, signal }) {
    const index = await indexPart(root, payload.part, {
      signal,
      onFile(path, number, total) {
        if (++files >= lastFile) process.kill(process.pid, 'SIGKILL');
        progress((100 * number) / total, path);
      },
    });
    return index.unreadable.length > 0 ? partial(index) : index;
  },
});

try {
  await worker.start();
  // For a parent that waits for it, as the demo does.
  process.send?.('ready');
  await worker.run();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
