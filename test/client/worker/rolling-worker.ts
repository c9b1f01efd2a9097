/**
 * A worker process of the rolling update: an old or a new version of one job.
 * Arguments: URL of a server, token, `old` or `new`.
 */
import { z } from 'zod';
import { createWorker } from '../../../src/client/worker/index.ts';
import { silentServerLogger } from '../../../src/events/logger.ts';

const [url, token, version] = process.argv.slice(2) as [string, string, 'old' | 'new'];

const old = z.object({ size: z.enum(['small', 'large']), name: z.string() });
const next = z.object({
  size: z.enum(['small', 'large', 'huge']),
  name: z.string(),
  colour: z.string().optional(),
});

const worker = createWorker({
  url,
  token,
  name: version,
  concurrency: 4,
  logger: silentServerLogger as never,
});
worker.job({
  ...{
    room: 'lab',
    category: 'general',
    name: 'rolling',
    // A task that is left to others has used up no attempt.
    retryPolicy: { maxAttempts: 1 },
  },
  payload: version === 'old' ? old : next,
  result: z.object({ by: z.string(), size: z.string() }),
  handler: ({ payload }) => ({ by: version, size: payload.size }),
});
await worker.start();
process.send?.('working');
process.once('SIGTERM', () => void worker.stop().then(() => process.exit(0)));
