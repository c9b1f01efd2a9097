/** The part of the store that removes rooms, and what one creator has submitted. */
import type { Database } from '../database/database.ts';
import {
  countRoomRows,
  deleteEventsOf,
  deleteJobsOf,
  deletePausesOf,
  deleteSchedulesOf,
  deleteStatisticsOf,
  deleteViewsOf,
  deleteWebhooksOf,
  hasSettled,
} from './remove-room.ts';
import { countTasksToRemove, findDependedOn, type RemovalScope, removeTasks } from './remove-tasks.ts';

export function removalVerbs(database: Database) {
  return {
    /**
     * Removes at most `limit` tasks, passing over those that somebody changes at this moment, and those of a creator
     * that statistics have not counted yet.
     */
    removeTasks: (scope: RemovalScope, limit: number) => removeTasks(database, scope, limit),
    /** At most `limit` unfinished tasks that others wait for. */
    findDependedOn: (scope: RemovalScope, limit: number) => findDependedOn(database, scope, limit),
    countTasksToRemove: (scope: RemovalScope) => countTasksToRemove(database, scope),
    countRoomRows: (room: string) => countRoomRows(database, room),
    deleteSchedulesOf: (room: string) => deleteSchedulesOf(database, room),
    deleteJobsOf: (room: string) => deleteJobsOf(database, room),
    hasSettled: (xid: string) => hasSettled(database, xid),
    deleteWebhooksOf: (room: string) => deleteWebhooksOf(database, room),
    deletePausesOf: (room: string) => deletePausesOf(database, room),
    deleteViewsOf: (room: string) => deleteViewsOf(database, room),
    deleteEventsOf: (room: string, limit: number) => deleteEventsOf(database, room, limit),
    deleteStatisticsOf: (room: string) => deleteStatisticsOf(database, room),
  };
}
