/** Acting on many tasks: what a plan counts and touches, what its run does, who may, and that it can be stopped. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, type Caller, PROBLEM, startApi } from '../support/api.ts';
import { availableDatabases } from '../support/database.ts';
import { newJob, taskIn } from './task-in-status.ts';

const PLAN = `mutation ($input: PlanBulkInput!) { planBulk(input: $input) {
  ${PROBLEM} ... on PlanBulkSuccess { plan {
    id action matching atLeast permitted byStatus { status count } sample { id } expiresAt
  } }
} }`;
const RUN = 'id status done refused startedBy finishedAt plan { id permitted }';
const APPLY = `mutation ($id: ID!) { applyBulk(input: { planId: $id }) { ${PROBLEM} ... on BulkRunSuccess { run { ${RUN} } } } }`;
const STOP = `mutation ($id: ID!) { stopBulk(input: { runId: $id }) { ${PROBLEM} ... on BulkRunSuccess { run { ${RUN} } } } }`;
const EVENTS = `subscription ($id: ID!) { bulkRunEvents(runId: $id) { ${RUN} } }`;

let rooms = 0;

describe.each(availableDatabases())('many tasks on %s', (kind) => {
  let api: Api;
  let mia: Caller;
  let max: Caller;

  beforeAll(async () => {
    api = await startApi(kind);
    mia = await api.caller('mia', 'MEMBER', ['*']);
    max = await api.caller('max', 'MEMBER', ['*']);
  });
  afterAll(() => api?.close());

  async function roomWith(count: number, by = mia) {
    const room = `many-${++rooms}`;
    const job = await newJob(api.admin, room);
    const inputs = Array.from({ length: count }, () => ({ room, job: job.fullName }));
    for (let done = 0; done < count; done += 250) await by.submitAll(inputs.slice(done, done + 250));
    return { room, job };
  }

  /** The last event of the run. */
  async function end(id: string, by = mia) {
    const stream = by.subscribe('WebSocket', EVENTS, { id });
    for (let run = await stream.event(); ; run = await stream.event()) {
      if (!run.finishedAt) continue;
      expect(await stream.rest()).toEqual([]);
      return run;
    }
  }

  const plan = async (input: object, by = mia) =>
    (await by.ask(PLAN, { input: { filter: {}, ...input } })).plan;
  const apply = async (id: string, by = mia) => (await by.ask(APPLY, { id })).run;
  const inStatus = async (room: string, status: string) =>
    (await mia.ask(`{ taskCounts(room: "${room}", filter: { statuses: [${status}] }) { total } }`)).total;

  it('are counted by a plan, which touches none, and cancelled by its run, which touches no other', async () => {
    const { room, job } = await roomWith(600);
    await taskIn('COMPLETED', { worker: api.admin, submitter: mia, room });
    const planned = await plan({ action: 'CANCEL', room, reason: 'enough' });
    expect(planned).toMatchObject({ action: 'CANCEL', matching: 601, atLeast: false, permitted: 600 });
    expect(planned.byStatus.filter(({ count }: { count: number }) => count > 0)).toEqual([
      { status: 'PENDING', count: 600 },
      { status: 'COMPLETED', count: 1 },
    ]);
    expect(planned.sample).toHaveLength(5);
    expect(await inStatus(room, 'PENDING')).toBe(600);
    await mia.submit({ room, job: job.fullName });
    await mia.act('cancelTask', { taskId: planned.sample[0].id });
    const run = await apply(planned.id);
    expect(run).toMatchObject({ status: 'RUNNING', startedBy: 'mia', plan: { id: planned.id } });
    expect(await end(run.id)).toMatchObject({ status: 'COMPLETED', done: 599, refused: 1 });
    expect([await inStatus(room, 'PENDING'), await inStatus(room, 'CANCELLED')]).toEqual([1, 600]);
    const { transitions } = await mia.ask(
      `{ task(id: "${planned.sample[1].id}") { transitions { nodes { reason actor note } } } }`,
    );
    expect(transitions.nodes[1]).toEqual({ reason: 'CANCELLED', actor: 'mia', note: 'enough' });
    // Applied once more it is the same run.
    expect(await apply(planned.id)).toMatchObject({ id: run.id, status: 'COMPLETED', done: 599 });
  });

  it('are retried and discarded only where the caller may do so with one', async () => {
    const { room } = await roomWith(0);
    for (const submitter of [mia, max, mia]) await taskIn('FAILED', { worker: api.admin, submitter, room });
    const discard = await plan({ action: 'DISCARD', room });
    expect(discard).toMatchObject({ matching: 3, permitted: 2 });
    expect(await end((await apply(discard.id)).id)).toMatchObject({ done: 2, refused: 0 });
    expect(await plan({ action: 'DISCARD', room })).toMatchObject({ matching: 3, permitted: 0 });
    const retry = await plan({ action: 'RETRY', room, filter: { statuses: ['FAILED'] } }, api.admin);
    expect(retry).toMatchObject({ matching: 3, permitted: 3 });
    const { id } = await apply(retry.id, api.admin);
    expect(await end(id, api.admin)).toMatchObject({ status: 'COMPLETED', done: 3 });
    // Another's plan is none, and neither is its run.
    expect(await mia.ask(APPLY, { id: retry.id })).toMatchObject({ __typename: 'BulkNotFound' });
    expect(await mia.ask('query ($id: ID!) { node(id: $id) { id } }', { id })).toBeNull();
    expect(await api.admin.ask('query ($id: ID!) { node(id: $id) { id } }', { id })).toEqual({ id });
  });

  it('are left alone once the run was stopped', async () => {
    const { room } = await roomWith(1_000);
    const { id } = await apply((await plan({ action: 'CANCEL', room })).id);
    const { run } = await mia.ask(STOP, { id });
    expect(run.finishedAt).not.toBeNull();
    const { done, status } = await end(id);
    // Perhaps all parts were faster than the stop.
    expect(['STOPPED', 'COMPLETED']).toContain(status);
    expect(await inStatus(room, 'CANCELLED')).toBe(done);
    expect(await inStatus(room, 'PENDING')).toBe(1_000 - done);
  });
});
