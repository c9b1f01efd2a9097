/** pauseJob and resumeJob over the API: what workers, waiting claims and readers see of it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, PROBLEM, startApi } from '../support/api.ts';
import { availableDatabases } from '../support/database.ts';
import { newJob } from './task-in-status.ts';

const PAUSE = `mutation ($input: PauseJobInput!) { pauseJob(input: $input) { ${PROBLEM}
  ... on PauseJobSuccess { pause { room pausedBy reason } job { pauses { room } } } } }`;
const RESUME = `mutation ($input: ResumeJobInput!) { resumeJob(input: $input) { ${PROBLEM}
  ... on ResumeJobSuccess { resumed job { pauses { room } } } } }`;
const CLAIM = `mutation ($input: ClaimTasksInput!) { claimTasks(input: $input) { ${PROBLEM}
  ... on ClaimTasksSuccess { tasks { id } } } }`;

describe.each(availableDatabases())('pauses over the API on %s', (kind) => {
  let api: Api;

  beforeAll(async () => {
    api = await startApi(kind);
  });
  afterAll(() => api?.close());

  it('a claim that waits gets the task as soon as the job is resumed', async () => {
    const job = await newJob(api.admin, 'hall');
    const workerId = await api.admin.newWorker(job);
    const paused = await api.admin.ask(PAUSE, { input: { fullName: job.fullName, reason: 'inventory' } });
    expect(paused).toMatchObject({
      pause: { room: null, pausedBy: '@admin', reason: 'inventory' },
      job: { pauses: [{ room: null }] },
    });
    const waiting = api.admin.ask(CLAIM, { input: { workerId, waitSeconds: 30 } });
    const { task } = await api.admin.submit({ room: 'hall', job: job.fullName });
    const began = performance.now();
    expect(await api.admin.ask(RESUME, { input: { fullName: job.fullName } })).toMatchObject({
      resumed: true,
      job: { pauses: [] },
    });
    expect((await waiting).tasks).toEqual([{ id: task.id }]);
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  it('the same holds for a room', async () => {
    const job = await newJob(api.admin, '@global');
    const workerId = await api.admin.newWorker(job);
    const input = { fullName: job.fullName, room: 'attic' };
    await api.admin.ask(PAUSE, { input });
    const { task } = await api.admin.submit({ room: 'attic', job: job.fullName });
    const other = await api.admin.submit({ room: 'cellar', job: job.fullName });
    const first = await api.admin.ask(CLAIM, { input: { workerId, limit: 5, waitSeconds: 1 } });
    expect(first.tasks).toEqual([{ id: other.task.id }]);
    const waiting = api.admin.ask(CLAIM, { input: { workerId, waitSeconds: 30 } });
    await api.admin.ask(RESUME, { input });
    expect((await waiting).tasks).toEqual([{ id: task.id }]);
  });

  it('whoever watches the jobs sees a job paused, and resumed', async () => {
    const job = await newJob(api.admin, 'porch');
    const stream = api.admin.subscribe(
      'WebSocket',
      `subscription { jobEvents(room: "porch") { __typename
        ... on JobsSnapshot { jobs { pauses { room reason } } } ... on JobChanged { job { pauses { room reason } } } } }`,
      {},
    );
    expect(await stream.event()).toMatchObject({ jobs: expect.arrayContaining([{ pauses: [] }]) });
    await api.admin.ask(PAUSE, { input: { fullName: job.fullName, reason: 'paint' } });
    expect(await stream.event()).toMatchObject({ job: { pauses: [{ room: null, reason: 'paint' }] } });
    await api.admin.ask(RESUME, { input: { fullName: job.fullName } });
    expect(await stream.event()).toMatchObject({ job: { pauses: [] } });
    stream.close();
  });

  it('a caller sees the pauses of its own rooms alone', async () => {
    const job = await newJob(api.admin, '@global');
    for (const room of ['attic', 'cellar'])
      await api.admin.ask(PAUSE, { input: { fullName: job.fullName, room } });
    const member = await api.caller('mia', 'MEMBER', ['cellar']);
    const seen = await member.ask(
      `query ($name: String!) { job(fullName: $name) { pauses { room } viewerCanPause } }`,
      { name: job.fullName },
    );
    expect(seen).toEqual({ pauses: [{ room: 'cellar' }], viewerCanPause: false });
  });
});
