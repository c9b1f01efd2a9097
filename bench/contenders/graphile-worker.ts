/**
 * graphile-worker: `defaults` changes nothing, `documented` is the preset of its performance page
 * (https://worker.graphile.org/docs/performance).
 */
import { Logger, makeWorkerUtils, type Runner, run } from 'graphile-worker';
import pg from 'pg';
import type { Contender, Place } from './contender.ts';
import { payloadOf } from './payload.ts';

const DOCUMENTED = {
  concurrentJobs: 24,
  maxPoolSize: 25,
  localQueue: { size: 500 },
  completeJobBatchDelay: 0,
  failJobBatchDelay: 0,
};

// As documented, but each job fetched when there is a slot: the page says that a local queue may cost latency.
const WITHOUT_LOCAL_QUEUE = { concurrentJobs: 24, maxPoolSize: 25 };

const silent = new Logger(() => () => {});

export async function graphileWorker(
  { databaseUrl }: Place,
  tuning: 'defaults' | 'documented' | 'latency',
): Promise<Contender> {
  const settings = { defaults: {}, documented: DOCUMENTED, latency: WITHOUT_LOCAL_QUEUE }[tuning];
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 10 });
  const utils = await makeWorkerUtils({ pgPool: pool, logger: silent });
  await utils.migrate();
  let runner: Runner | undefined;
  return {
    submit: (n) => utils.addJob('bench', payloadOf(n)),
    submitMany: (first, count) =>
      utils.addJobs(
        Array.from({ length: count }, (_, i) => ({ identifier: 'bench', payload: payloadOf(first + i) })),
      ),
    async work(onStart) {
      runner = await run({
        preset: { worker: { connectionString: databaseUrl, ...settings } },
        logger: silent,
        noHandleSignals: true,
        taskList: { bench: async (payload) => onStart((payload as { n: number }).n) },
      });
    },
    async unfinished() {
      const { rows } = await pool.query('SELECT count(*)::int AS n FROM graphile_worker._private_jobs');
      return rows[0].n;
    },
    async close() {
      await runner?.stop();
      await utils.release();
      await pool.end();
    },
  };
}
