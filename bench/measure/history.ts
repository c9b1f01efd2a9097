/** A database with a past: finished tasks with their logs, and tasks that wait behind a job of their own. */
import pg from 'pg';
import { PAYLOAD_JSON_SCHEMA } from '../contenders/payload.ts';

/**
 * Fills a migrated database by SQL, as the API would have: rows that were inserted, updated twice and vacuumed since.
 * The waiting tasks are of the job that is measured, later in its order than what the measurement submits.
 */
export async function writeHistory(
  url: string,
  history: { waiting: number; finished: number },
): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(JOB, [JSON.stringify(PAYLOAD_JSON_SCHEMA)]);
    await client.query(TASKS, [history.finished, 'COMPLETED']);
    await client.query(TASKS, [history.waiting, 'PENDING']);
    await client.query(QUEUE);
    await client.query(LOG);
    await client.query(ROLLED_UP);
    await client.query('VACUUM (ANALYZE)');
    await client.query('CHECKPOINT');
  } finally {
    await client.end();
  }
}

const JOB = `INSERT INTO job (id, room, category, name, full_name, payload_schema, max_attempts, backoff_seconds)
  SELECT gen_random_uuid(), '@global', 'general', 'bench', '@global:general:bench', $1::jsonb, 5, '{60}'`;

// Ids grow with time, as UUIDv7 do. Waiting tasks have a low priority: what is measured goes first.
const TASKS = `INSERT INTO task (id, job_id, room, status, version, attempt, max_attempts, priority, run_at, progress,
    created_by, payload, created_at, claimed_at, started_at, finished_at)
  SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7' || substr(md5(n::text || $2), 1, 19))::uuid,
    job.id, 'bench', $2::task_status, CASE WHEN done THEN 4 ELSE 1 END, done::int, 5, CASE WHEN done THEN 0 ELSE -1 END,
    at, CASE WHEN done THEN 100 ELSE 0 END, 'admin', '{"n": 1, "path": "src/module-1/file.ts"}', at,
    CASE WHEN done THEN at END, CASE WHEN done THEN at END, CASE WHEN done THEN at END
  FROM job, generate_series(1, $1::int) n, LATERAL (
    SELECT now() - interval '2 days' + n * interval '100 milliseconds' AS at, $2 = 'COMPLETED' AS done
  ) x`;

const QUEUE = `INSERT INTO task_queue (job_id, priority, run_at, task_id, version, room, ready)
  SELECT job_id, priority, run_at, id, version, room, run_at <= now() FROM task WHERE status = 'PENDING'`;

// As it happens by itself while tasks finish: what is measured has no old log to catch up with.
const ROLLED_UP = `INSERT INTO task_count (room, job_id, status, count)
  SELECT room, job_id, status, count(*) FROM task GROUP BY room, job_id, status;
  UPDATE statistic_position SET xid = pg_snapshot_xmax(pg_current_snapshot()), log_id = 0`;

const LOG = `INSERT INTO task_transition (task_id, version, room, job_id, from_status, to_status, reason, attempt, actor, at)
  SELECT task.id, step.version, task.room, task.job_id, step.from_status::task_status, step.to_status::task_status,
    step.reason::transition_reason, CASE step.version WHEN 1 THEN 0 ELSE 1 END, 'admin', task.created_at
  FROM task JOIN (VALUES (1, NULL, 'PENDING', 'SUBMITTED'), (2, 'PENDING', 'CLAIMED', 'CLAIMED'),
    (3, 'CLAIMED', 'RUNNING', 'STARTED'), (4, 'RUNNING', 'COMPLETED', 'COMPLETED'))
    AS step (version, from_status, to_status, reason) ON step.version <= task.version
  ORDER BY task.id, step.version`;
