/**
 * What a subscription delivers: first the state, or what was missed; then every change, in order, without gaps.
 *
 *   attach to the hub ──▶ snapshot, or the log from `after` ──▶ what the hub queued meanwhile and what comes, by version
 *
 * Attaching comes first: what is committed while the snapshot or the log is read is in the queue, and what is in both
 * is recognised by its version.
 */

import { pullIterator } from '../../async/pull-iterator.ts';
import type { BlockedReason } from '../../domain/blocked.ts';
import type { EstimateNow } from '../../domain/estimates/estimate.ts';
import { comparePositions, type Position } from '../../domain/position.ts';
import type { TaskChange, TaskRow, TaskStatus } from '../../domain/task.ts';
import { isTerminal } from '../../domain/transitions.ts';
import { PositionExpired, type RoomSet, type TransitionLog } from '../../store/log/log.ts';
import type { Hub } from '../hub/hub.ts';
import type { Payload, Watch } from '../hub/subscriber-queue.ts';
import { type Positioned, Replay } from './replay.ts';

export type StreamEvent =
  /** How the task is; what follows is newer. */
  | { kind: 'snapshot'; task: TaskRow; position: Position }
  /** `position` is where to resume after the event; a resume may repeat some, and misses none. */
  | (Positioned<TaskChange> & { matches?: boolean })
  /** Why the task waits has become another reason; see blocked-reasons.ts. */
  | { kind: 'blocked'; task: TaskRow; position: Position; reason: BlockedReason | null }
  /** Another estimate holds; see estimates.ts. */
  | { kind: 'estimated'; task: TaskRow; position: Position; estimated: EstimateNow }
  /** The position asked for cannot be resumed from; the stream ends with it. */
  | { kind: 'resync'; reason: string };

/**
 * Pulled one by one. `return` and `throw` unsubscribe at once, also while a `next` is pending. An error while reading
 * rejects `next` and detaches.
 */
export interface EventStream extends AsyncIterableIterator<StreamEvent> {
  /** Attached: what is committed from now on will be delivered. Rejects with what `next` then rejects with. */
  readonly ready: Promise<void>;
  /**
   * Offers changes of the stream, once its beginning is over, while a `next` waits, and which are made into payloads
   * already: those that the taker refuses by false are events of the stream.
   */
  offerTo(taker: (payload: Payload) => boolean): void;
}

/** What was already made of an event for all who share its stream. */
export function payloadOf(event: unknown): Payload | undefined {
  return (event as { payload?: Payload } | null)?.payload;
}

/** The hub, or what shares a watch of it. */
type Attachable = Pick<Hub, 'watch' | 'horizon'>;

export interface TaskStreamOptions {
  hub: Attachable;
  log: TransitionLog;
  /** The room of the task. */
  room: string;
  taskId: string;
  /** Begin with the transitions after this position instead of with a snapshot. */
  after?: Position | undefined;
  /** Go on after a terminal transition, for a retry. */
  follow: boolean;
  /** Reads the task as it is now; null when it is gone, which ends the stream. */
  loadTask: () => Promise<TaskRow | null>;
}

/** Everything that happens to one task. Ends after its end was delivered, unless it is to be followed. */
export function openTaskStream(options: TaskStreamOptions): EventStream {
  const { hub, room, taskId } = options;
  return openStream(hub.watch({ rooms: [room], taskId }), (attached, taker) =>
    taskEvents(options, attached, taker),
  );
}

/**
 * Whether a change is an event of a stream: undefined when it is none; else whether the task belongs to what the stream
 * is about now. False is of one that has just ceased to.
 */
export type Judge = (change: TaskChange) => Verdict | Promise<Verdict>;
export type Verdict = boolean | undefined;

export interface RoomStreamOptions {
  hub: Attachable;
  log: TransitionLog;
  rooms: RoomSet;
  /** Begin after this position instead of now. */
  after?: Position | undefined;
  /** Asked for each change with the task as it was then. */
  judge: Judge;
}

/** Everything that happens to the tasks of rooms. It has no end. */
export function openRoomStream(options: RoomStreamOptions): EventStream {
  const { hub, rooms } = options;
  return openStream(hub.watch({ rooms }), (attached, taker) => roomEvents(options, attached, taker));
}

/** A stream for a cursor that cannot be used at all: it only says so. */
export function openResyncStream(reason: string): EventStream {
  let sent = false;
  const events = pullIterator<StreamEvent>({
    async pull() {
      if (sent) return undefined;
      sent = true;
      return { kind: 'resync', reason };
    },
    close() {},
  });
  return Object.assign(events, { ready: Promise.resolve(), offerTo: () => {} });
}

type Taker = (payload: Payload) => boolean;

// Generators here only spell out the order of things. They hold nothing that would have to be released: the watch
// does, and closing it ends a pending `next`, which a generator's own `return` would wait for.
function openStream(
  attached: Promise<Watch>,
  events: (watch: Watch, taker: Taker) => AsyncGenerator<StreamEvent>,
): EventStream {
  let taker: Taker = () => false;
  let watch: Watch | undefined;
  let closed = false;
  let generator: AsyncGenerator<StreamEvent> | undefined;

  const ready = attached.then((attachedWatch) => {
    watch = attachedWatch;
    if (closed) watch.close();
  });
  ready.catch(() => {}); // `next` throws it, whether or not anybody looks at `ready`

  const iterator = pullIterator<StreamEvent>({
    async pull() {
      try {
        generator ??= events(await attached, (payload) => taker(payload));
        const { value } = await generator.next();
        return value as StreamEvent | undefined;
      } catch (error) {
        // The generator is at its end with that, and so is the stream after this event.
        if (error instanceof PositionExpired) return { kind: 'resync', reason: error.message };
        throw error;
      }
    },
    close() {
      closed = true;
      watch?.close();
    },
  });
  return Object.assign(iterator, {
    ready,
    offerTo(given: Taker) {
      taker = given;
    },
  });
}

