/**
 * Reads from a transition log in which order tasks of a fair job were claimed, and says in sentences where a scope, a room or
 * a key, was passed by.
 *
 * The promise: from the moment that a scope has a task which can be claimed, each other scope of the same priority gets at
 * most one claim before it. To that come claims that could not see or have the task: those under way when it became
 * claimable, and those beside a claim that has locked it, whether that commits or is rolled back. No log says how many
 * these were, since what was rolled back is in none. But each of them was under way together with one other transaction. So
 * claims are counted as a chain: each began to write when all that had begun before the one before it was over. What one other
 * transaction hides, it hides from two claims of a chain at most for each claim that can be under way.
 */
import type { LogEntry } from './checker.ts';

/** What the order of turns needs of a task. */
export interface TurnTask {
  id: string;
  /** Full name. */
  job: string;
  room: string;
  priority: number;
  /** Of its payload, where the job is fair by a key. */
  turnKey: string | null;
}

/** A while in which the job was certainly fair by this: between two ids of the log. */
export interface TurnPhase {
  job: string;
  from: number;
  to: number;
  scopeOf(task: TurnTask): string;
}

export interface TurnEvidence {
  log: readonly LogEntry[];
  tasks: readonly TurnTask[];
  phases: readonly TurnPhase[];
  /** Claims that can be under way at the same time. */
  claimants: number;
  /** Transactions in a row that may hide the task of a scope: one that sorts it in, and such as are killed. */
  hidden: number;
}

export function checkTurns({ log, tasks, phases, claimants, hidden }: TurnEvidence): string[] {
  const entries = [...log].sort((a, b) => a.id - b.id);
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const most = 1 + 2 * claimants * hidden;
  return phases.flatMap((phase) => [...findPassedBy(entries, byId, phase, most)]);
}

/** A scope that has waiting tasks of a priority. */
class Scope {
  /** What waits, and from when on it can be claimed, in milliseconds since 1970. */
  readonly waiting = new Map<string, number>();
  /** The transaction that claimed one of its tasks last, or made the first one that waits. */
  #since = 0n;
  /** By other scope: its claims, as a chain that ends with a transaction. */
  readonly #passing = new Map<string, { count: number; last: bigint }>();

  begin(xid: bigint): void {
    this.#since = xid;
    this.#passing.clear();
  }

  canBeClaimed(at: number): boolean {
    for (const due of this.waiting.values()) if (due < at) return true;
    return false;
  }

  /** Another scope was served. @returns how often in a row now */
  passedBy(other: string, xid: bigint, horizon: bigint): number {
    const chain = this.#passing.get(other) ?? { count: 0, last: this.#since };
    // Else it may have been under way together with the one before it.
    if (horizon > chain.last) this.#passing.set(other, { count: chain.count + 1, last: xid });
    return this.#passing.get(other)?.count ?? 0;
  }
}

function* findPassedBy(
  entries: readonly LogEntry[],
  tasks: ReadonlyMap<string, TurnTask>,
  { job, from, to, scopeOf }: TurnPhase,
  most: number,
): Iterable<string> {
  const byPriority = new Map<number, Map<string, Scope>>();
  for (const entry of entries) {
    const task = tasks.get(entry.taskId);
    if (task?.job !== job || entry.id > to) continue;
    const scopes = byPriority.get(task.priority) ?? new Map<string, Scope>();
    byPriority.set(task.priority, scopes);
    const name = scopeOf(task);
    const scope = scopes.get(name) ?? new Scope();
    scopes.set(name, scope);
    const [xid, horizon] = [BigInt(entry.xid), BigInt(entry.horizon)];
    if (entry.to === 'PENDING') {
      if (scope.waiting.size === 0) scope.begin(xid);
      scope.waiting.set(task.id, entry.dueAt ?? Number.NEGATIVE_INFINITY);
      continue;
    }
    scope.waiting.delete(task.id);
    if (entry.reason !== 'CLAIMED') continue;
    scope.begin(xid);
    // What was sorted in by the fairness before is out of its order yet.
    if (entry.id <= from) continue;
    for (const [waiting, other] of scopes) {
      if (other === scope || !other.canBeClaimed(entry.at)) continue;
      if (other.passedBy(name, xid, horizon) === most + 1)
        yield `${job}: "${waiting}" waited while "${name}" was served ${most + 1} times`;
    }
  }
}
