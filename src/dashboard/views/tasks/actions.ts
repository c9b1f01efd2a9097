/** What can be done to tasks from a list or their page, with what became of it said aloud. */
import { messageOf } from '../../../client/errors.ts';
import { successOf } from '../../../client/problems.ts';
import { request } from '../../api/connection.ts';
import {
  CancelTaskDocument,
  DiscardTasksDocument,
  RestoreTaskDocument,
  RetryTaskDocument,
  RetryTasksDocument,
  RunTaskNowDocument,
} from '../../api/tasks.ts';
import { many } from '../../design/text.ts';
import { announce, announceOutcome } from '../../frame/announce.tsx';
import type { Role, TaskStatus } from '../../generated/graphql.ts';
import { isReadOnly } from '../../session/read-only.ts';

/** The statuses that a task can be cancelled in. */
export const CANCELLABLE: readonly TaskStatus[] = ['WAITING', 'PENDING', 'CLAIMED', 'RUNNING'];

/** What a role may do at all; the server decides about each task. */
export function mayChange(role: Role): boolean {
  return role !== 'WORKER' && !isReadOnly;
}

export async function cancelTasks(ids: readonly string[], reason?: string): Promise<void> {
  await each(ids, 'cancelled', async (taskId) => {
    const { cancelTask } = await request(CancelTaskDocument, {
      input: { taskId, reason: reason || undefined },
    });
    successOf(cancelTask, 'TaskSuccess');
  });
}

/** Takes a task out of its delay or back-off. */
export function runTaskNow(id: string): Promise<void> {
  return each([id], 'due now', async (taskId) => {
    successOf((await request(RunTaskNowDocument, { taskId })).updateTask, 'TaskSuccess');
  });
}

/** Puts a discarded dead letter back on the list. */
export function restoreTask(id: string): Promise<void> {
  return each([id], 'back among the dead letters', async (taskId) => {
    successOf((await request(RestoreTaskDocument, { taskId })).restoreTask, 'TaskSuccess');
  });
}

export async function retryTasks(ids: readonly string[]): Promise<void> {
  if (ids.length === 1) {
    return each(ids, 'retried', async (taskId) => {
      const { retryTask } = await request(RetryTaskDocument, { input: { taskId } });
      successOf(retryTask, 'TaskSuccess');
    });
  }
  await announceOutcome(async () => {
    const { retryTasks } = await request(RetryTasksDocument, {
      input: { filter: { ids: [...ids] }, limit: ids.length },
    });
    return `Retried ${many(successOf(retryTasks, 'RetryTasksSuccess').retried, 'task')}.`;
  });
}

export async function discardTasks(ids: readonly string[]): Promise<void> {
  await announceOutcome(async () => {
    const { discardTasks } = await request(DiscardTasksDocument, {
      input: { filter: { ids: [...ids] }, limit: ids.length },
    });
    return `Discarded ${many(successOf(discardTasks, 'DiscardTasksSuccess').discarded, 'dead letter')}.`;
  });
}

/** How many requests of one action are under way at a time. */
const AT_A_TIME = 6;

async function each(ids: readonly string[], done: string, act: (id: string) => Promise<void>): Promise<void> {
  const queue = [...ids];
  let count = 0;
  const refused: unknown[] = [];
  await Promise.all(
    Array.from({ length: AT_A_TIME }, async () => {
      for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
        await act(id).then(
          () => count++,
          (error) => refused.push(error),
        );
      }
    }),
  );
  const [first] = refused;
  if (first === undefined) announce(`${many(count, 'task')} ${done}.`);
  else announce(`${count} ${done}, ${refused.length} refused: ${messageOf(first)}`, 'danger');
}
