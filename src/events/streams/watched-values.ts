/**
 * What is derived of tasks and changes without any change of theirs, live: a worker comes, a job is paused, others go
 * before. For the tasks that somebody watches, and wants to know it of, it is read again with each beat, of all of them
 * together; while nobody does, nothing is read.
 */
import { pullIterator } from '../../async/pull-iterator.ts';
import type { Position } from '../../domain/position.ts';
import type { TaskRow } from '../../domain/task.ts';
import type { ServerLogger } from '../logger.ts';
import type { EventStream, StreamEvent } from './stream.ts';

export interface WatchedValues<Value> {
  /** Calls back whenever the value of the task has become another one. @returns what ends that */
  watch(taskId: string, onChange: (value: Value) => void): () => void;
  close(): void;
}

interface WatchedValuesOptions<Value> {
  /** For people: what is read. */
  what: string;
  read: (taskIds: readonly string[]) => Promise<Map<string, Value>>;
  isSame: (before: Value, now: Value) => boolean;
  logger: ServerLogger;
  beatMs: number;
  /** Tasks of one read at most. */
  atOnce: number;
}

interface Watched<Value> {
  reported?: { value: Value } | undefined;
  listeners: Set<(value: Value) => void>;
}

export function createWatchedValues<Value>(options: WatchedValuesOptions<Value>): WatchedValues<Value> {
  const { what, read, isSame, logger, beatMs, atOnce } = options;
  const watched = new Map<string, Watched<Value>>();
  let timer: NodeJS.Timeout | undefined;

  async function beat(): Promise<void> {
    const ids = [...watched.keys()];
    try {
      for (let start = 0; start < ids.length; start += atOnce) {
        for (const [id, value] of await read(ids.slice(start, start + atOnce))) report(id, value);
      }
    } catch (error) {
      logger.warn({ err: error }, `${what} could not be read; trying again with the next beat`);
    }
    schedule();
  }

  function report(id: string, value: Value): void {
    const task = watched.get(id);
    if (!task) return;
    // The first read is reported although the watcher has it with the state of the task: it may be a little later.
    if (task.reported && isSame(task.reported.value, value)) return;
    task.reported = { value };
    for (const listener of task.listeners) listener(value);
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

interface WatchedStream<Value> {
  values: WatchedValues<Value>;
  /** Whether a task as it is now has a value that may change. */
  concerns: (task: TaskRow) => boolean;
  eventOf: (value: Value, now: { task: TaskRow; position: Position }) => StreamEvent;
}

/** The stream of a task with an event more whenever its value has become another one. */
export function withWatchedValues<Value>(
  stream: EventStream,
  { values, concerns, eventOf }: WatchedStream<Value>,
): EventStream {
  let last: Exclude<StreamEvent, { kind: 'resync' }> | undefined;
  let stop: (() => void) | undefined;
  let news: { value: Value } | undefined;
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
    if (!concerns(event.task)) unwatch();
    else
      stop ??= values.watch(event.task.id, (value) => {
        news = { value };
        wake();
      });
  }

  /** What comes first: the next event, or news of the value. The event that did not come first is kept. */
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
    const { value } = news;
    news = undefined;
    return eventOf(value, last as NonNullable<typeof last>);
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
