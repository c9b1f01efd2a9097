/**
 * What work leaves behind: `npx tsx bench/maintenance/bloat.ts [ROUNDS] [TASKS]` with DATABASE_URL naming an empty
 * database. Each round submits so many tasks, claims and completes them all in batches of 500, and says how large the
 * tables have become and how many updates were HOT. Autovacuum runs as it is set; nothing is vacuumed by hand.
 */

import { newUuid } from '../../src/domain/typeid.ts';
import { migrate } from '../../src/store/database/migrate.ts';
import { openPostgres } from '../../src/store/database/postgres.ts';
import { statement } from '../../src/store/database/statement.ts';
import { createStore } from '../../src/store/store.ts';

const rounds = Number(process.argv[2] ?? 10);
const tasks = Number(process.argv[3] ?? 20_000);
const BATCH = 500;

const database = await openPostgres({ url: process.env.DATABASE_URL ?? '' });
await migrate(database);
const store = createStore(database, { onCommit() {}, workerTimeoutSeconds: 3_600 });
const [JOB, WORKER] = [newUuid(), newUuid()];
await database.script(`
  INSERT INTO job (id, room, category, name, full_name, payload_schema, max_attempts, backoff_seconds)
  VALUES ('${JOB}', 'bench', 'general', 'work', 'bench:general:work', '{}', 5, '{60}');
  INSERT INTO worker (id, name, owner, capacity, open_jobs) VALUES ('${WORKER}', 'bench', 'bench', 1000, '{${JOB}}');
  INSERT INTO worker_job (worker_id, job_id) VALUES ('${WORKER}', '${JOB}')`);

const SIZES = statement(
  'bench_sizes',
  `SELECT relname AS name, n_live_tup::int AS live, n_dead_tup::int AS dead, autovacuum_count::int AS vacuums,
    (100 * n_tup_hot_upd / greatest(n_tup_upd, 1))::int AS hot, pg_relation_size(relid)::float8 AS heap,
    pg_indexes_size(relid)::float8 AS indexes
  FROM pg_stat_user_tables WHERE relname IN ('task', 'task_queue', 'task_hold', 'task_transition') ORDER BY relname`,
);

const submission = {
  jobId: JOB,
  schemaVersion: 1,
  room: 'bench',
  priority: 0,
  runAt: null,
  idempotencyKey: null,
  correlationId: null,
  entityType: null,
  entityId: null,
  labels: {},
  createdBy: 'bench',
};

for (let round = 1; round <= rounds; round++) {
  const begun = performance.now();
  for (let first = 0; first < tasks; first += BATCH) {
    const length = Math.min(BATCH, tasks - first);
    await store.submitTasks(
      Array.from({ length }, (_, n) => ({ ...submission, payload: { n, path: 'src/module-1/file.ts' } })),
    );
  }
  for (;;) {
    const claimed = await store.claimTasks({ workerId: WORKER, limit: BATCH, start: true, actor: 'bench' });
    if (claimed.length === 0) break;
    await Promise.all(
      claimed.map(({ id, attempt }) =>
        store.completeTask({
          taskId: id,
          workerId: WORKER,
          attempt,
          actor: 'bench',
          outcome: 'COMPLETED',
          result: null,
        }),
      ),
    );
  }
  const rate = Math.round((tasks * 1_000) / (performance.now() - begun));
  console.log(`round ${round}: ${round * tasks} tasks, ${rate} a second from submission to completion`);
  const sizes = await database.query<Record<string, number | string>>(SIZES);
  console.table(
    sizes.map(({ heap, indexes, ...row }) => ({
      ...row,
      'heap MB': Math.round((heap as number) / 1e5) / 10,
      'index MB': Math.round((indexes as number) / 1e5) / 10,
    })),
  );
}
await database.close();
