/** The audit log by who did something and by what it is about: as a list, and live. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, type Caller, startApi } from '../support/api.ts';
import { PROTOCOLS } from '../support/client.ts';
import { availableDatabases } from '../support/database.ts';

const LIST = `query ($filter: EventFilter) { events(filter: $filter, first: 100) {
  streamCursor nodes { type actor subject } } }`;
const STREAM = `subscription ($actor: String, $subject: ID, $correlationId: String, $after: Cursor) {
  eventStream(actor: $actor, subject: $subject, correlationId: $correlationId, after: $after) { __typename ... on EventRecorded { event { type actor subject } } } }`;

describe.each(availableDatabases())('the audit log on %s', (kind) => {
  let api: Api;
  let ada: Caller;
  let bob: Caller;
  let jobs: string[];

  beforeAll(async () => {
    api = await startApi(kind);
    ada = await api.caller('ada', 'WORKER', ['here']);
    bob = await api.caller('bob', 'WORKER', ['here']);
    jobs = [];
    for (const [by, name] of [
      [ada, 'first'],
      [bob, 'second'],
      [ada, 'third'],
    ] as const)
      jobs.push((await by.registerJob({ room: 'here', name })).job.id);
    await bob.ask('mutation ($input: JobInput!) { retireJob(input: $input) { __typename } }', {
      input: { fullName: 'here:general:first' },
    });
  });
  afterAll(() => api?.close());

  const find = async (filter: object) => (await api.admin.ask(LIST, { filter })).nodes;

  it('is read by actor', async () => {
    const found = await find({ actor: 'ada' });
    expect(found.map(({ subject }: { subject: string }) => subject)).toEqual([jobs[2], jobs[0]]);
    expect(await find({ actor: 'ad' })).toEqual([]);
  });

  it('is read by what it is about, also together with the actor', async () => {
    const about = { subject: jobs[0] };
    expect(await find(about)).toEqual([
      { type: 'JOB_RETIRED', actor: 'bob', ...about },
      { type: 'JOB_REGISTERED', actor: 'ada', ...about },
    ]);
    expect(await find({ ...about, actor: 'bob' })).toHaveLength(1);
  });

  it.each(['task_01h455vb4pex5vsknk084sn02q', 'nothing', ''])('has nothing about %j', async (subject) => {
    expect(await find({ subject })).toEqual([]);
  });

  it.each(PROTOCOLS)('is followed by actor and by what it is about, over %s', async (protocol) => {
    const { streamCursor: after } = await api.admin.ask(LIST, {});
    const byAda = api.admin.subscribe(protocol, STREAM, { actor: 'ada', after });
    const ofOne = api.admin.subscribe(protocol, STREAM, { subject: jobs[1], after });
    const change = (by: Caller, name: string) =>
      by.ask('mutation ($input: UpdateJobInput!) { updateJob(input: $input) { __typename } }', {
        input: { fullName: `here:general:${name}`, description: `by ${by.id} over ${protocol}` },
      });
    await change(bob, 'third');
    await change(bob, 'second');
    await change(ada, 'third');
    expect(await byAda.event()).toEqual({
      __typename: 'EventRecorded',
      event: { type: 'JOB_UPDATED', actor: 'ada', subject: jobs[2] },
    });
    expect(await ofOne.event()).toEqual({
      __typename: 'EventRecorded',
      event: { type: 'JOB_UPDATED', actor: 'bob', subject: jobs[1] },
    });
    byAda.close();
    ofOne.close();
  });

  it.each(PROTOCOLS)('is followed by correlation id, over %s', async (protocol) => {
    const { streamCursor: after } = await api.admin.ask(LIST, {});
    const correlationId = `together over ${protocol}`;
    const stream = api.admin.subscribe(protocol, STREAM, { correlationId, after });
    const run = (more: object) => api.admin.runOperation('retire_jobs', { room: 'here', ...more });
    await run({ correlationId: `${correlationId} not` });
    const subject = await run({ correlationId });
    for (const type of ['OPERATION_STARTED', 'OPERATION_COMPLETED'])
      expect(await stream.event()).toMatchObject({ event: { type, subject } });
    stream.close();
    expect((await find({ correlationId })).map(({ type }: { type: string }) => type)).toEqual([
      'OPERATION_COMPLETED',
      'OPERATION_STARTED',
    ]);
  });
});
