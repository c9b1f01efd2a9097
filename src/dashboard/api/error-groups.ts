import { graphql } from '../generated/gql.ts';

export const ErrorGroupsDocument = graphql(`
  query ErrorGroups($room: String, $job: String, $first: Int! = 50) {
    errorGroups(room: $room, job: $job, first: $first) {
      fingerprint
      code
      message
      count
      deadLetters
      firstAt
      lastAt
      series
      job {
        fullName
      }
    }
  }
`);

/** The newest dead letters with an error, and which of them the caller may retry. */
export const ProbeCandidatesDocument = graphql(`
  query ProbeCandidates($room: String, $filter: TaskFilter!) {
    deadLetters(room: $room, filter: $filter, first: 50) {
      nodes {
        id
        viewerCanRetry
      }
    }
  }
`);
