/** The part of the store that is about workers: how they come, stay and go. */
import type { Announcements } from '../announcements.ts';
import type { Database } from '../database/database.ts';
import {
  acknowledgeStop,
  beat,
  countLostWorkers,
  countSilentWorkers,
  deregisterWorker,
  drainWorker,
  findLivingWorkers,
  findPendingStops,
  findServedJobs,
  findStoppedAt,
  findWorkers,
  forgetWorkers,
  hasHeld,
  noteLostWorkers,
  registerWorker,
  type WorkerRegistration,
} from './workers.ts';

export function workerVerbs(
  database: Database,
  { publish, announcing }: Announcements,
  workerTimeoutSeconds: number,
) {
  return {
    registerWorker: (worker: WorkerRegistration) => announcing(registerWorker(database, worker), () => true),
    findWorkers: (ids: readonly string[]) => findWorkers(database, ids),
    /** From now on the worker gets no task; null for an unknown one. */
    drainWorker: (workerId: string, actor: string) =>
      announcing(drainWorker(database, workerId, actor), (worker) => worker !== null),
    findLivingWorkers: (ids: readonly string[]) => findLivingWorkers(database, ids, workerTimeoutSeconds),
    findServedJobs: (workerIds: readonly string[]) => findServedJobs(database, workerIds),
    beat: (workerId: string) => beat(database, workerId),
    findPendingStops: (workerId: string) => findPendingStops(database, workerId),
    acknowledgeStop: (stopped: Parameters<typeof acknowledgeStop>[1]) => acknowledgeStop(database, stopped),
    hasHeld: (held: Parameters<typeof hasHeld>[1]) => hasHeld(database, held),
    findStoppedAt: (taskIds: readonly string[]) => findStoppedAt(database, taskIds),
    /** Notes which workers were lost. @returns how many */
    noteLostWorkers: () => announcing(noteLostWorkers(database, workerTimeoutSeconds), (lost) => lost > 0),
    countLostWorkers: () => countLostWorkers(database, workerTimeoutSeconds),
    forgetWorkers: (silentSeconds: number) => forgetWorkers(database, silentSeconds),
    countSilentWorkers: (silentSeconds: number) => countSilentWorkers(database, silentSeconds),
    /** How many tasks were given back; null for an unknown worker. */
    async deregisterWorker(workerId: string, actor: string): Promise<number | null> {
      const changes = await announcing(
        deregisterWorker(database, workerId, actor),
        (found) => found !== null,
      );
      return changes && publish(changes);
    },
  };
}
