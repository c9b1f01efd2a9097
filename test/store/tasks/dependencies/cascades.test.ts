/** A cascade of cancellations is bounded in each transaction, and goes on until nothing waits for what has ended. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { continueCascadesRoutine } from '../../../../src/maintenance/continue-cascades.ts';
import type { SubmitResult } from '../../../../src/store/tasks/submit/submit.ts';
import { availableDatabases } from '../../../support/database.ts';
import { findHanging } from '../../../support/dependencies.ts';
import {
  createTestStore,
  expectLegalLog,
  submissionOf,
  type TestStore,
} from '../../../support/test-store.ts';

/** Parents below the root, and what depends on each of them: more in all than one transaction goes on to. */
const PARENTS = 15;
const CHILDREN = 800;
const BOUND = 10_000;

const idOf = (result: SubmitResult | undefined) => {
  if (result?.kind !== 'created') throw new Error(`The submission gave ${result?.kind}.`);
  return result.change.task.id;
};

describe.each(availableDatabases())('a cascade on %s', { timeout: 120_000 }, (kind) => {
  let testStore: TestStore;

  beforeAll(async () => {
    testStore = await createTestStore(kind);
  });
  afterAll(() => testStore.close());

  it('of more than 10,000 tasks ends in parts, and cancels or runs all of them', async () => {
    const job = await testStore.newJob();
    const { store } = testStore;
    const on = (parent: string | number, runsOnFailure = false) => ({
      dependsOn: [{ parent, runsOnFailure }],
    });
    const root = await testStore.submit(job);
    const parents = (
      await store.submitTasks(Array.from({ length: PARENTS }, () => submissionOf(job, on(root.id))))
    ).map(idOf);
    const last: string[] = [];
    for (const parent of parents) {
      const children = await store.submitTasks(
        Array.from({ length: CHILDREN }, (_, n) => submissionOf(job, on(parent, n === CHILDREN - 1))),
      );
      last.push(...children.slice(-2).map(idOf));
    }
    const leaf = await testStore.submit(job, on(last.at(-2) as string));

    const before = testStore.published.length;
    await store.cancelTask({ taskId: root.id, actor: 'ann', note: null });
    const atOnce = testStore.published.slice(before).flat().length;
    expect(atOnce).toBeGreaterThan(BOUND - CHILDREN);
    expect(atOnce).toBeLessThanOrEqual(1 + PARENTS + BOUND);
    expect((await testStore.task(leaf.id)).status).toBe('WAITING');

    // Two servers at once share what is left.
    const routine = continueCascadesRoutine(store);
    const counts = await Promise.all([routine.runOnce(), routine.runOnce()]);
    const later = counts.reduce((sum, { settled = 0 }) => sum + Number(settled), 0);
    expect(atOnce + later).toBe(1 + PARENTS + PARENTS * CHILDREN + 1);
    expect((await testStore.task(leaf.id)).status).toBe('CANCELLED');
    expect((await testStore.task(last.at(-1) as string)).status).toBe('PENDING');
    expect(await findHanging(testStore.db)).toEqual([]);
    expectLegalLog(await testStore.history(leaf.id));
    expect(await store.continueCascades()).toBeNull();
  });
});
