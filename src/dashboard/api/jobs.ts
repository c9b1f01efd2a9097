import { graphql } from '../generated/gql.ts';

export const JobsDocument = graphql(`
  query DashboardJobs($room: String!, $category: String, $after: String) {
    jobs(room: $room, category: $category, first: 100, after: $after) {
      nodes {
        id
        fullName
        room
        category
        name
        description
        workerCount
        timeoutSeconds
        retryPolicy {
          maxAttempts
        }
        createdAt
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export const JobDocument = graphql(`
  query DashboardJob($fullName: String!) {
    job(fullName: $fullName) {
      id
      fullName
      room
      category
      name
      description
      payloadSchema
      resultSchema
      retryPolicy {
        maxAttempts
        backoffSeconds
      }
      timeoutSeconds
      workerCount
      createdAt
      retiredAt
    }
  }
`);

export const SubmitDocument = graphql(`
  mutation DashboardSubmit($input: SubmitTaskInput!) {
    submitTask(input: $input) {
      __typename
      ... on SubmitTaskSuccess {
        duplicate
        task {
          id
        }
      }
      ... on Problem {
        ...Refusal
      }
    }
  }
`);
