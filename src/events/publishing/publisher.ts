/** Publishes what was committed to every server process: changes to rooms, signals to workers. */

import { groupBy } from '../../domain/group-by.ts';
import type { TaskChange, TransitionChange, TransitionReason } from '../../domain/task.ts';
import { isHeld, STOPPED_BECAUSE, TRANSITIONS } from '../../domain/transitions.ts';
import { type ServerLogger, silentServerLogger } from '../logger.ts';
import {
  ALL_ROOMS,
  AUDIT_CHANNEL,
  encodeWorkerMessage,
  jobChannel,
  READ,
  roomChannel,
  workerChannel,
} from '../messages/message.ts';
import type { Transport } from '../transports/transport.ts';
import { claimableJobs } from '../workers/claimable.ts';
import { createRoomSender } from './room-sender.ts';

export interface Publisher {
  /**
   * Publishes what one commit changed: one message per room that is watched, one per job with claimable tasks, one per
   * task that a worker must stop. Call it after the commit, in the order of the commits. Resolves when all of it was
   * handed to the transport, and never rejects: what is lost here, the log's readers find.
   */
  publish(changes: readonly TaskChange[]): Promise<void>;
  /** Notifies the process that watches the worker's signals that it serves these jobs as well. Never rejects. */
  publishWorkerJobs(workerId: string, jobIds: readonly string[]): Promise<void>;
  /** Makes whoever watches one of the rooms read the log, and the rooms' state that is kept beside it. Never rejects. */
  askToRead(rooms: readonly string[]): Promise<void>;
  /** Says that there is something new to read where the channel stands for. Never rejects. */
  announce(channel: string): Promise<void>;
}

// Ends of a claim that its worker did not bring about itself, so it must be notified.
const STOPS_WORKER: readonly TransitionReason[] = ['CANCELLED', 'WORKER_LOST', 'TIMED_OUT'];

export function createPublisher({
  transport,
  logger = silentServerLogger,
  origin = '1',
}: {
  transport: Transport;
  logger?: ServerLogger;
  /** Names this server; its own listeners of jobs were notified directly. */
  origin?: string;
}): Publisher {
  const sendToRoom = createRoomSender(transport);

  async function send(sendings: Iterable<Promise<unknown>>): Promise<void> {
    try {
      // All are handed over before the first is awaited: messages of two commits must not interleave.
      await Promise.all(sendings);
    } catch (error) {
      logger.error({ err: error }, 'Changes could not be published');
    }
  }

  function* sendingsOf(changes: readonly TaskChange[]): Iterable<Promise<unknown>> {
    for (const [room, ofRoom] of byRoom(changes)) yield sendToRoom(room, ofRoom);
    yield sendToRoom(ALL_ROOMS, changes);
    for (const [channel, message] of messagesOf(changes, origin)) yield transport.publish(channel, message);
  }

  return {
    publish: (changes) => send(sendingsOf(changes)),
    publishWorkerJobs: (workerId, jobIds) =>
      send([
        transport.publish(
          workerChannel(workerId),
          encodeWorkerMessage({ kind: 'jobs', jobIds: [...jobIds] }),
        ),
      ]),
    askToRead: (rooms) =>
      send([ALL_ROOMS, ...rooms].map((room) => transport.publish(roomChannel(room), READ))),
    announce: (channel) => send([transport.publish(channel, '1')]),
  };
}

function byRoom(changes: readonly TaskChange[]): Map<string, readonly TaskChange[]> {
  const first = changes[0]?.task.room;
  // As nearly always; the list itself, so that its message is made once.
  if (first !== undefined && changes.every(({ task }) => task.room === first))
    return new Map([[first, changes]]);
  return groupBy(changes, ({ task }) => task.room);
}

/** What workers and readers of events must hear. */
function* messagesOf(changes: readonly TaskChange[], origin: string): Iterable<readonly [string, string]> {
  for (const jobId of claimableJobs(changes).keys()) yield [jobChannel(jobId), origin];
  if (changes.some(isDeadLetter)) yield [AUDIT_CHANNEL, '1'];
  for (const change of changes) {
    if (change.kind === 'transition') yield* stopMessage(change);
  }
}

/** Of each there is an event. */
function isDeadLetter(change: TaskChange): boolean {
  if (change.kind !== 'transition') return false;
  const { from, to } = change.transition;
  return from !== to && TRANSITIONS.retry.from.some((status) => status === to);
}

function* stopMessage({ transition }: TransitionChange): Iterable<readonly [string, string]> {
  const { from, workerId, taskId, attempt, note, error } = transition;
  const wasHeld = from !== null && isHeld(from);
  if (!wasHeld || workerId === null || !STOPS_WORKER.includes(transition.reason)) return;
  const reason = note ?? error?.message ?? STOPPED_BECAUSE;
  yield [workerChannel(workerId), encodeWorkerMessage({ kind: 'stop', taskId, attempt, reason })];
}
