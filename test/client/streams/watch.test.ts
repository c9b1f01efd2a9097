import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Client, TaskEvent } from '../../../src/client/index.ts';
import { encodeCursor } from '../../../src/domain/position.ts';
import { tokenFor } from '../../support/app.ts';
import { type ClientFixture, defineJob, gate, openClientFixture, quiet, scenes } from '../client-fixture.ts';
import { type Network, startNetwork } from '../network.ts';

/** `kind status` of an event. */
function brief(event: TaskEvent): string {
  if (event.kind === 'resync') return 'resync';
  return `${event.kind} ${event.kind === 'progress' ? event.percent : event.task.status}`;
}

async function readAll(stream: AsyncIterable<TaskEvent>): Promise<string[]> {
  const events: string[] = [];
  for await (const event of stream) events.push(brief(event));
  return events;
}

/** Reads until an event fits, which is the last one returned. */
async function readUntil(stream: AsyncIterator<TaskEvent>, text: string): Promise<string[]> {
  const events: string[] = [];
  while (events.at(-1) !== text) {
    const { done, value } = await stream.next();
    if (done) throw new Error(`The stream ended after ${events.join(', ')}`);
    events.push(brief(value));
  }
  return events;
}

describe.each(scenes)('watching, on %s', (_name, kind) => {
  let fixture: ClientFixture;
  let client: Client;
  let network: Network;
  /** A client whose network the tests break. */
  let remote: Client;
  let job: string;

  beforeAll(async () => {
    fixture = await openClientFixture(kind);
    client = fixture.client();
    network = fixture.own(await startNetwork(fixture.url));
    remote = fixture.client({ url: network.url });
    job = await defineJob(client, 'idle');
  });

  afterAll(() => fixture.close());

  const submit = (options: object = {}) => client.submit({ room: 'lab', job, ...options });

  /** A job served here whose every task waits to be let go, and fails where it is told to. */
  async function serve(name: string) {
    const started: ((outcome: 'complete' | 'fail') => void)[] = [];
    const waiting: ((go: (outcome: 'complete' | 'fail') => void) => void)[] = [];
    const worker = fixture.worker();
    worker.job({
      room: 'lab',
      category: 'general',
      name,
      payload: z.object({}),
      retryPolicy: { maxAttempts: 1 },
      async handler({ progress }) {
        progress(50);
        const outcome = await new Promise<'complete' | 'fail'>((resolve) => {
          const taker = waiting.shift();
          if (taker) taker(resolve);
          else started.push(resolve);
        });
        if (outcome === 'fail') throw new Error('told to');
        return { fine: true };
      },
    });
    await worker.start();
    return {
      job: `lab:general:${name}`,
      /** The next task that has started, to be let go. */
      next: () =>
        new Promise<(outcome: 'complete' | 'fail') => void>((resolve) => {
          const go = started.shift();
          if (go) resolve(go);
          else waiting.push(resolve);
        }),
    };
  }

  it('shows a task as it is, then every transition, and ends with the last', async () => {
    const { id } = await submit();
    const stream = client.watch(id);
    expect(await readUntil(stream, 'snapshot PENDING')).toHaveLength(1);
    await client.cancel(id, 'enough');
    expect(await readAll(stream)).toEqual(['transition CANCELLED']);
  });

  it('shows a finished task, and ends', async () => {
    const { id } = await submit();
    await client.cancel(id);
    expect(await readAll(client.watch(id))).toEqual(['snapshot CANCELLED']);
  });

  it('shows by its handle the whole way of a task, however late one looks', async () => {
    const served = await serve('whole-way');
    const handle = await submit({ job: served.job });
    (await served.next())('complete');
    expect(await handle.result()).toEqual({ fine: true });
    const events = await readAll(handle.watch());
    // The submission itself may lie before or behind the cursor.
    expect(events.filter((event) => event !== 'transition PENDING')).toEqual([
      'transition CLAIMED',
      'transition RUNNING',
      'transition COMPLETED',
    ]);
    expect((await readAll(client.watch(handle.id))).at(0)).toBe('snapshot COMPLETED');
  });

  it('begins with a snapshot by the handle of a duplicate, whose task may have finished long ago', async () => {
    const once = { idempotencyKey: 'watched twice' };
    const first = await submit(once);
    await client.cancel(first.id);
    const second = await submit(once);
    expect(second).toMatchObject({ id: first.id, duplicate: true });
    expect(await readAll(second.watch())).toEqual(['snapshot CANCELLED']);
  });

  it('ends where nothing is left after a cursor', async () => {
    const handle = await submit();
    await client.cancel(handle.id);
    let last = '';
    for await (const event of client.watch(handle.id)) if (event.kind !== 'resync') last = event.cursor;
    // A cursor may lie before the last event, which then comes again.
    const again = await readAll(handle.watch({ after: last }));
    expect([[], ['transition CANCELLED'], ['transition PENDING', 'transition CANCELLED']]).toContainEqual(
      again,
    );
  });

  it('stays for a retry when it follows', async () => {
    const served = await serve('retried');
    const { id } = await submit({ job: served.job });
    const go = await served.next();
    const stream = client.watch(id, { follow: true });
    await readUntil(stream, 'snapshot RUNNING');
    go('fail');
    await readUntil(stream, 'transition FAILED');
    await client.retry(id);
    (await served.next())('complete');
    const events = await readUntil(stream, 'transition COMPLETED');
    expect(events.filter((event) => event.startsWith('transition'))).toEqual([
      'transition PENDING',
      'transition CLAIMED',
      'transition RUNNING',
      'transition COMPLETED',
    ]);
    await stream.return?.();
  });

  it('rejects for a task that the caller may not see, as for one that does not exist', async () => {
    const { id } = await submit();
    const stranger = fixture.client({ token: await tokenFor('eve', 'MEMBER', ['elsewhere']) });
    for (const [who, task] of [
      [stranger, id],
      [client, 'task_01h455vb4pex5vsknk084sn02q'],
      [client, 'nonsense'],
    ] as const) {
      await expect(who.watch(task).next()).rejects.toMatchObject({ name: 'RequestError', code: 'NOT_FOUND' });
      await expect(who.result(task)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    }
  });

  it('misses nothing and repeats nothing when its connection is cut again and again', async () => {
    const served = await serve('cut');
    const { id } = await submit({ job: served.job });
    const go = await served.next();
    const stream = remote.watch(id, { follow: true });
    await readUntil(stream, 'snapshot RUNNING');
    network.cut();
    go('fail');
    // What the handler told of its progress may come before it, or have come already.
    const failed = await readUntil(stream, 'transition FAILED');
    expect(failed.filter((event) => event !== 'progress 50')).toEqual(['transition FAILED']);
    for (let round = 0; round < 3; round++) {
      network.cut();
      await client.retry(id);
      const again = await served.next();
      network.cut();
      again(round < 2 ? 'fail' : 'complete');
      const end = round < 2 ? 'transition FAILED' : 'transition COMPLETED';
      const events = await readUntil(stream, end);
      expect(events.filter((event) => event.startsWith('transition'))).toEqual([
        'transition PENDING',
        'transition CLAIMED',
        'transition RUNNING',
        end,
      ]);
    }
    await stream.return?.();
  });

  it('waits for a server that is away', async () => {
    const { id } = await submit();
    const stream = remote.watch(id);
    await readUntil(stream, 'snapshot PENDING');
    network.down();
    await client.cancel(id);
    const rest = readAll(stream);
    network.up();
    expect(await rest).toEqual(['transition CANCELLED']);
  });

  it('shows every transition of a room from a position on, once each, over cuts', async () => {
    const { streamCursor } = await client.tasks('lab', { first: 1 });
    const filter = { correlationId: 'room' };
    const stream = remote.watchRoom('lab', { filter, after: streamCursor });
    const seen: string[] = [];
    for (let round = 0; round < 5; round++) {
      const { id } = await submit({ correlationId: 'room' });
      await submit({ correlationId: 'other' });
      await client.cancel(id);
      if (round % 2 === 0) network.cut();
      while (seen.at(-1) !== `${id} CANCELLED`) {
        const { value } = await stream.next();
        seen.push(`${value.task.id} ${value.task.status}`);
      }
      expect(seen.splice(0)).toEqual([`${id} PENDING`, `${id} CANCELLED`]);
    }
    await stream.return?.();
  });

  it('shows what happens in a room from the call on, even when the connection is lost before the first event', async () => {
    const opened = gate();
    const observing = fixture.client({
      url: network.url,
      logger: { ...quiet, debug: (message) => message.startsWith('Connecting') && opened.open() },
    });
    const stream = observing.watchRoom('lab', { filter: { correlationId: 'now' } });
    // It has its position before it opens its socket.
    await opened.promise;
    network.down();
    const { id } = await submit({ correlationId: 'now' });
    network.up();
    expect((await stream.next()).value).toMatchObject({ kind: 'transition', task: { id } });
    await stream.return?.();
  });

  it('tells that events may be missing when its position is of another log, and goes on', async () => {
    const { id } = await submit();
    const foreign = encodeCursor('00000000-0000-4000-8000-000000000000', { xid: '1', id: '1' });
    const stream = client.watch(id, { after: foreign });
    expect(await readUntil(stream, 'snapshot PENDING')).toEqual(['resync', 'snapshot PENDING']);
    await stream.return?.();

    const room = client.watchRoom('lab', { after: foreign, filter: { correlationId: 'resync' } });
    expect(await readUntil(room, 'resync')).toEqual(['resync']);
    const later = await submit({ correlationId: 'resync' });
    expect((await room.next()).value).toMatchObject({ kind: 'transition', task: { id: later.id } });
    await room.return?.();
  });

  it('takes a cursor that is none for one of another log', async () => {
    const { id } = await submit();
    const stream = client.watch(id, { after: 'nonsense' });
    expect(await readUntil(stream, 'snapshot PENDING')).toEqual(['resync', 'snapshot PENDING']);
    await stream.return?.();
  });

  it('lets go of its connection when the loop is left', async () => {
    const alone = fixture.own(await startNetwork(fixture.url));
    const watching = fixture.client({ url: alone.url });
    const { id } = await submit();
    for await (const event of watching.watch(id)) {
      expect(alone.connections()).toBe(1);
      expect(event.kind).toBe('snapshot');
      break;
    }
    await alone.idle();
  });

  it('ends with an error when the client is closed, or its signal aborted', async () => {
    const { id } = await submit();
    const closing = fixture.client();
    const stream = closing.watch(id);
    await readUntil(stream, 'snapshot PENDING');
    const pending = stream.next();
    await Promise.all([
      expect(pending).rejects.toMatchObject({ name: 'ConnectionError', message: 'The client was closed.' }),
      closing.close(),
    ]);
    await expect(closing.watch(id).next()).rejects.toThrow('The client was closed.');

    const controller = new AbortController();
    const result = client.result(id, { signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(result).rejects.toThrow('enough');
  });

  it('goes on with a new token after the old one has expired', async () => {
    const { id } = await submit();
    const soon = new Date(Date.now() + 2_000);
    const tokens = [
      await tokenFor('alice', 'MEMBER', ['lab'], soon),
      await tokenFor('alice', 'MEMBER', ['lab']),
    ];
    const renewed = gate();
    const member = fixture.client({
      token() {
        if (tokens.length === 1) renewed.open();
        return tokens.length > 1 ? tokens.shift() : tokens[0];
      },
    });
    const stream = member.watch(id);
    await readUntil(stream, 'snapshot PENDING');
    await renewed.promise;
    await client.cancel(id);
    expect(await readAll(stream)).toEqual(['transition CANCELLED']);
  });

  it('gives up on a token that has expired and is the only one', async () => {
    const { id } = await submit();
    const expired = fixture.client({
      token: await tokenFor('alice', 'MEMBER', ['lab'], new Date(Date.now() - 1_000)),
    });
    await expect(expired.watch(id).next()).rejects.toMatchObject({
      name: 'ConnectionError',
      closeCode: 4403,
    });
  });

  it('watches more tasks than a server takes streams on one socket', async () => {
    const inputs = Array.from({ length: 120 }, () => ({ room: 'lab', job }));
    const handles = (await client.submitMany(inputs)) as { id: string }[];
    const streams = handles.map(({ id }) => client.watch(id));
    await Promise.all(streams.map((stream) => readUntil(stream, 'snapshot PENDING')));
    await Promise.all(handles.map(({ id }) => client.cancel(id)));
    expect(new Set((await Promise.all(streams.map(readAll))).flat())).toEqual(
      new Set(['transition CANCELLED']),
    );
  });
});
