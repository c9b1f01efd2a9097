/**
 * Why tasks wait, live. What keeps a task waiting changes without any change of the task: a worker comes, a job is
 * paused. For the tasks that somebody watches, and wants to know it of, it is read again twice a second, of all of them
 * together; while nobody does, nothing is read.
 */
import { pullIterator } from '../../async/pull-iterator.ts';
import type { BlockedReason } from '../../domain/blocked.ts';
import type { TaskRow } from '../../domain/task.ts';
import { HELD_STATUSES, isTerminal } from '../../domain/transitions.ts';
import type { Logger } from '../logger.ts';
import type { EventStream, StreamEvent } from './stream.ts';

export interface BlockedReasons {
  /** Calls back whenever the reason of the task has become another one. @returns what ends that */
  watch(taskId: string, onChange: (reason: BlockedReason | null) => void): () => void;
  close(): void;
}

interface BlockedReasonsOptions {
  read: (taskIds: readonly string[]) => Promise<Map<string, BlockedReason | null>>;
  logger: Logger;
  beatMs?: number;
}

type Listener = (reason: BlockedReason | null) => void;

/** Tasks of one read at most. */
const AT_ONCE = 500;

export function createBlockedReasons({ read, logger, beatMs = 500 }: BlockedReasonsOptions): BlockedReasons {
  const watched = new Map<string, { reported?: string | undefined; listeners: Set<Listener> }>();
  let timer: NodeJS.Timeout | undefined;

  async function beat(): Promise<void> {
    const ids = [...watched.keys()];
    try {
      for (let start = 0; start < ids.length; start += AT_ONCE) {
        for (const [id, reason] of await read(ids.slice(start, start + AT_ONCE))) report(id, reason);
      }
    } catch (error) {
      logger.warn({ err: error }, 'Why tasks wait could not be read; trying again with the next beat');
    }
    schedule();
  }

  function report(id: string, reason: BlockedReason | null): void {
    const task = watched.get(id);
    if (!task) return;
    const written = JSON.stringify(reason);
    // The first read is reported although the watcher has it with the state of the task: it may be a little later.
    if (task.reported === written) return;
    task.reported = written;
    for (const listener of task.listeners) listener(reason);
  }

  function schedule(): void {
    clearTimeout(timer);
    timer = watched.size > 0 ? setTimeout(() => void beat(), beatMs).unref() : undefined;
  }

  return {
    watch(taskId, onChange) {
      const task = watched.get(taskId) ?? { listeners: new Set() };
      // Whoever comes later gets it, too.
      task.reported = undefined;
      task.listeners.add(onChange);
      watched.set(taskId, task);
      if (!timer) schedule();
      return () => {
        task.listeners.delete(onChange);
        if (task.listeners.size === 0 && watched.get(taskId) === task) watched.delete(taskId);
      };
    },
    close() {
      clearTimeout(timer);
      watched.clear();
    },
  };
}

/** The stream of a task with an event more whenever the reason why it waits has become another one. */
export function withBlockedReasons(stream: EventStream, reasons: BlockedReasons): EventStream {
  let last: Exclude<StreamEvent, { kind: 'resync' }> | undefined;
  let stop: (() => void) | undefined;
  let news: { reason: BlockedReason | null } | undefined;
  let wake: () => void = () => {};
  let pending: Promise<IteratorResult<StreamEvent>> | undefined;

  function unwatch(): void {
    stop?.();
    stop = undefined;
    news = undefined;
  }

  function follow(event: StreamEvent): void {
    if (event.kind === 'resync') return;
    last = event;
    if (!waits(event.task)) unwatch();
    else
      stop ??= reasons.watch(event.task.id, (reason) => {
        news = { reason };
        wake();
      });
  }

  /** What comes first: the next event, or news of the reason. The event that did not come first is kept. */
  async function pull(): Promise<StreamEvent | undefined> {
    pending ??= stream.next();
    while (!news) {
      const woken = new Promise<'news'>((resolve) => (wake = () => resolve('news')));
      const first = await Promise.race([pending, woken]);
      if (first === 'news') continue;
      pending = undefined;
      if (first.done) return undefined;
      follow(first.value);
      return first.value;
    }
    const { reason } = news;
    news = undefined;
    const { task, position } = last as NonNullable<typeof last>;
    return { kind: 'blocked', task, position, reason };
  }

  const events = pullIterator<StreamEvent>({
    pull,
    close() {
      unwatch();
      void stream.return?.();
    },
  });
  // What is offered past the stream would not be seen here.
  return Object.assign(events, { ready: stream.ready, offerTo: () => {} });
}

/** Whether there may be a reason. */
function waits({ status }: TaskRow): boolean {
  return !isTerminal(status) && !HELD_STATUSES.some((held) => held === status);
}
