/**
 * A group of subscribers that are given the same bytes: one watch of the hub, one execution and one serialisation for
 * each change, and a bounded queue for each subscriber.
 *
 *   hub ──▶ watch of the group ──judge──▶ execute ──▶ queue of each subscriber, or its sink at once
 *
 * A subscriber joins before its snapshot or its part of the log is read, as it would attach to the hub: what it has
 * read already, it recognises by the version. Everything that the group passes on later than that reaches it.
 */
import type { Position } from '../../domain/position.ts';
import type { TaskChange } from '../../domain/task.ts';
import {
  type Payload,
  SubscriberQueue,
  type SubscriberQueueOptions,
  type Watch,
  type WatchedChange,
} from '../../events/hub/subscriber-queue.ts';
import type { Positioned } from '../../events/streams/replay.ts';
import type { Judge, Verdict } from '../../events/streams/stream.ts';
import type { StreamCounts } from './stats.ts';

export interface GroupOptions {
  /** Opens the watch of the group. */
  watch: () => Promise<Watch>;
  judge: Judge;
  /** Gives what executes the operation for changes of one moment, each by itself. */
  executor: () => ExecuteChange;
  readVersions: SubscriberQueueOptions['readVersions'];
  counts: StreamCounts;
  /** The last subscriber has left, or the group has broken: nobody may join any more. */
  onEnd: () => void;
}

/** A change, where to resume after it, and whether its task matches what the stream is about. */
export type PlacedChange = Positioned<TaskChange> & { matches?: boolean };

export type ExecuteChange = (change: PlacedChange) => Payload | Promise<Payload>;

/** What waits for one subscriber at most. */
const MAX_QUEUED_CHANGES = 500;
const MAX_QUEUED_BYTES = 262_144;
/** Changes that are executed at the same time at most. */
const MAX_BATCH = 64;

export class Group {
  readonly #options: GroupOptions;
  readonly #members = new Set<SubscriberQueue>();
  readonly #attached: Promise<void>;
  #watch: Watch | undefined;
  /** While something is on its way from the watch to the members: everything below it has been passed on. */
  #passedOn: Position | undefined;
  #over = false;

  constructor(options: GroupOptions) {
    this.#options = options;
    options.counts.groups++;
    this.#attached = options.watch().then((watch) => {
      this.#watch = watch;
      if (this.#over) watch.close();
      else void this.#run(watch);
    });
    this.#attached.catch((error: Error) => this.#end(error));
  }

  /** A place of one's own in the group. Resolves when changes that are committed from now on will come. */
  async join(): Promise<Watch> {
    const { readVersions, counts } = this.#options;
    const member = new SubscriberQueue({
      limit: MAX_QUEUED_CHANGES,
      maxBytes: MAX_QUEUED_BYTES,
      watermark: () => this.#position(),
      readVersions,
      onDropped(changes, bytes) {
        counts.droppedChanges += changes;
        counts.droppedBytes += bytes;
      },
      onClose: () => {
        this.#members.delete(member);
        if (this.#members.size === 0) this.#end();
      },
    });
    this.#members.add(member);
    await this.#attached;
    return member;
  }

  /** Everything below it has been passed on, or was committed before the group began. */
  #position(): Position {
    if (!this.#watch) throw new Error('The group is not attached yet');
    return this.#watch.isIdle ? this.#watch.watermark() : (this.#passedOn ?? this.#watch.watermark());
  }

  async #run(watch: Watch): Promise<void> {
    // The watermark of the watch counts what was taken from it: it runs ahead of what has been passed on.
    watch.offerTo(() => {
      this.#passedOn = watch.watermark();
      return false;
    });
    try {
      for (;;) {
        this.#passedOn = watch.watermark();
        const change = await watch.next();
        if (!change) return this.#end();
        const batch = takeBatch(watch, change);
        await this.#passOn(batch);
        // More may be waiting. The sinks get their turn first: what they cannot write is queued, and then dropped.
        if (batch.length === MAX_BATCH) await new Promise(setImmediate);
      }
    } catch (error) {
      this.#end(error as Error);
    }
  }

  async #passOn(batch: readonly Positioned<TaskChange>[]): Promise<void> {
    const execute = this.#options.executor();
    const making = batch.map((change) => {
      try {
        return this.#make(change, execute);
      } catch (error) {
        // Not thrown from here: those before it may fail as well, and nobody would listen.
        return Promise.reject(error);
      }
    });
    // Most have nothing to wait for.
    const made = making.some(isPromise)
      ? await Promise.all(making)
      : (making as (WatchedChange | undefined)[]);
    batch.forEach(({ position }, index) => {
      const change = made[index];
      if (change) for (const member of this.#members) member.push(change);
      this.#passedOn = position;
    });
  }

  #make(change: PlacedChange, execute: ExecuteChange): MaybePromise<WatchedChange | undefined> {
    const verdict = this.#options.judge(change);
    return isPromise(verdict)
      ? verdict.then((matches) => this.#makeJudged(change, matches, execute))
      : this.#makeJudged(change, verdict, execute);
  }

  #makeJudged(
    change: PlacedChange,
    matches: Verdict,
    execute: ExecuteChange,
  ): MaybePromise<WatchedChange | undefined> {
    if (matches === undefined) return undefined;
    change.matches = matches;
    this.#options.counts.sharedExecutions++;
    const made = execute(change);
    return isPromise(made) ? made.then((payload) => ({ ...change, payload })) : { ...change, payload: made };
  }

  #end(error?: Error): void {
    if (this.#over) return;
    this.#over = true;
    this.#options.counts.groups--;
    this.#options.onEnd();
    this.#watch?.close();
    for (const member of [...this.#members]) {
      if (error) member.fail(error);
      else member.close();
    }
  }
}

/** The change, and what is queued behind it already. */
function takeBatch(watch: Watch, first: TaskChange): Positioned<TaskChange>[] {
  const batch = [{ ...first, position: watch.watermark() }];
  while (batch.length < MAX_BATCH) {
    const change = watch.takeQueued();
    if (!change) break;
    batch.push({ ...change, position: watch.watermark() });
  }
  return batch;
}

type MaybePromise<T> = T | Promise<T>;

function isPromise<T>(value: MaybePromise<T>): value is Promise<T> {
  return value instanceof Promise;
}
