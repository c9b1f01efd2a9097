/** What estimates are made from: reads of an index each, bounded however long queues and histories are. */
import { MOST_BEFORE } from '../../domain/estimates/estimate.ts';
import type { Starts } from '../../domain/limits.ts';
import type { TaskStatus } from '../../domain/task.ts';
import { statement } from '../database/statement.ts';
import { QUEUED } from '../tasks/queue.ts';
import { countByTurns, ownGroup } from '../tasks/read/find-blocked.ts';

/** Delayed tasks that are looked at, those nearest in time. */
const MOST_COMING = 200;
/** Tasks of which it is looked up whether they count by the same key. */
export const MOST_SAMPLED = 100;
/** Workers of a job, tasks that they hold, and other jobs that they serve. */
const MOST_WORKERS = 500;
const MOST_HELD = 2_000;
const MOST_SERVED = 5_000;
/** Counters of a job that are read of each grain, the newest. */
const MOST_COUNTERS = 3_000;
/** Submissions from which it is seen which share has which priority. */
const RECENT = 100;
/** Tasks of another job that are counted. */
const MOST_OF_OTHERS = 1_000;

export interface TaskFactsRow {
  id: string;
  jobId: string;
  status: TaskStatus;
  priority: number;
  dueIn: number;
  heldFor: number | null;
  isPaused: boolean;
  before: number;
  coming: number[];
  limits: LimitRow[] | null;
}

export interface LimitRow {
  gateId: string | null;
  maxRunning: number | null;
  rateCount: number | null;
  rateSeconds: number | null;
  starts: Starts | null;
  running: number;
  now: number;
  /** Tasks before it that have met the gate. */
  atGate: number;
  /** Of the first tasks before it that have not: how many have the same key. Null: all. */
  sampled: number | null;
}

const SECONDS_FROM_NOW = (moment: string) => `extract(epoch FROM ${moment} - now())::float8`;

/** Whether row `q` of the queue comes before task `t`. */
const COMES_BEFORE =
  'q.priority >= t.priority AND (q.priority > t.priority OR (q.run_at, q.task_id) < (t.run_at, t.id))';
const IN_ORDER = 'ORDER BY q.priority DESC, q.run_at, q.task_id';

const readyBefore = (columns: string, most: number) =>
  `SELECT ${columns} FROM task_queue q WHERE q.job_id = t.job_id AND q.ready AND ${COMES_BEFORE} ${IN_ORDER} LIMIT ${most}`;

const delayed = (where: string, order: string) =>
  `(SELECT q.priority, q.run_at, q.task_id FROM task_queue q
        WHERE q.job_id = t.job_id AND NOT q.ready AND q.gate_id IS NULL AND ${where} ORDER BY q.run_at ${order} LIMIT ${MOST_COMING})`;

const LIMITS = `(
    SELECT jsonb_agg(jsonb_build_object('gateId', gate.id, 'maxRunning', l.max_running, 'rateCount', l.rate_count,
      'rateSeconds', l.rate_seconds, 'starts', gate.starts, 'running', COALESCE(gate.running, 0),
      'now', (extract(epoch FROM now()) * 1000)::float8,
      'atGate', CASE WHEN own_group.gate_id = gate.id THEN ${countByTurns(MOST_BEFORE)} ELSE (
        SELECT count(*) FROM (
          SELECT FROM task_queue q WHERE q.gate_id = gate.id AND NOT q.ready AND ${COMES_BEFORE} ${IN_ORDER} LIMIT ${MOST_BEFORE}
        ) met
      ) END,
      'sampled', CASE WHEN job.limits->(l.place - 1)::int->>'scope' <> 'JOB' THEN (
        SELECT count(*) FROM (${readyBefore('q.task_id', MOST_SAMPLED)}) b
        CROSS JOIN LATERAL (SELECT o.* FROM task o WHERE o.id = b.task_id LIMIT 1) o
        CROSS JOIN LATERAL limit_gates(job.limits, (SELECT whole FROM task whole WHERE whole.id = o.id)) other
        WHERE other.name = l.name AND other.key = l.key
      ) END) ORDER BY l.place)
    FROM job CROSS JOIN LATERAL limit_gates(job.limits, t) l
    LEFT JOIN task_gate gate ON gate.job_id = job.id AND gate.name = l.name AND gate.key = l.key AND gate.limited
    WHERE job.id = t.job_id AND job.limits <> '[]'
  )`;

