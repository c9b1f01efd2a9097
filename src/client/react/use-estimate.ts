/** When a task will run, live. */

import type { Client } from '../client.ts';
import { TaskEstimates } from '../documents.ts';
import type { TaskEstimate } from '../types.ts';
import { createState, type LiveState, useShared } from './shared-stream.ts';

/** What is known of when a task will run. */
export interface EstimateState {
  /** `idle`: no id was given. `failed`: it is not followed any more, see `error`. */
  state: 'idle' | 'loading' | 'live' | 'failed';
  /** As it last was reported; null once the task has ended. */
  estimate?: TaskEstimate | null;
  /** Why it cannot be followed: there is no such task for the caller, or the token was refused. */
  error?: unknown;
}

const IDLE: EstimateState = { state: 'idle' };
const LOADING: EstimateState = { state: 'loading' };

/**
 * When a worker takes a task and its attempt ends: again whenever that looks noticeably different. The server estimates it for
 * as long as the component is there; without an id nothing is asked.
 */
export function useEstimate(taskId: string | null | undefined): EstimateState {
  return useShared<EstimateState>({
    key: taskId ? `estimate ${taskId}` : undefined,
    open: (client) => openEstimate(client, taskId as string),
    initial: taskId ? LOADING : IDLE,
    suspense: false,
    isLoading: ({ state }) => state === 'loading',
  });
}

function openEstimate(client: Client, id: string): LiveState<EstimateState> {
  const closed = new AbortController();
  const { set, ...state } = createState(LOADING);

  async function follow(): Promise<void> {
    const { signal } = closed;
    for await (const { taskEvents: event } of client.subscribe(TaskEstimates, { id }, { signal })) {
      if ('estimate' in event) set({ state: 'live', estimate: event.estimate ?? null });
      else if ('task' in event) set({ state: 'live', estimate: event.task.estimate ?? null });
    }
  }

  follow().catch((error) => {
    if (!closed.signal.aborted) set({ ...state.getState(), state: 'failed', error });
  });
  return { ...state, close: () => closed.abort() };
}
