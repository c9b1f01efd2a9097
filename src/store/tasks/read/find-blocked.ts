/** What decides why tasks wait, for some of them, and in groups for many. */
import type { WaitFacts } from '../../../domain/blocked.ts';
import { TRANSITIONS } from '../../../domain/transitions.ts';
import type { DatabaseSession } from '../../database/database.ts';
import { statement } from '../../database/statement.ts';
import { QUEUED } from '../queue.ts';
import { sqlStatuses } from '../rows.ts';
import { Parameters, type TaskScope, visible } from './task-conditions.ts';

/** Tasks for which it is counted how many stand in front, at most that many. */
export const MOST_AHEAD = 1_000;
/** Tasks that are looked at to count why they wait, at most. */
export const MOST_BLOCKED = 10_000;

/** What decides it for each of the tasks, as far as they are there. */
export async function findWaitFacts(
  session: DatabaseSession,
  taskIds: readonly string[],
  workerTimeoutSeconds: number,
): Promise<Map<string, WaitFacts>> {
  const rows = await session.query<WaitFacts & { id: string }>(FACTS, [taskIds, workerTimeoutSeconds]);
  return new Map(rows.map(({ id, ...facts }) => [id, facts]));
}

/** How many tasks a worker of the job would be given before each of the tasks; of none that is not in the order of the claim. */
export async function countAhead(
  session: DatabaseSession,
  taskIds: readonly string[],
): Promise<Map<string, number>> {
  const rows = await session.query<{ id: string; ahead: number }>(AHEAD, [taskIds]);
  return new Map(rows.map(({ id, ahead }) => [id, ahead]));
}

/** A group of waiting tasks that wait for the same reason, and its facts. */
export interface WaitingGroup extends WaitFacts {
  count: number;
}

/**
 * Waiting tasks of a scope in groups, looking at MOST_BLOCKED of them.
 * @param jobId null: of all jobs
 */
export function groupWaiting(
  session: DatabaseSession,
  scope: TaskScope,
  jobId: string | null,
  workerTimeoutSeconds: number,
): Promise<WaitingGroup[]> {
  const parameters = new Parameters();
  const timeout = parameters.add(workerTimeoutSeconds);
  const ofJob = jobId === null ? '' : `AND t.job_id = ${parameters.add(jobId)}::uuid`;
  const mayBeSeen = visible(scope, parameters);
  const waiting = (
    from: string,
    where: string,
  ) => `(SELECT t.job_id, t.room, t.status, t.run_at > now() AS later,
      CASE WHEN t.status = '${QUEUED}' THEN ${limitOf('l.name')} END AS limit_name
    FROM ${from} WHERE ${where} AND ${mayBeSeen} ${ofJob} LIMIT ${MOST_BLOCKED + 1})`;
  return session.query<WaitingGroup>(
    {
      ...{ name: 'group_waiting', once: true },
      text: `WITH waiting AS (
        SELECT * FROM (
          ${waiting('task_queue q JOIN task t ON t.id = q.task_id AND t.version = q.version', 'true')}
          UNION ALL ${waiting('task t', `t.rare_status = ${WAITING}`)}
        ) all_waiting LIMIT ${MOST_BLOCKED + 1}
      ), grouped AS (
        SELECT job_id, room, status, later, limit_name, count(*)::int AS count
        FROM waiting GROUP BY job_id, room, status, later, limit_name
      )
      SELECT g.count, g.status, now() AS "runAt", NOT g.later AS "isDue", 0 AS failures, ${pauseOf('g')} AS pause,
        CASE WHEN g.limit_name IS NOT NULL THEN jsonb_build_object('name', g.limit_name) END AS limit, ${WORKERS}
      FROM grouped g ${served('g', timeout)}`,
    },
    parameters.values,
  );
}

const WAITING = sqlStatuses(TRANSITIONS.unblock.from);

const pauseOf = (task: string) => `(
    SELECT jsonb_build_object('room', NULLIF(pause.room, ''), 'pausedBy', pause.paused_by, 'reason', pause.reason)
    FROM job_pause pause WHERE pause.job_id = ${task}.job_id AND pause.room IN ('', ${task}.room)
    ORDER BY pause.room LIMIT 1
  )`;

/** SQL of the first limit `l` by which the due task `t` cannot pass its gate now; NULL for none. */
const limitOf = (shown: string) => `(
    SELECT ${shown} FROM job CROSS JOIN LATERAL limit_gates(job.limits, t) l
    JOIN task_gate gate ON gate.job_id = job.id AND gate.name = l.name AND gate.key = l.key AND gate.limited
    WHERE job.id = t.job_id AND job.limits <> '[]' AND (gate.running >= l.max_running OR l.rate_count <= (
      SELECT sum((taken->>1)::int) FROM jsonb_array_elements(gate.starts) taken
      WHERE (taken->>0)::float8 > extract(epoch FROM now()) * 1000 - l.rate_seconds * 1000.0
    ))
    ORDER BY l.place LIMIT 1
  )`;

