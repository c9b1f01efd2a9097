/**
 * The messages between server processes: JSON with a version tag. A process that meets another version, or
 * garbage, drops the message with a warning, and looks into the transition log, which has what it said.
 */
import * as z from 'zod';
import type { TaskChange } from '../../domain/task.ts';
import type { ServerLogger } from '../logger.ts';
import { readChange, writeChange } from './change-codec.ts';
import { Malformed } from './tuple-reader.ts';

const CHANGES_VERSION = 2;
const WORKER_VERSION = 1;

/** The channel of the audit log: there are new entries. */
export const AUDIT_CHANNEL = 'events';
/** The channel of operation runs: some have changed. */
export const RUNS_CHANNEL = 'runs';
/** Stands for all rooms where one is named: what is watched, and the channel of what happens in any. No room's name. */
export const ALL_ROOMS = '@all';

/** The channel of everything that happens to the tasks of a room. */
export const roomChannel = (room: string): string => `room:${room}`;
/** Whether it is one of those. */
export const isRoomChannel = (channel: string): boolean => channel.startsWith('room:');
/** The channel that notifies workers of a job that a task can be claimed. */
export const jobChannel = (jobId: string): string => `job:${jobId}`;
/** The channel of what one worker must hear. */
export const workerChannel = (workerId: string): string => `worker:${workerId}`;
/** The channel that notifies every server that schedules have changed: each looks at them again. */
export const SCHEDULES_CHANNEL = 'schedules';

/** Milliseconds for which listeners of all rooms are not asked for again. */
export const QUIET_MS = 100;
/** The channel that notifies every server that workers have come, changed or gone. */
export const WORKERS_CHANNEL = 'workers';
/** The channel that notifies every server that jobs have come, changed or gone. */
export const JOBS_CHANNEL = 'jobs';

/** What travels on a worker's channel. */
export type WorkerMessage =
  | { kind: 'stop'; taskId: string; attempt: number; reason: string }
  | { kind: 'jobs'; jobIds: string[] };

const workerMessage = z.looseObject({
  v: z.literal(WORKER_VERSION),
  signal: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('stop'), taskId: z.string(), attempt: z.int().min(0), reason: z.string() }),
    z.object({ kind: z.literal('jobs'), jobIds: z.array(z.string()) }),
  ]),
});

/** A batch of changes as one message; payloads and results stay behind, they can be large. */
export function encodeChanges(changes: readonly TaskChange[]): string {
  return JSON.stringify({ v: CHANGES_VERSION, changes: changes.map(writeChange) });
}

/** A message without changes: there are some, and they follow. */
export const HINT = encodeChanges([]);
/** A message without changes: there are some, and only the log has them. */
export const READ = JSON.stringify({ v: CHANGES_VERSION, changes: [], read: true });

/** The changes of a message, or null (with a warning) when it is none of ours. Never throws. */
export function decodeChanges(message: string, logger: ServerLogger): TaskChange[] | null {
  try {
    const { v, changes } = Object(parseJson(message));
    if (v !== CHANGES_VERSION || !Array.isArray(changes)) throw new Malformed('It is of another kind');
    return changes.map(readChange);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return drop(message, [error.message], logger);
  }
}

export function encodeWorkerMessage(signal: WorkerMessage): string {
  return JSON.stringify({ v: WORKER_VERSION, signal });
}

/** The signal of a message, or null (with a warning) when it is none of ours. Never throws. */
export function decodeWorkerMessage(message: string, logger: ServerLogger): WorkerMessage | null {
  const parsed = workerMessage.safeParse(parseJson(message));
  if (parsed.success) return parsed.data.signal;
  const issues = parsed.error.issues.slice(0, 3).map(({ path, message }) => `${path.join('.')}: ${message}`);
  return drop(message, issues, logger);
}

function drop(message: string, issues: string[], logger: ServerLogger): null {
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
