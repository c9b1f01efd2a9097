/** Acting on many tasks: first a plan, which counts and touches nothing, then a run through what it has found. */
import type { TaskStatus } from './task.ts';

export const BULK_ACTIONS = ['CANCEL', 'RETRY', 'DISCARD'] as const;
export type BulkAction = (typeof BULK_ACTIONS)[number];

/** PLANNED is a plan; the others are a run of it. */
export const BULK_STATUSES = ['PLANNED', 'RUNNING', 'COMPLETED', 'STOPPED'] as const;
export type BulkStatus = (typeof BULK_STATUSES)[number];

/** Tasks of one plan at most. */
export const MOST_PLANNED = 100_000;

/** A plan, with what has become of it. */
export interface BulkRow {
  /** UUIDv7, of the plan and of its run. */
  id: string;
  action: BulkAction;
  status: BulkStatus;
  /** For the history of each task. */
  note: string | null;
  /** Tasks that the filter has found. */
  matching: number;
  /** There may be more that match; they are not part of the plan. */
  atLeast: boolean;
  /** Of these, what the planner may act on: the plan's snapshot. */
  permitted: number;
  byStatus: Record<TaskStatus, number>;
  /** UUIDs of some tasks of the snapshot. */
  sample: string[];
  /** Tasks that were changed, and that were no longer as planned. */
  done: number;
  refused: number;
  createdBy: string;
  createdAt: Date;
  /** When the plan cannot be applied any more. */
  expiresAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
}

export type NewPlan = Pick<
  BulkRow,
  'action' | 'note' | 'matching' | 'atLeast' | 'byStatus' | 'sample' | 'createdBy'
> & { taskIds: readonly string[] };
