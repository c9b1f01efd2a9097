/**
 * pg-boss: `defaults` is one job every two seconds; `documented` uses what its page on workers has for throughput
 * (https://pgboss.io/api/workers): batches, fetched continuously while they come back full, several workers, and
 * LISTEN/NOTIFY for new jobs.
 */

import pg from 'pg';
import { PgBoss } from 'pg-boss';
import type { Contender, Place } from './contender.ts';
import { payloadOf } from './payload.ts';

const QUEUE = 'bench';
const DOCUMENTED = {
  batchSize: 500,
  burstWhenBatchFull: true,
  localConcurrency: 2,
  pollingIntervalSeconds: 0.5,
};

export async function pgBoss({ databaseUrl }: Place, tuning: 'defaults' | 'documented'): Promise<Contender> {
  const documented = tuning === 'documented';
  const boss = new PgBoss({ connectionString: databaseUrl, max: 10, useListenNotify: documented });
  boss.on('error', () => {});
  await boss.start();
  await boss.createQueue(QUEUE, { notify: documented });
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 1 });
  return {
    submit: (n) => boss.send(QUEUE, payloadOf(n)),
    submitMany: (first, count) =>
      boss.insert(
        QUEUE,
        Array.from({ length: count }, (_, i) => ({ data: payloadOf(first + i) })),
      ),
    async work(onStart) {
      await boss.work(QUEUE, documented ? DOCUMENTED : {}, async (jobs: { data: { n: number } }[]) => {
        for (const { data } of jobs) onStart(data.n);
      });
    },
    async unfinished() {
      const { rows } = await pool.query(
        `SELECT count(*)::int AS n FROM pgboss.job WHERE state < 'completed'`,
      );
      return rows[0].n;
    },
    async close() {
      await boss.stop({ graceful: false });
      await pool.end();
    },
  };
}
