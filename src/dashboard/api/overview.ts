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

export const RecentFailuresDocument = graphql(`
  query RecentFailures($room: String) {
    deadLetters(room: $room, first: 8) {
      nodes {
        id
        finishedAt
        job {
          fullName
        }
        error {
          code
          message
        }
      }
    }
  }
`);
