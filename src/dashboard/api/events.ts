import { graphql } from '../generated/gql.ts';
import type { EventRowFragment } from '../generated/graphql.ts';

export type EventRow = EventRowFragment;

graphql(`
  fragment EventRow on Event {
    id
    type
    severity
    room
    actor
    correlationId
    subject
    payload
    at
  }
`);

export const EventPageDocument = graphql(`
  query EventPage($filter: EventFilter, $first: Int!, $after: String) {
    events(filter: $filter, first: $first, after: $after) {
      nodes {
        ...EventRow
      }
      pageInfo {
        hasNextPage
        endCursor
      }
      streamCursor
    }
  }
`);

export const EventStreamDocument = graphql(`
  subscription DashboardEventStream(
    $room: String
    $minSeverity: EventSeverity!
    $types: [EventType!]
    $actor: String
    $subject: ID
    $correlationId: String
    $after: Cursor
  ) {
    eventStream(
      room: $room
      minSeverity: $minSeverity
      types: $types
      actor: $actor
      subject: $subject
      correlationId: $correlationId
      after: $after
    ) {
      __typename
      ... on EventRecorded {
        cursor
        event {
          ...EventRow
        }
      }
    }
  }
`);

/** That something of these types has happened. */
export const AuditStreamDocument = graphql(`
  subscription AuditStream($types: [EventType!]!, $after: Cursor) {
    eventStream(types: $types, after: $after) {
      __typename
      ... on EventRecorded {
        cursor
      }
    }
  }
`);

/** Where the audit log is now. */
export const AuditPositionDocument = graphql(`
  query AuditPosition {
    events(first: 1) {
      streamCursor
    }
  }
`);
