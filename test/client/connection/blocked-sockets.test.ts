/** The SDK behind a proxy that lets no WebSocket through. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { subscribeBySse } from '../../../src/client/connection/sse.ts';
import type { Client } from '../../../src/client/index.ts';
import { ADMIN_TOKEN, tokenFor } from '../../support/app.ts';
import { type ClientFixture, defineJob, gate, openClientFixture, quiet } from '../client-fixture.ts';
import { type Network, startNetwork } from '../network.ts';

describe('where sockets are blocked', () => {
  let fixture: ClientFixture;
  /** Reaches the server as it is. */
  let direct: Client;
  let network: Network;
  let job: string;

  beforeAll(async () => {
    fixture = await openClientFixture('pglite');
    direct = fixture.client();
    network = fixture.own(await startNetwork(fixture.url));
    network.blockSockets();
    job = await defineJob(direct, 'idle');
  });

  afterAll(() => fixture.close());

  it('watches a task to its end over HTTP, over cuts', async () => {
    const warnings: string[] = [];
    const logger = { ...quiet, warn: (message: string) => warnings.push(message) };
    const client = fixture.client({ url: network.url, logger });
    const { id } = await client.submit({ room: 'lab', job });
    const stream = client.watch(id);
    expect((await stream.next()).value).toMatchObject({ kind: 'snapshot', task: { status: 'PENDING' } });
    expect(warnings).toEqual([expect.stringMatching(/^No WebSocket to ws:.*going on by HTTP$/)]);
    network.cut();
    await direct.cancel(id);
    expect((await stream.next()).value).toMatchObject({ kind: 'transition', task: { status: 'CANCELLED' } });
    expect((await stream.next()).done).toBe(true);
  });

  it('watches a room, and lets go of its connection when the loop is left', async () => {
    const alone = fixture.own(await startNetwork(fixture.url));
    alone.blockSockets();
    const client = fixture.client({ url: alone.url });
    const { streamCursor } = await direct.tasks('lab', { first: 1 });
    const { id } = await direct.submit({ room: 'lab', job });
    for await (const event of client.watchRoom('lab', { after: streamCursor })) {
      expect(event).toMatchObject({ kind: 'transition', task: { id } });
      break;
    }
    // Only fetch's own connections are left, and those end with the network.
    alone.down();
    await alone.idle();
  });

  it('rejects as over a socket: for what cannot be seen, for a token that is refused, for a closed client', async () => {
    const { id } = await direct.submit({ room: 'lab', job });
    const stranger = fixture.client({
      url: network.url,
      token: await tokenFor('eve', 'MEMBER', ['elsewhere']),
    });
    await expect(stranger.watch(id).next()).rejects.toMatchObject({
      name: 'RequestError',
      code: 'NOT_FOUND',
    });
    const refused = fixture.client({ url: network.url, token: 'wrong' });
    await expect(refused.watch(id).next()).rejects.toMatchObject({ name: 'RequestError', status: 401 });

    const closing = fixture.client({ url: network.url });
    const stream = closing.watch(id);
    await stream.next();
    const pending = stream.next();
    await Promise.all([expect(pending).rejects.toThrow('The client was closed.'), closing.close()]);
  });

  it('takes a new token when the stream of an expired one has ended', async () => {
    const { id } = await direct.submit({ room: 'lab', job });
    const tokens = [
      await tokenFor('al', 'MEMBER', ['lab'], new Date(Date.now() + 2_000)),
      await tokenFor('al', 'MEMBER', ['lab']),
    ];
    const renewed = gate();
    const client = fixture.client({
      url: network.url,
      token() {
        if (tokens.length === 1) renewed.open();
        return tokens.length > 1 ? tokens.shift() : tokens[0];
      },
    });
    const stream = client.watch(id);
    expect((await stream.next()).value).toMatchObject({ kind: 'snapshot' });
    await renewed.promise;
    await direct.cancel(id);
    expect((await stream.next()).value).toMatchObject({ kind: 'transition', task: { status: 'CANCELLED' } });
  });

  it('lets a worker work', async () => {
    const worker = fixture.worker({ url: network.url });
    const payload = z.object({ n: z.number() });
    worker.job({
      room: 'lab',
      category: 'general',
      name: 'double',
      payload,
      handler: async ({ payload: { n } }) => 2 * n,
    });
    await worker.start();
    const { id } = await direct.submit({ room: 'lab', job: 'lab:general:double', payload: { n: 21 } });
    expect(await fixture.client({ url: network.url }).result(id)).toBe(42);
  });

  it('goes back to sockets when HTTP fails as well', async () => {
    const open = fixture.own(await startNetwork(fixture.url));
    open.blockSockets();
    const connecting = gate();
    let sockets = 0;
    const client = fixture.client({
      url: open.url,
      logger: {
        ...quiet,
        debug: (message) => message.startsWith('Connecting') && ++sockets > 1 && connecting.open(),
      },
    });
    const { id } = await direct.submit({ room: 'lab', job });
    const stream = client.watch(id);
    await stream.next();
    open.down();
    await connecting.promise;
    open.up();
    await direct.cancel(id);
    expect((await stream.next()).value).toMatchObject({ task: { status: 'CANCELLED' } });
  });

  it('takes a stream that has fallen silent for lost', async () => {
    const mute = fixture.own(await startNetwork(fixture.url));
    const lost = gate<unknown>();
    const opened = gate();
    const { id } = await direct.submit({ room: 'lab', job });
    subscribeBySse(
      { url: `${mute.url}/graphql`, fetch, token: async () => ADMIN_TOKEN },
      { query: 'subscription ($id: ID!) { taskEvents(taskId: $id) { __typename } }', variables: { id } },
      { opened: opened.open, next() {}, error: lost.open, complete: () => lost.open('complete') },
      2_000,
    );
    await opened.promise;
    mute.silence();
    expect(await lost.promise).toMatchObject({
      name: 'ConnectionError',
      retriable: true,
      message: expect.stringContaining('No sign of'),
    });
  });
});
