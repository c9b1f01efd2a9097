/** Reads missing versions for everybody who lacks some, in as few statements as there is time for. */

import { comparePositions } from '../../domain/position.ts';
import { present } from '../../domain/present.ts';
import type { TransitionChange } from '../../domain/task.ts';
import type { TransitionLog, VersionRange } from '../../store/log/log.ts';

const MAX_RANGES = 1000;

interface Request {
  ranges: readonly VersionRange[];
  resolve(rows: TransitionChange[]): void;
  reject(error: unknown): void;
}

/**
 * Coalesces: one statement is under way at a time, and the next one takes all that came meanwhile. A server that was
 * cut off from Redis so asks a few large questions, not thousands of small ones.
 */
export function createVersionReader(log: Pick<TransitionLog, 'readVersions'>) {
  const waiting: Request[] = [];
  let reading = false;

  async function drain(): Promise<void> {
    reading = true;
    while (waiting.length > 0) await answer(takeBatch());
    reading = false;
  }

  function takeBatch(): Request[] {
    const batch: Request[] = [];
    let ranges = 0;
    do {
      const request = present(waiting.shift());
      batch.push(request);
      ranges += request.ranges.length;
    } while (waiting.length > 0 && ranges < MAX_RANGES);
    return batch;
  }

  async function answer(batch: Request[]): Promise<void> {
    try {
      const rows = await log.readVersions(batch.flatMap(({ ranges }) => ranges));
      for (const { ranges, resolve } of batch) {
        resolve(batch.length === 1 ? rows : within(ranges, rows));
      }
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }

  return (ranges: readonly VersionRange[]): Promise<TransitionChange[]> =>
    new Promise((resolve, reject) => {
      waiting.push({ ranges, resolve, reject });
      if (!reading) void drain();
    });
}

/** Two readers may ask for different versions of one task: each gets its own. */
function within(ranges: readonly VersionRange[], rows: readonly TransitionChange[]): TransitionChange[] {
  const byTask = new Map<string, VersionRange[]>();
  for (const range of ranges) byTask.set(range.taskId, [...(byTask.get(range.taskId) ?? []), range]);
  return rows.filter(({ task, transition }) =>
    byTask.get(task.id)?.some(({ from, to, sinceXid = '0' }) => {
      const written = comparePositions(transition, { xid: sinceXid, id: '0' }) >= 0;
      return task.version >= from && task.version < to && written;
    }),
  );
}
