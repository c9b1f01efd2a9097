/**
 * Random sequences of verbs by several actors, on the store and on a model of the state machine at the same time:
 * results, tasks, requests to stop and logs must agree, and every log be legal. Many sequences run next to each
 * other, so that their verbs share statements as in a busy server.
 *
 * SIGNALBOX_MODEL_RUNS says how many sequences (default 1,000), SIGNALBOX_MODEL_SEED which.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { availableDatabases } from '../../support/database.ts';
import { findHanging } from '../../support/dependencies.ts';
import type { ModelTask } from '../../support/model.ts';
import { type Command, sequence } from '../../support/model-commands.ts';
import { expectSame, expectSameTransition, ModelRun } from '../../support/model-run.ts';
import { findMisplaced } from '../../support/queue.ts';
import { createTestStore, expectLegalLog, type TestStore } from '../../support/test-store.ts';

const RUNS = Number(process.env['SIGNALBOX_MODEL_RUNS'] ?? 1_000);
const SEED = Number(process.env['SIGNALBOX_MODEL_SEED'] ?? Date.now() % 2 ** 31);
const TOGETHER = 250;

describe.each(availableDatabases())('the store on %s', (kind) => {
  let testStore: TestStore;

  beforeAll(async () => {
    // A busy machine must not make the workers of a run look lost before the run says so.
    testStore = await createTestStore(kind, undefined, 12 * 3_600);
  });
  afterAll(() => testStore.close());

  it(`does what the model does in ${RUNS} sequences of verbs`, { timeout: 60_000 + RUNS * 300 }, async () => {
    const sequences = fc.sample(sequence, { numRuns: RUNS, seed: SEED, unbiased: true });
    for (let first = 0; first < RUNS; first += TOGETHER) {
      const together = sequences.slice(first, first + TOGETHER);
      const failures = await runTogether(together);
      const [failed] = failures;
      if (failed) await explain(first + failed.index, together[failed.index] as Command[], failed.error);
    }
  });

  /** Runs the sequences next to each other. @returns what went wrong, by the place of the sequence */
  async function runTogether(sequences: readonly Command[][]): Promise<{ index: number; error: unknown }[]> {
    const alone = oneAtATime();
    const runs = sequences.map(() => new ModelRun(testStore, alone));
    const clear =
      'TRUNCATE job, job_schema, job_pause, task_gate, worker, worker_job, task, task_dependency, task_queue, task_hold, task_transition, task_stop, asset;';
    await testStore.db.script([clear, ...runs.map(({ setUp }) => setUp)].join('\n'));
    testStore.published.length = 0;
    const results = await Promise.allSettled(
      runs.map((run, index) => run.run(sequences[index] as Command[])),
    );
    const stored = await readBack(runs);
    return results.flatMap((result, index) => {
      try {
        if (result.status === 'rejected') throw result.reason;
        compare(runs[index] as ModelRun, stored);
        return [];
      } catch (error) {
        return [{ index, error }];
      }
    });
  }

  /** All that the database says of the runs' tasks. */
  async function readBack(runs: readonly ModelRun[]) {
    const ids = runs.flatMap(({ model }) => model.tasks.map(({ id }) => id));
    const tasks = await testStore.store.findTasks(ids);
    const changes = await testStore.log.readVersions(
      ids.map((taskId) => ({ taskId, from: 1, to: 1_000_000 })),
    );
    expect(await findMisplaced(testStore.db)).toEqual([]);
    expect(await findHanging(testStore.db)).toEqual([]);
    const stops = await testStore.db.query<{ stop: string; taskId: string }>(
      {
        name: 'test_stops',
        text: `SELECT worker_id || ' ' || task_id || ' ' || attempt AS stop, task_id AS "taskId"
          FROM task_stop WHERE task_id = ANY($1::uuid[]) AND stopped_at IS NULL`,
      },
      [ids],
    );
    return {
      task: (id: string) => tasks.find((task) => task.id === id) ?? null,
      log: group(changes, ({ transition }) => transition.taskId),
      published: group(
        testStore.published.flat().flatMap((change) => (change.kind === 'transition' ? [change] : [])),
        ({ transition }) => transition.taskId,
      ),
      stops: group(stops, ({ taskId }) => taskId),
    };
  }

  function compare({ model }: ModelRun, stored: Awaited<ReturnType<typeof readBack>>): void {
    for (const task of model.tasks) {
      expectSame(stored.task(task.id), task);
      const log = (stored.log.get(task.id) ?? []).map(({ transition }) => transition);
      expectLegalLog(log);
      expect(log).toHaveLength(task.transitions.length);
      for (const [n, transition] of log.entries()) expectSameTransition(transition, task.transitions[n]);
      // Each was published once, as it stands in the log.
      const published = (stored.published.get(task.id) ?? []).map(({ transition }) => transition);
      expect([...published].sort((a, b) => a.version - b.version)).toEqual(log);
    }
    const stops = model.tasks.flatMap(({ id }: ModelTask) => stored.stops.get(id) ?? []);
    expect(stops.map(({ stop }) => stop).sort()).toEqual([...model.stops].sort());
  }

  /** Finds the shortest sequence that fails as this one did, and throws it. */
  async function explain(index: number, commands: readonly Command[], error: unknown): Promise<never> {
    await fc.assert(
      fc.asyncProperty(sequence, async (shorter) => {
        const [failed] = await runTogether([shorter]);
        if (failed) throw failed.error;
      }),
      { seed: SEED, path: `${index}`, numRuns: 1, unbiased: true, interruptAfterTimeLimit: 30_000 },
    );
    throw new Error(
      `Sequence ${index} of seed ${SEED} failed among others, not alone:\n${commands.map((command) => JSON.stringify(command)).join('\n')}`,
      { cause: error },
    );
  }
});

function group<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

/** Lets one piece of work at a time through. */
function oneAtATime() {
  let last: Promise<unknown> = Promise.resolve();
  return <T>(work: () => Promise<T>): Promise<T> => {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  };
}
