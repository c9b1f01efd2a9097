/**
 * DESIGN.md's state machine a second time: plain objects in memory, one thing after the other, without any of the
 * program's rules. What a store does is compared with it.
 */
import { toTypeId } from '../../src/domain/typeid.ts';

export type Status =
  | 'WAITING'
  | 'PENDING'
  | 'CLAIMED'
  | 'RUNNING'
  | 'COMPLETED'
  | 'PARTIAL'
  | 'FAILED'
  | 'CANCELLED';

/** What the log should say. */
export interface ModelTransition {
  version: number;
  from: Status | null;
  to: Status;
  reason: string;
  attempt: number;
  /** The worker that held the task before or holds it after. */
  workerId: string | null;
  actor: string;
  note: string | null;
  errorCode: string | null;
}

export interface ModelTask {
  id: string;
  job: number;
  priority: number;
  /** Taken from the database, whose clock it is. */
  runAt: number;
  due: boolean;
  status: Status;
  attempt: number;
  failures: number;
  maxAttempts: number;
  holder: string | null;
  progress: number;
  errorCode: string | null;
  limitKey: string | null;
  payload: number;
  /** How long it holds its idempotency key; null: for ever. */
  hold: ModelHold | null;
  /** Of a hold for a time: it is over. */
  isHoldOver: boolean;
  /** What it depends on, in order; an edge is settled once its parent has ended. */
  dependsOn: { parent: ModelTask; runsOnFailure: boolean; settled: boolean }[];
  transitions: ModelTransition[];
}

/** Until it has ended, for a time that passes when all time does, or until it is claimed. */
export type ModelHold = 'finished' | 'time' | 'debounced';

export interface ModelJob {
  maxAttempts: number;
  /** Whether a failed attempt can be repeated at once, or only when time has passed. */
  repeatsAtOnce: boolean;
}

/** A limit of a job, all of it or by the key of a task. */
export interface ModelLimit {
  name: string;
  byKey: boolean;
  maxRunning: number | null;
  /** Starts in a period, which only passes when all time does. */
  starts: number | null;
}

export interface Report {
  task: ModelTask;
  workerId: string;
  attempt: number;
  actor: string;
}

export type ReportVerb =
  | 'start'
  | 'complete'
  | 'completePartly'
  | 'fail'
  | 'failForGood'
  | 'release'
  | 'progress';

export class Model {
  readonly tasks: ModelTask[] = [];
  /** Requests to stop that were not answered, as `worker task attempt`. */
  readonly stops = new Set<string>();
  /** What has come out of its waiting; the clock of the database says when it may run. */
  readonly unblocked: ModelTask[] = [];
  readonly #keys = new Map<string, ModelTask>();
  /** Of each job, by its number. */
  readonly #limits = new Map<number, readonly ModelLimit[]>();
  readonly #paused = new Set<string>();
  /** Starts in this period, by job, limit and key. */
  readonly #starts = new Map<string, number>();

  /** The task that holds the idempotency key. */
  findByKey(job: number, key: string): ModelTask | undefined {
    const task = this.#keys.get(`${job} ${key}`);
    return task && holdsKey(task) ? task : undefined;
  }

  submit(
    given: Pick<
      ModelTask,
      'id' | 'job' | 'priority' | 'runAt' | 'due' | 'maxAttempts' | 'limitKey' | 'payload' | 'hold'
    >,
    key: string | null,
    actor: string,
    parents: readonly { parent: ModelTask; runsOnFailure: boolean }[] = [],
  ): ModelTask {
    const status = parents.length > 0 ? 'WAITING' : 'PENDING';
    const task: ModelTask = {
      ...given,
      status,
      dependsOn: parents.map((edge) => ({ ...edge, settled: false })),
      attempt: 0,
      failures: 0,
      holder: null,
      progress: 0,
      errorCode: null,
      isHoldOver: false,
      transitions: [],
    };
    log(task, { from: null, to: status, reason: 'SUBMITTED', actor });
    this.tasks.push(task);
    if (key !== null) this.#keys.set(`${given.job} ${key}`, task);
    this.#settle(parents.map(({ parent }) => parent).filter(hasEnded));
    return task;
  }

  /** A debounced task was submitted again under its key. When it runs is said by the clock of the database. */
  debounce(task: ModelTask, payload: number, actor: string): void {
    task.payload = payload;
    task.due = false;
    move(task, task.status, 'UPDATED', { actor, note: 'It was submitted again under its key.' });
  }

  /** The tasks that a claim must get now, in order: the best, but for those that a limit stops. */
  claimable(jobs: readonly number[], limit: number): ModelTask[] {
    const chosen: ModelTask[] = [];
    const passed = new Map<string, number>();
    for (const task of this.#waiting(jobs)) {
      const gates = this.#gatesOf(task);
      if (
        chosen.length === limit ||
        gates.some((gate) => gate.used + (passed.get(gate.id) ?? 0) >= gate.most)
      )
        continue;
      for (const { id } of gates) passed.set(id, (passed.get(id) ?? 0) + 1);
      chosen.push(task);
    }
    return chosen;
  }

