/** Operations run by hand, without locks and records. */
import type { MaintenanceOperation, RunMetrics } from '../../src/maintenance/operation.ts';

/** One run, for all rooms and in earnest unless told otherwise. */
export function runOnce(
  operation: MaintenanceOperation,
  details: {
    room?: string;
    dryRun?: boolean;
    parameters?: Record<string, unknown>;
    warnings?: string[];
  } = {},
): Promise<RunMetrics> {
  return operation.runOnce({
    room: details.room ?? null,
    dryRun: details.dryRun ?? false,
    parameters: operation.parameters.parse(details.parameters ?? {}),
    progress: async () => {},
    warn: (message) => details.warnings?.push(message),
    signal: new AbortController().signal,
  });
}
