/** Server-Sent Events as the clients of others speak them: EventSource, and graphql-sse in distinct connections. */
import { once } from 'node:events';
import { EventSource, type EventSourceInit } from 'eventsource';
import { createClient } from 'graphql-sse';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, type Caller, startApi } from '../../support/api.ts';

let api: Api;
let admin: Caller;

beforeAll(async () => {
  api = await startApi('pglite');
  admin = api.admin;
});
afterAll(() => api.close());

const FIELDS = `__typename ... on TaskSnapshot { at: cursor } ... on TaskTransitioned { at: cursor transition { to } }
  ... on ResyncRequired { reason }`;
const WATCH_ROOM = `subscription ($room: String!, $after: Cursor) { roomEvents(room: $room, after: $after) { ${FIELDS} } }`;
const WATCH_TASK = `subscription ($id: ID!) { taskEvents(taskId: $id) { ${FIELDS} } }`;

async function newTask(room: string) {
  await admin.registerJob({ room, name: 'work' });
  return (await admin.submit({ room, job: `${room}:general:work` })).task.id as string;
}

interface Received {
  id: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of any shape
  event: any;
}

/** An EventSource whose fetch signs in, as a browser's own cannot. */
function openSource(query: string, variables: object, { lastEventId = '', ...init }: Options = {}) {
  const search = new URLSearchParams({ query, variables: JSON.stringify(variables) });
  const requests: Record<string, string>[] = [];
  const statuses: number[] = [];
  const source = new EventSource(`${api.url}/graphql?${search}`, {
    ...init,
    async fetch(url, options) {
      const headers = { ...options.headers, authorization: `Bearer ${admin.token}` } as Record<
        string,
        string
      >;
      if (requests.length === 0 && lastEventId) headers['Last-Event-ID'] = lastEventId;
      requests.push(headers);
      const response = await fetch(url, { ...options, headers });
      statuses.push(response.status);
      return response;
    },
  });
  const received: Received[] = [];
  let wake = () => {};
  source.addEventListener('next', ({ data, lastEventId: id }) => {
    const [event] = Object.values(JSON.parse(data).data);
    received.push({ id, event });
    wake();
  });
  async function next(): Promise<Received> {
    while (received.length === 0) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    return received.shift() as Received;
  }
  return { source, next, requests, statuses };
}
type Options = EventSourceInit & { lastEventId?: string };

describe('EventSource', () => {
  it('is given the cursor of every event as its id, whatever the operation calls it', async () => {
    const task = await newTask('ids');
    const { source, next } = openSource(WATCH_TASK, { id: task });
    const completed = once(source, 'complete');
    const first = await next();
    expect(first).toEqual({
      id: first.event.at,
      event: { __typename: 'TaskSnapshot', at: expect.any(String) },
    });
    await admin.act('cancelTask', { taskId: task });
    const last = await next();
    expect(last).toMatchObject({ id: last.event.at, event: { transition: { to: 'CANCELLED' } } });
    await completed;
    source.close();
  });

  it('has an id also for events whose cursor nobody asks for', async () => {
    const task = await newTask('bare');
    const bare = openSource('subscription ($id: ID!) { taskEvents(taskId: $id) { __typename } }', {
      id: task,
    });
    expect((await bare.next()).id).toMatch(/^[\w-]{20,}$/);
    bare.source.close();
  });

  it('goes on from the last id after its connection was cut, and not from where its query says', async () => {
    const start = await api.position();
    const task = await newTask('resumed');
    const sent = openSource(WATCH_ROOM, { room: 'resumed', after: start });
    const submitted = await sent.next();
    expect(submitted.event.transition.to).toBe('PENDING');
    sent.source.close();
    await admin.act('cancelTask', { taskId: task });
    await newTask('resumed');
    const cancelled = openSource(WATCH_ROOM, { room: 'resumed', after: start });
    expect((await cancelled.next()).event.transition.to).toBe('PENDING');
    const { id } = await cancelled.next();
    cancelled.source.close();
    const back = openSource(WATCH_ROOM, { room: 'resumed', after: start }, { lastEventId: id });
    const events = [await back.next()];
    // Some may come again, so the new task's is the last, but the query's own beginning is passed.
    while (events.at(-1)?.event.transition.to !== 'PENDING') events.push(await back.next());
    expect(events.map(({ event }) => event.transition.to).filter((to) => to === 'PENDING')).toHaveLength(1);
    back.source.close();
  });

  it('stays away after the end of its stream, although it connects again by itself', async () => {
    const task = await newTask('over');
    await admin.act('cancelTask', { taskId: task });
    const { source, requests, statuses } = openSource(WATCH_TASK, { id: task });
    // Its own error event tells that it gave up: 204 is the answer for that.
    while (source.readyState !== EventSource.CLOSED) await once(source, 'error');
    expect(requests.map((headers) => headers['Last-Event-ID'])).toEqual([undefined, 'end']);
    expect(statuses).toEqual([200, 204]);
  });

  it('is told to read again when its last id is none of this server', async () => {
    const { source, next } = openSource(WATCH_ROOM, { room: 'x' }, { lastEventId: 'from-another-world' });
    expect((await next()).event).toEqual({ __typename: 'ResyncRequired', reason: expect.any(String) });
    source.close();
  });
});

describe('graphql-sse', () => {
  it('streams in distinct connections, and ends with the subscription', async () => {
    const task = await newTask('distinct');
    const client = createClient({
      url: `${api.url}/graphql`,
      headers: { authorization: `Bearer ${admin.token}` },
      retryAttempts: 0,
    });
    const events = client.iterate<{ taskEvents: { __typename: string } }>({
      query: WATCH_TASK,
      variables: { id: task },
    });
    expect((await events.next()).value?.data?.taskEvents.__typename).toBe('TaskSnapshot');
    await admin.act('cancelTask', { taskId: task });
    expect((await events.next()).value?.data?.taskEvents.__typename).toBe('TaskTransitioned');
    expect(await events.next()).toEqual({ done: true, value: undefined });
    client.dispose();
  });
});
