/** Fairness over the API: given and refused, shown, kept by registrations that say nothing of it, and obeyed by claims. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, PROBLEM, startApi } from '../support/api.ts';
import { availableDatabases } from '../support/database.ts';
import { newJob } from './task-in-status.ts';

const FIELDS = 'fairness fairnessKeyPointer';
const REGISTER = `mutation ($input: RegisterJobInput!) { registerJob(input: $input) { ${PROBLEM}
  ... on InvalidInput { issues { path message } } ... on RegisterJobSuccess { job { fullName room category name ${FIELDS} } } } }`;
const UPDATE = `mutation ($input: UpdateJobInput!) { updateJob(input: $input) { ${PROBLEM}
  ... on InvalidInput { issues { path message } } ... on JobSuccess { job { ${FIELDS} } } } }`;
const JOB = `query ($fullName: String!) { job(fullName: $fullName) { ${FIELDS} } }`;
const CLAIM = `mutation ($input: ClaimTasksInput!) { claimTasks(input: $input) { ${PROBLEM}
  ... on ClaimTasksSuccess { tasks { id payload } } } }`;
const REASON = 'query ($id: ID!) { task(id: $id) { blockedReason { by ahead } } }';

describe.each(availableDatabases())('fairness over the API on %s', (kind) => {
  let api: Api;

  beforeAll(async () => {
    api = await startApi(kind);
  });
  afterAll(() => api?.close());

  const register = (input: object) =>
    api.admin.ask(REGISTER, { input: { room: 'hall', category: 'general', name: 'fair', ...input } });

  it('is shown, and stays until something else is said', async () => {
    const { job } = await register({ name: 'shown' });
    expect(job).toMatchObject({ fairness: 'NONE', fairnessKeyPointer: null });
    const { fullName } = job;
    const set = async (input: object) => (await api.admin.ask(UPDATE, { input: { fullName, ...input } })).job;
    expect(await set({ fairness: 'ROOM' })).toEqual({ fairness: 'ROOM', fairnessKeyPointer: null });
    expect((await register({ name: 'shown', timeoutSeconds: 9 })).job).toMatchObject({ fairness: 'ROOM' });
    expect(await set({ description: 'else' })).toMatchObject({ fairness: 'ROOM' });
    const byKey = { fairness: 'KEY', fairnessKeyPointer: '/customer/id' };
    expect((await register({ name: 'shown', ...byKey })).job).toMatchObject(byKey);
    expect(await api.admin.ask(JOB, { fullName })).toEqual(byKey);
    expect(await set({ fairness: 'KEY' })).toEqual({ fairness: 'KEY', fairnessKeyPointer: null });
    expect(await set({ fairness: 'NONE' })).toEqual({ fairness: 'NONE', fairnessKeyPointer: null });
  });

  it.each([
    [{ fairnessKeyPointer: '/customer' }, 'is for the fairness KEY alone'],
    [{ fairness: 'ROOM', fairnessKeyPointer: '/customer' }, 'is for the fairness KEY alone'],
    [{ fairness: 'KEY', fairnessKeyPointer: 'customer' }, 'must be a JSON Pointer, as /customer/id'],
  ])('refuses %j', async (input, message) => {
    const issue = { path: ['fairnessKeyPointer'], message };
    expect(await register({ name: 'refused', ...input })).toMatchObject({ issues: [issue] });
    const { fullName } = await newJob(api.admin, 'hall');
    expect(await api.admin.ask(UPDATE, { input: { fullName, ...input } })).toMatchObject({ issues: [issue] });
  });

  it('gives customers their turns, in a claim of many and in one that waits', async () => {
    const { job } = await register({ name: 'mail', fairness: 'KEY', fairnessKeyPointer: '/to' });
    const submit = async (to: string) =>
      (await api.admin.submit({ room: job.room, job: job.fullName, payload: { to } })).task.id as string;
    for (const to of 'aaaaa') await submit(to);
    const last = await submit('b');
    expect((await api.admin.ask(REASON, { id: last })).blockedReason).toMatchObject({
      by: 'NO_WORKER',
      ahead: 1,
    });
    const workerId = await api.admin.newWorker(job);
    const claim = async (input: object) =>
      (await api.admin.ask(CLAIM, { input: { workerId, ...input } })).tasks.map(
        ({ payload }: { payload: { to: string } }) => payload.to,
      );
    expect(await claim({ limit: 3 })).toEqual(['a', 'b', 'a']);
    expect(await claim({ limit: 10 })).toEqual(['a', 'a', 'a']);
    const waiting = claim({ limit: 1, waitSeconds: 20 });
    await submit('c');
    expect(await waiting).toEqual(['c']);
  });
});
