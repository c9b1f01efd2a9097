/** Every operation that the client sends; codegen.ts types them. */

import { graphql } from './generated/index.ts';

/** What lists and events carry of a task: everything but the large values and what would cost a join per event. */
graphql(`
  fragment TaskSummary on Task {
    id
    room
    status
    version
    job {
      id
      fullName
    }
    error {
      message
      code
      retryable
      context
      classifiedBy
    }
    progress
    progressMessage
    priority
    attempt
    failures
    maxAttempts
    runAt
    createdBy
    correlationId
    entityType
    entityId
    labels
    createdAt
    startedAt
    finishedAt
  }
`);

graphql(`
  fragment AssetDetails on Asset {
    id
    attempt
    type
    url
    storagePath
    size
    metadata
    createdBy
    createdAt
  }
`);

graphql(`
  fragment JobDetails on Job {
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
  }
`);

graphql(`
  fragment ProblemDetails on Problem {
    __typename
    type
    title
    status
    detail
    ... on InvalidCategory {
      allowed
    }
    ... on InvalidInput {
      issues {
        path
        message
      }
    }
    ... on SchemaConflict {
      existing {
        ...JobDetails
      }
    }
    ... on InvalidTransition {
      from
      allowedStatuses: allowed
    }
    ... on StaleAttempt {
      currentAttempt
    }
  }
`);

/** Few fields: what they cost, a list of submissions pays as many times as it is long. */
graphql(`
  fragment Submission on SubmitTaskSuccess {
    task {
      id
      room
      status
      version
      priority
      runAt
      createdAt
    }
    duplicate
    payloadDiffers
    cursor
  }
`);

