/** A worker that loses an attempt is asked to stop: the request stays until the worker says that it has. */

import { STOPPED_BECAUSE } from '../../../domain/transitions.ts';

/**
 * A CTE beside `changed` that asks the workers which held what has changed, for the reason that the signal carries. It
 * locks no worker: one that is leaving has locked its row, and waits for its tasks. What is asked of one that leaves at
 * this moment goes with the task.
 */
export const ASK_TO_STOP = `asked AS (
    INSERT INTO task_stop (worker_id, task_id, attempt, reason)
    SELECT worker.id, changed.id, attempt, COALESCE(logged_note, logged_error->>'message', '${STOPPED_BECAUSE}')
    FROM changed JOIN worker ON worker.id = changed.held_by
    ON CONFLICT DO NOTHING
  )`;
