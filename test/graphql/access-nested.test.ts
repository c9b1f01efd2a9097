/** What lists, filters, nested fields and refusals show to each kind of caller: never more than asking for it by name. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, startApi, TASK } from '../support/api.ts';
import { newJob, taskIn } from './task-in-status.ts';
import {
  anyOf,
  bothOf,
  createTestCallers,
  inRoom,
  NAMES,
  type Name,
  type TestCallers,
  withRole,
} from './test-callers.ts';

let api: Api;
let cast: TestCallers;
/** Ids of tasks by what they are. */
const tasks: Record<string, string> = {};
let hereJob: Awaited<ReturnType<typeof newJob>>;
let globalJob: Awaited<ReturnType<typeof newJob>>;
let lendersWorker: string;

const SEE_ALL_OF = (room: string) => bothOf(inRoom(room), withRole('ADMIN', 'WORKER', 'MEMBER'));

/** Who sees which task. */
const SEEN_BY: Record<string, Name[]> = {
  'of here, by the creator': anyOf(SEE_ALL_OF('here'), ['creator', 'exCreator']),
  'of here, by the member': SEE_ALL_OF('here'),
  'of here, dead, by the user': anyOf(SEE_ALL_OF('here'), ['user']),
  'of here, held by the owner': anyOf(SEE_ALL_OF('here'), ['exOwner']),
  'of here, held by the lender': anyOf(SEE_ALL_OF('here'), ['lender']),
  'of there, by the outsider': SEE_ALL_OF('there'),
  'of there, by the foreigner': anyOf(SEE_ALL_OF('there'), ['foreigner']),
  'of @global, by the lender': SEE_ALL_OF('@global'),
};
const seenBy = (name: Name, room?: string) =>
  Object.keys(SEEN_BY)
    .filter((what) => SEEN_BY[what]?.includes(name) && (!room || what.includes(` ${room},`)))
    .sort();

beforeAll(async () => {
  api = await startApi('pglite');
  cast = await createTestCallers(api);
  const { owner, lender, member, creator, user, outsider, foreigner, stranger } = cast;
  hereJob = await newJob(owner, 'here');
  globalJob = await newJob(lender, '@global');
  const thereJob = await newJob(stranger, 'there');
  const submitted = async (by: typeof owner, room: string, job: string) =>
    (await by.submit({ room, job, correlationId: 'the-same' })).task.id;
  tasks['of here, by the creator'] = await submitted(creator, 'here', hereJob.fullName);
  tasks['of here, by the member'] = await submitted(member, 'here', hereJob.fullName);
  tasks['of there, by the outsider'] = await submitted(outsider, 'there', thereJob.fullName);
  tasks['of there, by the foreigner'] = await submitted(foreigner, 'there', thereJob.fullName);
  const task = { correlationId: 'the-same' };
  const here = { room: 'here', submitter: member };
  tasks['of here, dead, by the user'] = (
    await taskIn('FAILED', { ...here, worker: owner, submitter: user }, { task })
  ).taskId;
  tasks['of here, held by the owner'] = (
    await taskIn('RUNNING', { ...here, worker: owner }, { task })
  ).taskId;
  const lent = await taskIn('RUNNING', { ...here, worker: lender, jobRoom: '@global' }, { task });
  tasks['of here, held by the lender'] = lent.taskId;
  lendersWorker = lent.workerId;
  // It serves what its owner's rooms have, and now a job of "there" as well.
  await lender.registerJob({ room: 'there', name: thereJob.name, workerId: lendersWorker });
  tasks['of @global, by the lender'] = await submitted(lender, '@global', globalJob.fullName);
});
afterAll(() => api?.close());

const namesOf = (nodes: { id: string }[]) =>
  nodes.map(({ id }) => Object.keys(tasks).find((what) => tasks[what] === id)).sort();

const LIST = `query ($room: String, $filter: TaskFilter) {
  tasks(room: $room, filter: $filter) { nodes { id } edges { node { id } } }
  deadLetters(room: $room, filter: $filter) { nodes { id } }
}`;

