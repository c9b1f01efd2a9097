/** Limits over the API: given and refused, shown with their use as far as callers may see it, and named as reasons. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, PROBLEM, startApi } from '../support/api.ts';
import { availableDatabases } from '../support/database.ts';
import { newJob } from './task-in-status.ts';

const LIMITS = `limits { name scope keyPointer maxRunning rate { count perSeconds }
  use { key running tokensLeft opensAt } }`;
const REGISTER = `mutation ($input: RegisterJobInput!) { registerJob(input: $input) { ${PROBLEM}
  ... on InvalidInput { issues { path message } } ... on RegisterJobSuccess { job { fullName ${LIMITS} } } } }`;
const UPDATE = `mutation ($input: UpdateJobInput!) { updateJob(input: $input) { ${PROBLEM}
  ... on JobSuccess { job { ${LIMITS} } } } }`;
const JOB = `query ($fullName: String!) { job(fullName: $fullName) { ${LIMITS} } }`;
const CLAIM = `mutation ($input: ClaimTasksInput!) { claimTasks(input: $input) { ${PROBLEM}
  ... on ClaimTasksSuccess { tasks { id attempt limitKey } } } }`;
const REASON = 'query ($id: ID!) { task(id: $id) { limitKey blockedReason { by detail until ahead } } }';
const COUNTS = 'query ($job: String) { blockedCounts(job: $job) { byReason { by count } unblocked } }';

describe.each(availableDatabases())('limits over the API on %s', (kind) => {
  let api: Api;

  beforeAll(async () => {
    api = await startApi(kind);
  });
  afterAll(() => api?.close());

  const limited = async (limits: object[], room = 'hall') => {
    const job = await newJob(api.admin, room);
    expect(await api.admin.ask(UPDATE, { input: { fullName: job.fullName, limits } })).toHaveProperty('job');
    return job;
  };
  const submit = async (job: { room: string; fullName: string }, more = {}) =>
    (await api.admin.submit({ room: job.room, job: job.fullName, ...more })).task.id as string;
  const limitsOf = async (fullName: string, caller = api.admin) =>
    (await caller.ask(JOB, { fullName })).limits;

  it('are shown with their use, and keep those in front of a task that waits for them', async () => {
    const job = await limited([
      { name: 'per-customer', scope: 'KEY', keyPointer: '/customer', maxRunning: 1 },
      { name: 'daily', rate: { count: 5, perSeconds: 86_400 } },
    ]);
    const workerId = await api.admin.newWorker(job);
    const tasks: string[] = [];
    for (const customer of ['acme', 'acme', 'acme', 'bolt']) {
      tasks.push(await submit(job, { payload: { customer } }));
    }
    expect((await api.admin.ask(CLAIM, { input: { workerId, limit: 4 } })).tasks).toHaveLength(2);
    expect(await limitsOf(job.fullName)).toEqual([
      {
        ...{ name: 'per-customer', scope: 'KEY', keyPointer: '/customer', maxRunning: 1, rate: null },
        use: [
          { key: 'acme', running: 1, tokensLeft: null, opensAt: null },
          { key: 'bolt', running: 1, tokensLeft: null, opensAt: null },
        ],
      },
      {
        ...{ name: 'daily', scope: 'JOB', keyPointer: null, maxRunning: null },
        rate: { count: 5, perSeconds: 86_400 },
        use: [{ key: null, running: null, tokensLeft: 3, opensAt: null }],
      },
    ]);
    const reason = async (id: string) => (await api.admin.ask(REASON, { id })).blockedReason;
    expect(await reason(tasks[2] as string)).toEqual({
      by: 'LIMIT',
      detail: 'The limit "per-customer" lets 1 run of the key acme at the same time, and so many do.',
      until: null,
      ahead: 1,
    });
    // One that no claim has met yet.
    expect(await reason(await submit(job, { payload: { customer: 'bolt' } }))).toMatchObject({ by: 'LIMIT' });
    expect(await api.admin.ask(COUNTS, { job: job.fullName })).toEqual({
      byReason: [{ by: 'LIMIT', count: 3 }],
      unblocked: 0,
    });
  });

  it('of a rate say until when a task waits', async () => {
    const job = await limited([{ name: 'daily', rate: { count: 1, perSeconds: 86_400 } }]);
    const workerId = await api.admin.newWorker(job);
    await submit(job);
    const id = await submit(job);
    await api.admin.ask(CLAIM, { input: { workerId, limit: 2 } });
    const { blockedReason } = await api.admin.ask(REASON, { id });
    expect(blockedReason).toMatchObject({ by: 'LIMIT', ahead: 0 });
    const seconds = (Date.parse(blockedReason.until) - Date.now()) / 1_000;
    expect(seconds).toBeGreaterThan(86_300);
    expect(seconds).toBeLessThan(86_500);
  });

  it('let a claim that waits have the next task as soon as a slot comes back', async () => {
    const job = await limited([{ name: 'one', scope: 'KEY', maxRunning: 1 }]);
    const workerId = await api.admin.newWorker(job);
    await submit(job, { limitKey: 'a' });
    const next = await submit(job, { limitKey: 'a' });
    const [first] = (await api.admin.ask(CLAIM, { input: { workerId, start: true } })).tasks;
    expect(first.limitKey).toBe('a');
    const waiting = api.admin.ask(CLAIM, { input: { workerId, waitSeconds: 30 } });
    const began = performance.now();
    await api.admin.act('completeTask', { workerId, taskId: first.id, attempt: 1 });
    expect((await waiting).tasks).toMatchObject([{ id: next }]);
    expect(performance.now() - began).toBeLessThan(10_000);
    // Another one, once the limit is gone.
    const third = await submit(job, { limitKey: 'a' });
    const again = api.admin.ask(CLAIM, { input: { workerId, waitSeconds: 30 } });
    await api.admin.ask(UPDATE, { input: { fullName: job.fullName, limits: [] } });
    expect((await again).tasks).toMatchObject([{ id: third }]);
  });

  it('are refused with the place of what is wrong', async () => {
    const rate = { count: 1, perSeconds: 1 };
    const wrong: [object[], RegExp][] = [
      [[{ name: 'both', maxRunning: 1, rate }], /^limits\.0: must have either maxRunning or rate/],
      [[{ name: 'none' }], /^limits\.0: must have either maxRunning or rate/],
      [[{ name: '~a', maxRunning: 1 }], /^limits\.0\.name: must have letters/],
      [[{ name: 'a', maxRunning: 0 }], /^limits\.0\.maxRunning: /],
      [[{ name: 'a', rate: { count: 1, perSeconds: 0 } }], /^limits\.0\.rate\.perSeconds: /],
      [
        [{ name: 'a', scope: 'KEY', keyPointer: 'a', maxRunning: 1 }],
        /^limits\.0\.keyPointer: must be a JSON Pointer/,
      ],
      [
        [{ name: 'a', scope: 'ROOM', keyPointer: '/a', maxRunning: 1 }],
        /^limits\.0\.keyPointer: is for the scope KEY/,
      ],
      [[1, 2].map(() => ({ name: 'a', maxRunning: 1 })), /^limits: must have names of their own/],
      [[1, 2, 3, 4, 5].map((n) => ({ name: `l${n}`, maxRunning: 1 })), /^limits: /],
    ];
    for (const [limits, message] of wrong) {
      const answer = await api.admin.ask(REGISTER, {
        input: { room: 'hall', category: 'general', name: 'wrong', limits },
      });
      expect(answer.detail).toMatch(message);
    }
  });

  it('show keys of rooms and people only to who may see them', async () => {
    const job = await limited(
      [
        { name: 'room', scope: 'ROOM', maxRunning: 9 },
        { name: 'creator', scope: 'CREATOR', maxRunning: 9 },
        { name: 'key', scope: 'KEY', maxRunning: 9 },
        { name: 'all', maxRunning: 9 },
      ],
      '@global',
    );
    const workerId = await api.admin.newWorker(job);
    const ann = await api.caller('ann', 'USER', ['here']);
    await ann.submit({ room: 'here', job: job.fullName, limitKey: 'k' });
    await submit({ room: 'there', fullName: job.fullName }, { limitKey: 'k' });
    await api.admin.ask(CLAIM, { input: { workerId, limit: 2 } });
    const keysOf = async (caller = api.admin) =>
      (await limitsOf(job.fullName, caller)).map(({ use }: { use: { key: string }[] }) =>
        use.map(({ key }) => key),
      );
    expect(await keysOf()).toEqual([['here', 'there'], ['@admin', 'ann'], ['k'], [null]]);
    expect(await keysOf(ann)).toEqual([['here'], ['ann'], [], [null]]);
    expect(await keysOf(await api.caller('max', 'MEMBER', ['there']))).toEqual([['there'], [], [], [null]]);
  });
});
