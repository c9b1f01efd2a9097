import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_RETRY_POLICY } from '../../../src/domain/retry.ts';
import { newUuid } from '../../../src/domain/typeid.ts';
import type { JobRegistration } from '../../../src/store/jobs/registration.ts';
import { availableDatabases } from '../../support/database.ts';
import { createTestStore, submissionOf, type TestStore } from '../../support/test-store.ts';

const payloadSchema = {
  type: 'object',
  properties: { path: { type: 'string' }, depth: { type: 'integer', maximum: 9 } },
  required: ['path', 'depth'],
};
const reordered = {
  required: ['path', 'depth'],
  properties: { depth: { maximum: 9, type: 'integer' }, path: { type: 'string' } },
  type: 'object',
};

describe.each(availableDatabases())('registering a job on %s', (kind) => {
  let testStore: TestStore;

  beforeAll(async () => {
    testStore = await createTestStore(kind);
  });
  afterAll(() => testStore.close());

  const definition = (settings: Partial<JobRegistration> = {}): JobRegistration => ({
    room: `room-${newUuid()}`,
    category: 'analysis',
    name: 'index',
    ...settings,
  });

  it('defines it with all that was given', async () => {
    const given = definition({
      ...{ description: 'Indexes a directory', payloadSchema, resultSchema: { type: 'number' } },
      ...{ maxAttempts: 3, backoffSeconds: [0.5, 7], timeoutSeconds: 90 },
    });
    const { workerId: _, ...settings } = given;
    const result = await testStore.store.registerJob(given);
    expect(result).toEqual({
      kind: 'registered',
      created: true,
      schemaVersion: 1,
      job: {
        ...settings,
        schemaVersion: 1,
        limits: [],
        fairness: 'NONE',
        fairnessPointer: null,
        id: expect.any(String),
        fullName: `${given.room}:analysis:index`,
        createdAt: expect.any(Date),
        retiredAt: null,
      },
    });
    if (result.kind !== 'registered') return;
    expect(await testStore.store.findJobByName(result.job.fullName)).toEqual(result.job);
    expect(await testStore.store.findJobs([result.job.id, newUuid()])).toEqual([result.job]);
  });

  it('with only a name takes any payload, and the default policy', async () => {
    const result = await testStore.store.registerJob(definition());
    expect(result).toMatchObject({
      created: true,
      job: {
        ...{ description: null, payloadSchema: {}, resultSchema: null, timeoutSeconds: null },
        ...DEFAULT_RETRY_POLICY,
      },
    });
  });

  it('the same way again changes nothing', async () => {
    const given = definition({ payloadSchema, resultSchema: { type: 'number' }, maxAttempts: 3 });
    const first = await testStore.store.registerJob(given);
    expect(await testStore.store.registerJob(given)).toEqual({ ...first, created: false });
  });

  it('with the keys of its schemas in another order is the same', async () => {
    const given = definition({ payloadSchema, resultSchema: payloadSchema });
    const first = await testStore.store.registerJob(given);
    const again = { ...given, payloadSchema: reordered, resultSchema: reordered };
    expect(await testStore.store.registerJob(again)).toEqual({ ...first, created: false });
  });

  it('with other annotations in its schemas is the same, takes them over, and serves it', async () => {
    const bare = { type: 'object', properties: { n: { type: 'integer' } } };
    const told = { ...bare, title: 'told', properties: { n: { type: 'integer', description: 'how many' } } };
    const given = definition({ payloadSchema: told, resultSchema: told });
    const first = await testStore.store.registerJob(given);
    if (first.kind !== 'registered') throw new Error(first.kind);
    const worker = await testStore.newWorker();
    const again = { ...given, payloadSchema: bare, resultSchema: bare, maxAttempts: 9, workerId: worker.id };
    expect(await testStore.store.registerJob(again)).toEqual({
      ...{ kind: 'registered', created: false, schemaVersion: 1 },
      job: { ...first.job, maxAttempts: 9, payloadSchema: bare, resultSchema: bare },
    });
    expect(await testStore.store.findServedJobs([worker.id])).toEqual(new Map([[worker.id, [first.job.id]]]));
  });

  it('with the items of a list in its schema in another order is a conflict', async () => {
    const given = definition({ payloadSchema });
    await testStore.store.registerJob(given);
    const other = { ...payloadSchema, required: ['depth', 'path'] };
    expect(await testStore.store.registerJob({ ...given, payloadSchema: other })).toMatchObject({
      kind: 'conflict',
    });
  });

  it.each([
    ['payload', { payloadSchema: { type: 'string' } }],
    ['payload', { payloadSchema: {} }],
    ['payload', { payloadSchema: { type: 'string' }, resultSchema: { type: 'string' } }],
    ['result', { resultSchema: { type: 'string' } }],
    ['result', { payloadSchema: reordered, resultSchema: {} }],
  ] as const)('with another %s schema is a conflict and changes nothing: %j', async (schema, change) => {
    const given = definition({ payloadSchema, resultSchema: { type: 'number' }, description: 'first' });
    const first = await testStore.store.registerJob(given);
    if (first.kind !== 'registered') throw new Error(first.kind);
    const worker = await testStore.newWorker();
    const other = { ...given, ...change, description: 'second', maxAttempts: 9, workerId: worker.id };
    expect(await testStore.store.registerJob(other)).toEqual({
      ...{ kind: 'conflict', existing: first.job, schema },
      difference: expect.objectContaining({ path: expect.any(String) }),
      narrowings: [],
    });
    expect(await testStore.store.findJobByName(first.job.fullName)).toEqual(first.job);
    expect(await testStore.store.findServedJobs([worker.id])).toEqual(new Map());
  });

  it('that has no result schema with one is a conflict', async () => {
    const given = definition({ payloadSchema });
    await testStore.store.registerJob(given);
    const other = { ...given, resultSchema: { type: 'string' } };
    expect(await testStore.store.registerJob(other)).toMatchObject({ kind: 'conflict', schema: 'result' });
  });

  it('with a schema or a setting left out keeps it, and brings the others up to date', async () => {
    const given = definition({
      ...{ payloadSchema, resultSchema: { type: 'number' }, description: 'first' },
      ...{ maxAttempts: 3, backoffSeconds: [1], timeoutSeconds: 5 },
    });
    const first = await testStore.store.registerJob(given);
    if (first.kind !== 'registered') throw new Error(first.kind);
    const { room, category, name } = given;
    const update = async (settings: Partial<JobRegistration>) =>
      testStore.store.registerJob({ room, category, name, ...settings });
    expect(await update({})).toEqual({ ...first, created: false });
    expect(await update({ maxAttempts: 8, timeoutSeconds: 60 })).toEqual({
      ...{ kind: 'registered', created: false, schemaVersion: 1 },
      job: { ...first.job, maxAttempts: 8, timeoutSeconds: 60 },
    });
    expect(await update({ description: 'second', backoffSeconds: [2, 3] })).toEqual({
      ...{ kind: 'registered', created: false, schemaVersion: 1 },
      job: {
        ...first.job,
        maxAttempts: 8,
        timeoutSeconds: 60,
        description: 'second',
        backoffSeconds: [2, 3],
      },
    });
  });

  it('for a worker makes the worker serve it, however often', async () => {
    const worker = await testStore.newWorker();
    const given = definition({ workerId: worker.id });
    const [first, second] = [
      await testStore.store.registerJob(given),
      await testStore.store.registerJob(given),
    ];
    expect([first, second]).toMatchObject([{ created: true }, { created: false }]);
    if (first.kind !== 'registered') return;
    expect(await testStore.store.findServedJobs([worker.id])).toEqual(new Map([[worker.id, [first.job.id]]]));
  });

  it('for a worker that is gone fails as a whole', async () => {
    const given = definition({ workerId: newUuid() });
    await expect(testStore.store.registerJob(given)).rejects.toMatchObject({ code: '23503' });
    expect(await testStore.store.findJobByName(`${given.room}:analysis:index`)).toBeNull();
  });

  it('that was retired brings it back', async () => {
    const given = definition({ payloadSchema });
    const first = await testStore.store.registerJob(given);
    if (first.kind !== 'registered') throw new Error(first.kind);
    await testStore.db.script(`UPDATE job SET retired_at = now() WHERE id = '${first.job.id}'`);
    expect((await testStore.store.findJobByName(first.job.fullName))?.retiredAt).toEqual(expect.any(Date));
    expect(await testStore.store.registerJob(given)).toEqual({ ...first, created: false });
    expect(await testStore.store.submitTask(submissionOf(first.job))).toMatchObject({ kind: 'created' });
  });

  it('by many at the same time creates it once', async () => {
    const given = definition({ payloadSchema });
    const results = await Promise.all(Array.from({ length: 12 }, () => testStore.store.registerJob(given)));
    expect(results.filter((result) => result.kind === 'registered' && result.created)).toHaveLength(1);
    expect(new Set(results.map((result) => result.kind === 'registered' && result.job.id)).size).toBe(1);
  });

  it('in two ways at the same time gives the later one the conflict', async () => {
    for (let round = 0; round < 10; round++) {
      const given = definition({ payloadSchema });
      const results = await Promise.all([
        testStore.store.registerJob(given),
        testStore.store.registerJob({ ...given, payloadSchema: { type: 'string' } }),
      ]);
      expect(results.map((result) => result.kind).sort()).toEqual(['conflict', 'registered']);
    }
  });
});

