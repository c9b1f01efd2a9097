/**
 * How fast old tasks are deleted: `npx tsx bench/maintenance/clean-up.ts [TASKS]` with DATABASE_URL naming an empty
 * database. Each task has four transitions.
 */
import { cleanUpEventsOperation } from '../../src/maintenance/clean-up-events.ts';
import { migrate } from '../../src/store/database/migrate.ts';
import { openPostgres } from '../../src/store/database/postgres.ts';
import { createStore } from '../../src/store/store.ts';

const tasks = Number(process.argv[2] ?? 1_000_000);
const database = await openPostgres({ url: process.env.DATABASE_URL ?? '' });
await migrate(database);

const JOB = '01890a5d-ac96-774b-bcce-b302099a8057';
const STEP = 20_000;
await database.script(`INSERT INTO job (id, room, category, name, full_name, payload_schema, max_attempts, backoff_seconds)
  VALUES ('${JOB}', 'bench', 'general', 'old', 'bench:general:old', '{}', 5, '{60}')`);
for (let from = 0; from < tasks; from += STEP) {
  // Ten days ago, a thousand tasks a second.
  await database.script(`
    CREATE TEMP TABLE old ON COMMIT DROP AS SELECT at, (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0')
      || '7' || lpad(to_hex(n % 4096), 3, '0') || '8' || substr(md5(n::text), 1, 15))::uuid AS id
    FROM (SELECT n, date_trunc('hour', now()) - interval '10 days' + n * interval '1 millisecond' AS at
      FROM generate_series(${from}, ${Math.min(from + STEP, tasks) - 1}) n) numbered;
    INSERT INTO task (id, job_id, room, status, version, attempt, max_attempts, payload, created_by, created_at, finished_at)
      SELECT id, '${JOB}', 'bench', 'COMPLETED', 4, 1, 5, '{"n":1}', 'bench', at, at FROM old;
    INSERT INTO task_transition (task_id, version, room, job_id, from_status, to_status, reason, attempt, actor, at)
      SELECT id, version, 'bench', '${JOB}', from_status::task_status, to_status::task_status, reason::transition_reason, 1, 'bench', at
      FROM old, (VALUES (1, NULL, 'PENDING', 'SUBMITTED'), (2, 'PENDING', 'CLAIMED', 'CLAIMED'),
        (3, 'CLAIMED', 'RUNNING', 'STARTED'), (4, 'RUNNING', 'COMPLETED', 'COMPLETED')) AS step (version, from_status, to_status, reason)`);
}
// Rolled up already, as happens by itself every five seconds: here only the clean-up counts.
await database.script(`UPDATE statistic_position SET xid = pg_snapshot_xmax(pg_current_snapshot()), log_id = 0;
  ANALYZE`);

const days = { completed: 7, failed: 30, deadLetter: 180, event: 90, statistics: 400 };
const operation = cleanUpEventsOperation(
  createStore(database, { onCommit: () => {}, workerTimeoutSeconds: 60 }),
  days,
);
for (const dryRun of [true, false]) {
  const begun = performance.now();
  const metrics = await operation.runOnce({
    ...{
      room: null,
      dryRun,
      parameters: operation.parameters.parse({}),
      progress: async () => {},
      warn() {},
    },
    signal: new AbortController().signal,
  });
  const seconds = (performance.now() - begun) / 1_000;
  const rows = (metrics.completed ?? 0) + (metrics.transitions ?? 0);
  console.log(
    `${dryRun ? 'dry run' : 'clean-up'}: ${metrics.completed} tasks, ${metrics.transitions} transitions in ${seconds.toFixed(1)} s: ${Math.round(rows / seconds)} rows a second`,
  );
}
await database.close();
