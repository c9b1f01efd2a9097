/** How many tasks there are, live. */

import type { Client } from '../client.ts';
import { TaskCounts } from '../documents.ts';
import type { TaskCountsSubscription } from '../generated/graphql.ts';
import type { TaskFilter, TaskStatus } from '../types.ts';
import { createState, type LiveState, useShared } from './shared-stream.ts';

/** What is known of the number of tasks. */
export interface CountsState {
  state: 'loading' | 'live' | 'failed';
  /** By status; those without tasks are 0. Empty before they are known. */
  counts: Partial<Record<TaskStatus, number>>;
  total: number;
  /** There may be more: counting stops at 10,000. */
  atLeast: boolean;
  /** Why they cannot be followed any more. */
  error?: unknown;
}

const LOADING: CountsState = { state: 'loading', counts: {}, total: 0, atLeast: false };

/** How many tasks of a room (left out: of all that the caller may see) fit a filter, once a second at most. */
export function useCounts(
  room?: string,
  { suspense = false, ...filter }: TaskFilter & { suspense?: boolean } = {},
): CountsState {
  const state = useShared<CountsState>({
    key: `counts ${JSON.stringify([room, filter])}`,
    open: (client) => openCounts(client, room, filter),
    initial: LOADING,
    suspense,
    isLoading: ({ state }) => state === 'loading',
  });
  if (suspense && state.state === 'failed') throw state.error;
  return state;
}

function openCounts(client: Client, room: string | undefined, filter: TaskFilter): LiveState<CountsState> {
  const closed = new AbortController();
  const { set, ...state } = createState(LOADING);

  async function follow(): Promise<void> {
    const { signal } = closed;
    for await (const data of client.subscribe(TaskCounts, { room, filter }, { signal })) set(stateOf(data));
  }

  follow().catch((error) => {
    if (!closed.signal.aborted) set({ ...state.getState(), state: 'failed', error });
  });
  return { ...state, close: () => closed.abort() };
}

function stateOf({ taskCountEvents: { byStatus, total, atLeast } }: TaskCountsSubscription): CountsState {
  const counts = Object.fromEntries(byStatus.map(({ status, count }) => [status, count]));
  return { state: 'live', counts, total, atLeast };
}
