/** Runs of operations: those under way and what becomes of them by stream, the ones before by reading. */
import {
  type OperationRunRow,
  OperationRunStreamDocument,
  OperationRunsDocument,
} from '../../api/operations.ts';
import { type Read, useRead } from '../../api/read.ts';
import type {
  OperationRunStreamSubscription,
  OperationRunStreamSubscriptionVariables,
} from '../../generated/graphql.ts';
import { useSnapshot } from '../../live/use-snapshot.ts';

export function useLiveRuns(): readonly OperationRunRow[] {
  const { rows } = useSnapshot<
    OperationRunRow,
    OperationRunStreamSubscription,
    OperationRunStreamSubscriptionVariables
  >({
    document: OperationRunStreamDocument,
    variables: {},
    take({ operationRunEvents: event }) {
      switch (event.__typename) {
        case 'OperationRunsSnapshot':
          return { all: event.runs };
        case 'OperationRunChanged':
          return { changed: event.run };
        default:
          return undefined;
      }
    },
  });
  return rows ?? [];
}

/** Newest first. What the stream says is newer than what was read. */
export function useRuns(operation: string | undefined): {
  runs: OperationRunRow[];
  read: Read<unknown>;
} {
  const live = useLiveRuns();
  const read = useRead('operation runs', OperationRunsDocument, { filter: { operation } });
  const byId = new Map((read.data?.operationRuns.nodes ?? []).map((run) => [run.id, run]));
  for (const run of live) if (operation === undefined || run.operation === operation) byId.set(run.id, run);
  return { runs: [...byId.values()].sort((a, b) => (a.id < b.id ? 1 : -1)), read };
}
