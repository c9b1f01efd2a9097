import { graphql } from '../generated/gql.ts';
import type { WorkerRowFragment } from '../generated/graphql.ts';

export type WorkerRow = WorkerRowFragment;

graphql(`
  fragment WorkerRow on Worker {
    id
    name
    owner
    host
    version
    capacity
    running
    alive
    lastHeartbeatAt
    createdAt
    lostAt
    drainingSince
    viewerCanUse
    jobs {
      fullName
    }
  }
`);

export const WorkerStreamDocument = graphql(`
  subscription WorkerStream($filter: WorkerFilter) {
    workerEvents(filter: $filter) {
      __typename
      ... on WorkersSnapshot {
        workers {
          ...WorkerRow
        }
      }
      ... on WorkerChanged {
        worker {
          ...WorkerRow
        }
      }
      ... on WorkerGone {
        workerId
      }
    }
  }
`);

/** What workers have done lately: for how long each runs a job. */
export const LatelyRunDocument = graphql(`
  query LatelyRun($room: String) {
    tasks(room: $room, filter: { statuses: [COMPLETED, PARTIAL] }, first: 100) {
      nodes {
        workerId
        startedAt
        finishedAt
        job {
          fullName
        }
      }
    }
  }
`);

export const DrainWorkerDocument = graphql(`
  mutation DashboardDrainWorker($workerId: ID!) {
    drainWorker(input: { workerId: $workerId }) {
      __typename
      ... on DrainWorkerSuccess {
        worker {
          running
        }
      }
      ... on Problem {
        ...Refusal
      }
    }
  }
`);

export const DeregisterWorkerDocument = graphql(`
  mutation DashboardDeregisterWorker($workerId: ID!) {
    deregisterWorker(workerId: $workerId) {
      __typename
      ... on DeregisterWorkerSuccess {
        released
      }
      ... on Problem {
        ...Refusal
      }
    }
  }
`);
