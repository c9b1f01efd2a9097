/** The workers that a filter finds as they come, beat and go. */
import { type WorkerRow, WorkerStreamDocument } from '../../api/workers.ts';
import type {
  WorkerFilter,
  WorkerStreamSubscription,
  WorkerStreamSubscriptionVariables,
} from '../../generated/graphql.ts';
import { type Snapshot, useSnapshot } from '../../live/use-snapshot.ts';

export function useWorkers(filter: WorkerFilter, enabled = true): Snapshot<WorkerRow> {
  return useSnapshot<WorkerRow, WorkerStreamSubscription, WorkerStreamSubscriptionVariables>(
    {
      document: WorkerStreamDocument,
      variables: { filter },
      take({ workerEvents: event }) {
        switch (event.__typename) {
          case 'WorkersSnapshot':
            return { all: event.workers };
          case 'WorkerChanged':
            return { changed: event.worker };
          case 'WorkerGone':
            return { gone: event.workerId };
          default:
            return undefined;
        }
      },
    },
    enabled,
  );
}
