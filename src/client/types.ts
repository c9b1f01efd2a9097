/** What the client takes and gives, in the words of the API. */

import type {
  AssetDetailsFragment,
  EstimateDetailsFragment,
  JobDetailsFragment,
  ListJobsQuery,
  ListTasksQuery,
  OneTaskQuery,
  SubmissionFragment,
  TaskFilter,
  TaskStatus,
  TaskSummaryFragment,
  TaskTokenDetailsFragment,
  TransitionDetailsFragment,
} from './generated/graphql.ts';

export type { SubmitTaskInput, TaskFilter, TaskStatus, TransitionReason } from './generated/graphql.ts';

/** A task as lists and events carry it: everything but payload, result and worker. Times are RFC 3339 text. */
export type TaskSummary = TaskSummaryFragment;
/** A task as the answer to its submission carries it. */
export type SubmittedTask = SubmissionFragment['task'];
/** A bearer token for one task, for a page that shows it. `expiresAt`: RFC 3339 text. */
export type TaskToken = TaskTokenDetailsFragment;
/** What a token for one task may do, and for how long. */
export interface TaskTokenOptions {
  /** Whether it may cancel the task as well, where the caller may; `false` by default. */
  cancel?: boolean | undefined;
  /** 60 to 86,400; an hour by default. It ends earlier with the sign-in of who made it. */
  seconds?: number | undefined;
}
/**
 * When a task will run. `start` and `end` are in seconds from `at` (`p50`, `p90`) and times, RFC 3339 text (`p50At`, `p90At`): no
 * later than p50 in half of all cases, than p90 in nine of ten. `unknown` says why one is null; `detail` all of it, for people.
 */
export type TaskEstimate = EstimateDetailsFragment;
/** What an attempt of a task has produced. */
export type Asset = AssetDetailsFragment;
/** A task with its payload, its result, the worker that holds it, and its newest 100 assets, newest first. */
export type Task = Omit<NonNullable<OneTaskQuery['task']>, 'assets'> & { assets: Asset[] };
/** What went wrong: of a task, or of one attempt. */
export type TaskFailure = NonNullable<TaskSummary['error']>;
/** One change of a task's status. */
export type TaskTransition = TransitionDetailsFragment;
/** A registered job. */
export type RegisteredJob = JobDetailsFragment;
/** Where a page begins and ends; its cursors go into `after` and `before` of the next list. */
export type PageInfo = ListTasksQuery['tasks']['pageInfo'];

/** One page of tasks, newest first. */
export interface TaskPage {
  tasks: ListTasksQuery['tasks']['nodes'];
  pageInfo: PageInfo;
  /** Pass it to `watchRoom` as `after`: no transition between this read and that stream is missed. */
  streamCursor: string;
}

/** One page of jobs. */
export interface JobPage {
  jobs: ListJobsQuery['jobs']['nodes'];
  pageInfo: PageInfo;
}

/** Which part of a list: the first so many after a cursor, or the last so many before one. */
export interface PageArguments {
  first?: number | undefined;
  after?: string | undefined;
  last?: number | undefined;
  before?: string | undefined;
}

/** Which tasks, and which part of their list. */
export interface TaskListOptions extends TaskFilter, PageArguments {}

/**
 * What a stream yields. `cursor` is a position in the log: pass it as `after` to go on from there.
 * - snapshot: the task as it was when the stream began
 * - transition: one change of status; `task` is the task right after it
 * - progress: a worker's report; only the latest is kept for a reader that is slow
 * - resync: events may have been missed, because the position had left the log. A task's stream goes on with a
 *   fresh snapshot, a room's stream with whatever came after the resync: read the list again when it comes
 */
export type TaskEvent =
  | { kind: 'snapshot'; cursor: string; task: TaskSummary }
  | { kind: 'transition'; cursor: string; task: TaskSummary; transition: TaskTransition }
  | {
      kind: 'progress';
      cursor: string;
      task: TaskSummary;
      /** 0 to 100. */
      percent: number;
      message: string | null;
      at: string;
    }
  | { kind: 'resync'; reason: string };

const FINISHED: readonly TaskStatus[] = ['COMPLETED', 'PARTIAL', 'FAILED', 'CANCELLED'];

/** Whether a task of this status does nothing more by itself; a FAILED one may still be retried. */
export function isFinished(status: TaskStatus): boolean {
  return FINISHED.includes(status);
}
