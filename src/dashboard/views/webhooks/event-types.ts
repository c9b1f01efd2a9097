import type { EventType } from '../../generated/graphql.ts';

/** Complete by its type: a type that the schema gains is missed by the compiler here. */
const TYPES: Record<EventType, true> = {
  TASK_FAILED: true,
  TASK_DISCARDED: true,
  JOB_REGISTERED: true,
  JOB_UPDATED: true,
  JOB_SCHEMA_CHANGED: true,
  JOB_PAUSED: true,
  JOB_RESUMED: true,
  JOB_RETIRED: true,
  JOB_RESTORED: true,
  WORKER_REGISTERED: true,
  WORKER_DRAINED: true,
  WORKER_DEREGISTERED: true,
  WORKER_LOST: true,
  API_KEY_CREATED: true,
  API_KEY_REVOKED: true,
  WEBHOOK_CREATED: true,
  WEBHOOK_UPDATED: true,
  WEBHOOK_DELETED: true,
  WEBHOOK_DISABLED: true,
  SCHEDULE_CREATED: true,
  SCHEDULE_UPDATED: true,
  SCHEDULE_DELETED: true,
  OPERATION_STARTED: true,
  OPERATION_COMPLETED: true,
  OPERATION_SKIPPED: true,
  OPERATION_FAILED: true,
};

export const SELECTABLE_EVENT_TYPES = Object.keys(TYPES) as EventType[];
