/** Progress of a running attempt: no transition, no version, no log row; the latest report of a batch counts. */
import type { ProgressChange, TaskRow } from '../../../domain/task.ts';
import { TRANSITIONS } from '../../../domain/transitions.ts';
import type { DatabaseSession } from '../../database/database.ts';
import { statement } from '../../database/statement.ts';
import { type HeldAttempt, IS_HELD_SO } from '../compare-and-set.ts';
import { toSnapshot } from '../generated/task-fields.ts';
import { sqlStatuses, taskColumns } from '../rows.ts';

export interface ProgressReport extends HeldAttempt {
  /** 0 to 100. */
  percent: number;
  message: string | null;
}

/** @returns for each item the change, or null where it was refused; items on one task share the latest one's. */
export async function reportProgress(
  session: DatabaseSession,
  items: readonly ProgressReport[],
): Promise<(ProgressChange | null)[]> {
  // The same attempt reported twice in a batch: only the later one is written, and answers for both.
  const latest = new Map(items.map((item) => [keyOf(item), item]));
  const written = [...latest.values()];
  const rows = await session.query<TaskRow & { at: Date; holder: string }>(REPORT, [
    written.map(({ taskId }) => taskId),
    written.map(({ workerId }) => workerId),
    written.map(({ attempt }) => attempt),
    written.map(({ percent }) => percent),
    written.map(({ message }) => message),
  ]);
  const changes = new Map<string, ProgressChange>();
  for (const row of rows) {
    const { at, holder, progress: percent, progressMessage: message } = row;
    const task = toSnapshot(row, row.updatedAt);
    const key = keyOf({ taskId: task.id, workerId: holder, attempt: task.attempt });
    changes.set(key, { kind: 'progress', task, percent, message, at });
  }
  return items.map((item) => changes.get(keyOf(item)) ?? null);
}

function keyOf(item: Pick<HeldAttempt, 'taskId' | 'workerId' | 'attempt'>): string {
  return `${item.taskId} ${item.workerId} ${item.attempt}`;
}

const REPORT = statement(
  'report_progress',
  `WITH target AS (
    SELECT t.id, i.percent, i.message
    FROM unnest($1::uuid[], $2::uuid[], $3::int[], $4::float8[], $5::text[])
      AS i (task_id, worker_id, attempt, percent, message)
    JOIN task t ON t.id = i.task_id
    WHERE t.status IN (${sqlStatuses(TRANSITIONS.complete.from)}) AND ${IS_HELD_SO}
    ORDER BY t.id FOR NO KEY UPDATE OF t
  ), changed AS (
    UPDATE task t SET progress = x.percent, progress_message = x.message FROM target x WHERE t.id = x.id RETURNING t.*
  )
  SELECT ${taskColumns('changed')}, changed.worker_id AS holder, now() AS at FROM changed`,
);
