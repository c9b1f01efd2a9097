/**
 * What the audit log records: what somebody did, or what somebody should know. Transitions of tasks have a log of
 * their own; of them only the dead letter stands here.
 */
import type { IdPrefix } from './typeid.ts';

/** From least to most severe. */
export const AUDIT_SEVERITIES = ['INFO', 'WARNING', 'ERROR'] as const;
export type AuditSeverity = (typeof AUDIT_SEVERITIES)[number];

/** Every type of event, and what it means. */
export const AUDIT_ENTRY_TYPES = {
  TASK_FAILED: 'A task has become a dead letter.',
  TASK_DISCARDED: 'Somebody has discarded a dead letter.',
  JOB_REGISTERED: 'A job was defined, or has come back by a registration.',
  JOB_UPDATED: 'Description, retry policy or timeout of a job were changed.',
  JOB_SCHEMA_CHANGED: 'The schemas of a job have another version.',
  JOB_PAUSED: 'Somebody has paused a job, or a job in one room.',
  JOB_RESUMED: 'Somebody has resumed a job, or a job in one room.',
  JOB_RETIRED: 'A job was hidden: nobody serves it, and it has no work.',
  JOB_RESTORED: 'A retired job has come back by hand, or by a submission.',
  WORKER_REGISTERED: 'A worker was registered.',
  WORKER_DRAINED: 'A worker was drained: it claims no more tasks, and ends when those that it holds have.',
  WORKER_DEREGISTERED: 'A worker was deregistered.',
  WORKER_LOST: 'A worker sent no heartbeat for longer than the worker timeout.',
  API_KEY_CREATED: 'An API key was created.',
  API_KEY_REVOKED: 'An API key was revoked.',
  WEBHOOK_CREATED: 'A webhook was created.',
  WEBHOOK_UPDATED: 'A webhook was changed.',
  WEBHOOK_DELETED: 'A webhook was deleted.',
  WEBHOOK_DISABLED: 'A webhook was switched off: its receiver has failed for too long.',
  SCHEDULE_CREATED: 'A schedule was created.',
  SCHEDULE_UPDATED: 'A schedule was changed, paused or resumed.',
  SCHEDULE_DELETED: 'A schedule was deleted.',
  OPERATION_STARTED: 'Somebody, or a schedule, has started an operation.',
  OPERATION_COMPLETED: 'An operation has ended well.',
  OPERATION_SKIPPED: 'An operation found a reason not to run.',
  OPERATION_FAILED: 'An operation has ended with an error.',
} as const;
export type AuditEntryType = keyof typeof AUDIT_ENTRY_TYPES;

/** The identity of whatever the server does by itself. */
export const SYSTEM_ACTOR = '@system';

/** An event of the log. */
export interface AuditEntry {
  /** UUIDv7. */
  id: string;
  /** With `xid` its position: bigints as decimal text. */
  serial: string;
  xid: string;
  type: AuditEntryType;
  severity: AuditSeverity;
  room: string | null;
  actor: string;
  correlationId: string | null;
  subjectKind: IdPrefix | null;
  subjectId: string | null;
  payload: Record<string, unknown>;
  at: Date;
}

/** Whether the severity is at least the other. */
export function isAtLeast(severity: AuditSeverity, minimum: AuditSeverity): boolean {
  return AUDIT_SEVERITIES.indexOf(severity) >= AUDIT_SEVERITIES.indexOf(minimum);
}
