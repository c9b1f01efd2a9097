import { graphql } from '../generated/gql.ts';

export const ErrorGroupsDocument = graphql(`
  query ErrorGroups($room: String, $job: String) {
    errorGroups(room: $room, job: $job, first: 50) {
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
