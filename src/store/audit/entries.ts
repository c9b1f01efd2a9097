/** Reading the audit log. */
import type { AuditEntry } from '../../domain/audit.ts';
import type { Position } from '../../domain/position.ts';
import type { DatabaseSession } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import { positionedStatement, readPositioned } from '../log/positioned.ts';

/** Events after the position in the order of the log, also those above the horizon; at most `limit`. */
export function readAuditEntries(session: DatabaseSession, after: Position, limit: number) {
  return readPositioned<AuditEntry>(session, READ, after, limit);
}

export function findAuditEntries(session: DatabaseSession, ids: readonly string[]): Promise<AuditEntry[]> {
  return ids.length === 0 ? Promise.resolve([]) : session.query<AuditEntry>(FIND, [ids]);
}

const COLUMNS = `event.id, event.serial::text AS serial, event.xid::text AS xid, event.type, event.severity,
  event.room, event.actor, event.correlation_id AS "correlationId", event.subject_kind AS "subjectKind",
  event.subject_id AS "subjectId", event.payload, event.at`;

const READ = positionedStatement('read_events', {
  columns: COLUMNS,
  from: 'event',
  xid: 'event.xid',
  serial: 'event.serial',
  trimmed: 'event_trim',
});

const FIND = statement('find_events', `SELECT ${COLUMNS} FROM event WHERE event.id = ANY($1::uuid[])`);
