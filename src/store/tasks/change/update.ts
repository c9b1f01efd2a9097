/**
 * An update of a task by a person: its labels at any time, and when and how urgently it runs while it waits. The status
 * stays; the version rises, and the log says what was changed from what to what. Nothing is written where the task is as
 * it was to become.
 */
import { TRANSITIONS } from '../../../domain/transitions.ts';
import type { DatabaseSession } from '../../database/database.ts';
import { NOW, toJson } from '../../database/statement.ts';
import { type CallerAction, changeByCaller, runCompareAndSet, sqlConstant } from '../compare-and-set.ts';
import { lockTasks } from '../lock.ts';
import { sqlStatuses } from '../rows.ts';

/** What is null is left as it is. */
export interface Update extends CallerAction {
  /** Refused where the task has another version by now. */
  version: number | null;
  /** `now` by the clock of the database. */
  runAt: Date | 'now' | null;
  priority: number | null;
  labels: Record<string, string> | null;
  /** Why, in the caller's words. */
  note: string | null;
}

/** Within a transaction, like a cancellation: it can meet the claim of its task. */
export async function updateTasks(session: DatabaseSession, items: readonly Update[]) {
  await lockTasks(session, items);
  return runCompareAndSet(session, UPDATE, [
    items.map(({ taskId }) => taskId),
    items.map(({ actor }) => actor),
    items.map(({ note }) => note),
    items.map(({ version }) => version),
    items.map(({ runAt }) => (runAt instanceof Date ? runAt.toISOString() : runAt)),
    items.map(({ priority }) => priority),
    items.map(({ labels }) => toJson(labels ?? undefined)),
  ]);
}

const { relabel, reschedule } = TRANSITIONS;

// What is due already keeps its place among its equals.
const NEW_RUN_AT = `CASE i.new_run_at WHEN 'now' THEN least(t.run_at, ${NOW}) ELSE i.new_run_at::timestamptz END`;
/** Whether what is given is another one than the task has. */
const DIFFERS = {
  runAt: `(i.new_run_at IS NOT NULL AND t.run_at <> (${NEW_RUN_AT}))`,
  priority: '(i.new_priority IS NOT NULL AND t.priority <> i.new_priority)',
  labels: '(i.new_labels IS NOT NULL AND t.labels <> i.new_labels::jsonb)',
};
/** SQL of a time as JSON has it. */
export const inJson = (at: string) => `to_char(${at} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const UPDATE = changeByCaller('update', {
  from: relabel.from,
  item: { note: 'text', known_version: 'int', new_run_at: 'text', new_priority: 'int', new_labels: 'text' },
  where: `(i.known_version IS NULL OR i.known_version = t.version) AND (t.status IN (${sqlStatuses(reschedule.from)})
    OR (i.new_run_at IS NULL AND i.new_priority IS NULL)) AND (${Object.values(DIFFERS).join(' OR ')})`,
  to: 't.status',
  reason: sqlConstant(relabel.reason),
  note: 'i.note',
  computed: { next_run_at: NEW_RUN_AT },
  updates: `jsonb_strip_nulls(jsonb_build_object(
    'runAt', CASE WHEN ${DIFFERS.runAt} THEN jsonb_build_array(${inJson('t.run_at')}, ${inJson(`(${NEW_RUN_AT})`)}) END,
    'priority', CASE WHEN ${DIFFERS.priority} THEN jsonb_build_array(t.priority, i.new_priority) END,
    'labels', CASE WHEN ${DIFFERS.labels} THEN jsonb_build_array(t.labels, i.new_labels::jsonb) END))`,
  set: `run_at = COALESCE(x.next_run_at, t.run_at), priority = COALESCE(x.new_priority, t.priority),
    labels = COALESCE(x.new_labels::jsonb, t.labels)`,
});
