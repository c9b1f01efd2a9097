/** Subscribers that are shown the same share one execution for each event, and nobody else does. */
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Api, type Caller, startApi } from '../../support/api.ts';
import { PROTOCOLS, type Subscription } from '../../support/client.ts';

let api: Api;
let admin: Caller;

beforeAll(async () => {
  api = await startApi('pglite');
  admin = api.admin;
});
afterAll(() => api.close());

const open: Subscription[] = [];
beforeEach(async () => {
  for (const stream of open.splice(0)) stream.close();
  // What the test before has left is gone.
  await vi.waitFor(() => expect(api.streams).toMatchObject({ groups: 0, subscribers: 0 }), {
    timeout: 10_000,
  });
});

function watch(caller: Caller, protocol: (typeof PROTOCOLS)[number], query: string, variables = {}) {
  const stream = caller.subscribe(protocol, query, variables);
  open.push(stream);
  return stream;
}

const attached = (subscribers: number) =>
  vi.waitFor(() => expect(api.streams.subscribers).toBe(subscribers), { timeout: 10_000 });

async function newJob(room: string) {
  await admin.registerJob({ room, name: 'work' });
  return { room, name: 'work', fullName: `${room}:general:work` };
}

const ROOM = `subscription Watch($room: String!, $after: Cursor) { roomEvents(room: $room, after: $after) {
  __typename ... on TaskTransitioned { cursor task { id room job { fullName } } transition { version to } } } }`;

describe('subscribers with the same document, variables and rights', () => {
  it('share one execution for each event, over both protocols, whoever they are', async () => {
    const job = await newJob('shared');
    const start = await api.position();
    const callers = [
      admin,
      await api.caller('mo', 'MEMBER', ['shared']),
      await api.caller('wim', 'WORKER', ['b', 'shared']),
    ];
    const streams = callers.flatMap((caller) =>
      PROTOCOLS.map((protocol) => watch(caller, protocol, ROOM, { room: 'shared' })),
    );
    // Written otherwise, and beginning elsewhere.
    const spaced = ROOM.replace('Watch(', 'Watch  # one\n (');
    streams.push(watch(admin, 'WebSocket', spaced, { after: start, room: 'shared' }));
    await attached(7);
    expect(api.streams.groups).toBe(1);
    const before = { ...api.streams };
    const { task } = await admin.submit({ room: 'shared', job: job.fullName });
    await admin.act('cancelTask', { taskId: task.id });
    const seen = await Promise.all(
      streams.map(async (stream) => [await stream.event(), await stream.event()]),
    );
    expect(seen[0]?.map(({ transition }) => transition.version)).toEqual([1, 2]);
    for (const events of seen) expect(events).toEqual(seen[0]);
    expect(api.streams.sharedExecutions - before.sharedExecutions).toBe(2);
    expect(api.streams.ownExecutions - before.ownExecutions).toBe(0);
  });

  it('read their beginnings for themselves', async () => {
    const job = await newJob('begun');
    const start = await api.position();
    const first = (await admin.submit({ room: 'begun', job: job.fullName })).task.id;
    const early = watch(admin, 'WebSocket', ROOM, { room: 'begun', after: start });
    expect((await early.event()).task.id).toBe(first);
    const late = watch(admin, 'SSE', ROOM, { room: 'begun', after: start });
    expect((await late.event()).task.id).toBe(first);
    expect(api.streams.groups).toBe(1);
    const second = (await admin.submit({ room: 'begun', job: job.fullName })).task.id;
    expect((await early.event()).task.id).toBe(second);
    expect((await late.event()).task.id).toBe(second);
  });
});

