/**
 * Discarding a dead letter, and taking that back: it stays FAILED, and is listed as something to look at or no longer.
 * Both are versions of the task, so that whoever follows it hears of them.
 */
import { TRANSITIONS } from '../../../domain/transitions.ts';
import { insertAuditEntries } from '../../audit/record-entry.ts';
import type { DatabaseSession } from '../../database/database.ts';
import { type CallerAction, changeByCaller, runCompareAndSet, sqlConstant } from '../compare-and-set.ts';

export interface Discard extends CallerAction {
  /** Why, in the caller's words. */
  note: string | null;
}

const columnsOf = (items: readonly Discard[]) => [
  items.map(({ taskId }) => taskId),
  items.map(({ actor }) => actor),
  items.map(({ note }) => note),
];

export function discardTasks(session: DatabaseSession, items: readonly Discard[]) {
  return runCompareAndSet(session, DISCARD, columnsOf(items));
}

export function restoreTasks(session: DatabaseSession, items: readonly Discard[]) {
  return runCompareAndSet(session, RESTORE, columnsOf(items));
}

const { discard, restore } = TRANSITIONS;

const DISCARD = changeByCaller('discard', {
  from: discard.from,
  where: 't.discarded_at IS NULL',
  item: { note: 'text' },
  to: 't.status',
  reason: sqlConstant(discard.reason),
  note: 'i.note',
  set: 'discarded_at = now(), discarded_by = x.actor',
  also: `recorded AS (
    ${insertAuditEntries({
      type: 'TASK_DISCARDED',
      severity: 'INFO',
      room: 'changed.room',
      actor: 'changed.actor',
      correlationId: 'changed.correlation_id',
      subjectKind: 'task',
      subjectId: 'changed.id',
      payload: "jsonb_build_object('job', (SELECT full_name FROM job WHERE job.id = changed.job_id))",
      from: 'changed',
    })}
  )`,
});

const RESTORE = changeByCaller('restore', {
  from: restore.from,
  where: 't.discarded_at IS NOT NULL',
  item: { note: 'text' },
  to: 't.status',
  reason: sqlConstant(restore.reason),
  note: 'i.note',
  set: 'discarded_at = NULL, discarded_by = NULL',
});