describe('lists show to each caller what it may see, no more and no less', () => {
  it.each(NAMES)('%s', async (name) => {
    for (const room of [undefined, 'here', 'there', '@global']) {
      if (room && !inRoom(room).includes(name)) continue;
      const { data } = await cast[name].send(LIST, { room });
      expect(namesOf(data.tasks.nodes)).toEqual(seenBy(name, room));
      expect(namesOf(data.tasks.edges.map(({ node }: { node: { id: string } }) => node))).toEqual(
        seenBy(name, room),
      );
      expect(namesOf(data.deadLetters.nodes)).toEqual(
        seenBy(name, room).filter((what) => what.includes('dead')),
      );
    }
  });
});

describe('filters find nothing that the caller may not see', () => {
  const filters = {
    ids: () => ({ ids: Object.values(tasks) }),
    correlationId: () => ({ correlationId: 'the-same' }),
    createdBy: () => ({ createdBy: 'member' }),
    job: () => ({ job: hereJob.fullName }),
    statuses: () => ({ statuses: ['RUNNING'] }),
  };
  const matches: Record<keyof typeof filters, (what: string) => boolean> = {
    ids: () => true,
    correlationId: () => true,
    createdBy: (what) => /member|held/.test(what),
    job: (what) => what === 'of here, by the creator' || what === 'of here, by the member',
    statuses: (what) => what.includes('held'),
  };
  for (const [kind, filter] of Object.entries(filters)) {
    it(`by ${kind}`, async () => {
      for (const name of NAMES) {
        const { data } = await cast[name].send(LIST, { filter: filter() });
        const expected = seenBy(name).filter(matches[kind as keyof typeof filters]);
        expect({ name, found: namesOf(data.tasks.nodes) }).toEqual({ name, found: expected });
      }
    });
  }

  it('and bulk verbs touch nothing of others', async () => {
    const dead = tasks['of here, dead, by the user'];
    for (const name of NAMES.filter((one) => one !== 'admin' && one !== 'user')) {
      const { data } = await cast[name].send(
        `mutation { retryTasks(input: {}) { ... on RetryTasksSuccess { retried } }
          discardTasks(input: {}) { ... on DiscardTasksSuccess { discarded } } }`,
      );
      expect([data.retryTasks.retried ?? 0, data.discardTasks.discarded ?? 0]).toEqual([0, 0]);
    }
    expect((await cast.user.task(dead as string)).status).toBe('FAILED');
  });
});

describe('the fields of a task', () => {
  it('show its job even to who cannot see the room of the job, and only there', async () => {
    const query = `query ($id: ID!, $job: String!, $jobId: ID!) {
      task(id: $id) { room job { id fullName room payloadSchema workerCount } }
      job(fullName: $job) { id }
      node(id: $jobId) { id }
      nodes(ids: [$jobId]) { id }
    }`;
    const variables = { id: tasks['of here, by the creator'], job: hereJob.fullName, jobId: hereJob.id };
    expect((await cast.exCreator.send(query, variables)).data).toEqual({
      task: { room: 'here', job: expect.objectContaining({ id: hereJob.id, room: 'here' }) },
      job: null,
      node: null,
      nodes: [null],
    });
  });

  it.each(SEEN_BY['of here, held by the lender'] ?? [])(
    'show its worker, and of the jobs of that only those that the caller may see, to %s',
    async (name) => {
      const { worker } = await cast[name].ask(
        `query ($id: ID!) { task(id: $id) { worker { id name jobs { room } } } }`,
        { id: tasks['of here, held by the lender'] },
      );
      expect(worker.id).toBe(lendersWorker);
      const rooms = worker.jobs.map(({ room }: { room: string }) => room).sort();
      expect(rooms).toEqual(inRoom('there').includes(name) ? ['@global', 'there'] : ['@global']);
    },
  );

  it('are not shown of a task that was not seen, though its id is known', async () => {
    const { data } = await cast.outsider.send(
      `query ($ids: [ID!]!) { nodes(ids: $ids) { __typename ... on Task { ${TASK} } } }`,
      { ids: Object.values(tasks) },
    );
    const seen = data.nodes.filter((node: unknown) => node !== null);
    expect(namesOf(seen)).toEqual(seenBy('outsider'));
  });
});

