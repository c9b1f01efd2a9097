/**
 * A worker process of the chaos test: serves two jobs whose handlers take a moment, report progress, fail now and then,
 * for good or not, and stop when they are told to.
 * Arguments: URL of a server, token, name, a file that gets a line for each attempt whose handler has returned, with the number of its payload.
 */
import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { createWorker, TaskError } from '../../src/client/worker/index.ts';
import { silentServerLogger } from '../../src/events/logger.ts';

const [url, token, name, returned] = process.argv.slice(2) as [string, string, string, string];

const worker = createWorker({
  url,
  token,
  name,
  concurrency: 8,
  heartbeatMs: 500,
  shutdownGraceMs: 500,
  logger: silentServerLogger as never,
});

worker.job({
  room: '@global',
  category: 'general',
  name: 'chaos',
  payload: z.object({
    n: z.int(),
    fails: z.enum(['never', 'sometimes', 'always']),
    rated: z.string().nullable(),
  }),
  retryPolicy: { maxAttempts: 20, backoffSeconds: [0.1, 0.5] },
  timeoutSeconds: 5,
  handler: async ({ payload, task, attempt, progress, signal }) => {
    progress(50, `half of ${payload.n}`);
    await sleep(Math.random() * 30, undefined, { signal });
    // Now and then a handler hangs until somebody stops it: the job's timeout must.
    if (Math.random() < 0.002) await sleep(60_000, undefined, { signal });
    if (payload.fails === 'always') throw new TaskError('This input is invalid', { code: 'INVALID' });
    if (payload.fails === 'sometimes' && Math.random() < 0.3) throw new Error('A passing fault');
    appendFileSync(returned, `${task.id} ${attempt} ${payload.n}\n`);
    return { n: payload.n };
  },
});

worker.job({
  ...{ room: '@global', category: 'general', name: 'turns' },
  payload: z.object({
    n: z.int(),
    fails: z.enum(['never', 'sometimes']),
    scope: z.string().nullable(),
    once: z.string().nullable(),
    burst: z.string().nullable(),
  }),
  retryPolicy: { maxAttempts: 20, backoffSeconds: [0.1, 0.5] },
  timeoutSeconds: 5,
  handler: async ({ payload, task, attempt, signal }) => {
    // Long enough for others to come under the key of this one meanwhile.
    await sleep(Math.random() * (payload.once ? 300 : 30), undefined, { signal });
    if (payload.fails === 'sometimes' && Math.random() < 0.3) throw new Error('A passing fault');
    appendFileSync(returned, `${task.id} ${attempt} ${payload.n}\n`);
    return { n: payload.n };
  },
});

await worker.start();
process.send?.('working');
process.once('SIGTERM', () => void worker.stop().then(() => process.exit(0)));
