import { graphql } from '../generated/gql.ts';
import type { JobRowFragment } from '../generated/graphql.ts';

export type JobRow = JobRowFragment;

graphql(`
  fragment JobRow on Job {
    id
    fullName
    room
    category
    name
    description
    workerCount
    schemaVersion
    timeoutSeconds
    retryPolicy {
      maxAttempts
    }
    pauses {
      room
      pausedAt
      pausedBy
      reason
    }
    viewerCanPause
  }
`);

/** The jobs that are not retired, live. */
export const JobStreamDocument = graphql(`
  subscription JobStream($room: String, $category: String, $fullName: String) {
    jobEvents(room: $room, category: $category, fullName: $fullName) {
      __typename
      ... on JobsSnapshot {
        jobs {
          ...JobRow
        }
      }
      ... on JobChanged {
        job {
          ...JobRow
        }
      }
      ... on JobGone {
        jobId
      }
    }
  }
`);

/** Jobs to choose from, or those that are retired. */
export const JobsDocument = graphql(`
  query DashboardJobs($room: String, $search: String, $retired: Boolean! = false) {
    jobs(room: $room, search: $search, retired: $retired, first: 100) {
      nodes {
        ...JobRow
      }
      pageInfo {
        hasNextPage
      }
    }
  }
`);

/** What each job does: for those who may see statistics. */
export const JobStatisticsDocument = graphql(`
  query DashboardJobStatistics(
    $room: String
    $window: StatisticsWindow!
    $order: JobStatisticsOrder! = BACKLOG
    $first: Int! = 100
  ) {
    jobStatistics(room: $room, window: $window, order: $order, first: $first) {
      job {
        fullName
        workerCount
      }
      oldestPendingSince
      counts {
        byStatus {
          status
          count
        }
      }
      window {
        failed
        failureRate
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
      schemaVersion
      retryPolicy {
        maxAttempts
        backoffSeconds
      }
      timeoutSeconds
      fairness
      fairnessKeyPointer
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
      viewerCanUpdate
    }
  }
`);

export const UpdateJobDocument = graphql(`
  mutation DashboardUpdateJob($input: UpdateJobInput!) {
    updateJob(input: $input) {
      __typename
      ... on Problem {
        ...Refusal
      }
    }
  }
`);

export const PauseJobDocument = graphql(`
  mutation DashboardPauseJob($input: PauseJobInput!) {
    pauseJob(input: $input) {
      __typename
      ... on Problem {
        ...Refusal
      }
    }
  }
`);

export const ResumeJobDocument = graphql(`
  mutation DashboardResumeJob($input: ResumeJobInput!) {
    resumeJob(input: $input) {
      __typename
      ... on ResumeJobSuccess {
        resumed
      }
      ... on Problem {
        ...Refusal
      }
    }
  }
`);

export const JobSchemasDocument = graphql(`
  query DashboardJobSchemas($fullName: String!, $before: Int) {
    job(fullName: $fullName) {
      id
      schemaVersions(first: 20, before: $before) {
        version
        payloadSchema
        resultSchema
        createdAt
        createdBy
      }
    }
  }
`);

/** Once more, as a copy that knows what it repeats. */
export const ResubmitDocument = graphql(`
  mutation DashboardResubmit($input: ResubmitTaskInput!) {
    resubmitTask(input: $input) {
      __typename
      ... on SubmitTaskSuccess {
        duplicate
        task {
          id
          estimate {
            detail
          }
        }
      }
      ... on Problem {
        ...Refusal
      }
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
          estimate {
            detail
          }
        }
      }
      ... on Problem {
        ...Refusal
      }
    }
  }
`);
