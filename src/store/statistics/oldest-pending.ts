/** The task of a job that has waited longest, by the index of the claim. */

/** Of a job with fairness: groups that take turns, and tasks of each. */
const MOST_GROUPS = 1_000;
const LOOKED_AT_EACH = '(CASE WHEN $2::text[] IS NULL THEN 1 ELSE 10 END)';

/** Of all rooms, the first is the oldest; of some, it is looked for among the first thousand. */
const LOOKED_AT = '(CASE WHEN $2::text[] IS NULL THEN 1 ELSE 1000 END)';

/**
 * SQL of a query that gives `since`, of the rooms in $2 (null: all). The index begins with the priority: the first of each
 * are looked at, and those that are due without a claim having noticed.
 * @param job SQL of the job's id
 */
export const oldestOf = (job: string) => `WITH RECURSIVE level AS (
    (SELECT priority, 1 AS depth FROM task_queue WHERE job_id = ${job} AND ready ORDER BY priority DESC LIMIT 1)
    UNION ALL
    SELECT lower.priority, level.depth + 1 FROM level CROSS JOIN LATERAL (
      SELECT q.priority FROM task_queue q
      WHERE q.job_id = ${job} AND q.ready AND q.priority < level.priority
      ORDER BY q.priority DESC LIMIT 1
    ) lower WHERE level.depth < 100
  )
  SELECT min(oldest.since) AS since FROM (VALUES (1)) one (n) LEFT JOIN level ON true CROSS JOIN LATERAL (
    SELECT min(first.run_at) AS since FROM (
      SELECT q.room, q.run_at FROM task_queue q
      WHERE q.job_id = ${job} AND q.ready AND q.priority = level.priority
      ORDER BY q.priority DESC, q.run_at, q.task_id LIMIT ${LOOKED_AT}
    ) first WHERE $2::text[] IS NULL OR first.room = ANY($2::text[])
    UNION ALL
    SELECT min(due.run_at) FROM (
      SELECT q.room, q.run_at FROM task_queue q
      WHERE q.job_id = ${job} AND NOT q.ready AND q.gate_id IS NULL AND q.run_at <= now()
      ORDER BY q.run_at LIMIT ${LOOKED_AT}
    ) due WHERE $2::text[] IS NULL OR due.room = ANY($2::text[])
    UNION ALL
    SELECT min(first.run_at) FROM (
      SELECT g.id FROM job JOIN task_turn g ON g.gate_id = job.turn_gate_id WHERE job.id = ${job} LIMIT ${MOST_GROUPS}
    ) g CROSS JOIN LATERAL (
      SELECT q.room, q.run_at FROM task_queue q WHERE q.turn_id = g.id ORDER BY q.run_at, q.task_id LIMIT ${LOOKED_AT_EACH}
    ) first WHERE $2::text[] IS NULL OR first.room = ANY($2::text[])
  ) oldest`;
