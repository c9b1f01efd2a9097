'use client';
/** `signalbox/react`: tasks, lists and counts that are live, for React 18 and later. */
export { SignalboxProvider, useConnectionStatus, useSignalbox } from './provider.ts';
export { type CountsState, useCounts } from './use-counts.ts';
export { type EstimateState, useEstimate } from './use-estimate.ts';
export { type Submit, useSubmit } from './use-submit.ts';
export { type TaskState, type UseTaskOptions, useTask } from './use-task.ts';
export { type TasksState, type UseTasksOptions, useTaskRow, useTasks } from './use-tasks.ts';
