/** What is counted of the streams of a server process. */
export interface StreamCounts {
  /** Subscriptions that are being delivered now. */
  subscribers: number;
  /** Shared executions: groups of subscribers that are given the same bytes. */
  groups: number;
  /** Executions for a group so far, one for each event. */
  sharedExecutions: number;
  /** Executions for one subscriber alone so far: beginnings, and refills of those that fell behind. */
  ownExecutions: number;
  /** Changes so far that were thrown out of the queues of subscribers that did not keep up. */
  droppedChanges: number;
  /** Bytes of these. */
  droppedBytes: number;
  /** Consumers so far whose connection was ended since they did not keep up. */
  consumersClosed: number;
}

export function createStreamCounts(): StreamCounts {
  return {
    subscribers: 0,
    groups: 0,
    sharedExecutions: 0,
    ownExecutions: 0,
    droppedChanges: 0,
    droppedBytes: 0,
    consumersClosed: 0,
  };
}
