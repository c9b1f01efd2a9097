/**
 * The rest of a cascade. A task that does not end well cancels what depends on it, and so on; the statement of its end goes
 * on to 10,000 tasks in all, and notes the tasks whose dependents it has left. These are settled here, so many in a
 * transaction. Until then they are WAITING, as before.
 */
import type { TransitionChange } from '../../../domain/task.ts';
import type { Database } from '../../database/database.ts';
import { statement } from '../../database/statement.ts';
import { settleEnded } from '../compare-and-set.ts';
import { lockTasks } from '../lock.ts';

const DEPENDENTS_A_STEP = 10_000;
const NOTES_A_STEP = 1_000;

/** Settles what depends on some of the noted tasks; null when there are none that another server does not work on. */
export function continueCascades(database: Database): Promise<TransitionChange[] | null> {
  return database.transaction(async (session) => {
    const taken = await session.query<{ taskId: string }>(TAKE, [NOTES_A_STEP, DEPENDENTS_A_STEP]);
    if (taken.length === 0) return null;
    await lockTasks(session, taken);
    return settleEnded(
      session,
      taken.map(({ taskId }) => taskId),
    );
  });
}

const TAKE = statement(
  'take_cascades',
  `WITH free AS (
    SELECT task_id, dependents FROM task_cascade ORDER BY task_id LIMIT $1::int FOR UPDATE SKIP LOCKED
  ), step AS (
    SELECT task_id, dependents, sum(dependents) OVER (ORDER BY task_id) AS total FROM free
  )
  DELETE FROM task_cascade USING step
  WHERE task_cascade.task_id = step.task_id AND (step.total <= $2::int OR step.total = step.dependents)
  RETURNING task_cascade.task_id AS "taskId"`,
);
