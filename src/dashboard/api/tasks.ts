/** What is asked of tasks. Streams carry no payloads, and of the worker what is in the row: more would cost a read an event. */
import { graphql } from '../generated/gql.ts';
import type { TaskRowFragment } from '../generated/graphql.ts';

export type TaskRow = TaskRowFragment;

graphql(`
  fragment TaskRow on Task {
    id
    room
    status
    version
    job {
      fullName
    }
    error {
      message
      code
      retryable
      classifiedBy
    }
    progress
    progressMessage
    priority
    attempt
    failures
    maxAttempts
    runAt
    workerId
    workerName
    createdBy
    correlationId
    entityType
    entityId
    labels
    createdAt
    startedAt
    finishedAt
    discardedAt
  }
`);

/** Values that tasks have, for what is being typed. */
export const SuggestionsDocument = graphql(`
  query Suggestions($room: String, $field: SuggestField!, $key: String, $prefix: String!) {
    suggest(room: $room, field: $field, key: $key, prefix: $prefix, first: 12)
  }
`);

export const TaskPageDocument = graphql(`
  query TaskPage($room: String, $filter: TaskFilter, $first: Int!, $after: String) {
    tasks(room: $room, filter: $filter, first: $first, after: $after) {
      nodes {
        ...TaskRow
      }
      pageInfo {
        hasNextPage
        endCursor
      }
      streamCursor
    }
  }
`);

export const DeadLetterPageDocument = graphql(`
  query DeadLetterPage($room: String, $filter: TaskFilter, $first: Int!, $after: String) {
    tasks: deadLetters(room: $room, filter: $filter, first: $first, after: $after) {
      nodes {
        ...TaskRow
      }
      pageInfo {
        hasNextPage
        endCursor
      }
      streamCursor
    }
  }
`);

export const TaskStreamDocument = graphql(`
  subscription TaskStream($room: String, $filter: TaskFilter, $after: Cursor) {
    roomEvents(room: $room, filter: $filter, after: $after, leaving: true) {
      __typename
      ... on TaskTransitioned {
        cursor
        matches
        task {
          ...TaskRow
        }
      }
      ... on TaskProgressed {
        cursor
        task {
          ...TaskRow
        }
      }
    }
  }
`);

export const CancelTaskDocument = graphql(`
  mutation DashboardCancelTask($input: CancelTaskInput!) {
    cancelTask(input: $input) {
      __typename
      ... on TaskSuccess {
        task {
          ...TaskRow
        }
      }
      ... on Problem {
        ...Refusal
      }
    }
  }
`);

export const RetryTaskDocument = graphql(`
  mutation DashboardRetryTask($input: RetryTaskInput!) {
    retryTask(input: $input) {
      __typename
      ... on TaskSuccess {
        task {
          ...TaskRow
        }
      }
      ... on Problem {
        ...Refusal
      }
    }
  }
`);

/** Takes it out of its delay or back-off. */
export const RunTaskNowDocument = graphql(`
  mutation DashboardRunTaskNow($taskId: ID!) {
    updateTask(input: { taskId: $taskId, runNow: true }) {
      __typename
      ... on TaskSuccess {
        task {
          ...TaskRow
        }
      }
      ... on Problem {
        ...Refusal
      }
    }
  }
`);

export const RestoreTaskDocument = graphql(`
  mutation DashboardRestoreTask($taskId: ID!) {
    restoreTask(input: { taskId: $taskId }) {
      __typename
      ... on TaskSuccess {
        task {
          ...TaskRow
        }
      }
      ... on Problem {
        ...Refusal
      }
    }
  }
`);

export const RetryTasksDocument = graphql(`
  mutation DashboardRetryTasks($input: DeadLettersInput!) {
    retryTasks(input: $input) {
      __typename
      ... on RetryTasksSuccess {
        retried
        more
      }
      ... on Problem {
        ...Refusal
      }
    }
  }
`);

export const DiscardTasksDocument = graphql(`
  mutation DashboardDiscardTasks($input: DeadLettersInput!) {
    discardTasks(input: $input) {
      __typename
      ... on DiscardTasksSuccess {
        discarded
        more
      }
      ... on Problem {
        ...Refusal
      }
    }
  }
`);
