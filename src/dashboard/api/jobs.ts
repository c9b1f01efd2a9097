import { graphql } from '../generated/gql.ts';

export const JobsDocument = graphql(`
  query DashboardJobs($room: String, $category: String, $after: String) {
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

/** What each job does: for those who may see statistics. */
export const JobStatisticsDocument = graphql(`
  query DashboardJobStatistics($room: String) {
    jobStatistics(room: $room, first: 100) {
      job {
        fullName
      }
      counts {
        byStatus {
          status
          count
        }
      }
      window {
        failed
        run {
          p95
        }
      }
      series {
        completed
        partial
        failed
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
      limits {
        name
        scope
        keyPointer
        maxRunning
        rate {
          count
          perSeconds
        }
        use(first: 3) {
          key
          running
          tokensLeft
        }
      }
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
