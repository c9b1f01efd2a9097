/** When a task will run. */

import type { Connection } from './connection/connection.ts';
import { retryUntilAnswered } from './connection/retry-until-answered.ts';
import { EstimateOfTask } from './documents.ts';
import type { TaskEstimate } from './types.ts';

/** Milliseconds for which a server that does not answer is asked again. */
const RETRIED_MS = 30_000;

/** As it looks now; null where the task has ended, and where there is none that the caller may see. */
export async function estimateOf(connection: Connection, taskId: string): Promise<TaskEstimate | null> {
  const { task } = await retryUntilAnswered(() => connection.post(EstimateOfTask, { id: taskId }), {
    until: connection.closed,
    forMs: RETRIED_MS,
  });
  return task?.estimate ?? null;
}
