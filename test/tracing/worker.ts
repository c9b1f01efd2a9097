/**
 * A worker of an application with OpenTelemetry, in a process of its own. Says "ready" when it serves, and ends by SIGTERM.
 * Arguments: URL of the server, token, URL of the collector.
 */
import * as opentelemetry from '@opentelemetry/api';
import { z } from 'zod';
import { createWorker } from '../../src/client/worker/index.ts';
import { register } from './provider.ts';

const [url, token, collector] = process.argv.slice(2) as [string, string, string];
const provider = register(collector, 'greeter');
const worker = createWorker({ url, token, name: 'greeter', logger: false, opentelemetry });

worker.job({
  room: 'demo',
  category: 'general',
  name: 'greet',
  payload: z.object({ name: z.string() }),
  result: z.object({ greeting: z.string(), traceparent: z.string().nullish() }),
  handler: async ({ payload, task }) =>
    opentelemetry.trace.getTracer('greeter').startActiveSpan('think of a greeting', (span) => {
      span.end();
      return { greeting: `Hello, ${payload.name}`, traceparent: task.traceparent };
    }),
});

await worker.start();
process.stdout.write('ready\n');
await worker.run();
await provider.shutdown();
