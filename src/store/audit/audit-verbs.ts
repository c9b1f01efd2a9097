/** The part of the store that reads the audit log; events are written by the statements of what they are about. */
import type { Position } from '../../domain/position.ts';
import type { Database } from '../database/database.ts';
import { findAuditEntries, readAuditEntries } from './entries.ts';

export function auditVerbs(database: Database) {
  return {
    read: (after: Position, limit: number) => readAuditEntries(database, after, limit),
    find: (ids: readonly string[]) => findAuditEntries(database, ids),
  };
}
