/** Entries of the audit log are written by the statement, or in the transaction, of what they record. */
import type { AuditEntryType, AuditSeverity } from '../../domain/audit.ts';
import { INTERNAL_ROOM } from '../../domain/rooms.ts';
import { TRANSITIONS } from '../../domain/transitions.ts';
import type { IdPrefix } from '../../domain/typeid.ts';

/** What a statement records of each of its rows; all but type, severity and kind is SQL. */
export interface AuditEntryOfRow {
  type: AuditEntryType;
  severity: AuditSeverity;
  room?: string;
  actor: string;
  correlationId?: string;
  subjectKind: IdPrefix;
  subjectId: string;
  /** A jsonb. */
  payload: string;
  /** The rows, from FROM on. */
  from: string;
}

/** A CTE, or a whole statement, that writes an event for each row. */
export function insertAuditEntries(event: AuditEntryOfRow): string {
  return `INSERT INTO event (type, severity, room, actor, correlation_id, subject_kind, subject_id, payload)
    SELECT '${event.type}', '${event.severity}'::event_severity, ${event.room ?? 'NULL'}, ${event.actor},
      ${event.correlationId ?? 'NULL'}, '${event.subjectKind}', ${event.subjectId}, ${event.payload}
    FROM ${event.from}`;
}

/**
 * A CTE `recorded` that records what was done to each row of the CTE that is named after the kind, and has its columns.
 * @param event its payload is a jsonb over that CTE, its actor SQL
 */
export function recordAuditEntryCte(
  kind: IdPrefix,
  event: Pick<AuditEntryOfRow, 'type' | 'actor' | 'payload'>,
): string {
  return `recorded AS (
    ${insertAuditEntries({
      ...event,
      severity: 'INFO',
      room: `${kind}.room`,
      subjectKind: kind,
      subjectId: `${kind}.id`,
      from: kind,
    })}
  )`;
}

const [DEAD] = TRANSITIONS.retry.from;

/**
 * A CTE beside `changed` that records each new dead letter. Nearly always there is none: then it reads nothing.
 * The server's own tasks have their own reports.
 */
export const RECORD_DEAD_LETTERS = `dead_letters AS (
    ${insertAuditEntries({
      type: 'TASK_FAILED',
      severity: 'ERROR',
      room: 'changed.room',
      actor: 'changed.actor',
      correlationId: 'changed.correlation_id',
      subjectKind: 'task',
      subjectId: 'changed.id',
      payload: `jsonb_build_object('job', (SELECT full_name FROM job WHERE job.id = changed.job_id),
        'reason', changed.reason, 'attempt', changed.attempt, 'error', jsonb_build_object(
          'message', left(changed.error->>'message', 500), 'code', changed.error->>'code'))`,
      from: `changed WHERE changed.status = '${DEAD}' AND changed.room <> '${INTERNAL_ROOM}'`,
    })}
  )`;
