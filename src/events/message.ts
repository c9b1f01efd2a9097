/**
 * The messages between server processes: JSON with a version tag. A process that meets another version, or
 * garbage, drops the message with a warning; the transition log has what it said.
 */
import * as z from 'zod';
import {
  TASK_STATUSES,
  type TaskChange,
  type TaskRow,
  TRANSITION_REASONS,
  type TransitionRow,
} from '../domain/task.ts';
import type { Logger } from './logger.ts';

const MESSAGE_VERSION = 1;

/** The channel of everything that happens to the tasks of a room. */
export const roomChannel = (room: string): string => `room:${room}`;
/** The channel that tells workers of a job that a task can be claimed. */
export const jobChannel = (jobId: string): string => `job:${jobId}`;
/** The channel of what one worker must hear. */
export const workerChannel = (workerId: string): string => `worker:${workerId}`;
/** The channel that tells every server that schedules have changed: whoever hears it looks at them again. */
export const SCHEDULES_CHANNEL = 'schedules';

/** What travels on a worker's channel. */
export type WorkerMessage =
  | { kind: 'stop'; taskId: string; attempt: number; reason: string }
  | { kind: 'jobs'; jobIds: string[] };

const date = z.string().transform((text, context) => {
  const parsed = new Date(text);
  if (Number.isNaN(parsed.getTime())) context.addIssue('Not a date');
  return parsed;
});
const text = z.string();
const optionalText = z.string().nullable();
const bigint = z.string().regex(/^\d{1,20}$/);
const count = z.int().min(0);
const status = z.enum(TASK_STATUSES);

const error = z.looseObject({
  message: text,
  code: optionalText,
  retryable: z.boolean(),
  context: z.unknown(),
});

// Loose, so that what a newer server adds passes through an older one.
const task: z.ZodType<TaskRow> = z.looseObject({
  id: text,
  jobId: text,
  room: text,
  status,
  version: z.int().min(1),
  attempt: count,
  failures: count,
  maxAttempts: count,
  priority: z.int(),
  runAt: date,
  workerId: optionalText,
  progress: z.number(),
  progressMessage: optionalText,
  createdBy: text,
  correlationId: optionalText,
  entityType: optionalText,
  entityId: optionalText,
  labels: z.record(text, text),
  idempotencyKey: optionalText,
  error: error.nullable(),
  createdAt: date,
  startedAt: date.nullable(),
  finishedAt: date.nullable(),
});

const transition: z.ZodType<TransitionRow> = z.looseObject({
  id: bigint,
  xid: bigint,
  horizon: bigint,
  taskId: text,
  version: z.int().min(1),
  room: text,
  jobId: text,
  from: status.nullable(),
  to: status,
  reason: z.enum(TRANSITION_REASONS),
  attempt: count,
  workerId: optionalText,
  actor: text,
  note: optionalText,
  error: error.nullable(),
  at: date,
});

const change: z.ZodType<TaskChange> = z.discriminatedUnion('kind', [
  z.looseObject({ kind: z.literal('transition'), task, transition }),
  z.looseObject({ kind: z.literal('progress'), task, percent: z.number(), message: optionalText, at: date }),
]);

const changesMessage = z.looseObject({ v: z.literal(MESSAGE_VERSION), changes: z.array(change) });

const workerMessage = z.looseObject({
  v: z.literal(MESSAGE_VERSION),
  signal: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('stop'), taskId: text, attempt: count, reason: text }),
    z.object({ kind: z.literal('jobs'), jobIds: z.array(text) }),
  ]),
});

/** A batch of changes as one message; payloads and results stay behind, they can be large. */
export function encodeChanges(changes: readonly TaskChange[]): string {
  return JSON.stringify({ v: MESSAGE_VERSION, changes: changes.map(withoutLargeValues) });
}

/** A message without changes: there are some, and they follow. */
export const HINT = encodeChanges([]);

/** The changes of a message, or null (with a warning) when it is none of ours. Never throws. */
export function decodeChanges(message: string, logger: Logger): TaskChange[] | null {
  return decode(message, changesMessage, logger)?.changes ?? null;
}

export function encodeWorkerMessage(signal: WorkerMessage): string {
  return JSON.stringify({ v: MESSAGE_VERSION, signal });
}

/** The signal of a message, or null (with a warning) when it is none of ours. Never throws. */
export function decodeWorkerMessage(message: string, logger: Logger): WorkerMessage | null {
  return decode(message, workerMessage, logger)?.signal ?? null;
}

function withoutLargeValues(change: TaskChange): TaskChange {
  const { payload: _payload, result: _result, traceparent: _traceparent, ...task } = change.task;
  return { ...change, task };
}

function decode<T>(message: string, schema: z.ZodType<T>, logger: Logger): T | null {
  const parsed = schema.safeParse(parseJson(message));
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.slice(0, 3).map(({ path, message }) => `${path.join('.')}: ${message}`);
  logger.warn({ issues, length: message.length }, 'A message that is not understood was dropped');
  return null;
}

function parseJson(message: string): unknown {
  try {
    return JSON.parse(message);
  } catch {
    return undefined;
  }
}
