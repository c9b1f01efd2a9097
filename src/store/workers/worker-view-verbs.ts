/** The part of the store that shows workers to people. */
import type { Database } from '../database/database.ts';
import {
  findHeldTaskIds,
  findWorkerNames,
  findWorkerViews,
  forgetWorkerNames,
  listWorkers,
  type WorkerCondition,
  type WorkerPage,
} from './worker-views.ts';

export function workerViewVerbs(database: Database, workerTimeoutSeconds: number) {
  return {
    /** A page of workers, without those that are gone for an hour. */
    listWorkers: (condition: WorkerCondition, page: WorkerPage) =>
      listWorkers(database, condition, page, workerTimeoutSeconds),
    findWorkerViews: (ids: readonly string[]) => findWorkerViews(database, ids, workerTimeoutSeconds),
    /** What the workers are called, or were. */
    findWorkerNames: (ids: readonly string[]) => findWorkerNames(database, ids),
    forgetWorkerNames: (goneSeconds: number, limit: number) =>
      forgetWorkerNames(database, goneSeconds, limit),
    /** Ids of the tasks that a worker holds. */
    findHeldTaskIds: (workerId: string, rooms: readonly string[] | null, page: WorkerPage) =>
      findHeldTaskIds(database, workerId, rooms, page),
  };
}