/** The problems that a submission can have. */
graphql(`
  fragment RefusedSubmission on Problem {
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

export const SubmitTask = graphql(`
  mutation SubmitTask($input: SubmitTaskInput!) {
    submitTask(input: $input) {
      __typename
      ...Submission
      ...RefusedSubmission
    }
  }
`);

export const SubmitTaskForPage = graphql(`
  mutation SubmitTaskForPage($input: SubmitTaskInput!, $cancel: Boolean!, $seconds: Int!) {
    submitTask(input: $input) {
      __typename
      ...Submission
      ... on SubmitTaskSuccess {
        taskToken(cancel: $cancel, seconds: $seconds) {
          ...TaskTokenDetails
        }
      }
      ...RefusedSubmission
    }
  }
`);

graphql(`
  fragment TaskTokenDetails on TaskToken {
    token
    expiresAt
    canCancel
  }
`);

export const CreateTaskToken = graphql(`
  mutation CreateTaskToken($input: CreateTaskTokenInput!) {
    createTaskToken(input: $input) {
      __typename
      ... on CreateTaskTokenSuccess {
        taskToken {
          ...TaskTokenDetails
        }
      }
      ...ProblemDetails
    }
  }
`);

export const SubmitTasks = graphql(`
  mutation SubmitTasks($inputs: [SubmitTaskInput!]!) {
    submitTasks(inputs: $inputs) {
      __typename
      ... on SubmitTasksSuccess {
        results {
          __typename
          ...Submission
          ...RefusedSubmission
        }
      }
      ...RefusedSubmission
    }
  }
`);

export const CancelTask = graphql(`
  mutation CancelTask($input: CancelTaskInput!) {
    cancelTask(input: $input) {
      __typename
      ... on TaskSuccess {
        task {
          ...TaskSummary
        }
      }
      ...ProblemDetails
    }
  }
`);

export const RetryTask = graphql(`
  mutation RetryTask($input: RetryTaskInput!) {
    retryTask(input: $input) {
      __typename
      ... on TaskSuccess {
        task {
          ...TaskSummary
        }
      }
      ...ProblemDetails
    }
  }
`);

export const OneTask = graphql(`
  query OneTask($id: ID!) {
    task(id: $id) {
      ...TaskSummary
      payload
      result
      worker {
        id
        name
      }
      assets(first: 100) {
        nodes {
          ...AssetDetails
        }
      }
    }
  }
`);

graphql(`
  fragment EstimateDetails on TaskEstimate {
    at
    start {
      p50
      p90
      p50At
      p90At
    }
    end {
      p50
      p90
      p50At
      p90At
    }
    unknown
    detail
    ahead
    slots
    historySeconds
  }
`);

export const EstimateOfTask = graphql(`
  query EstimateOfTask($id: ID!) {
    task(id: $id) {
      estimate {
        ...EstimateDetails
      }
    }
  }
`);

export const TaskEstimates = graphql(`
  subscription TaskEstimates($id: ID!, $after: Cursor) {
    taskEvents(taskId: $id, after: $after, follow: true) {
      ... on TaskSnapshot {
        cursor
        task {
          estimate {
            ...EstimateDetails
          }
        }
      }
      ... on TaskTransitioned {
        cursor
        task {
          estimate {
            ...EstimateDetails
          }
        }
      }
      ... on TaskEstimated {
        cursor
        estimate {
          ...EstimateDetails
        }
      }
    }
  }
`);

export const TaskOutcome = graphql(`
  query TaskOutcome($id: ID!) {
    task(id: $id) {
      status
      result
    }
  }
`);

export const TaskEnd = graphql(`
  query TaskEnd($id: ID!) {
    task(id: $id) {
      transitions(first: 100) {
        nodes {
          to
          note
        }
      }
    }
  }
`);

export const ListTasks = graphql(`
  query ListTasks($room: String, $filter: TaskFilter, $first: Int, $after: String, $last: Int, $before: String) {
    tasks(room: $room, filter: $filter, first: $first, after: $after, last: $last, before: $before) {
      nodes {
        ...TaskSummary
      }
      pageInfo {
        hasNextPage
        hasPreviousPage
        startCursor
        endCursor
      }
      streamCursor
    }
  }
`);

/** Where a room's stream stands now; the page itself is of no interest. */
export const RoomPosition = graphql(`
  query RoomPosition($room: String!) {
    tasks(room: $room, first: 1) {
      streamCursor
    }
  }
`);

export const ListJobs = graphql(`
  query ListJobs($room: String!, $category: String, $first: Int, $after: String, $last: Int, $before: String) {
    jobs(room: $room, category: $category, first: $first, after: $after, last: $last, before: $before) {
      nodes {
        ...JobDetails
      }
      pageInfo {
        hasNextPage
        hasPreviousPage
        startCursor
        endCursor
      }
    }
  }
`);

graphql(`
  fragment TransitionDetails on TaskTransition {
    version
    from
    to
    reason
    attempt
    actor
    error {
      message
      code
      retryable
      context
      classifiedBy
    }
    note
    at
  }
`);

graphql(`
  fragment TaskEventDetails on TaskEvent {
    __typename
    ... on TaskSnapshot {
      cursor
      task {
        ...TaskSummary
      }
    }
    ... on TaskTransitioned {
      cursor
      task {
        ...TaskSummary
      }
      transition {
        ...TransitionDetails
      }
    }
    ... on TaskProgressed {
      cursor
      task {
        ...TaskSummary
      }
      percent
      message
      at
    }
    ... on ResyncRequired {
      reason
    }
  }
`);

export const TaskEvents = graphql(`
  subscription TaskEvents($taskId: ID!, $after: Cursor, $follow: Boolean!) {
    taskEvents(taskId: $taskId, after: $after, follow: $follow) {
      ...TaskEventDetails
    }
  }
`);

export const RoomEvents = graphql(`
  subscription RoomEvents($room: String!, $filter: TaskFilter, $after: Cursor) {
    roomEvents(room: $room, filter: $filter, after: $after) {
      ...TaskEventDetails
    }
  }
`);

export const TaskCounts = graphql(`
  subscription TaskCounts($room: String, $filter: TaskFilter) {
    taskCountEvents(room: $room, filter: $filter) {
      byStatus {
        status
        count
      }
      total
      atLeast
    }
  }
`);
