/** Tasks of many rooms in every status, with their logs, written by SQL as the API would have. */
import type { Database } from '../../src/store/database/database.ts';

export const ROOMS = 20;

/** Of a hundred tasks five wait, one is cancelled, four have failed and ninety have completed. */
export async function writeTasks(database: Database, count: number): Promise<void> {
  await database.script(JOBS);
  // In parts, each below the time that a statement may take.
  const part = 100_000;
  for (let first = 1; first <= count; first += part) {
    await database.script(tasksOf(first, Math.min(first + part - 1, count), count));
  }
  await database.script('VACUUM (ANALYZE) task');
  await database.script('VACUUM (ANALYZE) task_transition');
}

const JOBS = `INSERT INTO job (id, room, category, name, full_name, payload_schema, max_attempts, backoff_seconds)
  SELECT gen_random_uuid(), 'room-' || r, 'general', 'job-' || j, 'room-' || r || ':general:job-' || j, '{}', 5, '{60}'
  FROM generate_series(1, ${ROOMS}) r, generate_series(1, 5) j`;

// Ids grow with time, as UUIDv7 do. Waiting and running take from milliseconds to minutes.
const tasksOf = (first: number, last: number, count: number) => `
  WITH made AS (
    INSERT INTO task (id, job_id, room, status, version, attempt, failures, max_attempts, priority, run_at, progress,
      created_by, payload, created_at, claimed_at, started_at, finished_at, error, labels, entity_type, entity_id,
      correlation_id)
    SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7' || substr(md5(n::text), 1, 19))::uuid,
      job.id, job.room, status, CASE status WHEN 'PENDING' THEN 1 WHEN 'CANCELLED' THEN 2 ELSE 4 END, worked::int,
      (status = 'FAILED')::int, 5, n % 3, at, CASE status WHEN 'COMPLETED' THEN 100 ELSE 0 END, 'admin',
      jsonb_build_object('path', 'src/module-' || n % 50 || '/file.ts', 'user', jsonb_build_object('id', n % 5000)), at, CASE WHEN worked THEN at + waited END,
      CASE WHEN worked THEN at + waited END, CASE WHEN status <> 'PENDING' THEN at + waited + ran END,
      CASE status WHEN 'FAILED' THEN jsonb_build_object('code', 'E' || n / 100 % 40, 'message',
        CASE n / 100 % 1000 WHEN 0 THEN 'disk full on volume ' ELSE 'connection refused by host ' END || n % 97,
        'fingerprint', left(md5((n / 100 % 40)::text || (n / 100 % 1000 = 0)), 16)) END,
      CASE n % 3 WHEN 0 THEN jsonb_build_object('env', (ARRAY['live', 'test'])[1 + n / 3 % 2], 'album', 'a' || n % 2000,
        'commit', md5((n / 9)::text)) ELSE '{}' END,
      CASE n % 3 WHEN 1 THEN 'photo' END, CASE n % 3 WHEN 1 THEN 'p' || n % 20000 END,
      CASE n % 3 WHEN 2 THEN 'c' || n / 30 END
    FROM generate_series(${first}, ${last}) n CROSS JOIN LATERAL (
      SELECT now() - interval '30 days' * (1 - n::float8 / ${count}) AS at,
        (CASE WHEN n % 100 < 5 THEN 'PENDING' WHEN n % 100 < 6 THEN 'CANCELLED' WHEN n % 100 < 10 THEN 'FAILED'
          ELSE 'COMPLETED' END)::task_status AS status,
        exp(random() * 8) * interval '1 millisecond' AS waited, exp(random() * 11) * interval '1 millisecond' AS ran
    ) x CROSS JOIN LATERAL (SELECT x.status IN ('COMPLETED', 'FAILED') AS worked) y
    JOIN job ON job.full_name = 'room-' || (1 + n % ${ROOMS}) || ':general:job-' || (1 + n / ${ROOMS} % 5)
    RETURNING *
  ), queued AS (
    INSERT INTO task_queue (job_id, priority, run_at, task_id, version, room, ready)
    SELECT job_id, priority, run_at, id, version, room, run_at <= now() FROM made WHERE status = 'PENDING'
  )
  INSERT INTO task_transition (task_id, version, room, job_id, from_status, to_status, reason, attempt, actor, at, error)
  SELECT made.id, step.version, made.room, made.job_id, step.from_status::task_status,
    COALESCE(step.to_status::task_status, made.status),
    COALESCE(step.reason, made.status::text)::transition_reason, (step.version > 1 AND made.status <> 'CANCELLED')::int, 'admin',
    CASE step.version WHEN 1 THEN made.created_at WHEN 4 THEN made.finished_at
      ELSE COALESCE(made.claimed_at, made.finished_at) END, CASE step.version WHEN 4 THEN made.error END
  FROM made JOIN (VALUES (1, NULL, 'PENDING', 'SUBMITTED', NULL), (2, 'PENDING', 'CLAIMED', 'CLAIMED', true),
    (2, 'PENDING', 'CANCELLED', 'CANCELLED', false), (3, 'CLAIMED', 'RUNNING', 'STARTED', true),
    (4, 'RUNNING', NULL, NULL, true)) AS step (version, from_status, to_status, reason, worked)
    ON step.version <= made.version AND (step.worked IS NULL OR step.worked = (made.status <> 'CANCELLED'))
  ORDER BY made.id, step.version`;
