import { graphql } from '../generated/gql.ts';

export const ViewerDocument = graphql(`
  query Viewer {
    server {
      now
    }
    viewer {
      id
      role
      rooms
      tier
      expiresAt
      rateLimit {
        limit
        remaining
        resetAt
      }
    }
  }
`);

/** The first of the rooms whose names begin so. */
export const RoomsDocument = graphql(`
  query DashboardRooms($prefix: String) {
    rooms(prefix: $prefix, first: 20) {
      nodes {
        name
        counts {
          total
        }
      }
    }
  }
`);

/** What every mutation asks of a refusal. */
graphql(`
  fragment Refusal on Problem {
    __typename
    type
    title
    status
    detail
    ... on InvalidInput {
      issues {
        path
        message
      }
    }
  }
`);
