/**
 * One subscriber's place in the hub: a bounded queue that the subscriber pulls from.
 *
 *   live ──the queue is full──▶ behind     What was queued, and what comes, is kept only as ranges of versions per
 *    ▲                            │        task. Whenever the subscriber has taken what is queued, the next ranges
 *    └──every range read again────┘        are read from the log, so it goes on at its own pace.
 *
 * Before it falls behind, progress that has been overtaken by later progress or by a transition is thrown away.
 * Position: every item carries the watermark of the moment when it was queued. Whatever lies below that watermark
 * was queued before the item, so when the item is the next one to be taken, everything below is already taken. With
 * nothing queued the room's own watermark holds.
 */
import type { Position } from '../../domain/position.ts';
import type { TaskChange, TransitionChange } from '../../domain/task.ts';
import type { VersionRange } from '../../store/log/log.ts';

export interface Watch {
  /**
   * From now on a change that comes while `next` waits is offered to the taker first: at once, without a promise in
   * between. What the taker refuses by false is given by `next`.
   */
  offerTo(taker: (change: WatchedChange) => boolean): void;
  /**
   * The next change; undefined once the watch is closed. Rejects when missed changes cannot be read from the log, or
   * with SlowConsumer. One call at a time.
   */
  next(): Promise<WatchedChange | undefined>;
  /** What is queued next, without waiting for anything. */
  takeQueued(): WatchedChange | undefined;
  /** Whether all that has come was taken, and a `next` waits for more. */
  readonly isIdle: boolean;
  /**
   * A safe position to resume from: everything below it was taken from this watch, or was committed before the watch
   * began.
   */
  watermark(): Position;
  /** Detaches at once; a pending `next` gives undefined. */
  close(): void;
}

/** A change; where a watch is shared by many, with what was already made of it for all of them. */
export type WatchedChange = TaskChange & { payload?: Payload };

/** One result, ready to be sent. Many subscribers are given the same bytes: nobody changes them. */
export interface Payload {
  /** JSON of the execution result, without line breaks. */
  readonly bytes: Buffer;
  /** Where to resume after it; null for what cannot be resumed. */
  readonly cursor: string | null;
}

/** The subscriber takes so little that even the list of what it missed has become too long. It may resume. */
export class SlowConsumer extends Error {
  override readonly name = 'SlowConsumer';
}

export interface SubscriberQueueOptions {
  /** Changes in the queue at most. */
  limit: number;
  /** Bytes of their payloads at most; a change without one does not count. */
  maxBytes?: number | undefined;
  /** Called with the number and bytes of changes that a full queue has dropped: they are read again later, or overtaken. */
  onDropped?: ((changes: number, bytes: number) => void) | undefined;
  /** The room's watermark now. */
  watermark: () => Position;
  readVersions: (ranges: readonly VersionRange[]) => Promise<TransitionChange[]>;
  onClose: () => void;
}

interface Item {
  change: WatchedChange;
  safe: Position;
}

interface Missed {
  range: VersionRange;
  safe: Position;
}

const MAX_VERSIONS_READ = 500;
const MIN_MISSED_TASKS = 10_000;

export class SubscriberQueue implements Watch {
  readonly #options: SubscriberQueueOptions;
  #queue: Item[] = [];
  #taken = 0;
  #bytes = 0;
  #missed = new Map<string, Missed>();
  #refilling: Position | undefined;
  #waiter: ((change: WatchedChange | undefined) => void) | undefined;
  #taker: ((change: WatchedChange) => boolean) | undefined;
  #failure: unknown;
  #closed = false;

  constructor(options: SubscriberQueueOptions) {
    this.#options = options;
  }

