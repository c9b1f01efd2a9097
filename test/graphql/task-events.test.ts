/** taskEvents: first how the task is, or what was missed; then every change, in order, until its end. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, type Caller, startApi } from '../support/api.ts';
import { PROTOCOLS, type Subscription } from '../support/client.ts';
import { availableDatabases } from '../support/database.ts';
import { newJob, type TaskInStatus, taskIn } from './task-in-status.ts';

const EVENTS = `subscription ($id: ID!, $after: Cursor, $follow: Boolean! = false) {
  taskEvents(taskId: $id, after: $after, follow: $follow) {
    __typename
    ... on TaskSnapshot { cursor task { ...T } }
    ... on TaskTransitioned { cursor task { ...T } transition { cursor version from to reason attempt actor error { message } } }
    ... on TaskProgressed { cursor task { ...T } percent message at }
    ... on ResyncRequired { reason }
  }
}
fragment T on Task { id status version attempt progress payload result error { message } worker { id } }`;
const HISTORY = '{ nodes { cursor version } }';

// biome-ignore lint/suspicious/noExplicitAny: events of any shape
type Event = any;

/** An event in a word: `snapshot 1 PENDING`, `2 CLAIMED`, `at 50`. */
function brief({ __typename, task, transition, percent }: Event): string {
  if (__typename === 'TaskSnapshot') return `snapshot ${task.version} ${task.status}`;
  if (__typename === 'TaskProgressed') return `at ${percent}`;
  return __typename === 'TaskTransitioned' ? `${transition.version} ${transition.to}` : __typename;
}

async function take(stream: Subscription, count: number): Promise<Event[]> {
  const events: Event[] = [];
  while (events.length < count) events.push(await stream.event());
  return events;
}

