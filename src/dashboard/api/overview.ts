import { graphql } from '../generated/gql.ts';

/** No more of a transition than where it leads: of a busy room this is a lot. */
export const TransitionStreamDocument = graphql(`
  subscription TransitionStream($room: String, $after: Cursor) {
    roomEvents(room: $room, after: $after) {
      __typename
      ... on TaskTransitioned {
        cursor
        transition {
          from
          to
          reason
        }
      }
    }
  }
`);

export const BlockedCountsDocument = graphql(`
  query DashboardBlockedCounts($room: String, $seesPace: Boolean!) {
    blockedCounts(room: $room) {
      byReason {
        by
        count
      }
      unblocked
      atLeast
    }
    statistics(room: $room, window: { last: 10, interval: MINUTE }) @include(if: $seesPace) {
      window {
        throughput
      }
    }
  }
`);