  /** Hands a change to the subscriber; never throws. */
  push(change: WatchedChange): void {
    if (this.#closed || this.#failure) return;
    if (this.#waiter) {
      if (!this.#taker?.(change)) this.#answer(change);
    } else this.#enqueue({ change, safe: this.#options.watermark() });
  }

  offerTo(taker: (change: WatchedChange) => boolean): void {
    this.#taker = taker;
  }

  async next(): Promise<WatchedChange | undefined> {
    while (!this.#closed) {
      if (this.#failure) throw this.#failure;
      const item = this.#take();
      if (item) return item.change;
      if (this.#isBehind) await this.#refill();
      else {
        const change = await new Promise<WatchedChange | undefined>((resolve) => {
          this.#waiter = resolve;
        });
        if (change) return change;
      }
    }
    return undefined;
  }

  takeQueued(): WatchedChange | undefined {
    return this.#closed || this.#failure ? undefined : this.#take()?.change;
  }

  get isIdle(): boolean {
    return this.#waiter !== undefined;
  }

  /** Whatever is queued is of no use any more: from now on `next` rejects with this. */
  fail(error: Error): void {
    this.#failure = error;
    this.#answer(undefined);
  }

  watermark(): Position {
    const [firstMissed] = this.#missed.values();
    return (
      this.#queue[this.#taken]?.safe ?? this.#refilling ?? firstMissed?.safe ?? this.#options.watermark()
    );
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#drain();
    this.#missed.clear();
    this.#answer(undefined);
    this.#options.onClose();
  }

  get #queued(): number {
    return this.#queue.length - this.#taken;
  }

  get #isBehind(): boolean {
    return this.#missed.size > 0 || this.#refilling !== undefined;
  }

  #enqueue(item: Item): void {
    const { limit, maxBytes = Number.POSITIVE_INFINITY } = this.#options;
    if (!this.#isBehind && (this.#queued >= limit || this.#bytes >= maxBytes)) this.#makeRoom();
    if (this.#isBehind) {
      this.#miss(item);
      this.#options.onDropped?.(1, sizeOf(item));
    } else {
      this.#queue.push(item);
      this.#bytes += sizeOf(item);
    }
  }

  #answer(change: WatchedChange | undefined): void {
    const waiter = this.#waiter;
    this.#waiter = undefined;
    waiter?.(change);
  }

  #take(): Item | undefined {
    const item = this.#queue[this.#taken];
    if (!item) return undefined;
    this.#bytes -= sizeOf(item);
    // An array that is shifted for every item moves all the others each time.
    if (++this.#taken >= 1000 || this.#taken === this.#queue.length) {
      this.#queue = this.#queue.slice(this.#taken);
      this.#taken = 0;
    }
    return item;
  }

  /** Empties the queue and gives what was in it. */
  #drain(): Item[] {
    const items = this.#queue.slice(this.#taken);
    this.#queue = [];
    this.#taken = 0;
    this.#bytes = 0;
    return items;
  }

  #makeRoom(): void {
    const { limit, maxBytes = Number.POSITIVE_INFINITY, onDropped } = this.#options;
    const before = { changes: this.#queued, bytes: this.#bytes };
    this.#dropOvertakenProgress();
    // Little room would soon be full again, and each search costs as much as the queue is long.
    if (this.#queued > limit / 2 || this.#bytes > maxBytes / 2) {
      for (const item of this.#drain()) this.#miss(item);
    }
    onDropped?.(before.changes - this.#queued, before.bytes - this.#bytes);
  }

  #dropOvertakenProgress(): void {
    const seen = new Set<string>();
    const kept = this.#drain()
      .reverse()
      .filter(({ change }) => {
        const overtaken = change.kind === 'progress' && seen.has(change.task.id);
        seen.add(change.task.id);
        return !overtaken;
      });
    this.#queue = kept.reverse();
    this.#bytes = kept.reduce((sum, item) => sum + sizeOf(item), 0);
  }

  /** Remembers a transition to be read again; progress is forgotten, the next report overtakes it. */
  #miss({ change, safe }: Item): void {
    if (change.kind === 'progress') return;
    const { id: taskId, version } = change.task;
    const missed = this.#missed.get(taskId);
    if (missed) missed.range.to = version + 1;
    else this.#missed.set(taskId, { range: { taskId, from: version, to: version + 1 }, safe });
    if (this.#missed.size > Math.max(this.#options.limit, MIN_MISSED_TASKS)) {
      this.#missed.clear();
      this.#failure = new SlowConsumer('The subscriber does not keep up');
    }
  }

  async #refill(): Promise<void> {
    const ranges = this.#takeMissed();
    const safe = this.#refilling as Position;
    try {
      const rows = await this.#options.readVersions(ranges);
      if (!this.#closed) this.#queue = rows.map((change) => ({ change, safe }));
    } catch (error) {
      this.#failure = error; // what was taken from the list is lost to this watch
    }
    this.#refilling = undefined;
  }

  #takeMissed(): VersionRange[] {
    const ranges: VersionRange[] = [];
    let room = MAX_VERSIONS_READ;
    for (const [taskId, { range, safe }] of this.#missed) {
      this.#refilling ??= safe;
      const to = Math.min(range.to, range.from + room);
      ranges.push({ taskId, from: range.from, to });
      room -= to - range.from;
      range.from = to;
      if (range.from === range.to) this.#missed.delete(taskId);
      if (room === 0) break;
    }
    return ranges;
  }
}

function sizeOf({ change: { payload } }: Item): number {
  return payload?.bytes.length ?? 0;
}
