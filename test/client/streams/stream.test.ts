/** What a stream makes of what its subscriptions bring; the subscriptions themselves are played by hand. */
import { describe, expect, it } from 'vitest';
import { ConnectionError, RequestError } from '../../../src/client/errors.ts';
import type { TaskEventDetailsFragment, TaskStatus } from '../../../src/client/generated/graphql.ts';
import { silentLogger } from '../../../src/client/logger.ts';
import type { StreamOptions } from '../../../src/client/streams/stream.ts';
import { openTaskStream, type TaskWireSink } from '../../../src/client/streams/task-stream.ts';
import { isFinished, type TaskEvent } from '../../../src/client/types.ts';

function task(id: string, version: number, status: TaskStatus = 'RUNNING') {
  return { id, version, status } as Extract<TaskEvent, { kind: 'snapshot' }>['task'];
}

function snapshot(id: string, version: number, status?: TaskStatus): TaskEventDetailsFragment {
  return { __typename: 'TaskSnapshot', cursor: `at-${version}`, task: task(id, version, status) };
}

function transition(id: string, version: number, status: TaskStatus = 'RUNNING'): TaskEventDetailsFragment {
  const details = {
    version,
    from: 'PENDING',
    to: status,
    reason: 'STARTED',
    attempt: 1,
    actor: 'a',
    error: null,
    at: '',
  };
  return {
    __typename: 'TaskTransitioned',
    cursor: `at-${version}`,
    task: task(id, version, status),
    transition: details as Extract<TaskEvent, { kind: 'transition' }>['transition'],
  };
}

function progress(id: string, version: number, percent: number): TaskEventDetailsFragment {
  const cursor = `at-${version}`;
  return { __typename: 'TaskProgressed', cursor, task: task(id, version), percent, message: null, at: '' };
}

/** One subscription that the stream opened. */
interface Opened {
  after: string | undefined;
  sink: TaskWireSink;
  stopped: boolean;
}

/** A stream whose subscriptions are handed to the test, one after the other. */
function play(options: Partial<StreamOptions> = {}, position?: () => Promise<string>) {
  const waiting: Opened[] = [];
  const takers: ((opened: Opened) => void)[] = [];
  const stream = openTaskStream(
    {
      name: 'test',
      open(after, sink) {
        const opened: Opened = { after, sink, stopped: false };
        const taker = takers.shift();
        if (taker) taker(opened);
        else waiting.push(opened);
        return () => {
          opened.stopped = true;
        };
      },
      position: position ?? (async () => undefined),
      isOver: async (last) => last !== undefined && isFinished(last.task.status),
    },
    { logger: silentLogger, ...options },
  );
  const opened = () =>
    new Promise<Opened>((resolve) => {
      const first = waiting.shift();
      if (first) resolve(first);
      else takers.push(resolve);
    });
  return { stream, opened };
}

/** `kind version` of an event, for comparisons that read well. */
function brief(event: TaskEvent): string {
  switch (event.kind) {
    case 'resync':
      return `resync ${event.reason}`;
    case 'progress':
      return `progress ${event.percent}`;
    default:
      return `${event.kind} ${event.task.version}`;
  }
}

async function read(stream: AsyncIterator<TaskEvent>, count: number): Promise<string[]> {
  const events: string[] = [];
  for (let i = 0; i < count; i++) events.push(brief((await stream.next()).value));
  return events;
}

