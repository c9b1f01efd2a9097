import { graphql } from '../generated/gql.ts';

export const ViewerDocument = graphql(`
  query Viewer {
    viewer {
      id
      role
      rooms
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