describe.each(availableDatabases())('taskEvents on %s', (kind) => {
  let api: Api;
  let admin: Caller;

  beforeAll(async () => {
    api = await startApi(kind);
    admin = api.admin;
  });
  afterAll(() => api?.close());

  const newTask = (status: Parameters<typeof taskIn>[0] = 'PENDING', job = {}) =>
    taskIn(status, { worker: admin, submitter: admin, room: 'main' }, { job, task: { payload: { n: 1 } } });
  const held = ({ taskId, workerId }: TaskInStatus, attempt = 1) => ({ taskId, workerId, attempt });
  const complete = async (task: TaskInStatus) => {
    await admin.claim({ workerId: task.workerId, start: true });
    await admin.act('completeTask', { ...held(task), result: { done: true } });
  };
  const history = async (id: string) =>
    (await admin.ask(`query ($id: ID!) { task(id: $id) { transitions(first: 100) ${HISTORY} } }`, { id }))
      .transitions.nodes as { cursor: string; version: number }[];

  describe.each(PROTOCOLS)('over %s', (protocol) => {
    const watch = (id: string, more = {}) => admin.subscribe(protocol, EVENTS, { id, ...more });

    it('shows the task as it is, then every change in order, and ends with the task', async () => {
      const task = await newTask();
      const stream = watch(task.taskId);
      const [snapshot] = await take(stream, 1);
      expect(snapshot).toMatchObject({
        __typename: 'TaskSnapshot',
        task: {
          id: task.taskId,
          status: 'PENDING',
          version: 1,
          payload: { n: 1 },
          result: null,
          worker: null,
        },
      });
      await admin.claim({ workerId: task.workerId });
      const [claimed] = await take(stream, 1);
      expect(claimed).toMatchObject({
        task: { status: 'CLAIMED', version: 2, attempt: 1, payload: { n: 1 }, worker: { id: task.workerId } },
        transition: {
          version: 2,
          from: 'PENDING',
          to: 'CLAIMED',
          reason: 'CLAIMED',
          actor: '@admin',
          error: null,
        },
      });
      await admin.act('startTask', held(task));
      await admin.act('reportProgress', { ...held(task), percent: 12.5, message: 'one of eight' });
      const [started, progressed] = await take(stream, 2);
      expect(brief(started)).toBe('3 RUNNING');
      expect(progressed).toMatchObject({
        __typename: 'TaskProgressed',
        percent: 12.5,
        message: 'one of eight',
        at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        task: { status: 'RUNNING', version: 3, progress: 12.5, payload: { n: 1 } },
      });
      await admin.act('completeTask', { ...held(task), result: { files: 3 } });
      const [completed] = await take(stream, 1);
      expect(completed).toMatchObject({
        task: {
          status: 'COMPLETED',
          version: 4,
          progress: 100,
          payload: { n: 1 },
          result: { files: 3 },
          worker: null,
        },
        transition: { version: 4, from: 'RUNNING', to: 'COMPLETED' },
      });
      expect(await stream.rest()).toEqual([]);
    });

    it.each(['COMPLETED', 'PARTIAL', 'FAILED', 'CANCELLED'] as const)(
      'shows a task that is %s and ends',
      async (status) => {
        const { taskId } = await newTask(status);
        expect((await watch(taskId).rest()).map(brief)).toEqual([
          `snapshot ${status === 'CANCELLED' ? 2 : 4} ${status}`,
        ]);
      },
    );

    it('goes on while attempts are left, and ends when none is', async () => {
      const task = await newTask('PENDING', { retryPolicy: { maxAttempts: 2, backoffSeconds: [0] } });
      const stream = watch(task.taskId);
      expect((await take(stream, 1)).map(brief)).toEqual(['snapshot 1 PENDING']);
      for (const attempt of [1, 2]) {
        await admin.claim({ workerId: task.workerId, start: true });
        await admin.act('failTask', { ...held(task, attempt), error: { message: `no ${attempt}` } });
      }
      const events = await stream.rest();
      expect(events.map(brief)).toEqual([
        ...['2 CLAIMED', '3 RUNNING', '4 PENDING', '5 CLAIMED', '6 RUNNING', '7 FAILED'],
      ]);
      expect(events.at(-1)).toMatchObject({
        task: { status: 'FAILED', error: { message: 'no 2' } },
        transition: { error: { message: 'no 2' }, reason: 'FAILED' },
      });
    });

    it('stays open for a retry when it is to follow', async () => {
      const task = await newTask('FAILED');
      const stream = watch(task.taskId, { follow: true });
      expect((await take(stream, 1)).map(brief)).toEqual(['snapshot 4 FAILED']);
      await admin.act('retryTask', { taskId: task.taskId });
      await admin.act('cancelTask', { taskId: task.taskId });
      expect((await take(stream, 2)).map(brief)).toEqual(['5 PENDING', '6 CANCELLED']);
      stream.close();
    });

    it('gives from the cursor of a submission on what has happened since', async () => {
      const { fullName: job, ...definition } = await newJob(admin, 'main');
      const workerId = await admin.newWorker(definition);
      const { task, cursor } = await admin.submit({ room: 'main', job });
      await complete({ taskId: task.id, workerId } as TaskInStatus);
      const events = await watch(task.id, { after: cursor }).rest();
      expect(events.map(brief).slice(-3)).toEqual(['2 CLAIMED', '3 RUNNING', '4 COMPLETED']);
      expect(events.at(-1).task).toMatchObject({ status: 'COMPLETED', result: { done: true } });
    });

    it('gives from the cursor of a list on what has happened since, and what then happens', async () => {
      const task = await newTask();
      const after = await api.position();
      await admin.claim({ workerId: task.workerId });
      const stream = watch(task.taskId, { after });
      expect(brief(await stream.event())).toBe('2 CLAIMED');
      await admin.act('releaseTask', held(task));
      expect(brief(await stream.event())).toBe('3 PENDING');
      stream.close();
    });

    it('gives from the cursor of every event and of every transition on all that came after it', async () => {
      const task = await newTask();
      const stream = watch(task.taskId);
      const events = await take(stream, 1);
      await complete(task);
      events.push(...(await stream.rest()));
      expect(events.map(brief)).toEqual(['snapshot 1 PENDING', '2 CLAIMED', '3 RUNNING', '4 COMPLETED']);
      const cursors = [
        ...events.map(({ cursor, task: { version } }) => ({ cursor, version })),
        ...(await history(task.taskId)),
      ];
      expect(cursors).toHaveLength(8);
      for (const { cursor, version } of cursors) {
        const later = (await watch(task.taskId, { after: cursor }).rest()).map(
          ({ transition }) => transition.version,
        );
        // Some may come again, none may be missing, and all come in order.
        const all = [1, 2, 3, 4];
        expect({ version, later }).toEqual({ version, later: all.slice(all.length - later.length) });
        expect(later.length).toBeGreaterThanOrEqual(4 - version);
      }
    });

    it.each(['garbage', '', 'x'.repeat(10_000), 'AAAA'])(
      'asks for a new start after the cursor %.10s',
      async (after) => {
        const { taskId } = await newTask();
        expect(await watch(taskId, { after }).rest()).toEqual([
          { __typename: 'ResyncRequired', reason: 'The cursor is none of this server.' },
        ]);
      },
    );

    it('asks for a new start after a cursor of another database', async () => {
      const { taskId } = await newTask();
      const [{ cursor } = { cursor: '' }] = await history(taskId);
      const [, ...position] = Buffer.from(cursor, 'base64url').toString().split('.');
      const foreign = ['00000000-0000-4000-8000-000000000000', ...position].join('.');
      expect(await watch(taskId, { after: Buffer.from(foreign).toString('base64url') }).rest()).toEqual([
        {
          __typename: 'ResyncRequired',
          reason: 'The cursor belongs to another database, or to this one before it was restored.',
        },
      ]);
    });

    it('is not found for a task that there is not', async () => {
      const stream = watch('task_01h455vb4pex5vsknk084sn02q');
      expect(await stream.next()).toMatchObject({
        errors: [{ message: 'The task was not found.', extensions: { code: 'NOT_FOUND' } }],
      });
      expect(await stream.rest()).toEqual([]);
    });

    it('reads anew for each event what its fields need', async () => {
      const { fullName: job, ...definition } = await newJob(admin, 'main');
      const { task } = await admin.submit({ room: 'main', job });
      const stream = admin.subscribe(
        protocol,
        `subscription ($id: ID!) { taskEvents(taskId: $id, follow: true) {
          ... on TaskSnapshot { task { job { description workerCount } worker { jobs { name } } result } }
          ... on TaskTransitioned { task { job { description workerCount } worker { jobs { name } } result } }
        } }`,
        { id: task.id },
      );
      expect((await stream.event()).task).toEqual({
        ...{ job: { description: null, workerCount: 0 }, worker: null, result: null },
      });
      const workerId = await admin.newWorker(definition);
      await admin.claim({ workerId });
      expect((await stream.event()).task).toMatchObject({
        job: { workerCount: 1 },
        worker: { jobs: [{ name: definition.name }] },
      });
      const another = await newJob(admin, 'main', { workerId });
      await admin.registerJob({ ...input(definition), description: 'told later' });
      await admin.newWorker(definition);
      await admin.act('startTask', { taskId: task.id, workerId, attempt: 1 });
      const started = (await stream.event()).task;
      expect(started.job).toEqual({ description: 'told later', workerCount: 2 });
      expect(started.worker.jobs.map(({ name }: { name: string }) => name).sort()).toEqual(
        [definition.name, another.name].sort(),
      );
      await admin.act('completeTask', { taskId: task.id, workerId, attempt: 1, result: 'late' });
      expect((await stream.event()).task).toMatchObject({ worker: null, result: 'late' });
      stream.close();
    });
  });
});

function input({ room, category, name }: { room: string; category: string; name: string }) {
  return { room, category, name };
}
