/** One task with its history, live: a read, and its stream from the last transition that was read. */
import { useCallback, useEffect, useState } from 'react';
import { request } from '../../api/connection.ts';
import { type TaskChange, type TaskDetail, TaskDetailDocument, TaskEventsDocument } from '../../api/task.ts';
import type { TaskRow } from '../../api/tasks.ts';
import type { TaskRightsFragment } from '../../generated/graphql.ts';
import { followSubscription, RESYNC } from '../../live/follow.ts';

export interface TaskPageState {
  task: TaskDetail;
  /** Oldest first; the newest hundred, and what has come since. */
  changes: readonly TaskChange[];
  /** Earlier ones were not read. */
  earlier: boolean;
}

export type TaskLoad =
  | { is: 'reading' }
  | { is: 'none' }
  | { is: 'failed'; error: unknown; again(): void }
  | ({ is: 'there' } & TaskPageState);

export function useTaskPage(taskId: string): TaskLoad {
  const [load, setLoad] = useState<TaskLoad>({ is: 'reading' });
  const [tries, setTries] = useState(0);
  const again = useCallback(() => setTries((now) => now + 1), []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another try reads again.
  useEffect(() => {
    setLoad({ is: 'reading' });
    const change = (next: (now: TaskPageState) => TaskPageState) =>
      setLoad((now) => (now.is === 'there' ? { is: 'there', ...next(now) } : now));
    return followSubscription({
      document: TaskEventsDocument,
      variables: { taskId },
      async read(signal) {
        const { task } = await request(TaskDetailDocument, { id: taskId }, signal);
        if (!task) {
          setLoad({ is: 'none' });
          throw new NoTask();
        }
        const { nodes, pageInfo } = task.transitions;
        setLoad({ is: 'there', task, changes: nodes, earlier: pageInfo.hasPreviousPage });
        return nodes.at(-1)?.cursor;
      },
      take({ taskEvents: event }) {
        switch (event.__typename) {
          case 'TaskTransitioned':
            change((now) => withTransition(now, event));
            return;
          case 'TaskProgressed':
            change((now) =>
              event.task.version < now.task.version
                ? now
                : { ...now, task: { ...now.task, progress: event.percent, progressMessage: event.message } },
            );
            return;
          case 'TaskBlocked':
            change((now) => ({ ...now, task: { ...now.task, blockedReason: event.blockedReason } }));
            return;
          case 'TaskEstimated':
            change((now) => ({ ...now, task: { ...now.task, estimate: event.estimate } }));
            return;
          case 'TaskSnapshot':
            return;
          case 'ResyncRequired':
            return RESYNC;
        }
        return undefined;
      },
      fail: (error) => error instanceof NoTask || setLoad({ is: 'failed', error, again }),
    });
  }, [taskId, tries, again]);
  return load;
}

class NoTask extends Error {}

function withTransition(
  now: TaskPageState,
  {
    task,
    transition,
  }: { task: TaskRow & TaskRightsFragment & Pick<TaskDetail, 'estimate'>; transition: TaskChange },
): TaskPageState {
  const known = now.changes.at(-1)?.version ?? 0;
  if (transition.version <= known) return now;
  return {
    ...now,
    task: { ...now.task, ...task, job: now.task.job },
    changes: [...now.changes, transition],
  };
}
