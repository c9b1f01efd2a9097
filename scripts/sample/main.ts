// Fills a development server with tasks in every status, for looking and for pictures; see scripts/sample.mjs.
import { createClient } from '../../src/client/client.ts';
import type { SubmitTaskInput } from '../../src/client/types.ts';
import { createWorker } from '../../src/client/worker/worker.ts';
import { JOBS, payloadOf, serve } from './jobs.ts';

const url = process.env['SIGNALBOX_URL'] ?? 'http://127.0.0.1:4000';
const token = process.env['SIGNALBOX_ADMIN_TOKEN'];
/** How long the sample goes on being worked on; 0 to end when it is there. */
const seconds = Number(process.argv[2] ?? 20);
const TASKS = 240;

const client = createClient({ url, token });
const workers = [
  { name: 'thumbnails on host 7', served: ['thumbnail', 'recognise-faces'], concurrency: 6 },
  { name: 'importer on host 3', served: ['import'], concurrency: 2 },
  { name: 'billing on host 1', served: ['invoice', 'reconcile-payments'], concurrency: 4 },
].map(({ name, served, concurrency }) => {
  const worker = createWorker({ url, token, name, concurrency, logger: false });
  serve(worker, (job) => served.includes(job.name));
  return worker;
});
// Registers the last job and goes: its tasks wait for a worker.
const visitor = createWorker({ url, token, name: 'indexer on host 9', concurrency: 1, logger: false });
serve(visitor, ({ name }) => name === 'reindex');

await Promise.all([...workers, visitor].map((worker) => worker.start()));
await visitor.stop();
const handles = await client.submitMany(Array.from({ length: TASKS }, (_, at) => inputOf(at)));
const ids = handles.flatMap((handle) => ('id' in handle ? [handle.id] : []));
for (const id of ids.slice(0, 40).filter((_, at) => at % 4 === 0)) {
  await client.cancel(id, 'The album was deleted').catch(() => {});
}
console.log(`Submitted ${ids.length} tasks in three rooms; they are worked on for ${seconds} s.`);
const until = Date.now() + seconds * 1000;
while (Date.now() < until) {
  await new Promise((resolve) => setTimeout(resolve, 400));
  await client.submitMany([inputOf(Math.floor(Math.random() * 1000))]);
}
// What is under way stays so: as if the workers had been killed, until the server notices.
process.exit(0);

function inputOf(at: number): SubmitTaskInput {
  const job = JOBS[at % JOBS.length] as (typeof JOBS)[number];
  const later = at % 17 === 0;
  return {
    room: job.room,
    job: `${job.room}:${job.category}:${job.name}`,
    payload: payloadOf(job.name),
    priority: at % 11 === 0 ? 10 : 0,
    correlationId: `upload-${Math.floor(at / 8)}`,
    entityType: job.room === 'billing' ? 'invoice' : 'album',
    entityId: String(1000 + (at % 30)),
    labels: { album: at % 2 ? 'summer' : 'winter', tenant: `t${at % 5}` },
    ...(later ? { runAt: new Date(Date.now() + 3_600_000 + at * 1000).toISOString() } : {}),
  };
}
