/**
 * The queue and what is held: two narrow tables beside the tasks, with a row for each that is PENDING (`task_queue`, in
 * the order of the claim) and for each that a worker has (`task_hold`). The task itself is the truth; these say where
 * to look. Their place in tables of their own keeps the status out of the indexes of tasks: so the usual updates of a
 * task are HOT, and write into no index.
 *
 * What is delayed is not in the order of the claim (`ready`), so that a claim never walks over what it cannot take. The
 * claims of its job move it there when its time has come, see claim.ts. They lock only its row in the queue, not the task:
 * so nothing finds a row of the queue by `ready` to delete it, which may have changed since the statement began.
 * Nor is what has to wait at a gate, as in a room that is paused, or for a limit: see src/store/gates/gates.ts. What is
 * held says of which gates it holds slots; whoever ends that gives them back.
 *
 * Whoever changes a task changes them in the same statement, with the task locked. A statement sees them as they were
 * when it began, though: what moved before it got the lock, it does not see. Hence `version` and `attempt` in them: a
 * claim takes only what still stands in the queue as the task is, and a row that was left behind is never taken for
 * another. Verbs that may come at any moment, as a cancellation does, lock the task by a statement before.
 */
import type { TaskStatus } from '../../domain/task.ts';
import { HELD_STATUSES, TRANSITIONS } from '../../domain/transitions.ts';
import { GIVE_BACK_SLOTS, mayGiveBack } from '../gates/give-back-slots.ts';
import { sqlStatuses } from './rows.ts';

/** The status of what stands in the queue. */
export const [QUEUED] = TRANSITIONS.claim.from;

/** Where a task `t` stands before its change, as columns of `target`. */
export function placeColumns(from: readonly TaskStatus[]): string {
  return from.includes(QUEUED) ? 't.room AS queued_room' : 't.attempt AS held_attempt';
}

/**
 * CTEs over `target` and `entry`: tasks that leave one of the statuses go out of the queue, or out of their worker's
 * hands, and into the queue where they have become claimable.
 */
export function move(from: readonly TaskStatus[]): string {
  const left = [];
  if (from.includes(QUEUED)) {
    left.push(`dequeued AS (
    DELETE FROM task_queue q USING target x
    WHERE x.from_status = '${QUEUED}' AND q.room = x.queued_room AND q.task_id = x.id
  )`);
  }
  if (mayGiveBack(from)) {
    left.push(`let_go AS (
    DELETE FROM task_hold h USING target x
    WHERE x.to_status NOT IN (${sqlStatuses(HELD_STATUSES)}) AND h.worker_id = x.held_by AND h.task_id = x.id
    RETURNING h.gates
  ), ${GIVE_BACK_SLOTS}`);
  }
  return [...left, ENQUEUE].join(', ');
}

/**
 * A recursive CTE `level` of the priorities that the ready tasks of a job have, highest first: the index of the claim begins
 * with them, so that of each the first by time are found at its head.
 * @param job SQL of the job's id
 */
export const priorityLevels = (job: string) => `level AS (
    (SELECT priority, 1 AS depth FROM task_queue WHERE job_id = ${job} AND ready ORDER BY priority DESC LIMIT 1)
    UNION ALL
    SELECT lower.priority, level.depth + 1 FROM level CROSS JOIN LATERAL (
      SELECT q.priority FROM task_queue q
      WHERE q.job_id = ${job} AND q.ready AND q.priority < level.priority
      ORDER BY q.priority DESC LIMIT 1
    ) lower WHERE level.depth < 100
  )`;

/** A CTE over `entry` that puts what has become claimable into the queue. */
export const ENQUEUE = `enqueued AS (
    INSERT INTO task_queue (job_id, priority, run_at, task_id, version, room, ready)
    SELECT job_id, priority, run_at, id, version, room, run_at <= now() FROM entry WHERE status = '${QUEUED}'
  )`;

/**
 * The same, where jobs may have fairness: what is due joins its group, unless there is none, or it is being removed; then a
 * claim sorts it in. It waits for nothing, and holds a share of the group. `whole` is the row of the task.
 */
export const ENQUEUE_BY_TURNS = `enqueued AS (
    INSERT INTO task_queue (job_id, priority, run_at, task_id, version, room, ready, gate_id, turn_id)
    SELECT c.job_id, c.priority, c.run_at, c.id, c.version, c.room, c.run_at <= now() AND joined.id IS NULL, joined.gate_id, joined.id
    FROM entry c LEFT JOIN LATERAL (
      SELECT g.id, g.gate_id FROM job JOIN task_turn g ON g.job_id = job.id AND g.gate_id = job.turn_gate_id
      WHERE job.id = c.job_id AND c.run_at <= now() AND g.priority = c.priority AND g.key = CASE job.fairness
        WHEN 'ROOM' THEN c.room ELSE turn_key(job.fairness, job.fairness_pointer, c.whole) END
      FOR KEY SHARE OF g SKIP LOCKED
    ) joined ON true
    WHERE c.status = '${QUEUED}'
  )`;
