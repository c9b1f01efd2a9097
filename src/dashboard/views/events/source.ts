/** The audit log as a live list: newest first, gap-free from the read on. */
import { request } from '../../api/connection.ts';
import { EventPageDocument, type EventRow, EventStreamDocument } from '../../api/events.ts';
import type {
  DashboardEventStreamSubscription,
  DashboardEventStreamSubscriptionVariables,
  EventSeverity,
  EventType,
} from '../../generated/graphql.ts';
import type { LiveSource } from '../../live/use-live-list.ts';

/** An entry never changes: it has but one version. */
export type Row = EventRow & { version: number };
type Source = LiveSource<Row, DashboardEventStreamSubscription, DashboardEventStreamSubscriptionVariables>;

/** What is asked for; left out: everything. */
export interface EventQuery {
  room: string | undefined;
  minSeverity: EventSeverity;
  type: EventType | undefined;
  actor: string | undefined;
  subject: string | undefined;
  correlationId: string | undefined;
}

export function eventSource({ type, ...query }: EventQuery): Source {
  const types = type && [type];
  return {
    key: JSON.stringify([query, type]),
    async readPage(after, first, signal) {
      const filter = { ...query, types };
      const { events } = await request(EventPageDocument, { filter, first, after }, signal);
      return {
        rows: events.nodes.map((event) => ({ ...event, version: 1 })),
        next: events.pageInfo.hasNextPage ? (events.pageInfo.endCursor ?? undefined) : undefined,
        streamCursor: events.streamCursor,
      };
    },
    stream: {
      document: EventStreamDocument,
      variables: { ...query, types },
      read({ eventStream: event }) {
        if (event.__typename !== 'EventRecorded') return { kind: 'resync' };
        return { kind: 'row', row: { ...event.event, version: 1 } };
      },
    },
  };
}