describe('a stream of task events', () => {
  it('gives what comes, and ends after the last transition', async () => {
    const { stream, opened } = play();
    const { sink } = await opened();
    sink.next(snapshot('a', 1, 'PENDING'));
    sink.next(progress('a', 1, 50));
    sink.next(transition('a', 2, 'COMPLETED'));
    sink.complete();
    expect(await read(stream, 3)).toEqual(['snapshot 1', 'progress 50', 'transition 2']);
    expect((await stream.next()).done).toBe(true);
  });

  it('goes on after a lost connection from the latest cursor, without repeats', async () => {
    const { stream, opened } = play();
    const first = await opened();
    expect(first.after).toBeUndefined();
    first.sink.next(snapshot('a', 1));
    first.sink.next(transition('a', 2));
    first.sink.error(new ConnectionError('lost'));

    const second = await opened();
    expect(second.after).toBe('at-2');
    second.sink.next(transition('a', 2));
    second.sink.next(transition('a', 3));
    expect(await read(stream, 3)).toEqual(['snapshot 1', 'transition 2', 'transition 3']);
    await stream.return?.();
  });

  it('knows repeats of each task apart', async () => {
    const { stream, opened } = play({ after: 'here' });
    const { sink, after } = await opened();
    expect(after).toBe('here');
    for (const event of [transition('a', 2), transition('b', 1), transition('a', 1), transition('b', 2)]) {
      sink.next(event);
    }
    expect(await read(stream, 3)).toEqual(['transition 2', 'transition 1', 'transition 2']);
    await stream.return?.();
  });

  it('drops progress of an attempt that is over', async () => {
    const { stream, opened } = play();
    const { sink } = await opened();
    sink.next(snapshot('a', 3));
    sink.next(progress('a', 2, 90));
    sink.next(progress('a', 3, 10));
    expect(await read(stream, 2)).toEqual(['snapshot 3', 'progress 10']);
    await stream.return?.();
  });

  it('goes on when the server completes it before its end is due', async () => {
    const { stream, opened } = play();
    const first = await opened();
    first.sink.next(snapshot('a', 1));
    first.sink.complete();
    const second = await opened();
    expect(second.after).toBe('at-1');
    await stream.return?.();
  });

  it('rejects when the server refuses it', async () => {
    const { stream, opened } = play();
    const { sink } = await opened();
    sink.next(snapshot('a', 1));
    sink.error(new RequestError('There is no such task.', { code: 'NOT_FOUND' }));
    expect(await read(stream, 1)).toEqual(['snapshot 1']);
    await expect(stream.next()).rejects.toMatchObject({ name: 'RequestError', code: 'NOT_FOUND' });
    expect((await stream.next()).done).toBe(true);
  });

  it('rejects when the token is refused', async () => {
    const { stream, opened } = play();
    (await opened()).sink.error(new ConnectionError('no', { closeCode: 4401, retriable: false }));
    await expect(stream.next()).rejects.toMatchObject({ closeCode: 4401 });
  });

  it('tells a resync, and goes on from a position that is older than what its reader then reads', async () => {
    let positions = 0;
    const { stream, opened } = play({ after: 'old' }, async () => `new-${++positions}`);
    const first = await opened();
    first.sink.next({ __typename: 'ResyncRequired', reason: 'too old' });
    expect(await read(stream, 1)).toEqual(['resync too old']);
    expect(first.stopped).toBe(true);
    const second = await opened();
    expect(second.after).toBe('new-1');
    // Versions start over where the database is another one.
    second.sink.next(transition('a', 1));
    expect(await read(stream, 1)).toEqual(['transition 1']);
    await stream.return?.();
  });

  it('gives the subscription up while too much waits, and goes on where it was', async () => {
    const { stream, opened } = play({ maxWaiting: 2 });
    const first = await opened();
    first.sink.next(snapshot('a', 1));
    first.sink.next(transition('a', 2));
    expect(first.stopped).toBe(false);
    first.sink.next(transition('a', 3));
    expect(first.stopped).toBe(true);

    expect(await read(stream, 2)).toEqual(['snapshot 1', 'transition 2']);
    const second = await opened();
    expect(second.after).toBe('at-2');
    second.sink.next(transition('a', 3));
    expect(await read(stream, 1)).toEqual(['transition 3']);
    await stream.return?.();
  });

  it('keeps only the latest progress for a reader that is behind', async () => {
    const { stream, opened } = play({ maxWaiting: 3 });
    const subscription = await opened();
    const { sink } = subscription;
    sink.next(snapshot('a', 1));
    for (let percent = 0; percent <= 100; percent++) {
      sink.next(progress('a', 1, percent));
      sink.next(progress('b', 1, percent / 2));
    }
    // Of a task that found no place any more: the next one will tell.
    sink.next(progress('c', 1, 1));
    expect(subscription.stopped).toBe(false);
    expect(await read(stream, 3)).toEqual(['snapshot 1', 'progress 100', 'progress 50']);
    await stream.return?.();
  });

  it('does not put progress before a transition that waits', async () => {
    const { stream, opened } = play();
    const { sink } = await opened();
    sink.next(progress('a', 1, 50));
    sink.next(transition('a', 2));
    sink.next(progress('a', 2, 10));
    expect(await read(stream, 3)).toEqual(['progress 50', 'transition 2', 'progress 10']);
    await stream.return?.();
  });

  it('unsubscribes at once when its reader leaves, even one that waits', async () => {
    const { stream, opened } = play();
    const first = await opened();
    const pending = stream.next();
    await stream.return?.();
    expect(first.stopped).toBe(true);
    expect(await pending).toEqual({ done: true, value: undefined });
  });

  it('rejects with the reason of its signal, and unsubscribes', async () => {
    const controller = new AbortController();
    const { stream, opened } = play({ signal: controller.signal });
    const { sink } = await opened();
    sink.next(snapshot('a', 1));
    const reading = read(stream, 2);
    controller.abort(new Error('enough'));
    await expect(reading).rejects.toThrow('enough');
    expect((await stream.next()).done).toBe(true);
  });

  it('opens nothing when its signal is aborted already', async () => {
    const { stream } = play({ signal: AbortSignal.abort(new Error('never')) });
    await expect(stream.next()).rejects.toThrow('never');
  });
});
