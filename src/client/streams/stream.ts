/**
 * A stream that outlives its connections.
 *
 *     open ──▶ receiving ──lost──▶ wait ──▶ open, `after` the latest cursor
 *                  │ too much waits ──▶ closed until the reader has caught up ──▶ open
 *                  │ resync ──▶ pass it, take a new position ──▶ open
 *                  └ complete: the end where one is due, otherwise as if lost
 *
 * A position is at or before everything delivered, so going on may repeat events: the source recognises repeats. Nothing
 * ends silently: the reader gets the end, or an error.
 */

import { backoffAfter, pause } from '../connection/backoff.ts';
import type { Statuses, StatusReporter } from '../connection/status.ts';
import { isRefusedToken, isTemporary, mayLast } from '../connection/temporary.ts';
import type { OperationSink } from '../connection/websocket-connection.ts';
import type { Logger } from '../logger.ts';
import { EventQueue } from './event-queue.ts';

/** A subscriber to what the server sends. */
export type WireSink<TWire> = Omit<OperationSink, 'next'> & { next(wire: TWire): void };

/** Meaning of something off the wire. */
export interface Reading<TEvent> {
  /** For the reader; undefined for a repeat. */
  event?: TEvent | undefined;
  /** The position after it. */
  cursor?: string | undefined;
  /** Whether it takes the place of one that still waits for the reader. */
  outdates?(waiting: TEvent): boolean;
  /**
   * `resync`: the position asked for has left the log, so that events may be missing; a new position is taken before the
   * reader gets it. `end`: nothing comes after it.
   */
  leadsTo?: 'resync' | 'end' | undefined;
}

/** The subscription behind a stream, and how to read it. */
export interface StreamSource<TWire, TEvent> {
  /** Names the stream in log lines. */
  name: string;
  /** Starts the subscription; returns the function that ends it. */
  open(after: string | undefined, sink: WireSink<TWire>): () => void;
  /** The position to start from where none is known; undefined: the server knows where to begin. */
  position(): Promise<string | undefined>;
  /** Whether a reader that is behind can do without it. */
  isDispensable(wire: TWire): boolean;
  /** Called once for each thing off the wire, but for those that are left out or have to come again. */
  read(wire: TWire): Reading<TEvent>;
  /** Whether the server's completion is the end. `idle`: the subscription delivered nothing. */
  isOver(idle: boolean): Promise<boolean>;
}

export interface StreamOptions {
  after?: string | undefined;
  signal?: AbortSignal | undefined;
  logger: Logger;
  statuses?: Statuses | undefined;
  /** Events that may wait for the reader before the subscription is given up until it has caught up. */
  maxWaiting?: number | undefined;
  /** Milliseconds that a failure that can last for ever is met before the reader gets it. */
  patienceMs?: number | undefined;
}

type Ending<TEvent> =
  | { why: 'complete' }
  | { why: 'full' }
  | { why: 'resync'; event: TEvent | undefined }
  | { why: 'end' }
  | { why: 'lost'; error: unknown };

const PATIENCE_MS = 120_000;
/** A connection that lived this long was a good one: the next wait is a short one again. */
const GOOD_AFTER_MS = 5_000;

/** Starts at once; the returned iterator must be read to its end, or returned. */
export function openStream<TWire, TEvent>(
  source: StreamSource<TWire, TEvent>,
  options: StreamOptions,
): AsyncIterableIterator<TEvent> {
  const { signal } = options;
  const gone = new AbortController();
  const queue = new EventQueue<TEvent>(() => gone.abort());
  const onAbort = () => {
    gone.abort();
    queue.abort(signal?.reason);
  };
  if (signal?.aborted) onAbort();
  signal?.addEventListener('abort', onAbort, { once: true });
  new Subscriber(source, options, queue, gone.signal)
    .run()
    .catch((error) => queue.end(error))
    .finally(() => signal?.removeEventListener('abort', onAbort));
  return queue;
}

/** Keeps the subscription of one stream going until its end, or until the reader is `gone`. */
class Subscriber<TWire, TEvent> {
  readonly #source: StreamSource<TWire, TEvent>;
  readonly #options: StreamOptions;
  readonly #queue: EventQueue<TEvent>;
  readonly #gone: AbortSignal;
  readonly #status: StatusReporter | undefined;
  #cursor: string | undefined;
  /** Things that the present subscription has delivered. */
  #received = 0;
  #failures = 0;
  /** Since when a failure that may last is met; undefined: the last one was none. */
  #doubtfulSince: number | undefined;

