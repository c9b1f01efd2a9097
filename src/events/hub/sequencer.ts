/**
 * Puts the changes of each task into the order of their versions, once each.
 *
 *   version ≤ known ──▶ dropped: it was delivered
 *   version = known + 1 ──▶ delivered
 *   version > known + 1, or a task seen for the first time ──▶ a hole: the log is read for what is missing, and what
 *                                                             arrives for the task meanwhile waits behind it
 *
 * Progress has no version of its own: it belongs to its task's present version, is dropped below it and waits for it
 * above. Order between tasks means nothing.
 *
 * First sight: nobody is owed what lies below `since` (it was delivered, or happened before anybody listened), so
 * only versions written from there on are read. Transaction ids and versions of a task can disagree, so of these
 * only the unbroken run that ends with the newest counts: what lies below a version that nobody is owed, nobody is.
 */

import { groupBy } from '../../domain/group-by.ts';
import { comparePositions } from '../../domain/position.ts';
import { present } from '../../domain/present.ts';
import type { TaskChange, TransitionChange } from '../../domain/task.ts';
import type { VersionRange } from '../../store/log/log.ts';

/** The last delivered version of each task; it may forget, which costs a read and possibly a repeat. */
export interface KnownVersions {
  get(taskId: string): number | undefined;
  set(taskId: string, version: number): void;
}

export interface SequencerOptions {
  known: KnownVersions;
  /** The transaction below which everything is delivered or not owed; it only rises. */
  since: () => string;
  deliver: (change: TaskChange) => void;
  /** Reads committed transitions from the log. */
  read: (ranges: readonly VersionRange[]) => Promise<TransitionChange[]>;
  /** Changes that may wait behind holes at most; see `offer`. */
  maxWaiting?: number;
}

interface Hole {
  taskId: string;
  /** The last known version; undefined on first sight. */
  base: number | undefined;
  /** On first sight: the transaction from which on versions are owed. */
  since: string;
  /** The version up to which the log is read. */
  upTo: number;
  waiting: TaskChange[];
  /** The read that fills it. */
  filled: Promise<void>;
}

export class Sequencer {
  readonly #options: SequencerOptions;
  readonly #holes = new Map<string, Hole>();
  #waiting = 0;
  #closed = false;

  constructor(options: SequencerOptions) {
    this.#options = options;
  }

  /** Changes that wait behind holes. */
  get waiting(): number {
    return this.#waiting;
  }

