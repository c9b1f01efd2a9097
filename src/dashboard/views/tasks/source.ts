/** Lists of tasks, live: what they read, and what their stream reports. */
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
import { RESYNC } from '../../live/follow.ts';
import type { LiveList } from '../../live/live-list.ts';
import type { LiveSource } from '../../live/use-live-list.ts';

const PAGE = 100;

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
  const withStatuses = !deadLetters && statuses.length > 0 ? { ...filter, statuses: [...statuses] } : filter;
  const wanted: readonly TaskStatus[] = deadLetters ? ['FAILED'] : statuses;
  return {
    key: JSON.stringify([room, withStatuses, deadLetters]),
    matches: ({ status, discardedAt }) =>
      (wanted.length === 0 || wanted.includes(status)) && !(deadLetters && discardedAt),
    async readPage(after, signal) {
      const { tasks } = await request(document, { room, filter: withStatuses, first: PAGE, after }, signal);
      return {
        rows: tasks.nodes,
        next: tasks.pageInfo.hasNextPage ? (tasks.pageInfo.endCursor ?? undefined) : undefined,
        streamCursor: tasks.streamCursor,
      };
    },
    stream: { document: TaskStreamDocument, variables: (after) => ({ room, filter, after }), take: takeTask },
  };
}

function takeTask({ roomEvents: event }: TaskStreamSubscription, list: LiveList<TaskRow>) {
  switch (event.__typename) {
    case 'TaskTransitioned':
      list.put(event.task);
      return event.cursor;
    case 'TaskProgressed':
      list.patch(event.task.id, event.task.version, {
        progress: event.percent,
        progressMessage: event.message,
      });
      return event.cursor;
    case 'ResyncRequired':
      return RESYNC;
    default:
      return undefined;
  }
}
