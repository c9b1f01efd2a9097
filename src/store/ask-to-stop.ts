/** A worker that loses an attempt is asked to stop: the request stays until the worker says that it has. */

/**
 * A CTE beside `changed` that asks the workers which held what has changed.
 * A worker that is being removed in this moment is not asked, and not waited for.
 * @param reason SQL over `changed`
 */
export function askToStop(reason: string): string {
  return `asked AS (
    INSERT INTO task_stop (worker_id, task_id, attempt, reason)
    SELECT holder.id, changed.id, attempt, ${reason} FROM changed
    CROSS JOIN LATERAL (
      SELECT worker.id FROM worker WHERE worker.id = changed.held_by FOR KEY SHARE SKIP LOCKED
    ) holder
    ON CONFLICT DO NOTHING
  )`;
}