describe.each(availableDatabases())('work to be found on %s', (kind) => {
  let testStore: TestStore;

  beforeAll(async () => {
    testStore = await createTestStore(kind);
  });
  afterAll(() => testStore.close());

  const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000);

  it('is what could be claimed now', async () => {
    const [ready, later, none] = [
      await testStore.newJob(),
      await testStore.newJob(),
      await testStore.newJob(),
    ];
    await testStore.submit(ready);
    await testStore.submit(later, { runAt: inSeconds(60) });
    const { job: taken } = await testStore.taskIn('CLAIMED');
    const ids = [ready.id, later.id, none.id, taken.id];
    expect(await testStore.store.findJobsWithWork(ids)).toEqual([ready.id]);
    expect(await testStore.store.findJobsWithWork([])).toEqual([]);
  });

  it('has become due when its time lies within the last moments', async () => {
    const jobs = [];
    for (const seconds of [-60, -5, 60]) {
      const job = await testStore.newJob();
      await testStore.store.submitTasks([0, 1].map(() => submissionOf(job, { runAt: inSeconds(seconds) })));
      jobs.push(job.id);
    }
    expect(await testStore.store.findJobsThatBecameDue(jobs, 30_000)).toEqual([jobs[1]]);
    expect(await testStore.store.findJobsThatBecameDue(jobs.slice(2), 30_000)).toEqual([]);
    expect(new Set(await testStore.store.findJobsThatBecameDue(jobs, 90_000))).toEqual(
      new Set(jobs.slice(0, 2)),
    );
  });
});
