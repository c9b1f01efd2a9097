import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createWebSocketConnection,
  type WebSocketConnection,
} from '../../../src/client/connection/websocket-connection.ts';
import { ADMIN_TOKEN } from '../../support/app.ts';
import { type ClientFixture, defineJob, openClientFixture, quiet } from '../client-fixture.ts';
import { type Network, startNetwork } from '../network.ts';

const SUBSCRIPTION = 'subscription ($id: ID!) { taskEvents(taskId: $id) { __typename } }';

describe('a socket of the client', () => {
  let fixture: ClientFixture;
  let network: Network;
  let taskId: string;

  beforeAll(async () => {
    fixture = await openClientFixture('pglite');
    network = fixture.own(await startNetwork(fixture.url));
    const client = fixture.client();
    const job = await defineJob(client, 'lane');
    taskId = (await client.submit({ room: 'lab', job })).id;
  });

  afterAll(() => fixture.close());

  function open(timing: { keepAliveMs?: number; pongTimeoutMs?: number } = {}): WebSocketConnection {
    const url = `${network.url.replace('http', 'ws')}/graphql`;
    return fixture.own(
      createWebSocketConnection({ url, token: async () => ADMIN_TOKEN, logger: quiet, ...timing }),
    );
  }

  /** Subscribes; `first` resolves with the first event, `ended` with the error that ended it, or undefined. */
  function watch(lane: WebSocketConnection) {
    let ended: Promise<unknown> = Promise.resolve();
    const first = new Promise<unknown>((next, fail) => {
      ended = new Promise((end) => {
        lane.subscribe(
          { query: SUBSCRIPTION, variables: { id: taskId } },
          {
            next,
            error(error) {
              end(error);
              fail(error);
            },
            complete: () => end(undefined),
          },
        );
      });
    });
    first.catch(() => {});
    return { first, ended };
  }

  it('notices that the network has fallen silent, and can be used again', async () => {
    const lane = open({ keepAliveMs: 50, pongTimeoutMs: 1_000 });
    const { first, ended } = watch(lane);
    await first;
    network.silence();
    expect(await ended).toMatchObject({ name: 'ConnectionError', closeCode: 4499, retriable: true });
    await watch(lane).first;
  });

  it('stays while the other side answers', async () => {
    const lane = open({ keepAliveMs: 20, pongTimeoutMs: 10_000 });
    const { first, ended } = watch(lane);
    await first;
    const pings = new Promise((resolve) => setTimeout(resolve, 200, 'alive'));
    expect(await Promise.race([ended, pings])).toBe('alive');
  });

  it('tells whether what was lost had been sent', async () => {
    const lane = open();
    const { first, ended } = watch(lane);
    await first;
    network.down();
    expect(await ended).toMatchObject({ unsent: false });
    expect(await watch(lane).ended).toMatchObject({ unsent: true });
    network.up();
    await watch(lane).first;
  });

  it('ends everything with an error when it is closed, and takes nothing more', async () => {
    const lane = open();
    const { first, ended } = watch(lane);
    await first;
    await lane.close();
    expect(await ended).toMatchObject({ message: 'The client was closed.', retriable: false });
    expect(await watch(lane).ended).toMatchObject({ message: 'The client was closed.' });
    expect(lane.size).toBe(0);
  });
});
