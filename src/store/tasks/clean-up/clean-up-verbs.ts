/** The part of the store that deletes what retention has passed. */
import type { Database } from '../../database/database.ts';
import { forgetRemovals } from '../../removal/remove-tasks.ts';
import {
  type CleanedTable,
  type CleanUpScope,
  countExpiredTasks,
  countRows,
  deleteRows,
  deleteTasks,
  readClock,
} from './clean-up.ts';

export function cleanUpVerbs(database: Database) {
  return {
    /** Now by the database's clock. */
    readClock: () => readClock(database),
    deleteTasks: (scope: CleanUpScope, after: string, limit: number) =>
      deleteTasks(database, scope, after, limit),
    /** What `deleteTasks` would delete. */
    countTasks: (scope: CleanUpScope, after: string, limit: number) =>
      countExpiredTasks(database, scope, after, limit),
    /** Forgets removals of tasks of before the moment, which streams that resume have to know of. */
    forgetRemovals: (before: Date) => forgetRemovals(database, before),
    deleteRows: (table: CleanedTable, scope: CleanUpScope, limit: number) =>
      deleteRows(database, table, scope, limit),
    /** How many rows `deleteRows` would delete, without a limit. */
    countRows: (table: CleanedTable, scope: CleanUpScope) => countRows(database, table, scope),
  };
}