  constructor(
    source: StreamSource<TWire, TEvent>,
    options: StreamOptions,
    queue: EventQueue<TEvent>,
    gone: AbortSignal,
  ) {
    this.#source = source;
    this.#options = options;
    this.#queue = queue;
    this.#gone = gone;
    this.#cursor = options.after;
    this.#status = options.statuses?.track();
  }

  async run(): Promise<void> {
    try {
      while (!this.#gone.aborted) {
        if ((await this.#once()) === 'end') return;
      }
    } finally {
      this.#status?.end();
    }
  }

  /** One subscription, and what it leads to. */
  async #once(): Promise<'end' | 'again'> {
    this.#received = 0;
    const openedAt = performance.now();
    try {
      this.#cursor ??= await this.#source.position();
      if (this.#gone.aborted) return 'end';
      const ending = await this.#receive();
      if (this.#gone.aborted) return 'end';
      if (this.#received > 0 || performance.now() - openedAt > GOOD_AFTER_MS) this.#wentWell();
      const next = await this.#follow(ending);
      if (next === 'end') this.#queue.end();
      if (next !== 'wait') return next;
      await this.#wait(undefined);
    } catch (error) {
      if (this.#gives(error)) {
        if (isRefusedToken(error)) this.#status?.signedOut(error);
        this.#queue.end(error);
        return 'end';
      }
      this.#options.logger.warn(`The stream of ${this.#source.name} was interrupted`, { error });
      await this.#wait(error);
    }
    return 'again';
  }

  #wentWell(): void {
    this.#failures = 0;
    this.#doubtfulSince = undefined;
  }

  /** Whether the reader gets this error. */
  #gives(error: unknown): boolean {
    if (!isTemporary(error)) return true;
    if (!mayLast(error)) {
      this.#doubtfulSince = undefined;
      return false;
    }
    this.#doubtfulSince ??= performance.now();
    return performance.now() - this.#doubtfulSince >= (this.#options.patienceMs ?? PATIENCE_MS);
  }

  async #wait(error: unknown): Promise<void> {
    const ms = backoffAfter(error, this.#failures++);
    this.#status?.waiting(ms, error);
    await pause(ms, this.#gone);
  }

  /** From the opening of a subscription to whatever ends it. */
  #receive(): Promise<Ending<TEvent>> {
    return new Promise((resolve) => {
      const finish = (ending: Ending<TEvent>) => {
        this.#gone.removeEventListener('abort', leave);
        resolve(ending);
      };
      const stop = this.#source.open(this.#cursor, {
        opened: () => this.#status?.opened(),
        next: (wire) => {
          this.#status?.received();
          const ending = this.#take(wire);
          if (!ending) return;
          stop();
          finish(ending);
        },
        error: (error) => finish({ why: 'lost', error }),
        complete: () => finish({ why: 'complete' }),
      });
      const leave = () => {
        stop();
        finish({ why: 'complete' });
      };
      this.#gone.addEventListener('abort', leave);
    });
  }

  /** One thing off the wire; an ending where the subscription is to be given up. */
  #take(wire: TWire): Ending<TEvent> | undefined {
    this.#received++;
    if (this.#queue.size >= (this.#options.maxWaiting ?? 1_000)) {
      // Before it is read: it has to come again, but for what a reader that is behind can do without.
      if (!this.#source.isDispensable(wire)) return { why: 'full' };
      const { event, outdates } = this.#source.read(wire);
      if (event !== undefined && outdates) this.#queue.replace(event, outdates);
      return undefined;
    }
    const { event, cursor, outdates, leadsTo } = this.#source.read(wire);
    if (leadsTo === 'resync') return { why: 'resync', event };
    if (cursor !== undefined) this.#cursor = cursor;
    if (event !== undefined && !(outdates && this.#queue.replace(event, outdates))) this.#queue.push(event);
    return leadsTo && { why: leadsTo };
  }

  /** An error that is thrown here decides about itself in {@link Subscriber.#once}. */
  async #follow(ending: Ending<TEvent>): Promise<'again' | 'wait' | 'end'> {
    switch (ending.why) {
      case 'full':
        await this.#queue.drained();
        return 'again';
      case 'resync':
        // The position first: what the reader then reads is newer, so nothing falls between.
        this.#cursor = await this.#source.position();
        if (ending.event !== undefined) this.#queue.push(ending.event);
        return 'wait';
      case 'end':
        return 'end';
      case 'complete':
        return (await this.#source.isOver(this.#received === 0)) ? 'end' : 'wait';
      case 'lost':
        throw ending.error;
    }
  }
}
