/** A worker that loses an attempt is asked to stop: the request stays until the worker says that it has. */

import { STOPPED_BECAUSE } from '../../domain/transitions.ts';

/**
 * A CTE beside `changed` that asks the workers which held what has changed, for the reason that the signal carries.
 * A worker that is being removed in this moment is not asked, and not waited for.
 */
export const ASK_TO_STOP = `asked AS (
    INSERT INTO task_stop (worker_id, task_id, attempt, reason)
    SELECT holder.id, changed.id, attempt, COALESCE(logged_note, logged_error->>'message', '${STOPPED_BECAUSE}')
    FROM changed
    CROSS JOIN LATERAL (
      SELECT worker.id FROM worker WHERE worker.id = changed.held_by FOR KEY SHARE SKIP LOCKED
    ) holder
    ON CONFLICT DO NOTHING
  )`;
