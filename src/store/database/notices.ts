/**
 * Words between the servers of one database: LISTEN and NOTIFY on a session of its own, which is mended for ever.
 *
 * Whether words arrive is not believed but tried: after LISTEN, and then again and again, a word to ourselves must come
 * back. Behind a pooler that hands sessions around it does not, and the session is not ready. By the same words servers
 * hear of each other: who is alone need not send anything.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

export interface NoticeListener {
  /** A word of any server, this one included. */
  onWord(word: string): void;
  /** Words arrive, for the first time or again. */
  onReady(): void;
  /** There is another server, where nobody was known to be there: it has heard nothing of what was done meanwhile. */
  onMet(): void;
  /** Words may be missed from now on. */
  onLost(error: Error): void;
}

export interface NoticesOptions extends NoticeListener {
  /** Connects a session that is kept, not one of a pooler that hands connections around. */
  connect(): Promise<pg.Client>;
  /** The channel of NOTIFY; at most 63 characters. */
  channel: string;
  /** How often a word to ourselves is tried, and how long it may take (5 s). */
  tryMs?: number;
}

export interface Notices {
  /** Sends by one commit; rejects where that failed. Words of at most 7,900 bytes. */
  send(words: readonly string[]): Promise<void>;
  ready(): boolean;
  /** Whether other servers have been heard of lately. */
  hasPeers(): boolean;
  close(): Promise<void>;
}

const MAX_RETRY_MS = 5_000;
/** Begins a word that announces its sender only. */
const ECHO = '?';
/** Peers that have missed so many of their turns are gone. */
const PEER_TURNS = 3;
const CLOSE_MS = 1_000;

const NOTIFY = 'SELECT pg_notify($1, word) FROM unnest($2::text[]) AS word';

export function openNotices(options: NoticesOptions): Notices {
  return new MendedSession(options);
}

/** One session after the other, each of which listens until it is lost. */
class MendedSession implements Notices {
  readonly #options: NoticesOptions;
  readonly #tryMs: number;
  readonly #own = ECHO + randomBytes(9).toString('base64url');
  readonly #peers: Peers;
  #session: pg.Client | undefined;
  #isReady = false;
  #isClosed = false;
  #attempts = 0;
  #timer: NodeJS.Timeout | undefined;
  #heard: (() => void) | undefined;

  constructor(options: NoticesOptions) {
    this.#options = options;
    this.#tryMs = options.tryMs ?? 5_000;
    this.#peers = createPeers(PEER_TURNS * this.#tryMs);
    void this.#connect();
  }

  async send(words: readonly string[]): Promise<void> {
    if (!this.#session || !this.#isReady) throw new Error('There is no session.');
    await this.#notify(this.#session, words);
  }

  ready(): boolean {
    return this.#isReady;
  }

  hasPeers(): boolean {
    return this.#peers.any();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#isReady = false;
    clearTimeout(this.#timer);
    const last = this.#session;
    this.#session = undefined;
    // A host that is gone says no goodbye.
    await Promise.race([last?.end().catch(() => undefined), sleep(CLOSE_MS, undefined, { ref: false })]);
  }

  async #connect(): Promise<void> {
    let client: pg.Client | undefined;
    try {
      client = await this.#options.connect();
      if (this.#isClosed) return void client.end().catch(() => undefined);
      this.#session = client;
      await this.#listen(client);
      await this.#tryItself(client);
    } catch (error) {
      if (client === this.#session) this.#lose(client, error as Error);
    }
  }

  async #listen(client: pg.Client): Promise<void> {
    client.on('error', (error) => this.#lose(client, error));
    client.on('end', () => this.#lose(client, new Error('The session has ended.')));
    client.on('notification', ({ payload = '' }) => {
      if (client !== this.#session) return;
      if (payload === this.#own) this.#heard?.();
      else if (payload.startsWith(ECHO)) this.#meet(client, payload);
      else this.#options.onWord(payload);
    });
    // A commit of nothing but a word need not wait for a disk.
    const text = `SET synchronous_commit = off; LISTEN ${pg.escapeIdentifier(this.#options.channel)}`;
    await client.query(timed({ text }, this.#tryMs));
  }

  /** Whoever comes is answered at once: it must not take itself to be alone until our next turn. */
  #meet(client: pg.Client, peer: string): void {
    const wasAlone = !this.#peers.any();
    const isNew = this.#peers.note(peer);
    if (isNew) this.#notify(client, [this.#own]).catch((error: Error) => this.#lose(client, error));
    if (wasAlone) this.#options.onMet();
  }

  /** Sends a word to ourselves, and waits until it is heard; then again after a while. */
  async #tryItself(client: pg.Client): Promise<void> {
    const echo = new Promise<void>((resolve) => {
      this.#heard = resolve;
    });
    await Promise.all([
      withinMs(this.#tryMs, 'A NOTIFY was not received back.', echo),
      this.#notify(client, [this.#own]),
    ]);
    if (client !== this.#session || this.#isClosed) return;
    this.#peers.forgetSilent();
    if (!this.#isReady) {
      this.#isReady = true;
      this.#attempts = 0;
      this.#options.onReady();
    }
    this.#timer = setTimeout(() => {
      this.#tryItself(client).catch((error: Error) => this.#lose(client, error));
    }, this.#tryMs).unref();
  }

  async #notify(client: pg.Client, words: readonly string[]): Promise<void> {
    const values = [this.#options.channel, words];
    await client.query(timed({ name: 'notify', text: NOTIFY, values }, this.#tryMs));
  }

  /** @param client undefined where none could be connected */
  #lose(client: pg.Client | undefined, error: Error): void {
    if (client !== this.#session || this.#isClosed) return;
    this.#session = undefined;
    clearTimeout(this.#timer);
    void client?.end().catch(() => undefined);
    const wasReady = this.#isReady;
    this.#isReady = false;
    if (wasReady || this.#attempts === 0) this.#options.onLost(error);
    const wait = Math.min(100 * 2 ** Math.min(this.#attempts++, 10), MAX_RETRY_MS);
    this.#timer = setTimeout(() => void this.#connect(), wait * (0.75 + Math.random() / 2)).unref();
  }
}

/** The other servers of the database. */
interface Peers {
  /** Notes that it was heard of. @returns whether it is new */
  note(peer: string): boolean;
  /** Forgets those that have been silent for too long. */
  forgetSilent(): void;
  any(): boolean;
}

function createPeers(silentMs: number): Peers {
  const heardAt = new Map<string, number>();
  return {
    note(peer) {
      const isNew = !heardAt.has(peer);
      heardAt.set(peer, performance.now());
      return isNew;
    },
    forgetSilent() {
      const oldest = performance.now() - silentMs;
      for (const [peer, at] of heardAt) if (at < oldest) heardAt.delete(peer);
    },
    any: () => heardAt.size > 0,
  };
}

/** Rejects with the message where it takes longer. */
async function withinMs<T>(ms: number, message: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(message)), ms).unref();
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Whoever does not answer is gone. */
function timed(query: pg.QueryConfig, ms: number): pg.QueryConfig {
  return Object.assign(query, { query_timeout: ms });
}
