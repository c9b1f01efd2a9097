/**
 * A list that is watched: first as it is, then what changes in it. One reader for each list and server, however many
 * watch; each of them is shown the part that it may see.
 *
 *   hint (a message) ──▶ read ──▶ compared with what each watcher has got ──▶ changed, gone
 *   slow beat ─────────▶
 *
 * A read is the truth, so a hint that is lost costs time and nothing else. Of changes in short order only the last state
 * is sent. What waits for a watcher is a set of keys: it never grows beyond the list.
 */
import { coalesce } from '../../async/coalesce.ts';
import { pullIterator } from '../../async/pull-iterator.ts';
import { type ServerLogger, silentServerLogger } from '../logger.ts';
import { type ChannelSubscription, subscribeToChannel } from '../transports/channel-subscription.ts';
import type { Transport } from '../transports/transport.ts';

export type WatchedListItem<Row> =
  | { kind: 'snapshot'; rows: Row[] }
  | { kind: 'changed'; row: Row }
  /** It is not in the list any more, or not for this watcher; `row` is how it was last. */
  | { kind: 'gone'; row: Row };

export interface WatchedListOptions<Row> {
  transport: Pick<Transport, 'subscribe'> & Transport;
  /** Where changes of the list are hinted at. */
  channel: string;
  read: () => Promise<readonly Row[]>;
  keyOf: (row: Row) => string;
  /** Two rows with the same are sent once. */
  stateOf: (row: Row) => string;
  /** Rows that leave the list without an event. */
  leavesInSilence?: ((row: Row) => boolean) | undefined;
  logger?: ServerLogger | undefined;
  /** From one read to the next at least (1 s): nothing is sent more often. */
  pauseMs?: number | undefined;
  /** From one read to the next at most, without a hint (1 s). */
  beatMs?: number | undefined;
}

export interface WatchedList<Row> {
  /** Resolves when what the watcher may see was read. `accept` decides, also later, when rows have changed. */
  watch(accept: (row: Row) => boolean): Promise<AsyncIterableIterator<WatchedListItem<Row>>>;
  /** How many watch now. */
  watchers(): number;
  close(): void;
}

const CHANNEL_MS = 1_000;

export function createWatchedList<Row>(options: WatchedListOptions<Row>): WatchedList<Row> {
  const {
    transport,
    channel,
    read,
    keyOf,
    stateOf,
    leavesInSilence = () => false,
    logger = silentServerLogger,
    pauseMs = 1_000,
    beatMs = 1_000,
  } = options;
  const watchers = new Set<Watcher<Row>>();
  let rows = new Map<string, { row: Row; state: string }>();
  let hinted: ChannelSubscription | undefined;
  let timer: NodeJS.Timeout | undefined;
  let timerAt = 0;
  let lastRead = 0;

  const refresh = coalesce(async () => {
    lastRead = performance.now();
    const found = await read();
    rows = new Map(found.map((row) => [keyOf(row), { row, state: stateOf(row) }]));
    for (const watcher of watchers) watcher.compare(rows);
  });

  /** The next read, in so many milliseconds at the latest. */
  function schedule(ms: number): void {
    if (watchers.size === 0) return;
    const now = performance.now();
    const at = Math.max(now + ms, lastRead + pauseMs);
    if (timer && timerAt <= at) return;
    clearTimeout(timer);
    timerAt = at;
    timer = setTimeout(() => void beat(), at - now).unref();
  }

  async function beat(): Promise<void> {
    timer = undefined;
    try {
      await refresh();
    } catch (error) {
      logger.warn(
        { err: error, channel },
        'A watched list could not be read; trying again with the next beat',
      );
    }
    schedule(beatMs);
  }

  function stop(): void {
    clearTimeout(timer);
    timer = undefined;
    hinted?.unsubscribe();
    hinted = undefined;
    rows = new Map();
  }

  return {
    async watch(accept) {
      const watcher: Watcher<Row> = new Watcher(accept, leavesInSilence, () => {
        watchers.delete(watcher);
        if (watchers.size === 0) stop();
      });
      watchers.add(watcher);
      hinted ??= subscribeToChannel(transport, channel, () => schedule(0), { timeoutMs: CHANNEL_MS, logger });
      try {
        await hinted.acknowledged;
        await refresh();
      } catch (error) {
        watcher.close();
        throw error;
      }
      schedule(beatMs);
      return watcher.items;
    },
    watchers: () => watchers.size,
    close() {
      for (const watcher of [...watchers]) watcher.close();
    },
  };
}

type Rows<Row> = ReadonlyMap<string, { row: Row; state: string }>;

/** One watcher, and what it has got. */
class Watcher<Row> {
  readonly items: AsyncIterableIterator<WatchedListItem<Row>>;
  readonly #accept: (row: Row) => boolean;
  readonly #leavesInSilence: (row: Row) => boolean;
  readonly #sent = new Map<string, { row: Row; state: string }>();
  #rows: Rows<Row> = new Map();
  /** Keys of what is not as it was sent. */
  #pending = new Set<string>();
  #begun = false;
  #closed = false;
  #wake: (() => void) | undefined;
  readonly #onClose: () => void;

  constructor(accept: (row: Row) => boolean, leavesInSilence: (row: Row) => boolean, onClose: () => void) {
    this.#accept = accept;
    this.#leavesInSilence = leavesInSilence;
    this.#onClose = onClose;
    this.items = pullIterator<WatchedListItem<Row>>({ pull: () => this.#next(), close: () => this.close() });
  }

  compare(rows: Rows<Row>): void {
    this.#rows = rows;
    const changed = [...rows].filter(([key, { row, state }]) => {
      const sent = this.#sent.get(key);
      return this.#accept(row) ? sent?.state !== state : sent !== undefined;
    });
    const gone = [...this.#sent.keys()].filter((key) => !rows.has(key));
    this.#pending = new Set([...changed.map(([key]) => key), ...gone]);
    if (this.#pending.size > 0) this.#wake?.();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#wake?.();
    this.#onClose();
  }

  async #next(): Promise<WatchedListItem<Row> | undefined> {
    if (!this.#begun) return this.#snapshot();
    while (!this.#closed) {
      for (const key of this.#pending) {
        this.#pending.delete(key);
        const item = this.#itemOf(key);
        if (item) return item;
      }
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    return undefined;
  }

  #snapshot(): WatchedListItem<Row> {
    this.#begun = true;
    this.#pending.clear();
    for (const [key, one] of this.#rows) if (this.#accept(one.row)) this.#sent.set(key, one);
    return { kind: 'snapshot', rows: [...this.#sent.values()].map(({ row }) => row) };
  }

  #itemOf(key: string): WatchedListItem<Row> | undefined {
    const now = this.#rows.get(key);
    const sent = this.#sent.get(key);
    if (now && this.#accept(now.row)) {
      this.#sent.set(key, now);
      return { kind: 'changed', row: now.row };
    }
    this.#sent.delete(key);
    return sent && !this.#leavesInSilence(sent.row) ? { kind: 'gone', row: sent.row } : undefined;
  }
}
