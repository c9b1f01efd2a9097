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
