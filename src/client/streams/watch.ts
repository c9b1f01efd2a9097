/** The streams of a task and of a room, over a connection. */

import type { Connection } from '../connection/connection.ts';
import { RoomEvents, RoomPosition, TaskEvents, TaskOutcome } from '../documents.ts';
import { RequestError } from '../errors.ts';
import { isFinished, type TaskEvent, type TaskFilter } from '../types.ts';
import { openTaskStream } from './task-stream.ts';

/** How to watch a task. */
export interface WatchOptions {
  /** A cursor: first comes what happened since then, instead of a snapshot. */
  after?: string | undefined;
  /** Stay after the task has finished, for a retry of it. Otherwise the stream ends with the last transition. */
  follow?: boolean | undefined;
  /** Ends the stream; its reader then gets the signal's reason. */
  signal?: AbortSignal | undefined;
}

/** How to watch a room. */
export interface WatchRoomOptions {
  /** Only tasks that fit. */
  filter?: TaskFilter | undefined;
  /** A cursor, such as a list's `streamCursor`: first comes what happened since then. Left out: from now. */
  after?: string | undefined;
  /** Ends the stream; its reader then gets the signal's reason. */
  signal?: AbortSignal | undefined;
}

/** See `Client.watch`. */
export function watchTask(
  connection: Connection,
  taskId: string,
  { after, follow = false, signal }: WatchOptions,
): AsyncIterableIterator<TaskEvent> {
  return openTaskStream(
    {
      name: taskId,
      open: (position, sink) =>
        connection.subscribe(
          TaskEvents,
          { taskId, follow, after: position },
          {
            ...sink,
            next: (data) => sink.next(data.taskEvents),
          },
        ),
      position: async () => undefined,
      async isOver(last, idle) {
        if (follow) return false;
        if (last && isFinished(last.task.status)) return true;
        // Nothing came after the position asked for: was the task's end before it?
        if (!idle) return false;
        const { task } = await connection.post(TaskOutcome, { id: taskId }, signal);
        if (!task) throw new RequestError(`There is no task ${taskId}.`, { code: 'NOT_FOUND' });
        return isFinished(task.status);
      },
    },
    { after, signal, logger: connection.logger, statuses: connection.statuses },
  );
}

/** See `Client.watchRoom`. */
export function watchRoom(
  connection: Connection,
  room: string,
  { filter, after, signal }: WatchRoomOptions,
): AsyncIterableIterator<TaskEvent> {
  return openTaskStream(
    {
      name: `room ${room}`,
      open: (position, sink) =>
        connection.subscribe(
          RoomEvents,
          { room, filter, after: position },
          {
            ...sink,
            next: (data) => sink.next(data.roomEvents),
          },
        ),
      // A stream that starts "now" without a position could not be resumed before its first event.
      position: async () => (await connection.post(RoomPosition, { room }, signal)).tasks.streamCursor,
      isOver: async () => false,
    },
    { after, signal, logger: connection.logger, statuses: connection.statuses },
  );
}
