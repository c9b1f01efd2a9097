/** Versions of the schemas of a job: what becomes of schemas that are sent, and what tasks are submitted by. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newUuid } from '../../../src/domain/typeid.ts';
import type { RegisterJobResult } from '../../../src/store/jobs/register.ts';
import type { JobRegistration } from '../../../src/store/jobs/registration.ts';
import { availableDatabases } from '../../support/database.ts';
import { createTestStore, submissionOf, type TestStore } from '../../support/test-store.ts';

const text = { type: 'string' };
const schemaOf = (properties: object, more: object = {}) => ({ type: 'object', properties, ...more });
const FIRST = schemaOf({ a: text }, { required: ['a'] });
const WIDER = schemaOf({ a: text, b: text }, { required: ['a'] });
const NARROWER = schemaOf({ a: text, b: text }, { required: ['a', 'b'] });

describe.each(availableDatabases())('schemas of a job on %s', (kind) => {
  let testStore: TestStore;

  beforeAll(async () => {
    testStore = await createTestStore(kind);
  });
  afterAll(() => testStore.close());

  async function defined(settings: Partial<JobRegistration> = {}) {
    const given = {
      room: `room-${newUuid()}`,
      category: 'general',
      name: 'work',
      payloadSchema: FIRST,
      ...settings,
    };
    const send = (change: Partial<JobRegistration>): Promise<RegisterJobResult> =>
      testStore.store.registerJob({ ...given, actor: 'ann', ...change });
    const first = await send({});
    if (first.kind !== 'registered') throw new Error(first.kind);
    const versions = async () =>
      (await testStore.store.findJobSchemas(first.job.id, null, 100)).map(({ version, createdBy }) => [
        version,
        createdBy,
      ]);
    return { send, versions, job: first.job };
  }

  it('are refused when they are others, and nothing was said of a change', async () => {
    const { send, versions } = await defined();
    expect(await send({ payloadSchema: WIDER })).toMatchObject({ kind: 'conflict', narrowings: [] });
    expect(await versions()).toEqual([[1, 'ann']]);
  });

  it('that accept more are the next version, when that is asked for', async () => {
    const { send, versions, job } = await defined();
    const change = { payloadSchema: WIDER, schemaChange: 'COMPATIBLE', actor: 'bob' } as const;
    expect(await send(change)).toMatchObject({
      ...{ kind: 'registered', created: false, schemaVersion: 2 },
      job: { id: job.id, schemaVersion: 2, payloadSchema: WIDER },
    });
    expect(await versions()).toEqual([
      [2, 'bob'],
      [1, 'ann'],
    ]);
    expect(await testStore.store.findJobSchema(job.id, 1)).toMatchObject({ payloadSchema: FIRST });
  });

  it('that accept less are refused with the places, and replace the others when that is asked for', async () => {
    const { send } = await defined({ payloadSchema: WIDER });
    expect(await send({ payloadSchema: NARROWER, schemaChange: 'COMPATIBLE' })).toMatchObject({
      kind: 'conflict',
      narrowings: [{ schema: 'payload', path: '/properties/b', reason: 'is required now' }],
    });
    expect(await send({ payloadSchema: NARROWER, schemaChange: 'REPLACE' })).toMatchObject({
      schemaVersion: 2,
    });
  });

  it('of results are compared the other way round', async () => {
    const { send } = await defined({ resultSchema: WIDER });
    expect(await send({ resultSchema: FIRST, schemaChange: 'COMPATIBLE' })).toMatchObject({
      schemaVersion: 2,
    });
    const { send: other } = await defined({ resultSchema: NARROWER });
    expect(await other({ resultSchema: WIDER, schemaChange: 'COMPATIBLE' })).toMatchObject({
      kind: 'conflict',
      narrowings: [{ schema: 'result', path: '/properties/b' }],
    });
    // Where results were not described, anything that is promised is more than before.
    const { send: third } = await defined();
    expect(await third({ resultSchema: FIRST, schemaChange: 'COMPATIBLE' })).toMatchObject({
      schemaVersion: 2,
    });
  });

  it('of an earlier version are served as that one, and only REPLACE goes back to it', async () => {
    const { send, job } = await defined();
    await send({ payloadSchema: WIDER, schemaChange: 'COMPATIBLE' });
    for (const schemaChange of ['REFUSE', 'COMPATIBLE'] as const) {
      expect(await send({ payloadSchema: { ...FIRST, title: 'Old' }, schemaChange })).toMatchObject({
        ...{ schemaVersion: 1, job: { schemaVersion: 2, payloadSchema: WIDER } },
      });
    }
    expect(await send({ schemaChange: 'REPLACE' })).toMatchObject({
      ...{ schemaVersion: 1, job: { schemaVersion: 1, payloadSchema: FIRST } },
    });
    expect(await testStore.store.findSchemaVersions([job.id])).toEqual(new Map([[job.id, 1]]));
    // The next one is a new number: 2 is taken.
    expect(await send({ payloadSchema: NARROWER, schemaChange: 'REPLACE' })).toMatchObject({
      schemaVersion: 3,
    });
  });

  it('with other annotations are taken over without another version', async () => {
    const { send, versions } = await defined();
    const titled = { ...FIRST, title: 'Work' };
    expect(await send({ payloadSchema: titled })).toMatchObject({
      job: { payloadSchema: titled, schemaVersion: 1 },
    });
    expect(await versions()).toHaveLength(1);
  });

  it('from before there were versions are the first', async () => {
    const { send, job } = await defined();
    await testStore.db.script(`UPDATE job_schema SET digest = NULL WHERE job_id = '${job.id}'`);
    await send({ payloadSchema: WIDER, schemaChange: 'COMPATIBLE' });
    expect(await send({})).toMatchObject({ schemaVersion: 1 });
    // Defined by a server that knows of no versions.
    const { send: other, versions, job: bare } = await defined();
    await testStore.db.script(`DELETE FROM job_schema WHERE job_id = '${bare.id}'`);
    expect(await other({ payloadSchema: WIDER, schemaChange: 'COMPATIBLE' })).toMatchObject({
      schemaVersion: 2,
    });
    expect(await versions()).toEqual([
      [2, 'ann'],
      [1, '@system'],
    ]);
  });

  it('that are sent by many at the same time are one version', async () => {
    const { send, versions } = await defined();
    const results = await Promise.all(
      Array.from({ length: 8 }, () => send({ payloadSchema: WIDER, schemaChange: 'COMPATIBLE' })),
    );
    expect(new Set(results.map((result) => result.kind === 'registered' && result.schemaVersion))).toEqual(
      new Set([2]),
    );
    expect(await versions()).toHaveLength(2);
  });

  describe('and submissions', () => {
    it('keep their version, and are refused by another one than the present', async () => {
      const { send, job } = await defined();
      const task = await testStore.submit(job);
      await send({ payloadSchema: NARROWER, schemaChange: 'REPLACE' });
      expect(await testStore.task(task.id)).toMatchObject({ schemaVersion: 1 });
      const worker = await testStore.newWorker(job);
      expect(await testStore.store.submitTask(submissionOf(job))).toEqual({ kind: 'other-schema' });
      const details = { schemaVersion: 2 };
      expect(await testStore.submit(job, details)).toMatchObject(details);
      const claimed = await testStore.store.claimTasks({
        workerId: worker.id,
        limit: 9,
        start: false,
        actor: 'wim',
      });
      expect(claimed.map(({ schemaVersion }) => schemaVersion)).toEqual([1, 2]);
    });

    it('never slip in by a version that is not the present one any more', async () => {
      const { send, job } = await defined();
      const submissions = Array.from({ length: 40 }, () => testStore.store.submitTask(submissionOf(job)));
      await send({ payloadSchema: NARROWER, schemaChange: 'REPLACE' });
      const results = await Promise.all(submissions);
      for (const { kind } of results) expect(['created', 'other-schema']).toContain(kind);
      expect(await testStore.store.submitTask(submissionOf(job))).toEqual({ kind: 'other-schema' });
    });

    it('repeat a key by whatever version', async () => {
      const { send, job } = await defined();
      const keyed = submissionOf(job, { idempotencyKey: 'once' });
      const first = await testStore.store.submitTask(keyed);
      await send({ payloadSchema: NARROWER, schemaChange: 'REPLACE' });
      expect(await testStore.store.submitTask(keyed)).toMatchObject({
        ...{ kind: 'duplicate', task: { id: first.kind === 'created' && first.change.task.id } },
      });
    });
  });
});
