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

export function openNotices({
  connect: openSession,
  channel,
  onWord,
  onReady,
  onMet,
  onLost,
  tryMs = 5_000,
}: NoticesOptions): Notices {
  let session: pg.Client | undefined;
  let isReady = false;
  let isClosed = false;
  let attempts = 0;
  let timer: NodeJS.Timeout | undefined;
  let heard: (() => void) | undefined;
  const own = ECHO + randomBytes(9).toString('base64url');
  /** When each was last heard of. */
  const peers = new Map<string, number>();

  async function connect(): Promise<void> {
    let client: pg.Client | undefined;
    try {
      client = await openSession();
      if (isClosed) return void client.end().catch(() => undefined);
      session = client;
      await listen(client);
      await tryItself(client);
    } catch (error) {
      if (client === session) lose(client, error as Error);
    }
  }

  async function listen(client: pg.Client): Promise<void> {
    client.on('error', (error) => lose(client, error));
    client.on('end', () => lose(client, new Error('The session has ended.')));
    client.on('notification', ({ payload = '' }) => {
      if (client !== session) return;
      if (payload === own) heard?.();
      else if (payload.startsWith(ECHO)) meet(client, payload);
      else onWord(payload);
    });
    // A commit of nothing but a word need not wait for a disk.
    const text = `SET synchronous_commit = off; LISTEN ${pg.escapeIdentifier(channel)}`;
    await client.query(timed({ text }, tryMs));
  }

  /** Whoever comes is answered at once: it must not take itself to be alone until our next turn. */
  function meet(client: pg.Client, peer: string): void {
    const isNew = !peers.has(peer);
    const wasAlone = peers.size === 0;
    peers.set(peer, performance.now());
    if (isNew) notify(client, [own]).catch((error: Error) => lose(client, error));
    if (wasAlone) onMet();
  }

  /** Says a word to ourselves, and waits until it is heard; then again after a while. */
  async function tryItself(client: pg.Client): Promise<void> {
    let patience: NodeJS.Timeout | undefined;
    const echo = new Promise<void>((resolve, reject) => {
      heard = resolve;
      patience = setTimeout(
        () => reject(new Error('Words that are sent by NOTIFY do not come back.')),
        tryMs,
      );
    });
    try {
      await Promise.all([echo, notify(client, [own])]);
    } finally {
      clearTimeout(patience);
    }
    if (client !== session || isClosed) return;
    const oldest = performance.now() - PEER_TURNS * tryMs;
    for (const [peer, at] of peers) if (at < oldest) peers.delete(peer);
    if (!isReady) {
      isReady = true;
      attempts = 0;
      onReady();
    }
    timer = setTimeout(() => {
      tryItself(client).catch((error: Error) => lose(client, error));
    }, tryMs).unref();
  }

  async function notify(client: pg.Client, words: readonly string[]): Promise<void> {
    await client.query(timed({ name: 'notify', text: NOTIFY, values: [channel, words] }, tryMs));
  }

  /** @param client undefined where none could be connected */
  function lose(client: pg.Client | undefined, error: Error): void {
    if (client !== session || isClosed) return;
    session = undefined;
    clearTimeout(timer);
    void client?.end().catch(() => undefined);
    const wasReady = isReady;
    isReady = false;
    if (wasReady || attempts === 0) onLost(error);
    const delay = Math.min(100 * 2 ** Math.min(attempts++, 10), MAX_RETRY_MS) * (0.75 + Math.random() / 2);
    timer = setTimeout(() => void connect(), delay).unref();
  }

  void connect();
  return {
    async send(words) {
      if (!session || !isReady) throw new Error('There is no session.');
      await notify(session, words);
    },
    ready: () => isReady,
    hasPeers: () => peers.size > 0,
    async close() {
      isClosed = true;
      isReady = false;
      clearTimeout(timer);
      const last = session;
      session = undefined;
      // A host that is gone says no goodbye.
      await Promise.race([last?.end().catch(() => undefined), sleep(CLOSE_MS, undefined, { ref: false })]);
    },
  };
}

/** Whoever does not answer is gone. */
function timed(query: pg.QueryConfig, ms: number): pg.QueryConfig {
  return Object.assign(query, { query_timeout: ms });
}
