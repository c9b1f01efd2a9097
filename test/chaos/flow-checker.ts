/**
 * Reads from a transition log who held what when, and says in sentences where that broke a limit, or left something
 * waiting that could have run.
 *
 * The order is that of the ids of the log. A claim gets its id while it holds the gates that it passes, and sees only slots
 * that were given back by what has been committed before. So whatever limits allow is allowed in this order, too.
 */
import { HELD_STATUSES } from '../../src/domain/transitions.ts';
import type { LogEntry } from './checker.ts';

/** What limits and the order of the claim need of a task. */
export interface FlowTask {
  id: string;
  /** Full name. */
  job: string;
  room: string;
  createdBy: string;
  limitKey: string | null;
  /** What a limit finds in its payload. */
  rateKey: string | null;
}

export interface FlowLimit {
  name: string;
  /** What it counts a task under; null: it does not count it. */
  keyOf(task: FlowTask): string | null;
  maxRunning?: number;
  rate?: { count: number; perMs: number };
}

/** A while in which these were certainly the limits of the job: between two ids of the log. */
export interface LimitPhase {
  from: number;
  to: number;
  limits: readonly FlowLimit[];
}

/** A while without faults, in milliseconds since 1970. */
export interface Calm {
  from: number;
  to: number;
  limits: readonly FlowLimit[];
  /** Tasks that all workers together can hold. */
  capacity: number;
  /** How long a task may wait although it could run. */
  beatMs: number;
}

export interface FlowEvidence {
  log: readonly LogEntry[];
  tasks: readonly FlowTask[];
  phases: readonly LimitPhase[];
  /** Null: it is not asked whether anything waited too long. */
  calm: Calm | null;
}

export function checkFlow({ log, tasks, phases, calm }: FlowEvidence): string[] {
  const entries = [...log].sort((a, b) => a.id - b.id);
  const byId = new Map(tasks.map((task) => [task.id, task]));
  return [
    ...phases.flatMap((phase) => [
      ...findExceeded(entries, byId, phase),
      ...findTooFast(entries, byId, phase),
    ]),
    ...(calm ? findIdle(entries, byId, calm) : []),
  ];
}

const isHeld = ({ to }: LogEntry) => (HELD_STATUSES as readonly string[]).includes(to);

/** Claims after which more of a key ran than its limit allows. What ran beyond it before may go on. */
function* findExceeded(
  entries: readonly LogEntry[],
  tasks: ReadonlyMap<string, FlowTask>,
  { from, to, limits }: LimitPhase,
): Iterable<string> {
  const held = new Set<string>();
  const running = new Counts();
  for (const entry of entries) {
    const task = tasks.get(entry.taskId);
    if (!task || entry.id > to) continue;
    const change = Number(isHeld(entry)) - Number(held.has(task.id));
    if (isHeld(entry)) held.add(task.id);
    else held.delete(task.id);
    for (const limit of limits) {
      const key = limit.keyOf(task);
      if (key === null || limit.maxRunning === undefined) continue;
      const now = running.add(`${limit.name} ${key}`, change);
      if (entry.reason === 'CLAIMED' && entry.id > from && now > limit.maxRunning)
        yield `${task.id}: was claimed as number ${now} of "${key}", limit ${limit.name} is ${limit.maxRunning}`;
    }
  }
}

/** Starts that a rate does not allow, in whatever period. */
function* findTooFast(
  entries: readonly LogEntry[],
  tasks: ReadonlyMap<string, FlowTask>,
  { from, to, limits }: LimitPhase,
): Iterable<string> {
  for (const { name, rate, keyOf } of limits) {
    if (!rate) continue;
    const starts = new Map<string, number[]>();
    for (const { reason, id, taskId, at } of entries) {
      const task = tasks.get(taskId);
      const key = task ? keyOf(task) : null;
      if (reason !== 'CLAIMED' || key === null || id <= from || id > to) continue;
      starts.set(key, [...(starts.get(key) ?? []), at]);
    }
    for (const [key, times] of starts) {
      times.sort((a, b) => a - b);
      const early = times.findIndex(
        (at, n) => at - (times[n - rate.count] ?? Number.NEGATIVE_INFINITY) < rate.perMs,
      );
      if (early >= 0)
        yield `limit ${name} of "${key}": ${rate.count + 1} starts in ${(times[early] as number) - (times[early - rate.count] as number)} ms`;
    }
  }
}

