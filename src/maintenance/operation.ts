/**
 * A maintenance operation: work that can be started by hand, by a schedule and, where it says so, by itself.
 * One file for each; what is in the list of operations.ts is in the API, in schedules and in the metrics.
 */
import type { z } from 'zod';

/** Counts of what was done, or would be; names in snake_case. */
export type RunMetrics = Record<string, number>;

/** What a run of an operation gets. */
export interface MaintenanceContext<Parameters, M extends RunMetrics> {
  /** Null: all rooms. */
  room: string | null;
  /** Count what would be done by the same predicates, and change nothing. */
  dryRun: boolean;
  parameters: Parameters;
  /** Reports what has been done so far. Cheap to call after every batch: it is written once a second at most. */
  progress(metrics: M): Promise<void>;
  /** Notes what somebody should know although the run goes well: 20 sentences at most, for the record of the run. */
  warn(message: string): void;
  /** Aborted when the server stops or has lost the lock: do no further batch. */
  signal: AbortSignal;
}

export interface MaintenanceOperation<
  Parameters extends z.ZodObject = z.ZodObject,
  M extends z.ZodType<RunMetrics> = z.ZodType<RunMetrics>,
> {
  /** snake_case. */
  name: string;
  /** For people: what it does. */
  description: string;
  /** Strict; of what also runs by itself, everything in it optional or with a default. */
  parameters: Parameters;
  /** It runs for one room at a time, never for all. */
  needsRoom?: boolean;
  metrics: M;
  /** Also runs by itself on every server, so often (varied by 10 %), for all rooms. */
  automatic?: { intervalMs: number; parameters?: z.input<Parameters> };
  /**
   * Runs once, while nobody else does for the same room. It may run for one room and for all rooms at the same time.
   * @throws OperationSkipped when it finds that it must not run now
   */
  runOnce(context: MaintenanceContext<z.output<Parameters>, z.output<M>>): Promise<z.output<M>>;
}

/** Keeps the types of parameters and metrics within its file. */
export function defineMaintenanceOperation<Parameters extends z.ZodObject, M extends z.ZodType<RunMetrics>>(
  operation: MaintenanceOperation<Parameters, M>,
): MaintenanceOperation {
  return operation as unknown as MaintenanceOperation;
}

/** The operation found a reason not to run; the message says which. */
export class OperationSkipped extends Error {
  override readonly name = 'OperationSkipped';
}