const ofQueued = (value: string, none: string) =>
  `CASE WHEN t.status = '${QUEUED}' THEN ${value} ELSE ${none} END`;

/** By turns where the task stands so, see src/store/gates/fair-turns.ts; what has met the gate of a limit is counted there. */
const BEFORE = `(CASE
      WHEN own_group.id IS NULL THEN (SELECT count(*) FROM (${readyBefore('', MOST_BEFORE + 1)}) before)
      WHEN own_group.gate_id = (SELECT job.turn_gate_id FROM job WHERE job.id = t.job_id) THEN ${countByTurns(MOST_BEFORE + 1)}
      ELSE 0 END)::int`;

/** $1: ids of tasks. */
export const TASKS = statement(
  'find_estimated_tasks',
  `SELECT t.id, t.job_id AS "jobId", t.status, t.priority, ${SECONDS_FROM_NOW('t.run_at')} AS "dueIn",
    -${SECONDS_FROM_NOW('COALESCE(t.started_at, t.claimed_at)')} AS "heldFor",
    EXISTS (SELECT FROM job_pause pause WHERE pause.job_id = t.job_id AND pause.room IN ('', t.room)) AS "isPaused",
    ${ofQueued(BEFORE, '0')} AS before,
    ${ofQueued(
      `COALESCE((
      SELECT array_agg(${SECONDS_FROM_NOW('q.run_at')} ORDER BY q.run_at) FROM (
        SELECT * FROM ${delayed('t.run_at <= now()', '')} near
        UNION ALL
        SELECT * FROM ${delayed('t.run_at > now() AND q.run_at <= t.run_at', 'DESC')} near
      ) q WHERE ${COMES_BEFORE}
    ), '{}')`,
      "'{}'",
    )} AS coming,
    ${ofQueued(LIMITS, 'NULL')} AS limits
  FROM task t LEFT JOIN task_queue own ON own.room = t.room AND own.task_id = t.id AND own.version = t.version
  ${ownGroup(MOST_BEFORE + 1)}
  WHERE t.id = ANY ($1::uuid[])`,
);

export interface WorkerSlots {
  jobId: string;
  workerId: string;
  capacity: number;
}

/** Workers that may claim tasks of the jobs. $1: ids of jobs, $2: seconds after which a worker is not alive. */
export const WORKERS = statement(
  'find_estimated_workers',
  `SELECT served.job_id AS "jobId", worker.id AS "workerId", worker.capacity
  FROM unnest($1::uuid[]) AS served (job_id) CROSS JOIN LATERAL (
    SELECT worker.id, worker.capacity FROM worker_job JOIN worker ON worker.id = worker_job.worker_id
    WHERE worker_job.job_id = served.job_id AND worker.draining_since IS NULL
      AND worker.last_heartbeat_at > now() - $2::float8 * interval '1 second'
    LIMIT ${MOST_WORKERS}
  ) worker`,
);

export interface HeldRow {
  workerId: string;
  jobId: string;
  seconds: number;
  gates: string[] | null;
}

/** What the workers hold. $1: their ids. */
export const HELD = statement(
  'find_estimated_holds',
  `SELECT held.worker_id AS "workerId", t.job_id AS "jobId", held.gates,
    -${SECONDS_FROM_NOW('COALESCE(t.started_at, t.claimed_at, now())')} AS seconds
  FROM (
    SELECT h.worker_id, h.task_id, h.gates FROM unnest($1::uuid[]) AS wanted (id)
    CROSS JOIN LATERAL (SELECT * FROM task_hold h WHERE h.worker_id = wanted.id) h LIMIT ${MOST_HELD}
  ) held CROSS JOIN LATERAL (
    SELECT job_id, started_at, claimed_at FROM task WHERE task.id = held.task_id LIMIT 1
  ) t`,
);

