/** Lists of tasks, live: what they read, and what their stream reports. */
import type { LiveChange } from '../../../client/streams/live-list-types.ts';
import { request } from '../../api/connection.ts';
import {
  DeadLetterPageDocument,
  TaskPageDocument,
  type TaskRow,
  TaskStreamDocument,
} from '../../api/tasks.ts';
import type {
  TaskFilter,
  TaskStatus,
  TaskStreamSubscription,
  TaskStreamSubscriptionVariables,
} from '../../generated/graphql.ts';
import type { LiveSource } from '../../live/use-live-list.ts';
import { wholeFilter } from './filter.ts';

export interface TaskListQuery {
  room: string | undefined;
  filter: TaskFilter;
  /** Empty: all. */
  statuses: readonly TaskStatus[];
  deadLetters?: boolean;
}

type TaskSource = LiveSource<TaskRow, TaskStreamSubscription, TaskStreamSubscriptionVariables>;

export function taskSource({ room, filter, statuses, deadLetters = false }: TaskListQuery): TaskSource {
  const document = deadLetters ? DeadLetterPageDocument : TaskPageDocument;
  const whole: TaskFilter = deadLetters
    ? { ...filter, statuses: ['FAILED'], discarded: false }
    : wholeFilter({ statuses, filter });
  return {
    key: JSON.stringify([room, whole, deadLetters]),
    async readPage(after, first, signal) {
      const variables = { room, filter: deadLetters ? filter : whole, first, after };
      const { tasks } = await request(document, variables, signal);
      return {
        rows: tasks.nodes,
        next: tasks.pageInfo.hasNextPage ? (tasks.pageInfo.endCursor ?? undefined) : undefined,
        streamCursor: tasks.streamCursor,
      };
    },
    stream: { document: TaskStreamDocument, variables: { room, filter: whole }, read: readEvent },
  };
}

function readEvent({ roomEvents: event }: TaskStreamSubscription): LiveChange<TaskRow> | undefined {
  switch (event.__typename) {
    case 'TaskTransitioned':
      return { kind: 'row', row: event.task, leaves: !event.matches };
    case 'TaskProgressed':
      return { kind: 'row', row: event.task, keepsVersion: true };
    case 'ResyncRequired':
      return { kind: 'resync' };
    default:
      return undefined;
  }
}
