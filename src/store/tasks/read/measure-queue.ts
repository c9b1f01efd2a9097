/**
 * How much work there is, by job: what waits, what is held, who would do it. It reads the partial indexes of what is
 * unfinished, so that its cost does not grow with what is finished.
 */
import { TRANSITIONS } from '../../../domain/transitions.ts';
import type { DatabaseSession } from '../../database/database.ts';
import { statement } from '../../database/statement.ts';
import { sqlStatuses } from '../rows.ts';

/** The work of one job that has any, or that somebody serves. */
export interface QueueOfJob {
  /** Full name. */
  job: string;
  /** Tasks that may be claimed now. */
  due: number;
  /** Tasks that may be claimed later: delayed ones, and scheduled retries. */
  delayed: number;
  /** Tasks that wait for others. */
  waiting: number;
  claimed: number;
  running: number;
  /** Seconds that the oldest due task has been due; 0 when there is none. */
  oldestDueSeconds: number;
  /** Seconds that an attempt has run beyond the timeout of the job, or since its start where it has none; the most. */
  overdueSeconds: number;
  /** Living workers that serve it. */
  workers: number;
  /** Due tasks that wait for a limit, and for the end of a pause. */
  limited: number;
  paused: number;
  /** Seconds since the oldest task that waits for others was submitted; 0 when there is none. */
  waitingSeconds: number;
  /** Seconds since the oldest task that waits for a limit was due, and since the first pause; 0 when there is none. */
  limitedSeconds: number;
  pausedSeconds: number;
}

/** What is used of a limit, by all of its keys. */
export interface LimitMeasures {
  /** Full name. */
  job: string;
  limit: string;
  /** Slots that are held; null for a rate. */
  running: number | null;
  /** Of a rate: tokens of the key that has the fewest; null otherwise. */
  tokensLeft: number | null;
}

export interface QueueMeasures {
  jobs: QueueOfJob[];
  /** Of limits that are in use, 1,000 at most. */
  limits: LimitMeasures[];
  /** Living workers, whatever they serve. */
  workersAlive: number;
  /** FAILED tasks that nobody has retried or discarded; counted up to 100,000. */
  deadLetters: number;
  /** What the large tables take with their indexes, in bytes. */
  tables: { name: string; bytes: number }[];
}

export async function measureQueue(
  session: DatabaseSession,
  workerTimeoutSeconds: number,
): Promise<QueueMeasures> {
  const rows = await session.query<QueueOfJob & { workersAlive: number }>(MEASURE, [workerTimeoutSeconds]);
  const [first] = rows;
  const [{ deadLetters = 0 } = {}] = await session.query<{ deadLetters: number }>(DEAD_LETTERS);
  return {
    workersAlive: first?.workersAlive ?? 0,
    deadLetters,
    limits: await session.query<LimitMeasures>(LIMITS),
    tables: await session.query(TABLES),
    // The one row of a queue without any job has only the workers.
    jobs: rows.filter(({ job }) => job !== null).map(({ workersAlive: _, ...row }) => row),
  };
}

const DEAD_LETTERS = statement(
  'count_dead_letters',
  `SELECT count(*)::int AS "deadLetters" FROM (
    SELECT FROM task WHERE rare_status = '${TRANSITIONS.retry.from[0]}' AND discarded_at IS NULL LIMIT 100000
  ) letter`,
);

/** The tables that grow with use. */
const GROWING = ['task', 'task_transition', 'asset', 'event', 'statistic', 'webhook_delivery'];

const TABLES = statement(
  'measure_tables',
  `SELECT name, pg_total_relation_size(to_regclass(name))::float8 AS bytes
  FROM unnest('{${GROWING.join()}}'::text[]) AS name WHERE to_regclass(name) IS NOT NULL`,
);