/** What else the workers serve. $1: their ids. */
export const SERVED = statement(
  'find_estimated_service',
  `SELECT served.worker_id AS "workerId", served.job_id AS "jobId" FROM unnest($1::uuid[]) AS wanted (id)
  CROSS JOIN LATERAL (SELECT * FROM worker_job WHERE worker_job.worker_id = wanted.id) served LIMIT ${MOST_SERVED}`,
);

/** How many tasks of other jobs come before tasks. $1: ids of tasks, $2: of the other job, beside each. */
export const OTHERS = statement(
  'count_estimated_others',
  `SELECT wanted.id, wanted.job_id AS "jobId", before.count
  FROM unnest($1::uuid[], $2::uuid[]) AS wanted (id, job_id)
  CROSS JOIN LATERAL (SELECT id, priority, run_at FROM task WHERE task.id = wanted.id LIMIT 1) t
  CROSS JOIN LATERAL (
    SELECT count(*)::int AS count FROM (
      (SELECT FROM task_queue q WHERE q.job_id = wanted.job_id AND q.ready AND ${COMES_BEFORE} ${IN_ORDER}
      LIMIT ${MOST_OF_OTHERS})
      UNION ALL (
        SELECT FROM job JOIN task_queue q ON q.gate_id = job.turn_gate_id AND NOT q.ready
        WHERE job.id = wanted.job_id AND ${COMES_BEFORE} LIMIT ${MOST_OF_OTHERS}
      )
    ) other
  ) before
  WHERE before.count > 0`,
);

export interface CounterRow {
  jobId: string;
  grain: 'MINUTE' | 'HOUR' | 'DAY';
  measure: 'RUN' | 'WAIT' | 'SUBMITTED';
  /** Of SUBMITTED: minutes ago. */
  cell: number;
  count: number;
}

/** What has happened to the jobs, in whatever room: in the last hour, day, and 30 days. $1: their ids. */
export const COUNTERS = statement(
  'read_estimated_counters',
  `SELECT wanted.job_id AS "jobId", c.grain, c.measure,
    CASE c.measure WHEN 'SUBMITTED' THEN c.minutes ELSE c.cell END AS cell, sum(c.count)::float8 AS count
  FROM unnest($1::uuid[]) AS wanted (job_id)
  CROSS JOIN (VALUES ('MINUTE'::statistic_grain, interval '1 hour'), ('HOUR', interval '1 day'), ('DAY', interval '30 days'))
    AS looked (grain, back)
  CROSS JOIN LATERAL (
    SELECT s.grain, s.measure, s.cell, s.count, floor(extract(epoch FROM now() - s.at) / 60)::int AS minutes
    FROM statistic s WHERE s.job_id = wanted.job_id AND s.grain = looked.grain AND s.at > now() - looked.back
    ORDER BY s.at DESC LIMIT ${MOST_COUNTERS}
  ) c
  WHERE c.measure IN ('RUN', 'WAIT') OR (c.measure = 'SUBMITTED' AND c.grain = 'MINUTE')
  GROUP BY 1, 2, 3, 4`,
);

export interface PriorityRow {
  jobId: string;
  priority: number;
  count: number;
}

/** The priorities of what was last submitted. $1: ids of jobs. */
export const PRIORITIES = statement(
  'find_estimated_priorities',
  `SELECT wanted.job_id AS "jobId", recent.priority, count(*)::int AS count
  FROM unnest($1::uuid[]) AS wanted (job_id) CROSS JOIN LATERAL (
    SELECT priority FROM task WHERE task.job_id = wanted.job_id ORDER BY task.id DESC LIMIT ${RECENT}
  ) recent
  GROUP BY 1, 2`,
);
