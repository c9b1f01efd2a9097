/** Slots that a held task gives back by the statement that ends its attempt or takes it away. */
import type { TaskStatus } from '../../domain/task.ts';
import { HELD_STATUSES } from '../../domain/transitions.ts';

/** A CTE over `let_go` that gives back its slots, and names the jobs of which others can pass now. It must be read. */
export const GIVE_BACK_SLOTS = `freed AS (
    SELECT give_back_slots(held.slots) AS jobs FROM (
      SELECT array_agg(slot) AS slots FROM let_go CROSS JOIN LATERAL unnest(let_go.gates) AS slot
      WHERE let_go.gates IS NOT NULL HAVING count(*) > 0
    ) held
  )`;

/** Whether a change between these statuses may give slots back. */
export function mayGiveBack(from: readonly TaskStatus[]): boolean {
  return HELD_STATUSES.some((status) => from.includes(status));
}

/** Reads `freed`: whether a task of the job of `entry` can pass now, since another has given its slot back; or null. */
export const GAVE_BACK_SLOTS = `CASE WHEN (SELECT jobs FROM freed) IS NOT NULL
    THEN array_position((SELECT jobs FROM freed), entry.job_id) IS NOT NULL END AS frees`;
