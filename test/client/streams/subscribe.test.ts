/** Any subscription over a network that breaks, and what shows how it does. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { graphql } from '../../../src/client/generated/index.ts';
import { type Client, type ConnectionStatus, LiveList, tasksOf } from '../../../src/client/index.ts';
import { type ClientFixture, defineJob, openClientFixture } from '../client-fixture.ts';
import { type Network, startNetwork } from '../network.ts';

const RoomVersions = graphql(`
  subscription RoomVersions($room: String!, $after: Cursor) {
    roomEvents(room: $room, after: $after) {
      __typename
      ... on TaskTransitioned {
        cursor
        task {
          id
          version
        }
      }
    }
  }
`);

describe('a subscription of one’s own', () => {
  let fixture: ClientFixture;
  let client: Client;
  let network: Network;
  let job: string;

  beforeAll(async () => {
    fixture = await openClientFixture('pglite');
    client = fixture.client();
    network = fixture.own(await startNetwork(fixture.url));
    job = await defineJob(client, 'idle');
  });

  afterAll(() => fixture.close());

  const submit = () => client.submit({ room: 'lab', job });

  it('goes on from the latest cursor after each cut, without a gap', async () => {
    const remote = fixture.client({ url: network.url });
    const { streamCursor } = await client.tasks('lab');
    const events = remote.subscribe(RoomVersions, { room: 'lab' }, { after: streamCursor });
    const submitted: string[] = [];
    const seen = new Set<string>();
    for (let round = 0; round < 4; round++) {
      submitted.push((await submit()).id);
      while (!seen.has(submitted.at(-1) ?? '')) {
        const { roomEvents } = (await events.next()).value;
        if (roomEvents.__typename === 'TaskTransitioned') seen.add(roomEvents.task.id);
      }
      network.down();
      submitted.push((await submit()).id);
      network.up();
    }
    while (!seen.has(submitted.at(-1) ?? '')) {
      const { roomEvents } = (await events.next()).value;
      if (roomEvents.__typename === 'TaskTransitioned') seen.add(roomEvents.task.id);
    }
    expect([...seen]).toEqual(submitted);
    await events.return?.();
  });

  it('ends after a position that has left the log', async () => {
    const { streamCursor } = await client.tasks('lab');
    const [, ...rest] = Buffer.from(streamCursor, 'base64url').toString().split('.');
    const foreign = Buffer.from(['00000000-0000-4000-8000-000000000000', ...rest].join('.')).toString(
      'base64url',
    );
    const types: string[] = [];
    for await (const { roomEvents } of client.subscribe(RoomVersions, { room: 'lab' }, { after: foreign })) {
      types.push(roomEvents.__typename);
    }
    expect(types).toEqual(['ResyncRequired']);
  });

  it('is shown as live, as waiting while the server is away, and as signed out', async () => {
    const remote = fixture.client({ url: network.url });
    const states = listen(remote);
    expect(remote.status).toEqual({ state: 'idle' });
    const events = remote.subscribe(RoomVersions, { room: 'lab' });
    expect(await states.until('live')).toEqual(['connecting', 'catching up', 'live']);
    network.down();
    await states.until('waiting');
    expect(remote.status).toMatchObject({
      retryInMs: expect.any(Number),
      error: { name: 'ConnectionError' },
    });
    network.up();
    expect(await states.until('live')).toContain('catching up');
    await events.return?.();
    await states.until('idle');

    const wrong = fixture.client({ token: 'wrong' });
    const refused = listen(wrong);
    await expect(wrong.subscribe(RoomVersions, { room: 'lab' }).next()).rejects.toMatchObject({
      closeCode: 4401,
    });
    await refused.until('signed out');
  });

  it('keeps a live list equal to what the server has, over cuts', async () => {
    const remote = fixture.client({ url: network.url });
    const list = new LiveList(tasksOf(remote, 'lab', { statuses: ['PENDING'] }), { leaveMs: 0 }).start();
    for (let round = 0; round < 3; round++) {
      const handles = await Promise.all([submit(), submit(), submit()]);
      network.cut();
      await client.cancel(handles[1]?.id ?? '');
      await submit();
    }
    const { tasks } = await client.tasks('lab', { statuses: ['PENDING'] });
    const wanted = tasks.map(({ id, version }) => `${id} ${version}`);
    await new Promise<void>((resolve) => {
      const look = () => {
        const { ids } = list.getSnapshot();
        if (ids.map((id) => `${id} ${list.row(id)?.version}`).join() === wanted.join()) resolve();
      };
      list.subscribe(look);
      look();
    });
    list.close();
  });
});

/** The states that a client goes through. */
function listen(client: Client) {
  const states: ConnectionStatus['state'][] = [];
  let look = () => {};
  client.onStatus(({ state }) => {
    states.push(state);
    look();
  });
  return {
    /** Those up to the next one of this name, which is the last. */
    until: (state: ConnectionStatus['state']) =>
      new Promise<string[]>((resolve) => {
        look = () => {
          const place = states.indexOf(state);
          if (place >= 0) resolve(states.splice(0, place + 1));
        };
        look();
      }),
  };
}
