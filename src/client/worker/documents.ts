/** Every operation that a worker sends; codegen.ts types them. */

import { graphql } from '../generated/index.ts';

export const RegisterWorker = graphql(`
  mutation RegisterWorker($input: RegisterWorkerInput!) {
    registerWorker(input: $input) {
      __typename
      ... on RegisterWorkerSuccess {
        worker {
          id
        }
      }
      ...ProblemDetails
    }
  }
`);

export const RegisterJob = graphql(`
  mutation RegisterJob($input: RegisterJobInput!) {
    registerJob(input: $input) {
      __typename
      ... on RegisterJobSuccess {
        job {
          fullName
        }
        created
        schemaVersion
      }
      ... on SchemaConflict {
        narrowings {
          schema
          path
          reason
        }
      }
      ...ProblemDetails
    }
  }
`);

export const DeregisterWorker = graphql(`
  mutation DeregisterWorker($workerId: ID!) {
    deregisterWorker(workerId: $workerId) {
      __typename
      ... on DeregisterWorkerSuccess {
        released
      }
      ...ProblemDetails
    }
  }
`);

export const Heartbeat = graphql(`
  mutation Heartbeat($workerId: ID!, $holding: [HeldAttemptInput!]!) {
    heartbeat(workerId: $workerId, holding: $holding) {
      __typename
      ... on HeartbeatSuccess {
        stop
        worker {
          drainingSince
        }
      }
      ...ProblemDetails
    }
  }
`);

graphql(`
  fragment ClaimedTask on Task {
    id
    attempt
    room
    job {
      fullName
    }
    schemaVersion
    payload
    priority
    failures
    maxAttempts
    runAt
    createdBy
    correlationId
    entityType
    entityId
    labels
    traceparent
    createdAt
    dependencyCount
    dependencies(first: 25) {
      task {
        id
        status
        result
      }
    }
  }
`);

/** Behind those that came with the claim. */
export const MoreDependencies = graphql(`
  query MoreDependencies($id: ID!, $after: ID) {
    task(id: $id) {
      dependencies(first: 1000, after: $after) {
        task {
          id
          status
          result
        }
      }
    }
  }
`);

export const ClaimTasks = graphql(`
  mutation ClaimTasks($input: ClaimTasksInput!) {
    claimTasks(input: $input) {
      __typename
      ... on ClaimTasksSuccess {
        tasks {
          ...ClaimedTask
        }
      }
      ...ProblemDetails
    }
  }
`);

export const ReportProgress = graphql(`
  mutation ReportProgress($input: ReportProgressInput!) {
    reportProgress(input: $input) {
      __typename
      ...ProblemDetails
    }
  }
`);

export const AttachAsset = graphql(`
  mutation AttachAsset($input: AttachAssetInput!) {
    attachAsset(input: $input) {
      __typename
      ... on AttachAssetSuccess {
        asset {
          id
        }
      }
      ...ProblemDetails
    }
  }
`);

export const CompleteTask = graphql(`
  mutation CompleteTask($input: CompleteTaskInput!) {
    completeTask(input: $input) {
      __typename
      ...ProblemDetails
    }
  }
`);

export const CompleteTasks = graphql(`
  mutation CompleteTasks($inputs: [CompleteTaskInput!]!) {
    completeTasks(inputs: $inputs) {
      __typename
      ...ProblemDetails
    }
  }
`);

export const FailTask = graphql(`
  mutation FailTask($input: FailTaskInput!) {
    failTask(input: $input) {
      __typename
      ... on TaskSuccess {
        task {
          error {
            retryable
            classifiedBy
          }
        }
      }
      ...ProblemDetails
    }
  }
`);

export const WorkerSignals = graphql(`
  subscription WorkerSignals($workerId: ID!) {
    workerSignals(workerId: $workerId) {
      __typename
      ... on TasksAvailable {
        job
      }
      ... on StopTask {
        taskId
        attempt
        reason
      }
    }
  }
`);

export const ReleaseTask = graphql(`
  mutation ReleaseTask($input: AttemptInput!, $delaySeconds: Float) {
    releaseTask(input: $input, delaySeconds: $delaySeconds) {
      __typename
    }
  }
`);

graphql(`
  fragment DeclaredSchedule on Schedule {
    id
    version
    name
    cron
    timeZone
    overlap
    catchUpSeconds
    task {
      job {
        fullName
      }
      room
      payload
      priority
      labels
      limitKey
    }
  }
`);

export const ListSchedules = graphql(`
  query ListSchedules($after: String) {
    schedules(first: 100, after: $after) {
      nodes {
        ...DeclaredSchedule
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export const CreateSchedule = graphql(`
  mutation DeclareSchedule($input: CreateScheduleInput!) {
    createSchedule(input: $input) {
      __typename
      ...ProblemDetails
    }
  }
`);

export const UpdateSchedule = graphql(`
  mutation ChangeDeclaredSchedule($input: UpdateScheduleInput!) {
    updateSchedule(input: $input) {
      __typename
      ...ProblemDetails
    }
  }
`);

export const DeleteSchedule = graphql(`
  mutation RemoveDeclaredSchedule($scheduleId: ID!) {
    deleteSchedule(scheduleId: $scheduleId) {
      __typename
      ...ProblemDetails
    }
  }
`);
