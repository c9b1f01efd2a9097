/** Runs a sequence of commands on a store and on the model, and compares what they answer. */
import { expect } from 'vitest';
import type { KeyHold } from '../../src/domain/key-hold.ts';
import type { JobLimit } from '../../src/domain/limits.ts';
import type { TaskChange, TaskRow, TransitionRow } from '../../src/domain/task.ts';
import { newUuid } from '../../src/domain/typeid.ts';
import type { VerbResult } from '../../src/store/store.ts';
import {
  Model,
  type ModelHold,
  type ModelJob,
  type ModelLimit,
  type ModelTask,
  type ReportVerb,
} from './model.ts';
import type { Command, Target } from './model-commands.ts';
import { moveRunAt } from './queue.ts';
import { failure, submissionOf, type TestStore } from './test-store.ts';

/** Two jobs: the first repeats failed attempts at once, the second only when time has passed. */
const JOBS: ModelJob[] = [
  { maxAttempts: 2, repeatsAtOnce: true },
  { maxAttempts: 3, repeatsAtOnce: false },
];
/** Which of the jobs each of the three workers serves. */
const SERVES = [[0], [0, 1], [1]];

const HOUR_MS = 3_600_000;

/** A hold as a submission has it. */
const HOLDS: Record<ModelHold, KeyHold> = {
  finished: { until: 'finished' },
  time: { until: 'time', seconds: 3_600 },
  debounced: { until: 'claimed', debounceSeconds: 3_600 },
};

/** One run: a model, and jobs and workers of its own in the database of the testStore. */
export class ModelRun {
  readonly model = new Model();
  readonly jobs = JOBS.map(() => ({ id: newUuid(), room: `room-${newUuid()}` }));
  readonly workers = SERVES.map(() => newUuid());
  readonly #testStore: TestStore;
  /** What the server does on whatever matches must not find what another run has prepared. */
  readonly #alone: <T>(work: () => Promise<T>) => Promise<T>;

  constructor(testStore: TestStore, alone: <T>(work: () => Promise<T>) => Promise<T>) {
    this.#testStore = testStore;
    this.#alone = alone;
  }

