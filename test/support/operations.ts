/** Operations run by hand, without locks and records. */
import type { Metrics, Operation } from '../../src/maintenance/operation.ts';

/** One run, for all rooms and in earnest unless told otherwise. */
export function runOnce(
  operation: Operation,
  details: { room?: string; dryRun?: boolean; parameters?: Record<string, unknown> } = {},
): Promise<Metrics> {
  return operation.runOnce({
    room: details.room ?? null,
    dryRun: details.dryRun ?? false,
    parameters: operation.parameters.parse(details.parameters ?? {}),
    progress: async () => {},
    signal: new AbortController().signal,
  });
}
