/** roomEvents: every transition of every task of the room, from a position or from now on, to who may see it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, type Caller, startApi } from '../support/api.ts';
import { PROTOCOLS, type Subscription } from '../support/client.ts';
import { availableDatabases } from '../support/database.ts';
import { newJob } from './task-in-status.ts';

const EVENTS = `subscription ($room: String!, $filter: TaskFilter, $after: Cursor) {
  roomEvents(room: $room, filter: $filter, after: $after) {
    __typename
    ... on TaskTransitioned { cursor task { id status version } transition { version to } }
    ... on TaskProgressed { cursor task { id version } percent }
    ... on ResyncRequired { reason }
  }
}`;

// biome-ignore lint/suspicious/noExplicitAny: events of any shape
type Event = any;

let rooms = 0;

describe.each(availableDatabases())('roomEvents on %s', (kind) => {
  let api: Api;
  let admin: Caller;

  beforeAll(async () => {
    api = await startApi(kind);
    admin = api.admin;
  });
  afterAll(() => api?.close());

  /** A room of its own with a job, so that nothing but the test happens there. */
  async function newRoom() {
    const room = `room-${++rooms}`;
    const job = await newJob(admin, room);
    const submit = async (by = admin, more = {}): Promise<string> =>
      (await by.submit({ room, job: job.fullName, ...more })).task.id;
    const position = () => api.position();
    return { room, job, submit, position };
  }

  describe.each(PROTOCOLS)('over %s', (protocol) => {
    const watch = (room: string, more = {}, by = admin) => by.subscribe(protocol, EVENTS, { room, ...more });

    it('begins now: what was before does not come, what comes does', async () => {
      const { room, submit } = await newRoom();
      const before = await submit();
      const stream = watch(room);
      // Nothing tells that the stream is open but its first event.
      const seen: string[] = [];
      const submitted: string[] = [];
      const first = stream.event(30_000).then(({ task }) => seen.push(task.id));
      while (seen.length === 0) {
        submitted.push(await submit());
        await Promise.race([first, new Promise((resolve) => setTimeout(resolve, 100))]);
      }
      submitted.push(await submit());
      while (seen.at(-1) !== submitted.at(-1)) seen.push((await stream.event()).task.id);
      stream.close();
      expect(seen).not.toContain(before);
      expect(seen).toEqual(submitted.slice(-seen.length));
    });

    it('gives every version of every task once and in order, while many are worked at the same time', async () => {
      const { room, job, submit, position } = await newRoom();
      const stream = watch(room, { after: await position() });
      const workers = await Promise.all([1, 2, 3].map(() => admin.newWorker(job)));
      const ids = await Promise.all(Array.from({ length: 45 }, () => submit()));
      const work = async (workerId: string) => {
        for (;;) {
          const { tasks } = await admin.claim({ workerId, limit: 4, start: true });
          if (tasks.length === 0) return;
          await Promise.all(
            tasks.map(({ id: taskId, attempt }: { id: string; attempt: number }) =>
              admin.act('completeTask', { taskId, workerId, attempt }),
            ),
          );
        }
      };
      await Promise.all(workers.map(work));
      const versions = new Map<string, number[]>();
      for (let events = 0; events < 4 * ids.length; events++) {
        const { task, transition } = await stream.event();
        expect(task.version).toBe(transition.version);
        expect(task.status).toBe(transition.to);
        versions.set(task.id, [...(versions.get(task.id) ?? []), transition.version]);
      }
      stream.close();
      expect([...versions.keys()].sort()).toEqual(ids.sort());
      for (const seen of versions.values()) expect(seen).toEqual([1, 2, 3, 4]);
    });

    it('can be resumed from the cursor of each event, and misses nothing', async () => {
      const { room, job, submit, position } = await newRoom();
      const start = await position();
      const workerId = await admin.newWorker(job);
      for (let n = 0; n < 3; n++) {
        const taskId = await submit();
        await admin.claim({ workerId, start: true });
        await admin.act('completeTask', { taskId, workerId, attempt: 1 });
      }
      const key = ({ task, transition }: Event) => `${task.id} ${transition.version}`;
      const stream = watch(room, { after: start });
      const events: Event[] = await take(stream, 12);
      stream.close();
      expect(new Set(events.map(key)).size).toBe(12);
      for (const [index, { cursor }] of events.entries()) {
        const resumed = watch(room, { after: cursor });
        const missing = new Set(events.slice(index + 1).map(key));
        while (missing.size > 0) missing.delete(key(await resumed.event()));
        resumed.close();
      }
      const [task] = await admin
        .ask('query ($room: String!) { tasks(room: $room) { nodes { transitions { nodes { cursor } } } } }', {
          room,
        })
        .then(({ nodes }) => nodes);
      for (const { cursor } of task.transitions.nodes) {
        const resumed = watch(room, { after: cursor });
        while (key(await resumed.event()) !== key(events[11]));
        resumed.close();
      }
    });

    it('tells progress, the last report for certain', async () => {
      const { room, job, submit, position } = await newRoom();
      const workerId = await admin.newWorker(job);
      const taskId = await submit();
      await admin.claim({ workerId, start: true });
      const stream = watch(room, { after: await position() });
      const percents = Array.from({ length: 30 }, (_, n) => n + 0.5);
      // In the order of sending; those that wait together become one.
      for (const percent of percents)
        await admin.act('reportProgress', { taskId, workerId, attempt: 1, percent });
      await admin.act('completeTask', { taskId, workerId, attempt: 1 });
      const seen: number[] = [];
      for (
        let event = await stream.event();
        event.transition?.to !== 'COMPLETED';
        event = await stream.event()
      ) {
        if (event.__typename === 'TaskProgressed') seen.push(event.percent);
      }
      stream.close();
      // What was reported before the stream was open does not come any more.
      expect(seen).toEqual(percents.slice(percents.length - seen.length));
    });

    it('shows a USER its own tasks only, and a MEMBER all', async () => {
      const { room, submit, position } = await newRoom();
      const [uma, uwe] = [await api.caller('uma', 'USER', [room]), await api.caller('uwe', 'USER', [room])];
      const mia = await api.caller('mia', 'MEMBER', [room]);
      const after = await position();
      const streams = [uma, uwe, mia].map((by) => watch(room, { after }, by));
      const ids = [
        await submit(uma),
        await submit(uwe),
        await submit(mia),
        await submit(uma),
        await submit(uwe),
      ];
      const [first, second, third] = await Promise.all(
        streams.map(async (stream, index) =>
          (await take(stream, [2, 2, 5][index] as number)).map(({ task }) => task.id),
        ),
      );
      for (const stream of streams) stream.close();
      expect([first, second, third]).toEqual([[ids[0], ids[3]], [ids[1], ids[4]], ids]);
    });

    it('lets a filter name a job that is only registered later', async () => {
      const { room, submit, position } = await newRoom();
      const name = `later-${protocol}`;
      const stream = watch(room, { after: await position(), filter: { job: `${room}:general:${name}` } });
      await submit();
      await admin.registerJob({ room, name });
      await submit();
      const wanted = await submit(admin, { job: `${room}:general:${name}` });
      expect((await stream.event()).task.id).toBe(wanted);
      stream.close();
    });

    it('asks for a new start after a cursor that is none', async () => {
      const { room } = await newRoom();
      expect(await watch(room, { after: 'garbage' }).rest()).toEqual([
        { __typename: 'ResyncRequired', reason: 'The cursor is none of this server.' },
      ]);
    });
  });

  it('gives many subscribers the same', async () => {
    const { room, submit, position } = await newRoom();
    const after = await position();
    const streams = Array.from({ length: 20 }, (_, index) =>
      admin.subscribe(PROTOCOLS[index % 2] ?? 'SSE', EVENTS, { room, after }),
    );
    const ids = [await submit(), await submit(), await submit()];
    for (const stream of streams) {
      expect((await take(stream, 3)).map(({ task }) => task.id)).toEqual(ids);
      stream.close();
    }
  });

  it('does not mix rooms', async () => {
    const [one, two] = [await newRoom(), await newRoom()];
    const after = await one.position();
    const streams = [one, two].map(({ room }) => admin.subscribe('SSE', EVENTS, { room, after }));
    const ids = [await one.submit(), await two.submit(), await one.submit(), await two.submit()];
    const seen = await Promise.all(
      streams.map(async (stream) => (await take(stream, 2)).map(({ task }) => task.id)),
    );
    for (const stream of streams) stream.close();
    expect(seen).toEqual([
      [ids[0], ids[2]],
      [ids[1], ids[3]],
    ]);
  });
});

async function take(stream: Subscription, count: number): Promise<Event[]> {
  const events: Event[] = [];
  while (events.length < count) events.push(await stream.event());
  return events;
}