const LIMITS = statement(
  'measure_limits',
  `SELECT job.full_name AS job, gate.name AS limit, sum(gate.running) FILTER (WHERE gate.max_running IS NOT NULL)::int AS running,
    min(GREATEST(0, gate.rate_count - COALESCE((
      SELECT sum((taken->>1)::int) FROM jsonb_array_elements(gate.starts) taken
      WHERE (taken->>0)::float8 > extract(epoch FROM now()) * 1000 - gate.rate_seconds * 1000.0
    ), 0))) FILTER (WHERE gate.rate_count IS NOT NULL)::int AS "tokensLeft"
  FROM task_gate gate JOIN job ON job.id = gate.job_id WHERE gate.limited
  GROUP BY job.full_name, gate.name ORDER BY 1, 2 LIMIT 1000`,
);

const seconds = (interval: string) => `greatest(0, extract(epoch FROM ${interval}))::float8`;

const MEASURE = statement(
  'measure_queue',
  `WITH living AS (
    SELECT id FROM worker WHERE last_heartbeat_at > now() - $1::float8 * interval '1 second'
  ), pending AS (
    SELECT q.job_id, count(*) FILTER (WHERE q.run_at <= now())::int AS due,
      count(*) FILTER (WHERE q.run_at > now())::int AS delayed, min(q.run_at) AS oldest,
      count(*) FILTER (WHERE gate.limited)::int AS limited, count(*) FILTER (WHERE gate.name = '')::int AS in_paused_rooms,
      min(q.run_at) FILTER (WHERE gate.limited) AS oldest_limited
    FROM task_queue q LEFT JOIN task_gate gate ON gate.id = q.gate_id AND NOT q.ready GROUP BY q.job_id
  ), pause AS (
    SELECT job_id, min(paused_at) AS paused_at, bool_or(room = '') AS all_rooms FROM job_pause GROUP BY job_id
  ), waiting AS (
    SELECT job_id, count(*)::int AS waiting, min(created_at) AS oldest_waiting FROM task
    WHERE rare_status = ${sqlStatuses(TRANSITIONS.unblock.from)} GROUP BY job_id
  ), held AS (
    SELECT t.job_id, count(*) FILTER (WHERE t.status = '${TRANSITIONS.claim.to}')::int AS claimed,
      count(*) FILTER (WHERE t.status = '${TRANSITIONS.start.to}')::int AS running,
      max(now() - t.started_at - COALESCE(job.timeout_seconds, 0) * interval '1 second')
        FILTER (WHERE t.status = '${TRANSITIONS.start.to}') AS overdue
    FROM task_hold h JOIN task t ON t.id = h.task_id AND t.worker_id = h.worker_id JOIN job ON job.id = t.job_id
    GROUP BY t.job_id
  ), served AS (
    SELECT worker_job.job_id, count(*)::int AS workers FROM worker_job JOIN living ON living.id = worker_job.worker_id
    GROUP BY worker_job.job_id
  ), work AS (
    SELECT * FROM pending FULL JOIN waiting USING (job_id) FULL JOIN held USING (job_id) FULL JOIN served USING (job_id)
      FULL JOIN pause USING (job_id)
  )
  SELECT total.alive AS "workersAlive", found.* FROM (SELECT count(*)::int AS alive FROM living) total
  LEFT JOIN LATERAL (
    SELECT job.full_name AS job, COALESCE(due, 0) AS due, COALESCE(delayed, 0) AS delayed,
      COALESCE(waiting, 0) AS waiting, COALESCE(claimed, 0) AS claimed, COALESCE(running, 0) AS running,
      COALESCE(${seconds('now() - oldest')}, 0) AS "oldestDueSeconds",
      COALESCE(${seconds('overdue')}, 0) AS "overdueSeconds", COALESCE(workers, 0) AS workers,
      COALESCE(limited, 0) AS limited, COALESCE(CASE WHEN all_rooms THEN due ELSE in_paused_rooms END, 0) AS paused,
      COALESCE(${seconds('now() - oldest_waiting')}, 0) AS "waitingSeconds",
      COALESCE(${seconds('now() - oldest_limited')}, 0) AS "limitedSeconds",
      COALESCE(${seconds('now() - paused_at')}, 0) AS "pausedSeconds"
    FROM work JOIN job ON job.id = work.job_id
  ) found ON true`,
);