const SHUT_LIMIT = `jsonb_build_object('name', l.name, 'scope', job.limits->(l.place - 1)::int->>'scope', 'key', l.key,
      'maxRunning', l.max_running, 'rateCount', l.rate_count, 'rateSeconds', l.rate_seconds, 'starts', gate.starts,
      'now', (extract(epoch FROM now()) * 1000)::float8)`;

const WORKERS = 'served.workers, served.free AS "freeWorkers"';

const served = (task: string, timeout: string) => `CROSS JOIN LATERAL (
    SELECT count(*)::int AS workers, (count(*) FILTER (WHERE (
      SELECT count(*) FROM task_hold h WHERE h.worker_id = worker.id
    ) < worker.capacity))::int AS free
    FROM worker_job JOIN worker ON worker.id = worker_job.worker_id
    WHERE worker_job.job_id = ${task}.job_id AND worker.draining_since IS NULL
      AND worker.last_heartbeat_at > now() - ${timeout}::float8 * interval '1 second'
  ) served`;

const FACTS = statement(
  'find_wait_facts',
  `SELECT t.id, t.status, t.run_at AS "runAt", t.run_at <= now() AS "isDue", t.failures, ${pauseOf('t')} AS pause,
    CASE WHEN t.status = '${QUEUED}' THEN ${limitOf(SHUT_LIMIT)} END AS limit, ${WORKERS}
  FROM task t ${served('t', '$2')} WHERE t.id = ANY ($1::uuid[])`,
);

/** Which of the queue would be taken before task `t`. */
const BEFORE = `q.priority >= t.priority AND (q.priority > t.priority OR (q.run_at, q.task_id) < (t.run_at, t.id))
      ORDER BY q.priority DESC, q.run_at, q.task_id LIMIT ${MOST_AHEAD}`;

/**
 * SQL of how many would be taken before task `t` at the gate of its group, at most so many: of each group that has its turn
 * earlier as many as up to it of its own, of each other one fewer; of a higher priority all. See ownGroup.
 */
export const countByTurns = (most: number) => `(SELECT count(*) FROM (
      SELECT FROM task_turn g CROSS JOIN LATERAL (
        SELECT FROM task_queue q WHERE q.turn_id = g.id
        LIMIT CASE WHEN g.priority > t.priority THEN ${most} WHEN g.turn < own_group.turn THEN nth.before + 1 ELSE nth.before END
      ) q
      WHERE g.gate_id = own_group.gate_id AND g.priority >= t.priority AND g.id <> own_group.id LIMIT ${most}
    ) others) + nth.before`;

/** SQL that joins the group of `own`, the row of task `t` in the queue, and how many of the group are before it. */
export const ownGroup = (most: number) => `LEFT JOIN task_turn own_group ON own_group.id = own.turn_id
  LEFT JOIN LATERAL (
    SELECT count(*) AS before FROM (
      SELECT FROM task_queue q WHERE q.turn_id = own_group.id AND (q.run_at, q.task_id) < (t.run_at, t.id) LIMIT ${most}
    ) before
  ) nth ON true`;

/** SQL of the gate that task `t` would have to wait at now; NULL for none. */
const SHUT_GATE = `COALESCE((
      SELECT gate.id FROM job_pause pause JOIN task_gate gate ON gate.job_id = pause.job_id AND gate.name = '' AND gate.key = pause.room
      WHERE pause.job_id = t.job_id AND pause.room = t.room
    ), ${limitOf('gate.id')})`;

/**
 * What waits for a limit, or in a paused room, has those in front of it that wait for the same; also before a claim has moved it
 * to the gate where they are.
 */
const AHEAD = statement(
  'count_ahead',
  `SELECT t.id, LEAST(${MOST_AHEAD}, CASE WHEN own_group.id IS NOT NULL THEN ${countByTurns(MOST_AHEAD)} ELSE (SELECT count(*) FROM (
      SELECT FROM task_queue q WHERE own.gate_id IS NULL AND q.job_id = t.job_id AND q.ready AND ${BEFORE}
    ) before) + (SELECT count(*) FROM (
      SELECT FROM task_queue q WHERE q.gate_id = COALESCE(own.gate_id, shut.gate_id) AND NOT q.ready AND ${BEFORE}
    ) before) END)::int AS ahead
  FROM task t JOIN task_queue own ON own.room = t.room AND own.task_id = t.id AND own.version = t.version
  ${ownGroup(MOST_AHEAD)}
  LEFT JOIN LATERAL (SELECT ${SHUT_GATE} AS gate_id WHERE own.gate_id IS NULL) shut ON true
  WHERE t.id = ANY ($1::uuid[]) AND t.status = '${QUEUED}' AND t.run_at <= now()`,
);
