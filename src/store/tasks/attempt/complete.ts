/** RUNNING → COMPLETED or PARTIAL: the holder delivers a result. */
import type { TaskStatus } from '../../../domain/task.ts';
import { TRANSITIONS } from '../../../domain/transitions.ts';
import type { DatabaseSession } from '../../database/database.ts';
import { toJson } from '../../database/statement.ts';
import { changeIfHeld, type HeldAttempt, runIfHeld, sqlConstant } from '../compare-and-set.ts';

const { complete, completePartly } = TRANSITIONS;

export interface Completion extends HeldAttempt {
  outcome: Extract<TaskStatus, 'COMPLETED' | 'PARTIAL'>;
  /** JSON; undefined for none. */
  result: unknown;
}

export function completeTasks(session: DatabaseSession, items: readonly Completion[]) {
  return runIfHeld(session, COMPLETE, items, [
    items.map(({ outcome }) => outcome),
    items.map(({ result }) => toJson(result)),
  ]);
}

const COMPLETE = changeIfHeld('complete', {
  from: complete.from,
  item: { outcome: 'text', result: 'text' },
  to: `CASE i.outcome WHEN '${completePartly.to}' THEN '${completePartly.to}' ELSE '${complete.to}' END`,
  reason: sqlConstant(complete.reason),
  set: `worker_id = NULL, finished_at = now(), error = NULL, result = x.result::jsonb,
    progress = CASE x.to_status WHEN '${complete.to}' THEN 100 ELSE t.progress END`,
});
