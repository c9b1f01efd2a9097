/** When a task will run: on the task, in lists, on the answer to its submission and on its stream. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromTypeId } from '../../src/domain/typeid.ts';
import { type Api, type Caller, startApi } from '../support/api.ts';
import { PROTOCOLS } from '../support/client.ts';
import { availableDatabases } from '../support/database.ts';
import { newJob } from './task-in-status.ts';

const ESTIMATE = `estimate { at start { p50 p90 p50At p90At } end { p50 p90 p50At p90At } unknown detail ahead slots
  historySeconds }`;
const SUBMIT = `mutation ($input: SubmitTaskInput!) { submitTask(input: $input) {
  ... on SubmitTaskSuccess { task { id ${ESTIMATE} } } } }`;

describe.each(availableDatabases())('estimate on %s', (kind) => {
  let api: Api;
  let admin: Caller;

  beforeAll(async () => {
    api = await startApi(kind);
    admin = api.admin;
  });
  afterAll(() => api?.close());

  interface Job {
    id: string;
    room: string;
    name: string;
    fullName: string;
  }
  /** Its attempts have taken about four seconds. */
  async function knownJob(room: string, settings = {}): Promise<Job> {
    const job = await newJob(admin, room, settings);
    await api.db.script(`INSERT INTO statistic (grain, at, room, job_id, measure, cell, count)
      VALUES ('MINUTE', now() - interval '1 minute', 'elsewhere', '${fromTypeId('job', job.id)}', 'RUN', 48, 200)`);
    return job;
  }
  const submit = async (job: Job, more = {}, by = admin) =>
    (await by.ask(SUBMIT, { input: { room: job.room, job: job.fullName, payload: {}, ...more } })).task;
  const estimateOf = async (id: string, by = admin) =>
    (await by.ask(`query ($id: ID!) { task(id: $id) { ${ESTIMATE} } }`, { id }))?.estimate;

  it('comes with the answer to the submission, and again with every read', async () => {
    const job = await knownJob('hall');
    const lonely = await submit(job);
    expect(lonely.estimate).toMatchObject({
      ...{ start: null, end: null, unknown: 'NO_WORKER', ahead: 0, slots: 0, historySeconds: 3_600 },
      detail: 'No living worker serves its job, or all of them are drained.',
    });
    const workerId = await admin.newWorker({ ...job, category: 'general' });
    const { id, estimate } = await submit(job);
    expect(estimate).toMatchObject({ unknown: null, ahead: 1, slots: 4 });
    expect(estimate.start.p90).toBeLessThan(1);
    expect(Date.parse(estimate.end.p90At) - Date.parse(estimate.at)).toBeCloseTo(
      estimate.end.p90 * 1_000,
      -1,
    );
    expect(estimate.detail).toMatch(/^Starts at once; its attempt ends in about [45] s/);
    await admin.claim({ workerId, limit: 2, start: true });
    const running = await estimateOf(id);
    expect(running).toMatchObject({ start: null, unknown: null, ahead: null });
    expect(running.end.p50).toBeGreaterThan(1);
    expect(running.end.p50).toBeLessThanOrEqual(running.end.p90);
    await admin.act('cancelTask', { taskId: id });
    expect(await estimateOf(id)).toBeNull();
  });

  it('grows along a queue, in lists as on each task', async () => {
    const job = await knownJob('queue');
    await admin.newWorker({ ...job, category: 'general' });
    await admin.submitAll(
      Array.from({ length: 30 }, () => ({ room: 'queue', job: job.fullName, payload: {} })),
    );
    const { nodes } = await admin.ask(
      `query { tasks(room: "queue", first: 30) { nodes { id ${ESTIMATE} } } }`,
    );
    const ends = nodes.map((task: { estimate: { end: { p50: number } } }) => task.estimate.end.p50).reverse();
    expect(ends).toEqual([...ends].sort((a, b) => a - b));
    expect(ends.at(-1)).toBeGreaterThan(ends[0] + 15);
  });

  it('says why it knows nothing', async () => {
    const job = await newJob(admin, 'why');
    const workerId = await admin.newWorker(job);
    const unknown = async (id: string) => (await estimateOf(id)).unknown;
    const first = await submit(job);
    expect(first.estimate).toMatchObject({ start: {}, end: null, unknown: 'NO_HISTORY' });
    const child = await submit(job, { dependsOn: [{ taskId: first.id }] });
    expect(child.estimate).toMatchObject({ unknown: 'DEPENDENCY', ahead: null });
    const pause = 'mutation ($input: PauseJobInput!) { pauseJob(input: $input) { __typename } }';
    await admin.ask(pause, { input: { fullName: job.fullName } });
    expect(await unknown(first.id)).toBe('PAUSED');
    const resume = 'mutation ($input: ResumeJobInput!) { resumeJob(input: $input) { __typename } }';
    await admin.ask(resume, { input: { fullName: job.fullName } });
    await admin.claim({ workerId, start: true });
    expect(await estimateOf(first.id)).toMatchObject({ start: null, end: null, unknown: 'NO_HISTORY' });
  });

  it('of a delayed task is not before its time, and of a limited one not before its turn', async () => {
    const limited = await knownJob('limited', { limits: [{ name: 'one', scope: 'JOB', maxRunning: 1 }] });
    await admin.newWorker({ ...limited, category: 'general' });
    const runAt = new Date(Date.now() + 3_600_000).toISOString();
    const later = await submit(limited, { runAt });
    expect(Date.parse(later.estimate.start.p50At)).toBeGreaterThan(Date.parse(runAt) - 1_000);
    await submit(limited);
    const second = await submit(limited);
    expect(second.estimate.start.p50).toBeGreaterThan(3);
  });

  it('says of tasks of others nothing but how long the queue is, and nothing to who may not see the task', async () => {
    const job = await knownJob('@global');
    await admin.newWorker({ ...job, category: 'general' });
    for (let n = 0; n < 6; n++) await submit({ ...job, room: 'theirs' });
    const mia = await api.caller('mia', 'MEMBER', ['mine']);
    const { id, estimate } = await submit({ ...job, room: 'mine' }, {}, mia);
    // Four slots for those before it, and two more.
    expect(estimate).toMatchObject({ ahead: 6 });
    expect(estimate.start.p50).toBeGreaterThan(2);
    expect(Object.keys(estimate).sort()).toEqual(
      ['ahead', 'at', 'detail', 'end', 'historySeconds', 'slots', 'start', 'unknown'].sort(),
    );
    const otto = await api.caller('otto', 'MEMBER', ['theirs']);
    expect(await estimateOf(id, otto)).toBeUndefined();
  });

  it.each(PROTOCOLS)(
    'comes live over %s to who asks for it, when it has become another one',
    async (protocol) => {
      const job = await knownJob('live');
      const { id } = await submit(job);
      const stream = admin.subscribe(
        protocol,
        `subscription ($id: ID!) { taskEvents(taskId: $id) { __typename
        ... on TaskTransitioned { transition { to } }
        ... on TaskEstimated { cursor task { id } estimate { unknown start { p50 } end { p50 } } } } }`,
        { id },
      );
      const next = async () => (await stream.event()) as { estimate?: object | null; __typename: string };
      expect(await next()).toEqual({ __typename: 'TaskSnapshot' });
      expect(await next()).toMatchObject({
        __typename: 'TaskEstimated',
        task: { id },
        estimate: { unknown: 'NO_WORKER', start: null },
      });
      const workerId = await admin.newWorker({ ...job, category: 'general' });
      expect(await next()).toMatchObject({ estimate: { unknown: null, start: {}, end: {} } });
      await admin.claim({ workerId, start: true });
      expect(await next()).toMatchObject({ transition: { to: 'CLAIMED' } });
      expect(await next()).toMatchObject({ transition: { to: 'RUNNING' } });
      expect(await next()).toMatchObject({ __typename: 'TaskEstimated', estimate: { start: null, end: {} } });
      stream.close();
    },
  );

  it('is read with the events of a stream that select it', async () => {
    const job = await knownJob('stream');
    const workerId = await admin.newWorker({ ...job, category: 'general' });
    const { id } = await submit(job);
    const stream = admin.subscribe(
      'SSE',
      `subscription ($id: ID!) { taskEvents(taskId: $id) {
        ... on TaskSnapshot { task { estimate { start { p50 } } } }
        ... on TaskTransitioned { task { status estimate { start { p50 } end { p50 } } } } } }`,
      { id },
    );
    expect(await stream.event()).toMatchObject({ task: { estimate: { start: {} } } });
    await admin.claim({ workerId, start: true });
    expect(await stream.event()).toMatchObject({ task: { estimate: { start: null, end: {} } } });
    stream.close();
  });
});
