/**
 * A stream of task events that outlives its connections.
 *
 *     open ──▶ receiving ──lost──▶ wait ──▶ open, `after` the latest cursor
 *                  │ too much waits ──▶ closed until the reader has caught up ──▶ open
 *                  │ resync ──▶ tell it, take a new position ──▶ open
 *                  └ complete: the end where one is due, otherwise as if lost
 *
 * A position is at or before everything delivered, so going on may repeat events: a repeat has a version of its
 * task that was seen, and is dropped. Nothing ends silently: the reader gets the end, or an error.
 */

import { backoffMs, pause } from '../connection/backoff.ts';
import type { OperationSink } from '../connection/websocket-connection.ts';
import { retryChance } from '../errors.ts';
import type { TaskEventDetailsFragment } from '../generated/graphql.ts';
import type { Logger } from '../logger.ts';
import type { TaskEvent } from '../types.ts';
import { createDeduplicator } from './deduplicate.ts';
import { EventQueue } from './event-queue.ts';

/** A subscriber to what the server sends. */
export type WireSink = Omit<OperationSink, 'next'> & { next(event: TaskEventDetailsFragment): void };

/** What differs between the stream of a task and that of a room. */
export interface StreamSource {
  /** Names the stream in log lines. */
  name: string;
  /** Starts the subscription; returns what ends it. */
  open(after: string | undefined, sink: WireSink): () => void;
  /** The position to start from where none is known; undefined: the server begins with a snapshot. */
  position(): Promise<string | undefined>;
  /**
   * The server has completed the subscription: is that the end? `last` is the last state delivered; `idle`:
   * this subscription delivered nothing.
   */
  isOver(last: StateEvent | undefined, idle: boolean): Promise<boolean>;
}

export interface StreamOptions {
  after?: string;
  signal?: AbortSignal;
  logger: Logger;
  /** Events that may wait for the reader before the subscription is given up until it has caught up. */
  maxWaiting?: number;
}

type LiveEvent = Exclude<TaskEvent, { kind: 'resync' }>;
/** The events that say which state a task is in. */
export type StateEvent = Exclude<LiveEvent, { kind: 'progress' }>;

type Ending =
  | { why: 'complete' }
  | { why: 'full' }
  | { why: 'resync'; reason: string }
  | { why: 'lost'; error: unknown };

/** How often in a row an error that may pass is met before the reader is told. */
const PATIENCE = 5;
/** A connection that lived this long was a good one: the next wait is a short one again. */
const GOOD_AFTER_MS = 5_000;

/** Starts at once; the returned iterator must be read to its end, or returned. */
export function openStream(source: StreamSource, options: StreamOptions): AsyncIterableIterator<TaskEvent> {
  const { signal, logger, maxWaiting = 1_000 } = options;
  const gone = new AbortController();
  const queue = new EventQueue<TaskEvent>(() => gone.abort());
  const seen = createDeduplicator();
  let cursor = options.after;
  let last: StateEvent | undefined;
  let received = 0;

  /** One event off the wire; an ending where the subscription is to be given up. */
  function take(wire: TaskEventDetailsFragment): Ending | undefined {
    received++;
    if (wire.__typename === 'ResyncRequired') return { why: 'resync', reason: wire.reason };
    const event = eventOf(wire);
    const full = queue.size >= maxWaiting;
    if (event.kind === 'progress') {
      // A reader that is behind needs only the latest, and what is lost of it, the next one tells.
      if (!seen.isNew(event) || queue.replace(event, (waiting) => isEarlier(waiting, event)))
        return undefined;
      if (!full) queue.push(event);
      return undefined;
    }
    // Before it counts as seen: it has to come again.
    if (full) return { why: 'full' };
    cursor = event.cursor;
    if (!seen.isNew(event)) return undefined;
    last = event;
    queue.push(event);
    return undefined;
  }

  /** One subscription, from its opening to whatever ends it. */
  function receive(): Promise<Ending> {
    return new Promise((resolve) => {
      const finish = (ending: Ending) => {
        gone.signal.removeEventListener('abort', leave);
        resolve(ending);
      };
      const stop = source.open(cursor, {
        next(wire) {
          const ending = take(wire);
          if (!ending) return;
          stop();
          finish(ending);
        },
        error: (error) => finish({ why: 'lost', error }),
        complete: () => finish({ why: 'complete' }),
      });
      const leave = () => {
        stop();
        finish({ why: 'complete' });
      };
      gone.signal.addEventListener('abort', leave);
    });
  }

  /** What an ending leads to; an error that is thrown here decides about itself in {@link run}. */
  async function follow(ending: Ending): Promise<'go on' | 'wait' | 'end'> {
    switch (ending.why) {
      case 'full':
        await queue.drained();
        return 'go on';
      case 'resync':
        // The position first: what the reader then reads is newer, so nothing falls between.
        cursor = await source.position();
        seen.clear();
        queue.push({ kind: 'resync', reason: ending.reason });
        return 'wait';
      case 'complete':
        return (await source.isOver(last, received === 0)) ? 'end' : 'wait';
      case 'lost':
        throw ending.error;
    }
  }

  async function run(): Promise<void> {
    let failures = 0;
    let doubts = 0;
    while (!gone.signal.aborted) {
      received = 0;
      const openedAt = Date.now();
      try {
        cursor ??= await source.position();
        if (gone.signal.aborted) return;
        const ending = await receive();
        if (gone.signal.aborted) return;
        if (received > 0 || Date.now() - openedAt > GOOD_AFTER_MS) failures = doubts = 0;
        const next = await follow(ending);
        if (next === 'end') return queue.end();
        if (next === 'go on') continue;
      } catch (error) {
        const chance = retryChance(error);
        if (chance === 'never' || (chance === 'perhaps' && ++doubts > PATIENCE)) return queue.end(error);
        logger.warn(`The stream of ${source.name} was interrupted`, { error });
      }
      await pause(backoffMs(failures++), gone.signal);
    }
  }

  const onAbort = () => {
    gone.abort();
    queue.abort(signal?.reason);
  };
  if (signal?.aborted) onAbort();
  signal?.addEventListener('abort', onAbort, { once: true });
  run()
    .catch((error) => queue.end(error))
    .finally(() => signal?.removeEventListener('abort', onAbort));
  return queue;
}

function eventOf(wire: Exclude<TaskEventDetailsFragment, { __typename: 'ResyncRequired' }>): LiveEvent {
  const { cursor, task } = wire;
  switch (wire.__typename) {
    case 'TaskSnapshot':
      return { kind: 'snapshot', cursor, task };
    case 'TaskTransitioned':
      return { kind: 'transition', cursor, task, transition: wire.transition };
    case 'TaskProgressed':
      return { kind: 'progress', cursor, task, percent: wire.percent, message: wire.message, at: wire.at };
  }
}

/** An earlier progress of the same task, with no transition between the two. */
function isEarlier(waiting: TaskEvent, event: LiveEvent): boolean {
  return (
    waiting.kind === 'progress' &&
    waiting.task.id === event.task.id &&
    waiting.task.version === event.task.version
  );
}
