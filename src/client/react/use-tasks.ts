/** The tasks of a room, live. */

import { useCallback, useSyncExternalStore } from 'react';
import type { Client } from '../client.ts';
import { LiveList } from '../streams/live-list.ts';
import { tasksOf } from '../streams/task-list.ts';
import type { TaskFilter, TaskSummary } from '../types.ts';
import { createState, type LiveState, useShared } from './shared-stream.ts';

/** What is known of a list of tasks. */
export interface TasksState {
  state: 'loading' | 'ready' | 'failed';
  /** Newest first, each as it is now. */
  tasks: readonly TaskSummary[];
  /** Rows that wait to enter while the list is held. */
  waiting: number;
  /** There are more than the limit. */
  hasMore: boolean;
  /** Why it has failed: it is not followed any more. */
  error?: unknown;
  /** The list itself, to `hold` it while it is scrolled, to `pin` rows, for {@link useTaskRow}; not before it is there. */
  list?: LiveList<TaskSummary>;
}

/** Which tasks, and how many. */
export interface UseTasksOptions extends TaskFilter {
  /** Rows at most; 100 by default. */
  limit?: number;
  /** Waits in the nearest Suspense boundary until the list is there, and throws what it fails with. */
  suspense?: boolean;
}

const LOADING: TasksState = { state: 'loading', tasks: [], waiting: 0, hasMore: false };

/** A room's tasks that fit a filter, newest first. Rows change in place; all changes of a frame are one rendering. */
export function useTasks(
  room: string,
  { limit = 100, suspense = false, ...filter }: UseTasksOptions = {},
): TasksState {
  const state = useShared<TasksState>({
    key: `tasks ${JSON.stringify([room, limit, filter])}`,
    open: (client) => openTasks(client, room, filter, limit),
    initial: LOADING,
    suspense,
    isLoading: ({ state }) => state === 'loading',
  });
  if (suspense && state.state === 'failed') throw state.error;
  return state;
}

function openTasks(client: Client, room: string, filter: TaskFilter, limit: number): LiveState<TasksState> {
  const list = new LiveList(tasksOf(client, room, filter), { limit }).start();
  const { set, ...state } = createState<TasksState>({ ...LOADING, list });
  const rows = new Map<string, () => void>();
  let isPlanned = false;

  /** Rows are reported one by one within a frame. */
  function plan(): void {
    if (isPlanned) return;
    isPlanned = true;
    queueMicrotask(() => {
      isPlanned = false;
      update();
    });
  }

  function update(): void {
    const { ids, ...snapshot } = list.getSnapshot();
    const present = new Set(ids);
    for (const [id, end] of rows) {
      if (present.has(id)) continue;
      end();
      rows.delete(id);
    }
    for (const id of ids) if (!rows.has(id)) rows.set(id, list.subscribeRow(id, plan));
    const tasks = ids.map((id) => list.row(id)).filter((row) => row !== undefined);
    set({ ...snapshot, tasks, list });
  }

  list.subscribe(plan);
  return { ...state, close: () => list.close() };
}

/**
 * One row of a list: a component for each row then renders only when its own task changes, which is worth it in long lists.
 */
export function useTaskRow(list: LiveList<TaskSummary>, id: string): TaskSummary | undefined {
  const subscribe = useCallback((listener: () => void) => list.subscribeRow(id, listener), [list, id]);
  const read = () => list.row(id);
  return useSyncExternalStore(subscribe, read, read);
}
