/** Operations of the application: maintenance of its own, in the API, in schedules and in the dashboard beside the server's. */
import { z } from 'zod';
import {
  defineMaintenanceOperation,
  type MaintenanceOperation,
  type RunMetrics,
} from '../maintenance/operation.ts';

/** What a run of an operation gets. */
export interface OwnOperationContext<Parameters> {
  /** Null: all rooms. */
  room: string | null;
  /** Count what would be done, and change nothing. */
  dryRun: boolean;
  /** Parsed by the operation's schema. */
  parameters: Parameters;
  /** Reports counts so far. Cheap to call after every batch. */
  progress(metrics: RunMetrics): Promise<void>;
  /** Aborted when the server stops or has lost the lock: do no further batch. */
  signal: AbortSignal;
}

/** A piece of maintenance that runs once at a time for each room, on whichever server. */
export interface OwnOperation<Parameters extends z.ZodObject = z.ZodObject> {
  /** In snake_case, and none of the server's own. */
  name: string;
  /** For people: what it does. */
  description: string;
  /** Everything in it optional or with a default; left out: it has none. */
  parameters?: Parameters;
  /** Runs it; resolves with counts of what was done or, in a dry run, would be. */
  run(context: OwnOperationContext<z.output<Parameters>>): Promise<RunMetrics>;
}

/** Keeps the types of an operation's parameters. */
export function defineOwnOperation<Parameters extends z.ZodObject = z.ZodObject<Record<never, never>>>(
  operation: OwnOperation<Parameters>,
): OwnOperation {
  return operation as unknown as OwnOperation;
}

const NAME = /^[a-z][a-z0-9_]{0,127}$/;
const metrics = z.record(z.string(), z.number());

/** @throws TypeError for a name that is not in snake_case */
export function toMaintenanceOperation({
  name,
  description,
  parameters,
  run,
}: OwnOperation): MaintenanceOperation {
  if (!NAME.test(name)) throw new TypeError(`The name of an operation is in snake_case: ${name}`);
  return defineMaintenanceOperation({
    ...{ name, description, metrics },
    parameters: parameters ?? z.object({}),
    runOnce: (context) => run(context),
  });
}
