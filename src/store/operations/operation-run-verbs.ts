/** The part of the store that is about operation runs. */
import type { Position } from '../../domain/position.ts';
import type { Database } from '../database/database.ts';
import {
  closeAbandonedRuns,
  findRunning,
  findRuns,
  finishRun,
  type NewRun,
  type RunEnd,
  readRuns,
  reportRun,
  startRun,
} from './operation-runs.ts';

export type OperationRunVerbs = ReturnType<typeof operationRunVerbs>;

export function operationRunVerbs(database: Database) {
  return {
    start: (run: NewRun) => startRun(database, run),
    report: (id: string, metrics: Record<string, unknown>) => reportRun(database, id, metrics),
    /** Null when somebody else has closed the run. */
    finish: (end: RunEnd) => finishRun(database, end),
    /** Closes what is left RUNNING of the operation and room, by whoever holds their lock. */
    closeAbandoned: (operation: string, room: string | null) => closeAbandonedRuns(database, operation, room),
    findRunning: () => findRunning(database),
    find: (ids: readonly string[]) => findRuns(database, ids),
    read: (after: Position, limit: number) => readRuns(database, after, limit),
  };
}