  #waiting(jobs: readonly number[]): ModelTask[] {
    return this.tasks
      .filter((task) => task.status === 'PENDING' && task.due && jobs.includes(task.job))
      .filter(({ job }) => !this.#paused.has(`${job} all`) && !this.#paused.has(`${job} room`))
      .sort((a, b) => b.priority - a.priority || a.runAt - b.runAt || (a.id < b.id ? -1 : 1));
  }

  /** What the task counts under, and how much of that is used: counted anew each time. */
  #gatesOf(task: ModelTask): { id: string; used: number; most: number }[] {
    const limits = this.#limits.get(task.job) ?? [];
    return limits
      .filter(({ byKey }) => !byKey || task.limitKey !== null)
      .map((limit) => {
        const id = gateOf(task, limit);
        const running = this.tasks.filter(
          (other) => other.holder !== null && other.job === task.job && gateOf(other, limit) === id,
        );
        return limit.starts === null
          ? { id, used: running.length, most: limit.maxRunning ?? 0 }
          : { id, used: this.#starts.get(id) ?? 0, most: limit.starts };
      });
  }

  /** The job has these limits from now on. One that counts as before goes on with what it has counted. */
  limit(job: number, limits: readonly ModelLimit[]): void {
    const before = this.#limits.get(job) ?? [];
    for (const { name, byKey, starts } of before) {
      const isKept = limits.some(
        (limit) =>
          limit.name === name && limit.byKey === byKey && (limit.starts === null) === (starts === null),
      );
      if (isKept) continue;
      for (const id of this.#starts.keys()) if (id.startsWith(`${job} ${name} `)) this.#starts.delete(id);
    }
    this.#limits.set(job, limits);
  }

  /** In all rooms, or in its own. */
  pause(job: number, where: 'all' | 'room', paused: boolean): void {
    if (paused) this.#paused.add(`${job} ${where}`);
    else this.#paused.delete(`${job} ${where}`);
  }

  /** Every period is over, of rates and of keys. */
  passPeriods(): void {
    this.#starts.clear();
    for (const task of this.tasks) task.isHoldOver = true;
  }

  claim(task: ModelTask, workerId: string, start: boolean, actor: string): void {
    for (const { id } of this.#gatesOf(task)) this.#starts.set(id, (this.#starts.get(id) ?? 0) + 1);
    task.attempt += 1;
    task.holder = workerId;
    task.progress = 0;
    move(task, 'CLAIMED', 'CLAIMED', { actor, workerId });
    if (start) move(task, 'RUNNING', 'STARTED', { actor, workerId });
  }

  /** What a worker says of an attempt. @returns whether it is heard */
  report(verb: ReportVerb, { task, workerId, attempt, actor }: Report, job: ModelJob): boolean {
    const from: Status[] =
      verb === 'start' ? ['CLAIMED'] : verb === 'release' ? ['CLAIMED', 'RUNNING'] : ['RUNNING'];
    if (!from.includes(task.status) || task.holder !== workerId || task.attempt !== attempt) return false;
    const by = { actor, workerId };
    switch (verb) {
      case 'start':
        move(task, 'RUNNING', 'STARTED', by);
        break;
      case 'complete':
        task.progress = 100;
        task.errorCode = null;
        letGo(task, 'COMPLETED', 'COMPLETED', by);
        this.#settle([task]);
        break;
      case 'completePartly':
        task.errorCode = null;
        letGo(task, 'PARTIAL', 'COMPLETED', by);
        this.#settle([task]);
        break;
      case 'fail':
      case 'failForGood':
        this.#failAttempt(task, verb === 'fail', { ...by, errorCode: 'E_TEST' }, job);
        this.#settle([task].filter(hasEnded));
        break;
      case 'release':
        letGo(task, 'PENDING', 'RELEASED', by);
        break;
      case 'progress':
        task.progress = 50;
        break;
    }
    return true;
  }

  /** @returns whether the task could be cancelled */
  cancel(task: ModelTask, actor: string, note: string | null): boolean {
    if (!['WAITING', 'PENDING', 'CLAIMED', 'RUNNING'].includes(task.status)) return false;
    this.#askToStop(task);
    letGo(task, 'CANCELLED', 'CANCELLED', { actor, note, workerId: task.holder });
    this.#settle([task]);
    return true;
  }

  /** @returns whether the task had failed */
  retry(task: ModelTask, actor: string): boolean {
    if (task.status !== 'FAILED') return false;
    task.failures = 0;
    task.progress = 0;
    task.due = true;
    move(task, 'PENDING', 'RETRY_REQUESTED', { actor });
    return true;
  }

  heldBy(workerId: string): ModelTask[] {
    return this.tasks.filter(({ holder }) => holder === workerId);
  }

  /** The worker leaves: what it holds goes back, and nobody asks it to stop any more. */
  leave(workerId: string, actor: string): void {
    for (const task of this.heldBy(workerId)) letGo(task, 'PENDING', 'RELEASED', { actor, workerId });
    for (const stop of this.stops) if (stop.startsWith(workerId)) this.stops.delete(stop);
  }

  /** The worker was silent for too long. */
  lose(workerId: string, jobs: readonly ModelJob[]): void {
    const held = this.heldBy(workerId);
    for (const task of held) {
      this.#askToStop(task);
      const by = { actor: '@system', workerId, errorCode: 'WORKER_LOST' };
      if (task.status === 'CLAIMED') letGo(task, 'PENDING', 'WORKER_LOST', by);
      else this.#failAttempt(task, true, by, jobs[task.job] as ModelJob, 'WORKER_LOST');
    }
    this.#settle(held.filter(hasEnded));
  }

  /** The attempt ran for too long. */
  overrun(task: ModelTask, jobs: readonly ModelJob[]): void {
    if (task.status !== 'RUNNING') return;
    this.#askToStop(task);
    const by = { actor: '@system', workerId: task.holder, errorCode: 'TIMED_OUT' };
    this.#failAttempt(task, true, by, jobs[task.job] as ModelJob, 'TIMED_OUT');
    this.#settle([task].filter(hasEnded));
  }

  /** What the end of these tasks, in one moment, does to what waits for them, and so on. */
  #settle(ended: readonly ModelTask[]): void {
    if (ended.length === 0) return;
    const waiting = this.tasks.filter(({ dependsOn }) =>
      dependsOn.some(({ parent, settled }) => ended.includes(parent) && !settled),
    );
    for (const { dependsOn } of waiting) {
      for (const edge of dependsOn) edge.settled ||= ended.includes(edge.parent);
    }
    const by = { actor: '@system' };
    const cancelled = waiting.filter((task) => {
      const reason = task.dependsOn.find(
        ({ parent, runsOnFailure }) => ended.includes(parent) && !runsOnFailure && !endedWell(parent),
      );
      if (!reason || task.status !== 'WAITING') return false;
      const note = `It depends on ${toTypeId('task', reason.parent.id)}, which did not end well.`;
      move(task, 'CANCELLED', 'DEPENDENCY_FAILED', { ...by, note });
      return true;
    });
    for (const task of waiting) {
      if (task.status === 'WAITING' && task.dependsOn.every(({ settled }) => settled)) {
        this.unblocked.push(task);
        move(task, 'PENDING', 'UNBLOCKED', by);
      }
    }
    this.#settle(cancelled);
  }

  #failAttempt(
    task: ModelTask,
    retryable: boolean,
    by: By & { errorCode: string },
    job: ModelJob,
    reason?: string,
  ) {
    task.failures += 1;
    task.errorCode = by.errorCode;
    if (retryable && task.failures < task.maxAttempts) {
      task.due = job.repeatsAtOnce;
      letGo(task, 'PENDING', reason ?? 'RETRY_SCHEDULED', by);
    } else {
      letGo(task, 'FAILED', reason ?? 'FAILED', by);
    }
  }

