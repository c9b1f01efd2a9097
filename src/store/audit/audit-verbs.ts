/** The part of the store that reads the audit log; events are written by the statements of what they are about. */
import type { Position } from '../../domain/position.ts';
import type { Database } from '../database/database.ts';
import { findEvents, readEvents } from './events.ts';

export function auditVerbs(database: Database) {
  return {
    read: (after: Position, limit: number) => readEvents(database, after, limit),
    find: (ids: readonly string[]) => findEvents(database, ids),
  };
}
