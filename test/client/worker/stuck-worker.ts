/**
 * A worker process whose handler ignores its signal for ever. Arguments: URL of a server, token.
 */
import { z } from 'zod';
import { createWorker } from '../../../src/client/worker/index.ts';

const [url, token] = process.argv.slice(2) as [string, string];

const log = (line: string, details?: unknown) => process.send?.({ line, details });
const worker = createWorker({
  ...{ url, token, name: 'stuck', shutdownGraceMs: 200 },
  logger: { debug() {}, info: log, warn: log, error: log },
});
worker.job({
  room: 'lab',
  name: 'stuck',
  payload: z.looseObject({}),
  handler: () =>
    new Promise(() => {
      setInterval(() => {}, 1_000);
      process.send?.({ line: 'stuck' });
    }),
});
await worker.run();
process.send?.({ line: 'returned' });
process.disconnect?.();