  #askToStop(task: ModelTask): void {
    if (task.holder !== null) this.stops.add(`${task.holder} ${task.id} ${task.attempt}`);
  }
}

const gateOf = ({ job, limitKey }: ModelTask, { name, byKey }: ModelLimit) =>
  `${job} ${name} ${byKey ? `key ${limitKey}` : ''}`;
/** Of a task that was not claimed, a debounced submission is a further one; else it makes a new task. */
function holdsKey(task: ModelTask): boolean {
  if (task.hold === 'finished') return !hasEnded(task);
  if (task.hold === 'time') return !task.isHoldOver;
  return task.hold === null || (task.attempt === 0 && task.status === 'PENDING');
}

const hasEnded = ({ status }: ModelTask) => ['COMPLETED', 'PARTIAL', 'FAILED', 'CANCELLED'].includes(status);
const endedWell = ({ status }: ModelTask) => ['COMPLETED', 'PARTIAL'].includes(status);

type By = { actor: string } & Partial<Pick<ModelTransition, 'workerId' | 'note' | 'errorCode'>>;

function letGo(task: ModelTask, to: Status, reason: string, by: By): void {
  task.holder = null;
  move(task, to, reason, by);
}

function move(task: ModelTask, to: Status, reason: string, by: By): void {
  const from = task.status;
  task.status = to;
  log(task, { ...by, from, to, reason });
}

function log(task: ModelTask, transition: By & Pick<ModelTransition, 'from' | 'to' | 'reason'>): void {
  const { attempt, transitions } = task;
  transitions.push({
    workerId: null,
    note: null,
    errorCode: null,
    ...transition,
    attempt,
    version: transitions.length + 1,
  });
}