async function* taskEvents(
  options: TaskStreamOptions,
  watch: Watch,
  taker: Taker,
): AsyncGenerator<StreamEvent> {
  const { hub, after, follow, loadTask } = options;
  let status: TaskStatus;
  let version: number;
  let position: Position;

  if (after) {
    // Read before the log is: so the log's last row is at least as new, unless nothing was missed at all.
    const task = await loadTask();
    if (!task) return yield { kind: 'resync', reason: 'The task is not there any more.' };
    ({ status, version, position } = yield* replayTask(options, after, task));
  } else {
    // Asked before the snapshot is read: everything below it is in the snapshot.
    position = await hub.horizon();
    const task = await loadTask();
    if (!task) return;
    ({ status, version } = task);
    yield { kind: 'snapshot', task, position };
  }
  if (isTerminal(status) && !follow) return;

  watch.offerTo((event) => {
    if (isRepeat(event, version)) return true;
    const isEnd = event.kind === 'transition' && isTerminal(event.transition.to) && !follow;
    if (isEnd || !event.payload || !taker(event.payload)) return false;
    version = event.task.version;
    return true;
  });
  for await (const event of live(watch, position)) {
    if (isRepeat(event, version)) continue;
    version = event.task.version;
    yield event;
    if (event.kind === 'transition' && isTerminal(event.transition.to) && !follow) return;
  }
}

// What is replayed has generators of its own: a stream that lives on does not keep what they have read.

/** Gives what happened to the task after the position; returns how it is then, and where to go on. */
async function* replayTask(
  { log, taskId }: TaskStreamOptions,
  after: Position,
  { status, version }: TaskRow,
): AsyncGenerator<StreamEvent, { status: TaskStatus; version: number; position: Position }> {
  const replay = new Replay(log, { taskId }, after);
  let now = { status, version };
  for (let page = await replay.nextPage(); page; page = await replay.nextPage()) {
    yield* page;
    const last = page.at(-1)?.task;
    if (last && last.version >= now.version) now = { status: last.status, version: last.version };
  }
  return { ...now, position: replay.position };
}

/** Gives what happened in the rooms after the position; returns where to go on. */
async function* replayRooms(
  { log, rooms, judge }: RoomStreamOptions,
  after: Position,
  replayed: ReplayedVersions,
): AsyncGenerator<StreamEvent, Position> {
  const replay = new Replay(log, { rooms }, after);
  for (let page = await replay.nextPage(); page; page = await replay.nextPage()) {
    for (const event of page) {
      replayed.add(event);
      const matches = await judge(event);
      if (matches !== undefined) yield { ...event, matches };
    }
  }
  return replay.position;
}

async function* roomEvents(
  options: RoomStreamOptions,
  watch: Watch,
  taker: Taker,
): AsyncGenerator<StreamEvent> {
  const { after, judge } = options;
  const replayed = new ReplayedVersions(watch.watermark());
  const position = after ? yield* replayRooms(options, after, replayed) : watch.watermark();
  // What has a payload was judged for all who share it.
  watch.offerTo(
    (event) =>
      replayed.has(event, watch.watermark()) || (event.payload !== undefined && taker(event.payload)),
  );
  for await (const event of live(watch, position)) {
    if (replayed.has(event, watch.watermark())) continue;
    const matches = await judge(event);
    if (matches !== undefined) yield { ...event, matches };
  }
}

/** What the watch gives, each with a position that never falls back behind what is known to be delivered. */
async function* live(watch: Watch, from: Position): AsyncGenerator<Positioned<TaskChange>> {
  let position = from;
  for (let change = await watch.next(); change; change = await watch.next()) {
    const watermark = watch.watermark();
    if (comparePositions(watermark, position) > 0) position = watermark;
    yield { ...change, position };
  }
}

function isRepeat({ kind, task }: TaskChange, version: number): boolean {
  return kind === 'transition' ? task.version <= version : task.version < version;
}

const MAX_REMEMBERED = 100_000;

/**
 * What of a replay the hub may deliver once more: only what lies above the watermark where the watch began, and only
 * until the watermark has passed it.
 */
class ReplayedVersions {
  readonly #versions = new Map<string, number>();
  readonly #start: Position;
  #highest: Position;

  constructor(start: Position) {
    this.#start = start;
    this.#highest = start;
  }

  add({ task, transition }: Extract<TaskChange, { kind: 'transition' }>): void {
    if (comparePositions(transition, this.#start) < 0 || this.#versions.size >= MAX_REMEMBERED) return;
    this.#versions.set(task.id, task.version);
    if (comparePositions(transition, this.#highest) > 0) this.#highest = transition;
  }

  has(change: TaskChange, watermark: Position): boolean {
    if (this.#versions.size === 0) return false;
    const version = this.#versions.get(change.task.id);
    const repeat = version !== undefined && isRepeat(change, version);
    // What is below the watermark was taken from the watch, this change included: later ones are new.
    if (comparePositions(watermark, this.#highest) > 0) this.#versions.clear();
    return repeat;
  }
}
