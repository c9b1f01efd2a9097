import { graphql } from '../generated/gql.ts';

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
