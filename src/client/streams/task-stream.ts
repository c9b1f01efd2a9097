/**
 * Reads the events of tasks off the wire. A repeat has a version of its task that was seen, and is dropped. Progress is
 * conflated: a reader that is behind gets the latest.
 */

import type { TaskEventDetailsFragment } from '../generated/graphql.ts';
import type { TaskEvent } from '../types.ts';
import { createDeduplicator } from './deduplicate.ts';
import { openStream, type Reading, type StreamOptions, type WireSink } from './stream.ts';

type LiveEvent = Exclude<TaskEvent, { kind: 'resync' }>;
/** The events that say which state a task is in. */
export type StateEvent = Exclude<LiveEvent, { kind: 'progress' }>;
export type TaskWireSink = WireSink<TaskEventDetailsFragment>;

/** What differs between the stream of a task and that of a room. */
export interface TaskStreamSource {
  /** See StreamSource. */
  name: string;
  open(after: string | undefined, sink: TaskWireSink): () => void;
  position(): Promise<string | undefined>;
  /**
   * Whether the server's completion is the end. `last` is the last state delivered; `idle`: this subscription delivered
   * nothing.
   */
  isOver(last: StateEvent | undefined, idle: boolean): Promise<boolean>;
}

/** See openStream. */
export function openTaskStream(
  source: TaskStreamSource,
  options: StreamOptions,
): AsyncIterableIterator<TaskEvent> {
  const seen = createDeduplicator();
  let last: StateEvent | undefined;

  function read(wire: TaskEventDetailsFragment): Reading<TaskEvent> {
    if (wire.__typename === 'ResyncRequired') {
      seen.clear();
      return { event: { kind: 'resync', reason: wire.reason }, leadsTo: 'resync' };
    }
    // Not selected, so they do not come.
    if (wire.__typename === 'TaskBlocked' || wire.__typename === 'TaskEstimated') return {};
    const event = eventOf(wire);
    const isNew = seen.isNew(event);
    if (event.kind === 'progress') {
      return isNew ? { event, outdates: (waiting) => isEarlier(waiting, event) } : {};
    }
    if (!isNew) return { cursor: event.cursor };
    last = event;
    return { event, cursor: event.cursor };
  }

  return openStream(
    {
      ...source,
      read,
      isDispensable: (wire) => wire.__typename === 'TaskProgressed',
      isOver: (idle) => source.isOver(last, idle),
    },
    options,
  );
}

function eventOf(
  wire: Exclude<TaskEventDetailsFragment, { __typename: 'ResyncRequired' | 'TaskBlocked' | 'TaskEstimated' }>,
): LiveEvent {
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
