/**
 * Starts operations, each under a lock of its own name and room, and keeps a record of every run.
 *
 *   lock ──▶ run RUNNING ──▶ runOnce, with progress ──▶ COMPLETED | SKIPPED | FAILED ──▶ unlock
 *
 * Without the lock a start is refused and leaves no run. The lock dies with its connection: a run that is RUNNING
 * while its lock is free belongs to a process that is gone, and is closed by the next run or by the sweeper.
 * What runs by itself leaves a run only when it has done something, or failed.
 */

import { SYSTEM_ACTOR } from '../domain/audit.ts';
import type { RunRow } from '../domain/operation-run.ts';
import { AlreadyRunning, InvalidInput } from '../domain/problems.ts';
import { errorMessage } from '../domain/thrown.ts';
import { type ServerLogger, silentServerLogger } from '../events/logger.ts';
import type { Database, Lock } from '../store/database/database.ts';
import type { OperationRunVerbs } from '../store/operations/operation-run-verbs.ts';
import { type MaintenanceOperation, OperationSkipped, type RunMetrics } from './operation.ts';
import { didSomething, type RecordedRun, type RunEnding, RunRecorder } from './run-recorder.ts';
import type { Routine } from './runner.ts';

export interface RunRequest extends Omit<RecordedRun, 'parameters'> {
  /** JSON; checked against the operation's schema. */
  parameters: unknown;
}

export interface StartedRun {
  run: RunRow;
  /** The run at its end; null when somebody else has closed it, or the database was gone. Never rejects. */
  finished: Promise<RunRow | null>;
}

export interface MaintenanceOperations {
  readonly list: readonly MaintenanceOperation[];
  /**
   * Starts a run and resolves when it is under way.
   * @throws AlreadyRunning; InvalidInput when there is no such operation, or for its parameters
   */
  start(request: RunRequest): Promise<StartedRun>;
  /** What runs by itself: the automatic operations, and the sweep over runs whose process is gone. */
  routines(sweepIntervalSeconds: number): Routine[];
  /** Aborts what runs here and waits for it. */
  close(): Promise<void>;
}

export interface OperationsOptions {
  database: Database;
  runs: OperationRunVerbs;
  operations: readonly MaintenanceOperation[];
  /** Called after every change of a run, and of the events that go with it. */
  onRunChange?: () => void;
  logger?: ServerLogger;
}

