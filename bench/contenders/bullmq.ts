/**
 * BullMQ on Redis (not durable as Redis is set up by default) and on PostgreSQL (https://docs.bullmq.io/guide/postgresql).
 * `defaults` is one job at a time; `documented` runs 100 at once in one worker, the lower end of what its page on
 * concurrency recommends for jobs that wait (https://docs.bullmq.io/guide/workers/concurrency).
 */
import { createPostgresBackend, Queue, Worker } from 'bullmq';
import type { Contender, Place } from './contender.ts';
import { payloadOf } from './payload.ts';

const CONCURRENCY = 100;

export async function bullmq(
  { databaseUrl, redisUrl, name }: Place,
  on: 'redis' | 'postgres',
  tuning: 'defaults' | 'documented',
): Promise<Contender> {
  const { hostname: host, port } = new URL(redisUrl);
  const connection =
    on === 'redis'
      ? { host, port: Number(port || 6379), maxRetriesPerRequest: null }
      : { connectionString: databaseUrl, migrate: true };
  // The backend is the last argument of each class.
  const backend = (on === 'redis' ? [] : [createPostgresBackend]) as never[];
  const options = { connection: connection as never, prefix: on === 'redis' ? name : undefined };
  const queue = new Queue('bench', { ...options, defaultJobOptions: { removeOnComplete: true } }, ...backend);
  await queue.waitUntilReady();
  let worker: Worker | undefined;
  return {
    submit: (n) => queue.add('bench', payloadOf(n)),
    submitMany: (first, count) =>
      queue.addBulk(Array.from({ length: count }, (_, i) => ({ name: 'bench', data: payloadOf(first + i) }))),
    async work(onStart) {
      worker = new Worker(
        'bench',
        async ({ data }) => onStart(data.n),
        { ...options, concurrency: tuning === 'documented' ? CONCURRENCY : 1 },
        ...backend,
      );
      worker.on('error', () => {});
      await worker.waitUntilReady();
    },
    async unfinished() {
      const counts = await queue.getJobCounts('waiting', 'active', 'delayed', 'prioritized');
      return Object.values(counts).reduce((sum, count) => sum + count, 0);
    },
    async close() {
      await worker?.close(true);
      if (on === 'redis') await queue.obliterate({ force: true });
      await queue.close();
    },
  };
}
