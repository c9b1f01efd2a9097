/**
 * The transport between servers that have a PostgreSQL and no Redis: words by NOTIFY.
 *
 * Within this process everything is delivered as by the transport in memory. Other servers are notified by words, all that
 * waits at the same time by one commit: small messages as they are, of larger ones about rooms only that there is
 * something, which makes whoever listens read the log. A server that knows of no other sends nothing.
 */
import { randomBytes } from 'node:crypto';
import { type ServerLogger, silentServerLogger } from '../logger.ts';
import { HINT, isRoomChannel, READ } from '../messages/message.ts';
import { createInterruptions } from './interruptions.ts';
import { createMemoryTransport } from './memory.ts';
import type { Transport } from './transport.ts';

/** What carries words, see store/database/notices.ts. */
export interface WordSession {
  send(words: readonly string[]): Promise<void>;
  ready(): boolean;
  hasPeers(): boolean;
  close(): Promise<void>;
}

/** What the session calls back. */
export interface WordListener {
  onWord(word: string): void;
  onReady(): void;
  onMet(): void;
  onLost(error: Error): void;
}

export interface PostgresTransportOptions {
  openSession(listener: WordListener): WordSession;
  logger?: ServerLogger;
  /** How long after a (new) session others may not know of it yet (1 s). */
  introductionMs?: number;
}

/** A word: who sends it, and channels with messages; null says that some were left out. */
type Word = [from: string, messages: [channel: string, message: string][] | null];

/** PostgreSQL takes less than 8,000 bytes. */
const MAX_WORD_BYTES = 7_900;
/** Of one message with its channel, so that several fit. */
const MAX_MESSAGE_BYTES = 4_000;
/** Beyond it others are only asked to read the log. */
const MAX_WAITING = 2_000;

export function createPostgresTransport({
  openSession,
  logger = silentServerLogger,
  introductionMs = 1_000,
}: PostgresTransportOptions): Transport {
  const local = createMemoryTransport({ logger });
  const interruptions = createInterruptions(logger);
  const from = randomBytes(6).toString('base64url');
  /** Written already, each once. */
  let waiting = new Set<string>();
  let sending = false;
  let closed = false;
  let introduction: NodeJS.Timeout | undefined;

  const session = openSession({
    onWord: receive,
    onReady() {
      logger.debug({}, 'Other servers are heard by way of PostgreSQL');
      interruptions.report();
      introduction = setTimeout(interruptions.report, introductionMs).unref();
    },
    onMet: makeOthersRead,
    onLost(error) {
      const how = 'Other servers are not heard by way of PostgreSQL: the log is read every second instead';
      logger.warn({ err: error }, how);
      interruptions.report();
    },
  });

  function receive(text: string): void {
    const word = parse(text);
    if (!word) {
      logger.warn({ length: text.length }, 'A word that is not understood was dropped');
      return;
    }
    const [sender, messages] = word;
    if (sender === from || closed) return;
    if (messages) for (const [channel, message] of messages) void local.publish(channel, message);
    else interruptions.report();
  }

  /** Others hear of it with what else waits. */
  function notifyOthers(channel: string, message: string): void {
    if (!session.ready() || !session.hasPeers() || waiting.size > MAX_WAITING) return;
    const written = write(channel, message);
    if (written !== undefined) waiting.add(written);
    else logger.warn({ channel }, 'A message is too large for other servers');
    if (sending || waiting.size === 0) return;
    sending = true;
    setImmediate(() => void send());
  }

  const notSent = (error: unknown) => logger.debug({ err: error }, 'A word was not sent');

  function makeOthersRead(): void {
    session.send([readWord(from)]).catch(notSent);
  }

  async function send(): Promise<void> {
    while (waiting.size > 0 && !closed) {
      const words = waiting.size > MAX_WAITING ? [readWord(from)] : wordsOf(from, waiting);
      waiting = new Set();
      // Where it is lost, so is the session, which makes everybody read.
      await session.send(words).catch(notSent);
    }
    sending = false;
  }

  return {
    async publish(channel, message) {
      const listeners = await local.publish(channel, message);
      notifyOthers(channel, message);
      // Others may listen, or not.
      return listeners || !session.hasPeers() ? listeners : undefined;
    },
    subscribe: local.subscribe,
    onInterruption: interruptions.listen,
    healthy: () => !closed && session.ready(),
    channelCount: local.channelCount,
    async close() {
      closed = true;
      clearTimeout(introduction);
      interruptions.clear();
      await local.close();
      await session.close();
    },
  };
}

/** A message with its channel; undefined where it is too large and the log does not have it. */
function write(channel: string, message: string): string | undefined {
  // Nothing need follow a hint: it was given for listeners of this process.
  const written = message === HINT ? undefined : JSON.stringify([channel, message]);
  if (written !== undefined && Buffer.byteLength(written) <= MAX_MESSAGE_BYTES) return written;
  return isRoomChannel(channel) ? JSON.stringify([channel, READ]) : undefined;
}

/** Asks others to read the log. */
const readWord = (from: string) => `["${from}",null]`;

/** As few words as hold all messages, in their order. */
function wordsOf(from: string, messages: Iterable<string>): string[] {
  const words: string[] = [];
  let held: string[] = [];
  let bytes = 0;
  const close = () => words.push(`["${from}",[${held.join()}]]`);
  for (const message of messages) {
    const length = Buffer.byteLength(message) + 1;
    if (held.length > 0 && bytes + length > MAX_WORD_BYTES - 100) {
      close();
      held = [];
      bytes = 0;
    }
    held.push(message);
    bytes += length;
  }
  close();
  return words;
}

function parse(text: string): Word | undefined {
  try {
    const word: unknown = JSON.parse(text);
    if (!Array.isArray(word) || typeof word[0] !== 'string') return undefined;
    if (word[1] === null) return word as Word;
    if (!Array.isArray(word[1])) return undefined;
    const isMessage = (entry: unknown) =>
      Array.isArray(entry) && entry.length === 2 && entry.every((part) => typeof part === 'string');
    return word[1].every(isMessage) ? (word as Word) : undefined;
  } catch {
    return undefined;
  }
}