  /**
   * Takes changes in any order, with repeats and holes; delivers at once what can be. Resolves when all of them are
   * delivered or dropped. Rejects when the log could not be read, or too many changes wait: then what waited is
   * forgotten, nothing is marked as delivered, and offering it again starts over.
   */
  async offer(changes: readonly TaskChange[]): Promise<void> {
    if (this.#closed) return;
    const opened = new Set<Hole>();
    const waits = new Set<Promise<void>>();
    for (const change of inVersionOrder(changes)) {
      const hole = this.#holes.get(change.task.id) ?? this.#accept(change, opened);
      if (!hole) continue;
      hole.waiting.push(change);
      this.#waiting++;
      if (!opened.has(hole)) waits.add(hole.filled);
    }
    if (opened.size > 0) waits.add(this.#fill(opened));
    if (this.#waiting > (this.#options.maxWaiting ?? 10_000)) this.#forget(this.#holes.values());
    await Promise.all(waits);
  }

  /** Delivers nothing any more, whatever is being read. */
  close(): void {
    this.#closed = true;
    this.#forget(this.#holes.values());
  }

  /** Delivers or drops the change, or opens the hole that it has to wait behind. */
  #accept(change: TaskChange, opened: Set<Hole>): Hole | undefined {
    const { known } = this.#options;
    const since = this.#options.since();
    const { id: taskId, version } = change.task;
    const base = known.get(taskId);
    const isNext = change.kind === 'transition' ? version === (base ?? 0) + 1 : version === base;
    if (base === undefined ? isBelow(change, since) : version < base + Number(change.kind === 'transition'))
      return;
    if (isNext) {
      known.set(taskId, version);
      this.#options.deliver(change);
      return;
    }
    const hole: Hole = { taskId, base, since, upTo: version, waiting: [], filled: Promise.resolve() };
    this.#holes.set(taskId, hole);
    opened.add(hole);
    return hole;
  }

  #fill(holes: Set<Hole>): Promise<void> {
    const filled = this.#readAndDeliver(holes);
    filled.catch(() => {}); // whoever awaits an offer hears of it
    for (const hole of holes) hole.filled = filled;
    return filled;
  }

  async #readAndDeliver(holes: Set<Hole>): Promise<void> {
    let rows: Map<string, TransitionChange[]>;
    try {
      rows = groupByTask(await this.#options.read([...holes].flatMap(rangesOf)));
    } catch (error) {
      this.#forget(holes);
      throw error;
    }
    if (this.#closed) return;
    if ([...holes].some((hole) => this.#holes.get(hole.taskId) !== hole))
      throw new Error('Too many changes waited');
    const opened = new Set<Hole>();
    for (const hole of holes) this.#close(hole, rows.get(hole.taskId) ?? [], opened);
    if (opened.size > 0) await this.#fill(opened);
  }

  #close(hole: Hole, rows: TransitionChange[], opened: Set<Hole>): void {
    const { known, deliver } = this.#options;
    this.#holes.delete(hole.taskId);
    this.#waiting -= hole.waiting.length;
    // A change of a version that the log does not have is not to be believed.
    const waiting = rows.at(-1)?.task.version === hole.upTo ? hole.waiting : hole.waiting.slice(1);
    for (const row of hole.base === undefined ? owedOf(rows, hole.since) : rows) {
      known.set(hole.taskId, row.task.version);
      deliver(row);
    }
    const last = rows.at(-1);
    if (last) known.set(hole.taskId, Math.max(last.task.version, known.get(hole.taskId) ?? 0));
    for (const change of inVersionOrder(waiting)) {
      const next = this.#holes.get(hole.taskId) ?? this.#accept(change, opened);
      if (!next) continue;
      next.waiting.push(change);
      this.#waiting++;
    }
  }

  #forget(holes: Iterable<Hole>): void {
    for (const hole of [...holes]) {
      if (this.#holes.get(hole.taskId) !== hole) continue;
      this.#holes.delete(hole.taskId);
      this.#waiting -= hole.waiting.length;
    }
  }
}

function rangesOf({ taskId, base, since, upTo, waiting }: Hole): VersionRange[] {
  if (base !== undefined) return [{ taskId, from: base + 1, to: upTo + 1 }];
  const owed = { taskId, from: 1, to: upTo + 1, sinceXid: since };
  // Progress may belong to a version that is not owed any more, but that must exist.
  return waiting[0]?.kind === 'progress' ? [owed, { taskId, from: upTo, to: upTo + 1 }] : [owed];
}

/** The unbroken run of owed versions that ends with the newest. */
function owedOf(rows: TransitionChange[], since: string): TransitionChange[] {
  let first = rows.length;
  while (first > 0) {
    const row = present(rows[first - 1]);
    const above = rows[first]?.task.version ?? row.task.version + 1;
    if (row.task.version !== above - 1 || isBelow(row, since)) break;
    first--;
  }
  return rows.slice(first);
}

function isBelow(change: TaskChange, since: string): boolean {
  return change.kind === 'transition' && comparePositions(change.transition, { xid: since, id: '0' }) < 0;
}

/** Rows of each task by version, without repeats. */
function groupByTask(rows: TransitionChange[]): Map<string, TransitionChange[]> {
  const groups = groupBy(rows, ({ task }) => task.id);
  for (const [taskId, group] of groups) {
    const byVersion = new Map(group.map((row) => [row.task.version, row]));
    groups.set(
      taskId,
      [...byVersion.values()].sort((a, b) => a.task.version - b.task.version),
    );
  }
  return groups;
}

/** The same changes, those of one task in the order of their versions, its progress after the transition. */
export function inVersionOrder<Change extends TaskChange>(changes: readonly Change[]): readonly Change[] {
  const byTask = new Map<string, Change[]>();
  let ordered = true;
  for (const change of changes) {
    const group = byTask.get(change.task.id);
    if (!group) byTask.set(change.task.id, [change]);
    else {
      ordered &&= rank(present(group.at(-1))) <= rank(change);
      group.push(change);
    }
  }
  if (ordered) return changes;
  const sorted = new Map(
    [...byTask].map(([id, group]) => [id, group.sort((a, b) => rank(a) - rank(b)).values()]),
  );
  return changes.map((change) => sorted.get(change.task.id)?.next().value as Change);
}

function rank({ kind, task }: TaskChange): number {
  return task.version * 2 + Number(kind === 'progress');
}
