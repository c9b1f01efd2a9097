/**
 * `npm run bench:keys [-- KEYS]`: a limit by key that has met so many different keys (1,000,000). How large the table of
 * gates is then, what a claim beside it takes, how long the check of every sweep takes, and how long it takes until the rows of
 * idle keys are gone. The rows are written as claims leave them. On the PostgreSQL of DATABASE_URL, or the default local one;
 * it makes a database and drops it.
 */
import { statement } from '../../src/store/database/statement.ts';
import type { TestStore } from '../../test/support/test-store.ts';
import { withBenchStore } from '../measure/store.ts';

const keys = Number(process.argv[2] ?? 1_000_000);
const CLAIMS = 200;

await withBenchStore('keys', run);

async function run({ store, db, newJob, newWorker, submit }: TestStore): Promise<void> {
  const limit = { name: 'key', scope: 'KEY', keyPointer: null, maxRunning: 1, rate: null } as const;
  const job = await newJob({ limits: [limit] });
  const worker = await newWorker(job);
  const who = { workerId: worker.id, actor: 'bench' };

  async function claims(): Promise<number> {
    for (let n = 0; n < CLAIMS; n++) await submit(job, { limitKey: `claimed ${n}` });
    const begun = performance.now();
    for (let n = 0; n < CLAIMS; n++) await store.claimTasks({ ...who, limit: 1, start: true });
    return (performance.now() - begun) / CLAIMS;
  }
  const size = async () =>
    (
      await db.query<{ megabytes: number }>(
        statement('bench_size', "SELECT round(pg_total_relation_size('task_gate') / 1e6)::int AS megabytes"),
      )
    )[0]?.megabytes;

  console.log(`a claim beside no keys: ${(await claims()).toFixed(1)} ms`);
  await db.script(`INSERT INTO task_gate (job_id, name, key, limited, max_running)
    SELECT '${job.id}', 'key', 'idle ' || n, true, 1 FROM generate_series(1, ${keys}) n; ANALYZE task_gate`);
  console.log(`rows of ${keys} keys: ${await size()} MB`);
  console.log(`a claim beside them: ${(await claims()).toFixed(1)} ms`);
  let begun = performance.now();
  const leaks = await store.repairGates();
  console.log(`recounted: ${Math.round(performance.now() - begun)} ms, ${leaks.length} wrong`);
  begun = performance.now();
  let removed = 0;
  for (let gone = -1; gone !== 0; removed += gone) gone = await store.removeIdleGates();
  console.log(`removed ${removed} rows: ${((performance.now() - begun) / 1_000).toFixed(1)} s`);
  await db.script('VACUUM task_gate');
  console.log(`after a vacuum: ${await size()} MB`);
}
