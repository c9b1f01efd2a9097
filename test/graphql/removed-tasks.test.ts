/** What watchers are told of tasks that were removed, of which no transition is left: read again, and no more than that. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient, LiveList, tasksOf } from '../../src/client/index.ts';
import { type Api, type Caller, startApi } from '../support/api.ts';
import { PROTOCOLS, type Subscription } from '../support/client.ts';
import { availableDatabases } from '../support/database.ts';
import { holdHorizon } from '../support/horizon.ts';
import { newJob } from './task-in-status.ts';

const ROOM = `subscription ($room: String, $after: Cursor, $filter: TaskFilter) {
  roomEvents(room: $room, after: $after, filter: $filter, leaving: true) {
    __typename ... on TaskTransitioned { cursor task { id } } ... on ResyncRequired { reason }
  }
}`;
const ONE = `subscription ($id: ID!) { taskEvents(taskId: $id, follow: true) {
  __typename ... on TaskTransitioned { transition { reason } } ... on ResyncRequired { reason }
} }`;
const COUNTS = `subscription ($room: String) { taskCountEvents(room: $room) { total } }`;
const LIST = 'query ($room: String) { tasks(room: $room, first: 1) { streamCursor } }';
const RESYNC = { __typename: 'ResyncRequired', reason: expect.stringMatching(/^The position is older than/) };

let rooms = 0;

describe.each(availableDatabases())('when tasks are removed on %s', (kind) => {
  let api: Api;
  let admin: Caller;

  beforeAll(async () => {
    api = await startApi(kind);
    admin = api.admin;
  });
  afterAll(() => api?.close());

  async function newRoom() {
    const room = `removed-${++rooms}`;
    const job = await newJob(admin, room);
    const submit = async (by: Caller): Promise<string> =>
      (await by.submit({ room, job: job.fullName })).task.id;
    const [ann, bob] = [await api.caller('ann', 'USER', [room]), await api.caller('bob', 'MEMBER', [room])];
    return { room, submit, ann, bob };
  }
  const begun = (stream: Subscription) => stream.event().then(({ __typename }) => __typename);

  describe.each(PROTOCOLS)('over %s', (protocol) => {
    it('whoever watches the room of it must read again, and others hear nothing', async () => {
      const [gone, kept] = [await newRoom(), await newRoom()];
      const first = await gone.submit(gone.ann);
      const after = await api.position();
      const watch = (by: Caller, more: object = {}) => by.subscribe(protocol, ROOM, { after, ...more });
      const both = await api.caller('cem', 'MEMBER', [gone.room, kept.room]);
      const streams = {
        ofRoom: watch(gone.bob, { room: gone.room }),
        // It sees nothing of others: the same word tells nothing of them.
        ofUser: watch(gone.ann, { room: gone.room }),
        ofFilter: watch(gone.bob, { room: gone.room, filter: { statuses: ['FAILED'], createdBy: 'eve' } }),
        ofAll: watch(admin),
        ofBoth: watch(both),
      };
      const other = watch(kept.bob, { room: kept.room });
      const one = gone.ann.subscribe(protocol, ONE, { id: first });
      const counts = gone.bob.subscribe(protocol, COUNTS, { room: gone.room });
      expect(await begun(one)).toBe('TaskSnapshot');
      expect((await counts.event()).total).toBe(1);
      const second = await gone.submit(gone.bob);
      for (const [name, stream] of Object.entries(streams)) {
        if (name !== 'ofFilter' && name !== 'ofUser') expect((await stream.event()).task.id).toBe(second);
      }
      await admin.runOperation('remove_room', { room: gone.room });
      for (const stream of Object.values(streams)) {
        expect(await stream.event()).toEqual(RESYNC);
        expect(await stream.rest()).toEqual([]);
      }
      expect(await one.event()).toEqual(RESYNC);
      for (let total = 2; total !== 0; ) ({ total } = await counts.event());
      counts.close();
      const third = await kept.submit(kept.bob);
      expect((await other.event()).task.id).toBe(third);
      other.close();
      // Who was away meanwhile hears it, too, wherever its cursor lies before the removal.
      const resumed = watch(gone.bob, { room: gone.room });
      expect(await resumed.event()).toEqual(RESYNC);
      const again = watch(kept.bob, { room: kept.room });
      expect((await again.event()).task.id).toBe(third);
      again.close();
      const from = watch(both, { after: await api.position() });
      const fourth = await kept.submit(kept.bob);
      expect((await from.event()).task.id).toBe(fourth);
      from.close();
    });

    it('whoever watches a task of another creator goes on', async () => {
      const { room, submit, ann, bob } = await newRoom();
      const [mine, theirs] = [await submit(ann), await submit(bob)];
      const ofMine = ann.subscribe(protocol, ONE, { id: mine });
      const ofTheirs = bob.subscribe(protocol, ONE, { id: theirs });
      const list = bob.subscribe(protocol, ROOM, { room, after: await api.position() });
      for (const stream of [ofMine, ofTheirs]) expect(await begun(stream)).toBe('TaskSnapshot');
      await admin.runOperation('remove_tasks_of_creator', { room, parameters: { createdBy: 'ann' } });
      expect(await list.event()).toEqual(RESYNC);
      expect(await ofMine.event()).toEqual(RESYNC);
      await bob.act('cancelTask', { taskId: theirs });
      expect((await ofTheirs.event()).transition.reason).toBe('CANCELLED');
      ofTheirs.close();
    });
  });

  it.each(PROTOCOLS)(
    'over %s whoever has read again goes on, also while the horizon is held back',
    async (protocol) => {
      const { room, submit, ann, bob } = await newRoom();
      const cem = await api.caller('cem', 'MEMBER', [room]);
      await Promise.all([submit(ann), submit(cem)]);
      const before = await api.position();
      const letGo = await holdHorizon(kind);
      const watch = (after?: string) => bob.subscribe(protocol, ROOM, { room, after });
      const readAgain = async () => (await bob.ask(LIST, { room })).streamCursor;
      /** Resumes there, or begins; gives where to resume after what comes. */
      const goOn = async (after?: string): Promise<string> => {
        const stream = watch(after);
        let came = false;
        const coming = stream.event().finally(() => (came = true));
        while (!came) await submit(bob);
        const event = await coming;
        stream.close();
        expect(event).toMatchObject({ __typename: 'TaskTransitioned' });
        return event.cursor;
      };
      const remove = (createdBy: string) =>
        admin.runOperation('remove_tasks_of_creator', { room, parameters: { createdBy } });
      await remove('ann');
      expect(await watch(before).event()).toEqual(RESYNC);
      const read = await readAgain();
      await goOn(await goOn(await goOn(read)));
      await goOn(await goOn(await goOn()));
      await remove('cem');
      expect(await watch(read).event()).toEqual(RESYNC);
      await goOn(await readAgain());
      await letGo();
    },
  );

  it('a live list of the SDK becomes true again, and goes on', async () => {
    const { room, submit, ann, bob } = await newRoom();
    await submit(ann);
    const kept = await submit(bob);
    const client = createClient({ url: api.url, token: bob.token });
    const list = new LiveList(tasksOf(client, room), { leaveMs: 0, schedule: (flush) => flush() }).start();
    const shows = (...ids: string[]) =>
      expect.poll(() => list.getSnapshot().ids, { timeout: 20_000 }).toEqual(ids);
    await expect.poll(() => list.getSnapshot().ids.length, { timeout: 20_000 }).toBe(2);
    await admin.runOperation('remove_tasks_of_creator', { room, parameters: { createdBy: 'ann' } });
    await shows(kept);
    const next = await submit(ann);
    await shows(next, kept);
    list.close();
    await client.close();
  });
});
