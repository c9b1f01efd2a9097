/** Jobs through the API: versions of their schemas, what is changed by hand, lists, and payloads that are only checked. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, Caller, PROBLEM, startApi } from '../support/api.ts';
import { startApp, tokenFor } from '../support/app.ts';
import { availableDatabases, createTestDatabase, testRedisUrl } from '../support/database.ts';
import { newJob, taskIn } from './task-in-status.ts';

const text = { type: 'string' };
const schemaOf = (properties: object, more: object = {}) => ({ type: 'object', properties, ...more });
const FIRST = schemaOf({ a: text }, { required: ['a'] });
const WIDER = schemaOf({ a: { type: ['string', 'null'] }, b: text });
const JOB =
  'fullName description timeoutSeconds retiredAt schemaVersion retryPolicy { maxAttempts backoffSeconds }';

describe.each(availableDatabases())('jobs on %s', (kind) => {
  let api: Api;
  let owner: Caller;
  let member: Caller;

  beforeAll(async () => {
    api = await startApi(kind);
    owner = await api.caller('wim', 'WORKER', ['here', 'second']);
    member = await api.caller('mia', 'MEMBER', ['here']);
  });
  afterAll(() => api?.close());

  const change = (verb: string, type: string, input: object, caller = owner) =>
    caller.ask(
      `mutation ($input: ${type}!) { ${verb}(input: $input) { ${PROBLEM} ... on JobSuccess { job { ${JOB} } } } }`,
      {
        input,
      },
    );
  const names = async (caller: Caller, args: object) => {
    const { nodes } = await caller.ask(
      `query ($room: String, $category: String, $search: String, $retired: Boolean! = false) {
        jobs(room: $room, category: $category, search: $search, retired: $retired, first: 100) { nodes { name } }
      }`,
      { ...args },
    );
    return nodes.map(({ name }: { name: string }) => name);
  };

  it('get compatible schemas as their next version, which lists who gave it', async () => {
    const job = await newJob(owner, 'here', { payloadSchema: FIRST });
    const send = (input: object) => owner.registerJob({ room: 'here', name: job.name, ...input });
    expect(await send({ payloadSchema: WIDER })).toMatchObject({
      __typename: 'SchemaConflict',
      narrowings: [],
    });
    expect(await send({ payloadSchema: WIDER, schemaChange: 'COMPATIBLE' })).toMatchObject({
      ...{ created: false, schemaVersion: 2, job: { id: job.id, schemaVersion: 2 } },
    });
    expect(await send({ payloadSchema: FIRST, schemaChange: 'COMPATIBLE' })).toMatchObject({
      ...{ schemaVersion: 1, job: { schemaVersion: 2 } },
    });
    expect(
      await send({ payloadSchema: schemaOf({ a: { type: 'number' } }), schemaChange: 'COMPATIBLE' }),
    ).toMatchObject({
      ...{
        __typename: 'SchemaConflict',
        detail: expect.stringMatching(/\/properties\/a does not accept null and strings/),
      },
      narrowings: [{ schema: 'PAYLOAD', path: '/properties/a', reason: expect.any(String) }],
    });
    const { schemaVersions } = await owner.ask(
      'query ($name: String!) { job(fullName: $name) { schemaVersions { version createdBy payloadSchema } } }',
      { name: job.fullName },
    );
    expect(schemaVersions).toEqual([
      { version: 2, createdBy: 'wim', payloadSchema: WIDER },
      { version: 1, createdBy: 'wim', payloadSchema: FIRST },
    ]);
  });

  it('check payloads by the present version, and results by the version of the task', async () => {
    const job = await newJob(owner, 'here', { payloadSchema: FIRST, resultSchema: schemaOf({ n: text }) });
    const workerId = await owner.newWorker(job);
    const submit = (payload: unknown) => member.submit({ room: 'here', job: job.fullName, payload });
    const { task: first } = await submit({ a: 'x' });
    expect(await submit({ a: null })).toMatchObject({ __typename: 'InvalidInput' });
    await owner.registerJob({
      ...{ room: 'here', name: job.name, schemaChange: 'REPLACE' },
      ...{ payloadSchema: WIDER, resultSchema: { type: 'number' } },
    });
    const { task: second } = await submit({ a: null });
    const { tasks } = await owner.claim({ workerId, limit: 2, start: true });
    expect(tasks).toHaveLength(2);
    const complete = (taskId: string, result: unknown) =>
      owner.act('completeTask', { taskId, workerId, attempt: 1, result });
    expect(await complete(second.id, { n: 'old' })).toMatchObject({ __typename: 'InvalidInput' });
    expect(await complete(first.id, 5)).toMatchObject({ __typename: 'InvalidInput' });
    expect(await complete(first.id, { n: 'old' })).toMatchObject({ task: { status: 'COMPLETED' } });
    expect(await complete(second.id, 5)).toMatchObject({ task: { status: 'COMPLETED' } });
    const versions = await member.ask(
      'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Task { schemaVersion } } }',
      { ids: [first.id, second.id] },
    );
    expect(versions).toEqual([{ schemaVersion: 1 }, { schemaVersion: 2 }]);
  });

  it('are changed, hidden and brought back by hand, and by a submission', async () => {
    const { fullName } = await newJob(owner, 'here', { description: 'first', timeoutSeconds: 5 });
    expect(
      await change('updateJob', 'UpdateJobInput', {
        fullName,
        description: null,
        retryPolicy: { maxAttempts: 2 },
      }),
    ).toMatchObject({ job: { description: null, timeoutSeconds: 5, retryPolicy: { maxAttempts: 2 } } });
    expect(await change('updateJob', 'UpdateJobInput', { fullName, timeoutSeconds: null })).toMatchObject({
      job: { timeoutSeconds: null, retryPolicy: { maxAttempts: 2 } },
    });
    for (const nothing of [{}, { retryPolicy: {} }, { retryPolicy: { maxAttempts: null } }]) {
      expect(await change('updateJob', 'UpdateJobInput', { fullName, ...nothing })).toMatchObject({
        __typename: 'InvalidInput',
        detail: expect.stringMatching(/^has nothing to change/),
      });
    }
    const hidden = await change('retireJob', 'JobInput', { fullName });
    expect(hidden.job.retiredAt).not.toBeNull();
    expect(await change('retireJob', 'JobInput', { fullName })).toEqual(hidden);
    const name = fullName.split(':')[2];
    expect(await names(owner, { room: 'here' })).not.toContain(name);
    expect(await names(owner, { room: 'here', retired: true })).toContain(name);
    expect(await change('restoreJob', 'JobInput', { fullName })).toMatchObject({ job: { retiredAt: null } });
    await change('retireJob', 'JobInput', { fullName });
    expect((await member.submit({ room: 'here', job: fullName })).task).toMatchObject({ status: 'PENDING' });
    expect(await names(owner, { room: 'here' })).toContain(name);
    expect(await change('retireJob', 'JobInput', { fullName })).toMatchObject({
      ...{ __typename: 'JobInUse', workers: 0, unfinished: 1 },
    });
    const { nodes } = await api.admin.ask('{ events(first: 100) { nodes { type payload } } }');
    const told = nodes.filter(({ payload }: { payload: { job?: string } }) => payload.job === fullName);
    expect(told.map(({ type }: { type: string }) => type).reverse()).toEqual([
      ...['JOB_REGISTERED', 'JOB_UPDATED', 'JOB_UPDATED', 'JOB_RETIRED', 'JOB_RESTORED', 'JOB_RETIRED'],
      'JOB_RESTORED',
    ]);
  });

  it('are listed over all rooms of the caller, by words and category', async () => {
    const one = await newJob(owner, 'second', { description: 'Turns a PICTURE, 100% of it' });
    const two = await newJob(owner, 'here', { description: 'picture' });
    expect(await names(owner, { search: 'picture' })).toEqual([one.name, two.name]);
    expect(await names(owner, { search: 'picture second' })).toEqual([one.name]);
    expect(await names(owner, { search: '100%' })).toEqual([one.name]);
    expect(await names(member, { search: 'picture' })).toEqual([two.name]);
    expect(await names(owner, { search: 'picture', category: 'analysis' })).toEqual([]);
    expect(await names(await api.caller('eve', 'USER', []), { search: 'picture' })).toEqual([]);
  });

  it('show their tasks and workers, as far as the caller sees them', async () => {
    const user = await api.caller('uma', 'USER', ['here']);
    const { job, taskId, workerId } = await taskIn('RUNNING', {
      worker: owner,
      submitter: member,
      room: 'here',
    });
    const shown = (caller: Caller) =>
      caller.ask(
        `query ($name: String!) { job(fullName: $name) { viewerCanUpdate workerCount
          tasks(filter: { statuses: [RUNNING] }) { nodes { id } } workers { nodes { id } } } }`,
        { name: job },
      );
    const all = {
      workerCount: 1,
      tasks: { nodes: [{ id: taskId }] },
      workers: { nodes: [{ id: workerId }] },
    };
    expect(await shown(owner)).toEqual({ ...all, viewerCanUpdate: true });
    expect(await shown(member)).toEqual({ ...all, viewerCanUpdate: false });
    expect(await shown(user)).toEqual({
      ...{ viewerCanUpdate: false, workerCount: 1, tasks: { nodes: [] }, workers: { nodes: [] } },
    });
  });

  it('say what is wrong with a payload without a submission', async () => {
    const { fullName: job } = await newJob(owner, 'here', { payloadSchema: FIRST });
    const check = (payload: unknown) =>
      member.ask(
        'query ($job: String!, $payload: JSON) { checkPayload(job: $job, room: "here", payload: $payload) { path message } }',
        {
          ...{ job, payload },
        },
      );
    expect(await check({ a: 'x' })).toEqual([]);
    expect(await check({ a: 5 })).toEqual([{ path: ['a'], message: 'must be string' }]);
    expect(await check(undefined)).toEqual([{ path: ['a'], message: 'is required' }]);
    expect(
      (await member.ask('query ($job: String!) { tasks(filter: { job: $job }) { nodes { id } } }', { job }))
        .nodes,
    ).toEqual([]);
    const { errors } = await member.send(
      '{ checkPayload(job: "here:general:none", room: "here") { message } }',
    );
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'JOB_NOT_FOUND' });
  });
});

describe('a server without a list of categories', () => {
  it('takes any word as a category, and nothing that would blur the full name', async () => {
    const { db, close } = await createTestDatabase('pglite');
    const app = await startApp({ database: db, categories: '*' });
    try {
      const owner = new Caller(app.url, 'wim', await tokenFor('wim', 'WORKER', ['here']));
      const send = (category: string) => owner.registerJob({ room: 'here', category, name: 'job' });
      expect(await send('über-alles')).toMatchObject({ job: { fullName: 'here:über-alles:job' } });
      for (const category of ['a:b', '@', 'two words', 'a\nb']) {
        expect(await send(category)).toMatchObject({ issues: [{ path: ['category'] }] });
      }
    } finally {
      await app.stop();
      await close();
    }
  });
});

// PGlite has one server.
describe.skipIf(!availableDatabases().includes('postgres'))('schemas that another server changes', () => {
  it('hold here at once, wider and narrower', async () => {
    const { url: databaseUrl, close } = await createTestDatabase('postgres');
    const settings = { databaseUrl, redisUrl: testRedisUrl() };
    const [one, other] = [await startApp(settings), await startApp(settings)];
    try {
      const token = await tokenFor('wim', 'WORKER', ['here']);
      const [here, there] = [one, other].map((app) => new Caller(app.url, 'wim', token)) as [Caller, Caller];
      const { fullName: job, name } = await newJob(here, 'here', { payloadSchema: FIRST });
      const submit = (payload: unknown) => here.submit({ room: 'here', job, payload });
      expect(await submit({ a: 'x' })).toMatchObject({ task: { status: 'PENDING' } });
      await there.registerJob({ room: 'here', name, payloadSchema: WIDER, schemaChange: 'COMPATIBLE' });
      expect(await submit({ a: null })).toMatchObject({ task: { status: 'PENDING' } });
      await there.registerJob({ room: 'here', name, payloadSchema: FIRST, schemaChange: 'REPLACE' });
      expect(await submit({ a: null })).toMatchObject({ issues: [{ path: ['payload', 'a'] }] });
      await there.registerJob({ room: 'here', name, payloadSchema: WIDER, schemaChange: 'REPLACE' });
      const { results } = await here.submitAll([
        { room: 'here', job, payload: { a: null } },
        { room: 'here', job, payload: { a: 5 } },
        { room: 'here', job, payload: {} },
      ]);
      expect(results).toMatchObject([
        { duplicate: false },
        { __typename: 'InvalidInput' },
        { duplicate: false },
      ]);
    } finally {
      await Promise.all([one.stop(), other.stop()]);
      await close();
    }
  });
});