/** Tasks that waited for longer than the beat while every limit had room and a worker was free. */
function findIdle(
  entries: readonly LogEntry[],
  tasks: ReadonlyMap<string, FlowTask>,
  { from, to, limits, capacity, beatMs }: Calm,
): string[] {
  const pending = new Map<string, number>();
  const held = new Set<string>();
  const gates = new Gates(limits);
  const idle = new Map<string, string>();
  let freeSince = Number.NEGATIVE_INFINITY;
  let now = Number.NEGATIVE_INFINITY;

  function look(): void {
    for (const [id, since] of pending) {
      const couldSince = Math.max(from, since, freeSince, gates.openSince(tasks.get(id) as FlowTask, now));
      if (now - couldSince > beatMs)
        idle.set(id, `${id}: could have run and waited for ${now - couldSince} ms or longer`);
    }
  }

  for (const entry of entries) {
    const task = tasks.get(entry.taskId);
    if (!task || entry.at > to) continue;
    // An id that comes later may belong to a transaction that began before.
    now = Math.max(now, entry.at);
    if (now > from) look();
    const hadHeld = held.has(task.id);
    if (isHeld(entry)) held.add(task.id);
    else held.delete(task.id);
    if (entry.to === 'PENDING') pending.set(task.id, Math.max(now, entry.dueAt ?? now));
    else pending.delete(task.id);
    if (held.has(task.id) !== hadHeld) gates.move(task, hadHeld ? -1 : 1, now);
    if (held.size >= capacity) freeSince = Number.POSITIVE_INFINITY;
    else if (freeSince === Number.POSITIVE_INFINITY) freeSince = now;
  }
  now = to;
  look();
  return [...idle.values()];
}

/** Since when each limit has room. */
class Gates {
  readonly #limits: readonly FlowLimit[];
  readonly #running = new Counts();
  readonly #openSince = new Map<string, number>();
  readonly #starts = new Map<string, number[]>();

  constructor(limits: readonly FlowLimit[]) {
    this.#limits = limits;
  }

  move(task: FlowTask, by: 1 | -1, now: number): void {
    for (const [{ maxRunning, rate }, name] of this.#of(task)) {
      if (rate && by > 0) this.#starts.set(name, [...(this.#starts.get(name) ?? []), now]);
      if (maxRunning === undefined) continue;
      const isOpen = this.#running.add(name, by) < maxRunning;
      if (!isOpen) this.#openSince.set(name, Number.POSITIVE_INFINITY);
      else if (this.#openSince.get(name) === Number.POSITIVE_INFINITY) this.#openSince.set(name, now);
    }
  }

  /** Since when all limits of the task have room; in the future where one has none. */
  openSince(task: FlowTask, now: number): number {
    return Math.max(
      ...this.#of(task).map(([{ rate }, name]) => {
        if (!rate) return this.#openSince.get(name) ?? Number.NEGATIVE_INFINITY;
        const taken = (this.#starts.get(name) ?? []).toSorted((a, b) => a - b);
        const open = (taken.at(-rate.count) ?? Number.NEGATIVE_INFINITY) + rate.perMs;
        return open > now ? Number.POSITIVE_INFINITY : open;
      }),
      Number.NEGATIVE_INFINITY,
    );
  }

  #of(task: FlowTask): [FlowLimit, string][] {
    return this.#limits.flatMap((limit) => {
      const key = limit.keyOf(task);
      return key === null ? [] : [[limit, `${limit.name} ${key}`] as [FlowLimit, string]];
    });
  }
}

class Counts {
  readonly #counts = new Map<string, number>();

  /** @returns how many there are now */
  add(key: string, by: number): number {
    const now = (this.#counts.get(key) ?? 0) + by;
    this.#counts.set(key, now);
    return now;
  }
}
