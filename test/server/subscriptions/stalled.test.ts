/** One who stops reading costs the process a bounded queue and others nothing; it is given up, or goes on where it was. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Payload, SlowConsumer } from '../../../src/events/hub/subscriber-queue.ts';
import { deliver } from '../../../src/server/subscriptions/delivery.ts';
import type { ResultSink } from '../../../src/server/subscriptions/sink.ts';
import { createStreamCounts } from '../../../src/server/subscriptions/stats.ts';
import { type Api, type Caller, startApi } from '../../support/api.ts';
import { openSocket } from '../socket.ts';
import { dial } from '../wire.ts';

const LARGE = 'x'.repeat(100_000);
// More than the kernel keeps for a connection that is not read: some 6 MB here, at times more.
const TASKS = 300;
const BATCH = 2;

let api: Api;
let admin: Caller;

beforeAll(async () => {
  api = await startApi('pglite');
  admin = api.admin;
  await admin.registerJob({ room: 'stalled', name: 'work' });
});
afterAll(() => api.close());

const WATCH = {
  query: `subscription ($after: Cursor) { roomEvents(room: "stalled", after: $after) {
    ... on TaskTransitioned { cursor task { id payload } transition { version } } } }`,
};

const subscribed = (count: number) =>
  vi.waitFor(() => expect(api.streams.subscribers).toBe(count), { timeout: 10_000 });

describe('while a socket and an event stream do not read', () => {
  it('others are sent everything, what waits is thrown out, and the socket gets all of it in the end', {
    timeout: 120_000,
  }, async () => {
    let cursor = await api.position();
    const other = await openSocket(api.url, admin.token);
    other.send({ type: 'subscribe', id: '1', payload: WATCH });
    const stalled = await openSocket(api.url, admin.token);
    stalled.send({ type: 'subscribe', id: '1', payload: WATCH });
    const body = JSON.stringify(WATCH);
    const unread = await dial(api.url);
    unread.write(
      [
        'POST /graphql HTTP/1.1',
        'Host: x',
        `Authorization: Bearer ${admin.token}`,
        'Accept: text/event-stream',
        'Content-Type: application/json',
        `Content-Length: ${body.length}`,
        '',
        body,
      ].join('\r\n'),
    );
    await subscribed(3);
    stalled.raw.pause();
    unread.pause();

    const before = { ...api.streams };
    const submitted: string[] = [];
    const input = { room: 'stalled', job: 'stalled:general:work', payload: { LARGE } };
    for (let sent = 0; sent < TASKS; sent += BATCH) {
      const { results } = await admin.submitAll(Array.from({ length: BATCH }, () => input));
      for (const { task } of results) submitted.push(task.id);
      // In step with the one that reads, who is not slowed down by the others.
      for (let read = 0; read < BATCH; read++) {
        expect((await other.next()).payload.data.roomEvents.task.id).toBe(submitted[sent + read]);
      }
    }
    // One execution for all, and nothing that the two have not taken is kept beyond their queues.
    expect(api.streams.sharedExecutions - before.sharedExecutions).toBe(TASKS);
    expect(api.streams.droppedBytes - before.droppedBytes).toBeGreaterThan(2 * 262_144);

    // Perhaps it was given up already: then it comes again, and goes on where it was.
    const received = new Set<string>();
    let reader = stalled;
    reader.raw.resume();
    while (received.size < TASKS) {
      const message = await reader.next().catch(() => undefined);
      if (message) {
        ({ cursor } = message.payload.data.roomEvents);
        received.add(message.payload.data.roomEvents.task.id);
      } else {
        reader = await openSocket(api.url, admin.token);
        reader.send({ type: 'subscribe', id: '2', payload: { ...WATCH, variables: { after: cursor } } });
      }
    }
    expect(received).toEqual(new Set(submitted));
    expect(api.streams.ownExecutions - before.ownExecutions).toBeGreaterThan(0);
    unread.destroy();
    other.close();
    reader.close();
    await subscribed(0);
  });
});

describe('a consumer that takes nothing for too long', () => {
  const payload: Payload = { bytes: Buffer.from('{}'), cursor: null };

  function deliverTo(sink: Partial<ResultSink>, source: () => Promise<IteratorResult<number>>) {
    const counts = createStreamCounts();
    const abandoned = vi.fn();
    const left = vi.fn();
    const results = deliver({
      source: { next: source, return: async () => left() },
      execute: async () => payload,
      openSink: () => ({
        ready: true,
        send: () => {},
        whenReady: () => () => {},
        abandon: abandoned,
        ...sink,
      }),
      counts,
      stallMs: 1,
    });
    return { results, counts, abandoned, left };
  }

  it('is given up by its connection, without a word in the protocol', async () => {
    const { results, counts, abandoned, left } = deliverTo({ ready: false }, async () => ({ value: 1 }));
    const over = results.next();
    await vi.waitFor(() => expect(abandoned).toHaveBeenCalledOnce());
    expect(left).toHaveBeenCalled();
    expect(counts).toMatchObject({ consumersClosed: 1 });
    // As when the connection has closed.
    await results.return?.();
    expect(await over).toEqual({ done: true, value: undefined });
    await vi.waitFor(() => expect(counts.subscribers).toBe(0));
  });

  it('is given up as well when what it has missed has become too much', async () => {
    const { results, abandoned } = deliverTo({}, async () => {
      throw new SlowConsumer('too much');
    });
    void results.next();
    await vi.waitFor(() => expect(abandoned).toHaveBeenCalledOnce());
    await results.return?.();
  });
});
