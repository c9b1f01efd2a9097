/** The task of a job that has waited longest, by the index of the claim. */
import { INTERNAL_ROOM } from '../../domain/rooms.ts';
import { priorityLevels } from '../tasks/queue.ts';

/** Of a job with fairness: groups that take turns, and tasks of each. */
const MOST_GROUPS = 1_000;
const lookedAtEach = (rooms: string) => `(CASE WHEN ${rooms} IS NULL THEN 1 ELSE 10 END)`;

/** Of all rooms, the first is the oldest; of some, it is looked for among the first thousand. */
const lookedAt = (rooms: string) => `(CASE WHEN ${rooms} IS NULL THEN 1 ELSE 1000 END)`;

/**
 * SQL of a query that gives `since`. The index begins with the priority: the first of each
 * are looked at, and those that are due without a claim having noticed.
 * @param job SQL of the job's id
 * @param rooms SQL of the rooms; of all where it is null
 */
export const oldestOf = (job: string, rooms = '$2::text[]') => `WITH RECURSIVE ${priorityLevels(job)}
  SELECT min(oldest.since) AS since FROM (VALUES (1)) one (n) LEFT JOIN level ON true CROSS JOIN LATERAL (
    SELECT min(first.run_at) AS since FROM (
      SELECT q.room, q.run_at FROM task_queue q
      WHERE q.job_id = ${job} AND q.ready AND q.priority = level.priority
      ORDER BY q.priority DESC, q.run_at, q.task_id LIMIT ${lookedAt(rooms)}
    ) first WHERE ${rooms} IS NULL OR first.room = ANY(${rooms})
    UNION ALL
    SELECT min(due.run_at) FROM (
      SELECT q.room, q.run_at FROM task_queue q
      WHERE q.job_id = ${job} AND NOT q.ready AND q.gate_id IS NULL AND q.run_at <= now()
      ORDER BY q.run_at LIMIT ${lookedAt(rooms)}
    ) due WHERE ${rooms} IS NULL OR due.room = ANY(${rooms})
    UNION ALL
    SELECT min(first.run_at) FROM (
      SELECT g.id FROM job JOIN task_turn g ON g.gate_id = job.turn_gate_id WHERE job.id = ${job} LIMIT ${MOST_GROUPS}
    ) g CROSS JOIN LATERAL (
      SELECT q.room, q.run_at FROM task_queue q WHERE q.turn_id = g.id ORDER BY q.run_at, q.task_id LIMIT ${lookedAtEach(rooms)}
    ) first WHERE ${rooms} IS NULL OR first.room = ANY(${rooms})
  ) oldest`;

/** A recursive CTE of the jobs that have such tasks in the queue: one look at the index for each. */
const jobsWith = (name: string, condition: string) => `${name} (job_id) AS (
    (SELECT job_id FROM task_queue WHERE ${condition} ORDER BY job_id LIMIT 1)
    UNION ALL
    SELECT next.job_id FROM ${name} CROSS JOIN LATERAL (
      SELECT job_id FROM task_queue WHERE ${condition} AND job_id > ${name}.job_id ORDER BY job_id LIMIT 1
    ) next
  )`;

/** SQL of a query that gives `since`, of all jobs. Jobs without work are not looked at. */
export const OLDEST_OF_ALL = `WITH RECURSIVE ${jobsWith('ready', 'task_queue.ready')},
  ${jobsWith('delayed', 'NOT task_queue.ready AND gate_id IS NULL')}
  SELECT min(oldest.since) AS since FROM (
    SELECT job_id FROM ready UNION SELECT job_id FROM delayed
    UNION SELECT id FROM job WHERE turn_gate_id IS NOT NULL
  ) queued JOIN job ON job.id = queued.job_id AND job.room <> '${INTERNAL_ROOM}'
  CROSS JOIN LATERAL (${oldestOf('queued.job_id', 'NULL::text[]')}) oldest`;
