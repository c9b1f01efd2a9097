/**
 * One case: a job whose tasks take as long as a distribution says, workers that do nothing but wait for so long, and
 * bursts of submissions. Whenever a task is submitted, and at moments while it waits and runs, its estimate is asked for;
 * when it has ended, what was estimated is compared with what came.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { JobLimit } from '../../src/domain/limits.ts';
import type { JobRow } from '../../src/store/jobs/jobs.ts';
import type { TestStore } from '../../test/support/test-store.ts';
import { submissionOf } from '../../test/support/test-store.ts';
import type { Durations } from './distributions.ts';

export interface Case {
  name: string;
  durations: Durations;
  /** Capacity of each worker. */
  workers: number[];
  limits?: JobLimit[];
  /** Of a submission; 0 where left out. */
  priority?: (random: () => number) => number;
  /** Keys of a limit by key. */
  keys?: number;
  /** Seconds for which a submission is delayed, where it is. */
  delay?: (random: () => number) => number;
  /** Share of the slots, or of what a limit lets through, that is wanted on average. */
  load: number;
  /** Seconds that one task keeps what is scarce, divided by how much there is of it: between two that start. */
  between: number;
}

/** What was said at a moment, and what came. All in milliseconds since 1970. */
interface Said {
  taskId: string;
  what: 'start' | 'end';
  p50: number;
  p90: number;
  at: number;
}

export interface Outcome {
  what: 'start' | 'end';
  /** Seconds from the estimate until it came, and what had been said. */
  came: number;
  p50: number;
  p90: number;
}

/** Runs the case for so many seconds, after a time in which it learns how long tasks take. */
export async function runCase(
  testStore: TestStore,
  { seconds, learn, seed }: { seconds: number; learn: number; seed: number },
  measured: Case,
): Promise<Outcome[]> {
  const run = new Run(testStore, measured, randomOf(seed));
  await run.begin();
  await run.submitFor(learn, false);
  await run.submitFor(seconds, true);
  return run.finish();
}

class Run {
  readonly #testStore: TestStore;
  readonly #case: Case;
  readonly #random: () => number;
  readonly #said: Said[] = [];
  readonly #started = new Map<string, number>();
  readonly #ended = new Map<string, number>();
  readonly #open = new Set<string>();
  readonly #working: Promise<void>[] = [];
  #job!: JobRow;
  #isOver = false;
  #wake: (() => void)[] = [];

  constructor(testStore: TestStore, measured: Case, random: () => number) {
    this.#testStore = testStore;
    this.#case = measured;
    this.#random = random;
  }

  async begin(): Promise<void> {
    const { workers, limits = [] } = this.#case;
    this.#job = await this.#testStore.newJob(limits.length > 0 ? { limits } : {});
    const { store } = this.#testStore;
    for (const capacity of workers) {
      const worker = await store.registerWorker({ name: 'bench', owner: 'bench', capacity });
      const { room, category, name } = this.#job;
      await store.registerJob({ room, category, name, workerId: worker.id });
      this.#working.push(this.#work(worker.id, capacity));
    }
  }

  /** Bursts of submissions, so that there are queues of any length. */
  async submitFor(seconds: number, isMeasured: boolean): Promise<void> {
    const until = Date.now() + seconds * 1_000;
    const { between, load } = this.#case;
    while (Date.now() < until) {
      const burst = 1 + Math.floor(this.#random() ** 2 * 24);
      const ids = await this.#submit(burst);
      if (isMeasured) {
        await this.#ask(ids);
        await this.#ask(sampleOf([...this.#open], 10, this.#random));
      }
      await sleep(Math.min(Math.max(0, until - Date.now()), ((burst * between) / load) * 1_000));
    }
  }

  async finish(): Promise<Outcome[]> {
    while (this.#open.size > 0) await sleep(100);
    this.#isOver = true;
    this.#wakeAll();
    await Promise.all(this.#working);
    return this.#said.flatMap(({ taskId, what, p50, p90, at }) => {
      const came = (what === 'start' ? this.#started : this.#ended).get(taskId);
      if (came === undefined) return [];
      const seconds = (moment: number) => (moment - at) / 1_000;
      return [{ what, came: seconds(came), p50: seconds(p50), p90: seconds(p90) }];
    });
  }

  async #submit(count: number): Promise<string[]> {
    const { priority, keys, delay } = this.#case;
    const results = await this.#testStore.store.submitTasks(
      Array.from({ length: count }, () =>
        submissionOf(this.#job, {
          priority: priority?.(this.#random) ?? 0,
          ...(keys ? { limitKey: `k${Math.floor(this.#random() * keys)}` } : {}),
          ...(delay ? { runAt: new Date(Date.now() + delay(this.#random) * 1_000) } : {}),
        }),
      ),
    );
    const ids = results.flatMap((result) => (result.kind === 'created' ? [result.change.task.id] : []));
    for (const id of ids) this.#open.add(id);
    this.#wakeAll();
    return ids;
  }

  async #ask(ids: readonly string[]): Promise<void> {
    const at = Date.now();
    for (const [taskId, said] of await this.#testStore.store.estimateTasks(ids)) {
      for (const what of ['start', 'end'] as const) {
        const bounds = said?.[what];
        if (!bounds) continue;
        this.#said.push({
          ...{ taskId, what, at },
          ...{ p50: at + bounds.p50 * 1_000, p90: at + bounds.p90 * 1_000 },
        });
      }
    }
  }

  async #work(workerId: string, capacity: number): Promise<void> {
    let busy = 0;
    while (!this.#isOver) {
      const woken = this.#sleep();
      const { store } = this.#testStore;
      const tasks =
        busy < capacity
          ? await store.claimTasks({ workerId, limit: capacity - busy, start: true, actor: 'bench' })
          : [];
      busy += tasks.length;
      for (const { id: taskId, attempt } of tasks) {
        this.#started.set(taskId, Date.now());
        void sleep(this.#case.durations(this.#random) * 1_000).then(async () => {
          const held = { taskId, attempt, workerId, actor: 'bench' };
          await store.completeTask({ ...held, outcome: 'COMPLETED', result: null });
          this.#ended.set(taskId, Date.now());
          this.#open.delete(taskId);
          busy--;
          this.#wakeAll();
        });
      }
      if (tasks.length === 0) await woken;
    }
  }

  /** Until something is submitted or ends, or, for what time alone brings, a moment. */
  #sleep(): Promise<unknown> {
    const woken = new Promise<void>((resolve) => this.#wake.push(resolve));
    return Promise.race([woken, sleep(250)]);
  }

  #wakeAll(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }
}

function sampleOf<Item>(items: readonly Item[], count: number, random: () => number): Item[] {
  return items.filter(() => random() < count / Math.max(1, items.length));
}

/** A generator that gives the same numbers for the same seed. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