describe('refusals give nothing away', () => {
  it('of a job in a room that is not the caller’s: a conflict is none, and no schema is shown', async () => {
    const input = { room: 'here', name: hereJob.name, payloadSchema: { type: 'null' } };
    const taken = await cast.stranger.registerJob(input);
    expect(taken).toMatchObject({ __typename: 'Forbidden' });
    expect(await cast.stranger.registerJob({ ...input, name: 'free' })).toEqual(taken);
    expect(await cast.peer.registerJob(input)).toMatchObject({
      __typename: 'SchemaConflict',
      existing: { id: hereJob.id },
    });
  });

  it('of a job in another room: it is not found, like one that is not there', async () => {
    const submit = (job: string) => cast.outsider.submit({ room: 'there', job });
    const foreign = await submit(hereJob.fullName);
    expect(foreign).toMatchObject({ __typename: 'JobNotFound' });
    const unknown = await submit('here:general:nothing');
    expect(unknown.detail.replace('here:general:nothing', hereJob.fullName)).toBe(foreign.detail);
  });

  it('of an idempotency key that another caller has used', async () => {
    const input = { room: 'here', job: hereJob.fullName, idempotencyKey: 'once', payload: { secret: 1 } };
    // A USER has keys of its own: whether others have used one cannot be seen. Those of others are the room's.
    const first = await cast.creator.submit(input);
    expect(await cast.creator.submit(input)).toMatchObject({ duplicate: true, task: { id: first.task.id } });
    const ofRoom = await cast.member.submit(input);
    expect(ofRoom.duplicate).toBe(false);
    expect(await cast.admin.submit(input)).toMatchObject({ duplicate: true, task: { id: ofRoom.task.id } });
    const own = await cast.user.submit(input);
    expect(own.duplicate).toBe(false);
    expect(new Set([first, ofRoom, own].map(({ task }) => task.id)).size).toBe(3);
    const { results } = await cast.user.submitAll([input, { ...input, idempotencyKey: 'twice' }]);
    expect(results).toMatchObject([{ duplicate: true, task: { id: own.task.id } }, { duplicate: false }]);
  });

  it('of the attempt of a worker, to one that has lost the task and may not see it', async () => {
    const { taskId, workerId, attempt } = await taskIn('RUNNING', {
      worker: cast.lender,
      submitter: cast.creator,
      room: 'here',
      jobRoom: '@global',
    });
    const held = { taskId, workerId, attempt };
    expect(await cast.creator.act('cancelTask', { taskId })).toMatchObject({ task: { status: 'CANCELLED' } });
    expect(await cast.lender.task(taskId)).toBeNull();
    // It held the attempt, so it is told that it does not any more; of other attempts it knows nothing.
    expect(await cast.lender.act('completeTask', held)).toMatchObject({ __typename: 'StaleAttempt' });
    expect(await cast.lender.act('completeTask', { ...held, attempt: 2 })).toMatchObject({
      __typename: 'TaskNotFound',
    });
    const another = await cast.lender.newWorker();
    expect(await cast.lender.act('completeTask', { ...held, workerId: another })).toMatchObject({
      __typename: 'TaskNotFound',
    });
  });

  it('answers a worker about the task that it has just finished, and not afterwards', async () => {
    const { taskId, workerId, attempt } = await taskIn('RUNNING', {
      worker: cast.lender,
      submitter: cast.creator,
      room: 'here',
      jobRoom: '@global',
    });
    expect(await cast.lender.act('completeTask', { taskId, workerId, attempt, result: 1 })).toMatchObject({
      task: { id: taskId, status: 'COMPLETED', result: 1, createdBy: 'creator' },
    });
    expect(await cast.lender.task(taskId)).toBeNull();
  });
});