export function createMaintenanceOperations({
  database,
  runs,
  operations,
  onRunChange = () => {},
  logger = silentServerLogger,
}: OperationsOptions): MaintenanceOperations {
  const byName = namesOf(operations);
  const closing = new AbortController();
  const underWay = new Set<Promise<unknown>>();

  function tracked<T>(work: Promise<T>): Promise<T> {
    underWay.add(work);
    void work.finally(() => underWay.delete(work)).catch(() => {});
    return work;
  }

  const lockFor = (operation: string, room: string | null) => database.tryLock(`${operation}:${room ?? ''}`);

  async function start(request: RunRequest): Promise<StartedRun> {
    if (closing.signal.aborted) throw new Error('The operations are closed');
    const operation = operationOf(request, byName);
    const run = { ...request, parameters: parseParameters(operation, request.parameters) };
    const lock = await lockFor(operation.name, run.room);
    if (!lock)
      throw new AlreadyRunning(operation.name, run.room, await findRun(runs, operation.name, run.room));
    const recorder = new RunRecorder(runs, run, onRunChange);
    try {
      return { run: await recorder.begin(), finished: tracked(finish(operation, run, recorder, lock)) };
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  async function finish(
    operation: MaintenanceOperation,
    run: RecordedRun,
    recorder: RunRecorder,
    lock: Lock,
  ): Promise<RunRow | null> {
    try {
      const until = AbortSignal.any([lock.lost, closing.signal]);
      const { cause, ...outcome } = await perform(operation, run, recorder, until);
      if (cause)
        logger.error({ err: cause, operation: operation.name, room: run.room }, 'An operation has failed');
      return await recorder.end(outcome);
    } catch (error) {
      logger.error({ err: error, operation: operation.name }, 'The end of an operation was not recorded');
      return null;
    } finally {
      await lock.release();
    }
  }

  async function runAutomatically(operation: MaintenanceOperation): Promise<RunMetrics> {
    const lock = await lockFor(operation.name, null);
    if (!lock) return {};
    const run = automaticRun(operation);
    const recorder = new RunRecorder(runs, run, onRunChange);
    try {
      const until = AbortSignal.any([lock.lost, closing.signal]);
      const { cause, ...outcome } = await perform(operation, run, recorder, until);
      if (cause || (outcome.status === 'COMPLETED' && didSomething(outcome.metrics)))
        await recorder.end(outcome);
      if (cause) throw cause;
      return outcome.metrics;
    } finally {
      await lock.release();
    }
  }

  async function closeAbandoned(): Promise<RunMetrics> {
    const closed = await closeAbandonedRuns(runs, lockFor);
    if (closed > 0) onRunChange();
    return { closed_runs: closed };
  }

  return {
    list: operations,
    start,
    routines: (sweepIntervalSeconds) => [
      ...operations.flatMap((operation) =>
        automaticRoutine(operation, () => tracked(runAutomatically(operation))),
      ),
      { name: 'close_runs', intervalMs: sweepIntervalSeconds * 1_000, runOnce: closeAbandoned },
    ],
    async close() {
      closing.abort(new Error('The server was stopped.'));
      await Promise.allSettled(underWay);
    },
  };
}

/** @throws TypeError when two have the same name */
function namesOf(operations: readonly MaintenanceOperation[]): ReadonlyMap<string, MaintenanceOperation> {
  const names = operations.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) throw new TypeError(`There are two operations of the name ${twice}`);
  return new Map(operations.map((operation) => [operation.name, operation]));
}

/** @throws InvalidInput */
function operationOf(
  { operation: name, room }: RunRequest,
  byName: ReadonlyMap<string, MaintenanceOperation>,
): MaintenanceOperation {
  const operation = byName.get(name);
  if (!operation) {
    const message = `must be one of ${[...byName.keys()].join(', ')}`;
    throw new InvalidInput([{ path: ['operation'], message }]);
  }
  if (operation.needsRoom && room === null) {
    throw new InvalidInput([{ path: ['room'], message: 'must be given: it runs for one room at a time' }]);
  }
  return operation;
}

/** The run that holds the lock now; null when it has ended meanwhile. */
async function findRun(
  runs: OperationRunVerbs,
  operation: string,
  room: string | null,
): Promise<RunRow | null> {
  const running = await runs.findRunning();
  return running.find((run) => run.operation === operation && run.room === room) ?? null;
}

/** A run that nobody has asked for. */
function automaticRun(operation: MaintenanceOperation): RecordedRun {
  return {
    operation: operation.name,
    room: null,
    dryRun: false,
    parameters: parseParameters(operation, operation.automatic?.parameters),
    triggeredBy: SYSTEM_ACTOR,
  };
}

/** None for an operation that does not run by itself. */
function automaticRoutine(
  { name, automatic }: MaintenanceOperation,
  runOnce: () => Promise<RunMetrics>,
): Routine[] {
  return automatic ? [{ name, intervalMs: automatic.intervalMs, runOnce }] : [];
}

/** Ends the runs of processes that are gone: those whose lock is free. @returns how many */
async function closeAbandonedRuns(
  runs: OperationRunVerbs,
  lockFor: (operation: string, room: string | null) => Promise<Lock | null>,
): Promise<number> {
  let closed = 0;
  for (const { operation, room } of await runs.findRunning()) {
    const lock = await lockFor(operation, room);
    if (!lock) continue;
    try {
      closed += (await runs.closeAbandoned(operation, room)).length;
    } finally {
      await lock.release();
    }
  }
  return closed;
}

/** Runs it to its end. `cause` is what made it fail. */
async function perform(
  operation: MaintenanceOperation,
  { room, dryRun, parameters }: RecordedRun,
  recorder: RunRecorder,
  signal: AbortSignal,
): Promise<RunEnding & { cause?: unknown }> {
  const progress = (metrics: RunMetrics) => recorder.progress(metrics);
  try {
    const warn = (message: string) => recorder.warn(message);
    const metrics = await operation.runOnce({ room, dryRun, parameters, progress, warn, signal });
    // Done without the lock is not done: somebody else may have been at it at the same time.
    signal.throwIfAborted();
    return { status: 'COMPLETED', metrics: operation.metrics.parse(metrics), error: null };
  } catch (error) {
    const metrics = recorder.latest;
    if (error instanceof OperationSkipped) return { status: 'SKIPPED', metrics, error: error.message };
    const cause = signal.aborted ? signal.reason : error;
    return { status: 'FAILED', metrics, error: reasonOf(cause), cause };
  }
}

/** @throws InvalidInput */
function parseParameters(operation: MaintenanceOperation, parameters: unknown): Record<string, unknown> {
  const parsed = operation.parameters.strict().safeParse(parameters ?? {}, {
    error: ({ code, input }) => (code === 'invalid_type' && input === undefined ? 'is required' : undefined),
  });
  if (parsed.success) return parsed.data;
  throw new InvalidInput(
    parsed.error.issues.map(({ path, message }) => ({
      path: ['parameters', ...path.map(String)],
      message: message.charAt(0).toLowerCase() + message.slice(1),
    })),
  );
}

function reasonOf(error: unknown): string {
  const message = errorMessage(error);
  return message.length > 0 ? message : 'It failed without a word.';
}
