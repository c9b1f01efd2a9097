/** What is asked of one task. */
import { graphql } from '../generated/gql.ts';
import type { TaskChangeFragment, TaskDetailQuery, TaskGlanceQuery } from '../generated/graphql.ts';

export type TaskDetail = NonNullable<TaskDetailQuery['task']>;
export type TaskGlance = NonNullable<TaskGlanceQuery['task']>;
export type TaskChange = TaskChangeFragment;

graphql(`
  fragment TaskRights on Task {
    viewerCanCancel
    viewerCanRetry
    viewerCanDiscard
    viewerCanRestore
    viewerCanReschedule
  }
`);

graphql(`
  fragment TaskChange on TaskTransition {
    cursor
    version
    from
    to
    reason
    attempt
    actor
    note
    at
    error {
      message
      code
      retryable
      classifiedBy
    }
  }
`);

graphql(`
  fragment Blocked on BlockedReason {
    by
    detail
    until
    ahead
  }
`);

graphql(`
  fragment Estimate on TaskEstimate {
    start {
      p50At
      p90At
    }
    end {
      p50At
      p90At
    }
    unknown
    detail
  }
`);

export const TaskDetailDocument = graphql(`
  query TaskDetail($id: ID!, $before: String) {
    task(id: $id) {
      ...TaskRow
      ...TaskRights
      discardedBy
      copyOf
      blockedReason {
        ...Blocked
      }
      estimate {
        ...Estimate
      }
      traceparent
      stoppedAt
      job {
        id
        fullName
        workerCount
        timeoutSeconds
        retiredAt
      }
      transitions(last: 100, before: $before) {
        nodes {
          ...TaskChange
        }
        pageInfo {
          hasPreviousPage
          startCursor
        }
      }
    }
  }
`);

/** Beside what its row has. */
export const TaskGlanceDocument = graphql(`
  query TaskGlance($id: ID!) {
    task(id: $id) {
      id
      job {
        fullName
      }
      blockedReason {
        ...Blocked
      }
      transitions(last: 3) {
        nodes {
          ...TaskChange
        }
      }
    }
  }
`);

export const TaskEventsDocument = graphql(`
  subscription DashboardTaskEvents($taskId: ID!, $after: Cursor) {
    taskEvents(taskId: $taskId, after: $after, follow: true) {
      __typename
      ... on TaskSnapshot {
        cursor
      }
      ... on TaskTransitioned {
        cursor
        task {
          ...TaskRow
          ...TaskRights
          discardedBy
          estimate {
            ...Estimate
          }
        }
        transition {
          ...TaskChange
        }
      }
      ... on TaskBlocked {
        cursor
        blockedReason {
          ...Blocked
        }
      }
      ... on TaskEstimated {
        cursor
        estimate {
          ...Estimate
        }
      }
      ... on TaskProgressed {
        cursor
        percent
        message
        task {
          version
        }
      }
    }
  }
`);

export const TaskPayloadDocument = graphql(`
  query TaskPayload($id: ID!) {
    task(id: $id) {
      payload
      room
      job {
        fullName
      }
    }
  }
`);

export const TaskResultDocument = graphql(`
  query DashboardTaskResult($id: ID!) {
    task(id: $id) {
      result
      error {
        context
      }
    }
  }
`);

export const TaskAssetsDocument = graphql(`
  query TaskAssets($id: ID!, $after: String) {
    task(id: $id) {
      assets(first: 100, after: $after) {
        nodes {
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
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`);
