/**
 * What the end of a task means for those that wait for it: the statement that ends tasks settles their edges, and
 * unblocks or cancels what has waited for nothing else, with log rows and all. A task that none depends on says so
 * itself (`dependent_count`), so the usual end looks for nothing.
 *
 * The work is done by a function of the database, see its migration for why: the statement of a verb sees everything as
 * it was when it began, and a submission may have come between that and the task's lock.
 */
import { SYSTEM_ACTOR } from '../../../domain/audit.ts';
import { GOOD_ENDS, TERMINAL_STATUSES, TRANSITIONS } from '../../../domain/transitions.ts';
import { keptColumns, sqlStatuses } from '../rows.ts';

const { unblock, dependencyFailed } = TRANSITIONS;
const [WAITING] = unblock.from;

/**
 * A SELECT of all children that move since tasks of the CTE `ends` have ended: what a verb keeps of a task, and of its
 * change. Reads `ends` to its end first.
 */
export function settleDependents(ends: string): string {
  return `SELECT ${keptColumns('(settled.child)')}, NULL::bigint AS ord, '${WAITING}'::task_status AS from_status, NULL::uuid AS held_by,
      (CASE WHEN settled.failed_parent IS NULL THEN '${unblock.reason}' ELSE '${dependencyFailed.reason}' END)::transition_reason AS reason,
      '${SYSTEM_ACTOR}' AS actor, NULL::jsonb AS logged_error,
      'It depends on ' || type_id('task', settled.failed_parent) || ', which did not end well.' AS logged_note
    FROM (
      SELECT array_agg(id) AS ids FROM ${ends}
      WHERE dependent_count > 0 AND status IN (${sqlStatuses(TERMINAL_STATUSES)}) HAVING count(*) > 0
    ) ended
    CROSS JOIN LATERAL settle_dependents(ended.ids, ARRAY[${sqlStatuses(GOOD_ENDS)}]::task_status[], '${WAITING}',
      '${unblock.to}', '${dependencyFailed.to}') settled`;
}

/** Whether a change to what this SQL says can end a task. */
export function canEnd(to: string): boolean {
  return TERMINAL_STATUSES.some((status) => to.includes(`'${status}'`));
}
