/** Starts the operation of a schedule's run, and notes what came of it: as by hand, under the lock of its name and room. */
import { AlreadyRunning, Problem } from '../domain/problems.ts';
import { toTypeId } from '../domain/typeid.ts';
import type { ServerLogger } from '../events/logger.ts';
import type { DueOperation } from '../store/schedules/run-schedules.ts';
import type { Store } from '../store/store.ts';
import type { MaintenanceOperations } from './operations.ts';

export interface ScheduledStartOptions {
  operations: Pick<MaintenanceOperations, 'start'>;
  store: Pick<Store, 'noteOperationRun' | 'endScheduleRun'>;
  /** Called when the operation has ended: another run may wait for it. */
  onEnd: () => void;
  logger: ServerLogger;
}

/** Resolves when the run is under way, or is known not to be. Never rejects. */
export async function startScheduledOperation(
  { operations, store, onEnd, logger }: ScheduledStartOptions,
  { runId, scheduleId, operation, room, parameters, dryRun }: DueOperation,
): Promise<void> {
  try {
    const { run, finished } = await operations.start({
      ...{ operation, room, parameters, dryRun },
      triggeredBy: toTypeId('schedule', scheduleId),
      correlationId: toTypeId('schedulerun', runId),
    });
    await store.noteOperationRun(runId, run.id);
    void finished.then(onEnd);
  } catch (error) {
    const expected = error instanceof Problem;
    if (!expected)
      logger.error({ err: error, operation, room }, 'A scheduled operation could not be started');
    const detail = expected ? error.detail : 'It could not be started: see the log of the server.';
    await store
      .endScheduleRun(runId, { status: error instanceof AlreadyRunning ? 'SKIPPED' : 'FAILED', detail })
      .catch((failure: unknown) =>
        logger.error({ err: failure, runId }, 'The end of a scheduled run was not recorded'),
      );
    onEnd();
  }
}