  /** SQL that writes the jobs and the workers, to be sent for many runs at once. */
  get setUp(): string {
    const jobs = this.jobs.map(({ id, room }, n) => {
      const { maxAttempts, repeatsAtOnce } = JOBS[n] as ModelJob;
      return `INSERT INTO job (id, room, category, name, full_name, payload_schema, max_attempts, backoff_seconds,
        timeout_seconds) VALUES ('${id}', '${room}', 'c', 'n', '${room}:c:n', '{}', ${maxAttempts},
        '{${repeatsAtOnce ? 0 : 3600}}', 3600);`;
    });
    return [...jobs, ...this.workers.map((id, n) => this.#workerSql(id, n))].join('\n');
  }

  async run(commands: readonly Command[]): Promise<void> {
    for (const command of commands) {
      await this.#step(command);
      await this.#readUnblocked();
    }
  }

  async #step(command: Command): Promise<void> {
    const { model } = this;
    switch (command.verb) {
      case 'submit':
        return this.#submit(command);
      case 'claim':
        return this.#claim(command);
      case 'cancel':
        return this.#onTask(command, (task) => ({
          act: () =>
            this.#testStore.store.cancelTask({ taskId: task.id, actor: command.actor, note: command.note }),
          expected: () => model.cancel(task, command.actor, command.note),
        }));
      case 'retry':
        return this.#onTask(command, (task) => ({
          act: () => this.#testStore.store.retryTask({ taskId: task.id, actor: command.actor }),
          expected: () => model.retry(task, command.actor),
        }));
      case 'leave':
        return this.#leave(command.worker);
      case 'lose':
        return this.#lose(command.worker);
      case 'overrun':
        return this.#overrun(command.target);
      case 'wait':
        return this.#wait();
      case 'limit':
        return this.#limit(command);
      case 'pause':
        return this.#pause(command);
      default:
        return this.#report(command);
    }
  }

  async #submit({
    job: n,
    priority,
    later,
    key,
    hold,
    payload,
    limitKey,
    actor,
    dependsOn,
  }: Extract<Command, { verb: 'submit' }>): Promise<void> {
    const job = this.jobs[n] as { id: string; room: string };
    const runAt = later ? new Date(Date.now() + HOUR_MS) : null;
    const edges = new Map<ModelTask, boolean>();
    for (const { target, runsOnFailure } of dependsOn) {
      const parent = this.#find(target);
      if (parent && !edges.has(parent)) edges.set(parent, runsOnFailure);
    }
    const parents = [...edges].map(([parent, runsOnFailure]) => ({ parent, runsOnFailure }));
    const result = await this.#testStore.store.submitTask(
      submissionOf(job, {
        ...{ priority, runAt, idempotencyKey: key, createdBy: actor, limitKey, payload: { n: payload } },
        keyHold: hold && HOLDS[hold],
        dependsOn: parents.map(({ parent: { id: parent }, runsOnFailure }) => ({ parent, runsOnFailure })),
      }),
    );
    const existing = key === null ? undefined : this.model.findByKey(n, key);
    expect(result.kind).toBe(existing ? 'duplicate' : 'created');
    if (result.kind === 'duplicate' && existing) {
      if (hold === 'debounced' && existing.hold === 'debounced') {
        this.model.debounce(existing, payload, actor);
        expect(result.task.runAt.getTime()).toBeGreaterThan(Date.now());
        existing.runAt = result.task.runAt.getTime();
      }
      expect(result.payloadDiffers).toBe(existing.payload !== payload);
      return expectSame(result.task, existing);
    }
    if (result.kind !== 'created') return;
    const { id, runAt: at, maxAttempts } = result.change.task;
    expect(maxAttempts).toBe(JOBS[n]?.maxAttempts);
    const due = !later && hold !== 'debounced';
    const given = { id, job: n, priority, runAt: at.getTime(), due, maxAttempts, limitKey, payload, hold };
    const task = this.model.submit(given, key, actor, parents);
    expectSameTransition(result.change.transition, task.transitions[0]);
    if (result.now) task.runAt = result.now.runAt.getTime();
    expectSame(result.now ?? result.change.task, task);
  }

  /** When unblocked tasks may run is said by the clock of the database. */
  async #readUnblocked(): Promise<void> {
    const unblocked = this.model.unblocked.splice(0);
    for (const row of await this.#testStore.store.findTasks(unblocked.map(({ id }) => id))) {
      const task = unblocked.find(({ id }) => id === row.id) as ModelTask;
      expect(row.runAt.getTime()).toBeGreaterThanOrEqual(task.runAt);
      task.runAt = row.runAt.getTime();
    }
  }

  async #claim({ worker: n, limit, start, twice }: Extract<Command, { verb: 'claim' }>): Promise<void> {
    const workerId = this.workers[n] as string;
    const wanted = this.model.claimable(SERVES[n] as number[], twice ? 2 * limit : limit);
    const claim = () => this.#testStore.store.claimTasks({ workerId, limit, start, actor: 'wim' });
    const claimed = await Promise.all(twice ? [claim(), claim()] : [claim()]);
    // Two claims at the same time share the best tasks between them in any way.
    for (const tasks of claimed) {
      const places = tasks.map(({ id }) => wanted.findIndex((task) => task.id === id));
      expect(places).toEqual([...places].sort((a, b) => a - b));
    }
    const taken = claimed.flat();
    expect(taken.map(({ id }) => id).sort()).toEqual(wanted.map(({ id }) => id).sort());
    for (const task of wanted) {
      this.model.claim(task, workerId, start, 'wim');
      const row = taken.find(({ id }) => id === task.id) as TaskRow;
      expectSame(row, task);
      expect(row.payload).toEqual({ n: task.payload });
    }
  }

  #report(command: Extract<Command, { verb: ReportVerb }>): Promise<void> {
    const { verb, worker: n, shift } = command;
    const { store } = this.#testStore;
    return this.#onTask(command, (task) => {
      const last = task.holder ?? task.transitions.findLast(({ workerId }) => workerId)?.workerId;
      const workerId = (n === null ? last : undefined) ?? (this.workers[n ?? 0] as string);
      const held = { taskId: task.id, workerId, attempt: task.attempt + shift, actor: 'wim' };
      const act = (): Promise<VerbResult<TaskChange>> => {
        switch (verb) {
          case 'start':
            return store.startTask(held);
          case 'complete':
            return store.completeTask({ ...held, outcome: 'COMPLETED', result: { n: 1 } });
          case 'completePartly':
            return store.completeTask({ ...held, outcome: 'PARTIAL', result: { n: 1 } });
          case 'fail':
          case 'failForGood':
            return store.failTask({ ...held, error: failure(verb === 'fail') });
          case 'release':
            return store.releaseTask(held);
          case 'progress':
            return store.reportProgress({ ...held, percent: 50, message: 'half' });
        }
      };
      return {
        act,
        expected: () => this.model.report(verb, { task, ...held }, JOBS[task.job] as ModelJob),
        repeatable: verb === 'progress',
      };
    });
  }

  /** Acts on a task, once or twice at the same time, and compares. */
  async #onTask(
    { target, twice }: { target: Target; twice: boolean },
    prepare: (task: ModelTask) => {
      act: () => Promise<VerbResult<TaskChange>>;
      expected: () => boolean;
      repeatable?: boolean;
    },
  ): Promise<void> {
    const task = this.#find(target);
    if (!task) return;
    const { act, expected, repeatable = false } = prepare(task);
    const results = await Promise.all(twice ? [act(), act()] : [act()]);
    const heard = expected();
    const changes = results.flatMap((result) => (result.kind === 'changed' ? [result.change] : []));
    expect(changes).toHaveLength(heard ? (repeatable ? results.length : 1) : 0);
    for (const change of changes) {
      // The database's clock says when a task may run again.
      if (change.kind === 'transition' && change.transition.to === 'PENDING')
        task.runAt = change.task.runAt.getTime();
      expectChange(change, task);
    }
    for (const result of results) if (result.kind === 'refused') expectSame(result.task, task);
  }

  async #leave(n: number): Promise<void> {
    const workerId = this.workers[n] as string;
    const released = this.model.heldBy(workerId).length;
    expect(await this.#testStore.store.deregisterWorker(workerId, 'wim')).toBe(released);
    this.model.leave(workerId, 'wim');
    expect(
      await this.#testStore.store.claimTasks({ workerId, limit: 1, start: false, actor: 'wim' }),
    ).toEqual([]);
    // Another one takes its place.
    const next = newUuid();
    this.workers[n] = next;
    await this.#testStore.db.script(this.#workerSql(next, n));
  }

  /** The worker is silent, given up for dead, and comes back. */
  async #lose(n: number): Promise<void> {
    const workerId = this.workers[n] as string;
    const held = this.model.heldBy(workerId);
    const { db, store } = this.#testStore;
    const changes = await this.#alone(async () => {
      await db.script(
        `UPDATE worker SET last_heartbeat_at = now() - interval '1 day' WHERE id = '${workerId}'`,
      );
      const rescued = await store.rescueTasks(1_000);
      await store.beat(workerId);
      return rescued;
    });
    this.model.lose(workerId, JOBS);
    this.#expectChanges(changes, held);
  }

  async #overrun(target: Target): Promise<void> {
    const task = this.#find(target);
    if (!task) return;
    const isRunning = task.status === 'RUNNING';
    const changes = await this.#alone(async () => {
      if (isRunning) {
        await this.#testStore.db.script(
          `UPDATE task SET started_at = now() - interval '2 hours' WHERE id = '${task.id}'`,
        );
      }
      return this.#testStore.store.timeOutTasks(1_000);
    });
    this.model.overrun(task, JOBS);
    this.#expectChanges(changes, isRunning ? [task] : []);
  }

  #find({ among, n }: Target): ModelTask | undefined {
    const { tasks } = this.model;
    const wanted = tasks.filter(({ status }) => among.includes(status));
    const choice = wanted.length > 0 ? wanted : tasks;
    return choice[n % Math.max(choice.length, 1)];
  }

  #expectChanges(changes: readonly TaskChange[], tasks: readonly ModelTask[]): void {
    expect(changes.map(({ task }) => task.id).sort()).toEqual(tasks.map(({ id }) => id).sort());
    for (const change of changes) {
      const task = tasks.find(({ id }) => id === change.task.id) as ModelTask;
      task.runAt = change.task.runAt.getTime();
      expectChange(change, task);
    }
  }

  /** Time passes: all that waited for its time has come to it. */
  async #wait(): Promise<void> {
    this.model.passPeriods();
    const jobs = this.jobs.map(({ id }) => `'${id}'`).join();
    await this.#testStore.db.script(`UPDATE task_gate SET opens_at = opens_at - interval '2 hours', starts = (
        SELECT jsonb_agg(jsonb_build_array((s->>0)::float8 - ${2 * HOUR_MS}, s->1)) FROM jsonb_array_elements(starts) s
      ) WHERE starts IS NOT NULL AND job_id IN (${jobs});
      UPDATE task SET key_until = key_until - interval '2 hours' WHERE key_until IS NOT NULL AND job_id IN (${jobs})`);
    const waiting = this.model.tasks.filter(({ status, due }) => status === 'PENDING' && !due);
    if (waiting.length === 0) return;
    const ids = waiting.map(({ id }) => `'${id}'`).join(', ');
    await this.#testStore.db.script(moveRunAt("run_at - interval '2 hours'", `id IN (${ids})`));
    for (const task of waiting) {
      task.due = true;
      task.runAt -= 2 * HOUR_MS;
    }
  }

  async #limit({ job, limits }: Extract<Command, { verb: 'limit' }>): Promise<void> {
    const changed = await this.#testStore.store.updateJob(
      (this.jobs[job] as { id: string }).id,
      { limits: limits.map(toLimit) },
      'ann',
    );
    expect(changed?.limits).toEqual(limits.map(toLimit));
    this.model.limit(job, limits);
  }

  async #pause({ job, where, paused }: Extract<Command, { verb: 'pause' }>): Promise<void> {
    const { id: jobId, room } = this.jobs[job] as { id: string; room: string };
    const target = { jobId, room: where === 'all' ? null : room, actor: 'ann' };
    const { store } = this.#testStore;
    if (paused) await store.pauseJob(target, null);
    else await store.resumeJob(target);
    this.model.pause(job, where, paused);
  }

  #workerSql(id: string, n: number): string {
    const served = (SERVES[n] as number[]).map((job) => `('${id}', '${this.jobs[job]?.id}')`).join(', ');
    const jobs = (SERVES[n] as number[]).map((job) => `'${this.jobs[job]?.id}'`).join();
    return `INSERT INTO worker (id, name, owner, capacity, open_jobs, gated)
      SELECT '${id}', 'w', 'wim', 1, COALESCE(array_agg(id) FILTER (WHERE NOT paused), '{}'), bool_or(gated)
      FROM job WHERE id IN (${jobs});
      INSERT INTO worker_job (worker_id, job_id) VALUES ${served};`;
  }
}

const toLimit = ({ name, byKey, maxRunning, starts }: ModelLimit): JobLimit => ({
  ...{ name, scope: byKey ? 'KEY' : 'JOB', keyPointer: null, maxRunning },
  rate: starts === null ? null : { count: starts, perSeconds: 3_600 },
});

/** The task that a store tells of is the one of the model. */
export function expectSame(row: TaskRow | null, task: ModelTask): void {
  const { id, status, attempt, failures, maxAttempts, holder, progress, priority, errorCode } = task;
  expect(row).toMatchObject({
    id,
    status,
    attempt,
    failures,
    maxAttempts,
    workerId: holder,
    progress,
    priority,
  });
  expect(row?.version).toBe(task.transitions.length);
  expect(row?.error?.code ?? null).toBe(errorCode);
  expect(row?.runAt.getTime()).toBe(task.runAt);
}

export function expectSameTransition(row: TransitionRow, expected: unknown): void {
  const { version, from, to, reason, attempt, workerId, actor, note, error } = row;
  expect({
    version,
    from,
    to,
    reason,
    attempt,
    workerId,
    actor,
    note,
    errorCode: error?.code ?? null,
  }).toEqual(expected);
}

function expectChange(change: TaskChange, task: ModelTask): void {
  expectSame(change.task, task);
  if (change.kind === 'transition') expectSameTransition(change.transition, task.transitions.at(-1));
}