describe('subscribers of different rights', () => {
  it('never share: a USER sees its own tasks, a MEMBER all, another USER none of these', async () => {
    const job = await newJob('rights');
    const [mo, ann, ben] = [
      await api.caller('mo', 'MEMBER', ['rights']),
      await api.caller('ann', 'USER', ['rights']),
      await api.caller('ben', 'USER', ['rights']),
    ];
    const [ofMo, ofAnn, ofBen] = [
      watch(mo, 'WebSocket', ROOM, { room: 'rights' }),
      watch(ann, 'WebSocket', ROOM, { room: 'rights' }),
      watch(ben, 'WebSocket', ROOM, { room: 'rights' }),
    ];
    await attached(3);
    expect(api.streams.groups).toBe(3);
    const first = (await ann.submit({ room: 'rights', job: job.fullName })).task.id;
    const second = (await ben.submit({ room: 'rights', job: job.fullName })).task.id;
    expect((await ofMo.event()).task.id).toBe(first);
    expect((await ofMo.event()).task.id).toBe(second);
    expect((await ofAnn.event()).task.id).toBe(first);
    expect((await ofBen.event()).task.id).toBe(second);
  });

  it('never share what differs beyond the room: each sees of a worker the jobs that it may see', async () => {
    const [here, there] = [await newJob('here'), await newJob('there')];
    const workerId = await admin.newWorker(here, there);
    const callers = [
      admin,
      await api.caller('mo', 'MEMBER', ['here']),
      await api.caller('max', 'MEMBER', ['there', 'here']),
    ];
    const query = `subscription { roomEvents(room: "here", filter: { statuses: [CLAIMED] }) {
      ... on TaskTransitioned { task { worker { jobs { fullName } } } } } }`;
    const streams = callers.map((caller) => watch(caller, 'WebSocket', query));
    await attached(3);
    await admin.submit({ room: 'here', job: here.fullName });
    await admin.claim({ workerId, limit: 1 });
    const jobs = await Promise.all(
      streams.map(async (stream) => {
        const { task } = await stream.event();
        return task.worker.jobs.map((job: { fullName: string }) => job.fullName).sort();
      }),
    );
    expect(jobs).toEqual([[here.fullName, there.fullName], [here.fullName], [here.fullName, there.fullName]]);
  });

  it('share a task among those who see its room, and not with the one who sees only the task', async () => {
    const job = await newJob('one');
    const ann = await api.caller('ann', 'USER', ['one']);
    const { id } = (await ann.submit({ room: 'one', job: job.fullName })).task;
    const query =
      'subscription ($id: ID!) { taskEvents(taskId: $id) { __typename ... on TaskTransitioned { task { createdBy } } } }';
    const streams = [admin, await api.caller('mo', 'MEMBER', ['one']), ann].map((caller) =>
      watch(caller, 'WebSocket', query, { id }),
    );
    for (const stream of streams) expect((await stream.event()).__typename).toBe('TaskSnapshot');
    expect(api.streams.groups).toBe(2);
    await admin.act('cancelTask', { taskId: id });
    for (const stream of streams) {
      expect(await stream.rest()).toEqual([{ __typename: 'TaskTransitioned', task: { createdBy: 'ann' } }]);
    }
  });
});

describe('a commit of more than a subscriber may have in its queue', () => {
  it.each(PROTOCOLS)(
    'reaches one that reads without being thrown out and read again (%s)',
    async (protocol) => {
      const job = await newJob('crowd');
      const query = ROOM.replace(
        'job {',
        `${[...'abcdefghij'].map((key) => `${key}: labels`).join(' ')} job {`,
      );
      const stream = watch(admin, protocol, query, { room: 'crowd' });
      await attached(1);
      const before = { ...api.streams };
      const labels = { text: 'x'.repeat(150) };
      const { results } = await admin.submitAll(
        Array.from({ length: 500 }, () => ({ room: 'crowd', job: job.fullName, labels })),
      );
      const seen: string[] = [];
      while (seen.length < results.length) seen.push((await stream.event()).task.id);
      expect(seen).toEqual(results.map(({ task }: { task: { id: string } }) => task.id));
      expect(api.streams).toMatchObject({
        droppedChanges: before.droppedChanges,
        ownExecutions: before.ownExecutions,
        sharedExecutions: before.sharedExecutions + results.length,
      });
    },
  );
});

describe('who comes and goes while much happens', () => {
  it('misses nothing and sees everything in order', { timeout: 60_000 }, async () => {
    const job = await newJob('busy');
    const start = await api.position();
    const tasks: string[] = [];
    const streams: Subscription[] = [];
    for (let round = 0; round < 12; round++) {
      // Joins in the middle of what is submitted and cancelled at the same time.
      const submitted = Promise.all(
        Array.from({ length: 6 }, () => admin.submit({ room: 'busy', job: job.fullName })),
      );
      for (const protocol of PROTOCOLS)
        streams.push(watch(admin, protocol, ROOM, { room: 'busy', after: start }));
      const cancelled = (await submitted).map(async ({ task }) => {
        tasks.push(task.id);
        await admin.act('cancelTask', { taskId: task.id });
      });
      streams.push(watch(admin, 'WebSocket', ROOM, { room: 'busy', after: start }));
      if (round % 3 === 2) streams.splice(0, 1)[0]?.close();
      await Promise.all(cancelled);
    }
    for (const stream of streams) {
      const versions = new Map<string, number>();
      while (tasks.some((id) => versions.get(id) !== 2)) {
        const { task, transition } = await stream.event();
        expect(transition.version).toBe((versions.get(task.id) ?? 0) + 1);
        versions.set(task.id, transition.version);
      }
    }
  });
});
