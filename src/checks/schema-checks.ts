/**
 * Checks values against schemas of jobs, without keeping others waiting: what is small at once, on the main thread; what
 * is large in a thread of its own, whose time is charged to the caller. Whoever has used up its time is refused before
 * anything runs.
 */
import { LRUCache } from 'lru-cache';
import { createEventLoopShare, type EventLoopShare } from '../async/event-loop-share.ts';
import { compileSchema, TOO_MUCH } from '../domain/json-schema.ts';
import type { InputIssue } from '../domain/problems.ts';
import { SMALL_EFFORT } from '../domain/schema-work.ts';
import { type CheckingThread, createCheckingThread } from './checking-thread.ts';
import type { Answer, Question } from './schema-thread.ts';

/** Finds everything that is wrong with a value, on behalf of a caller. Rejects with {@link CheckTimeUsedUp}. */
export type Validate = (value: unknown, caller: string) => InputIssue[] | Promise<InputIssue[]>;

type Answered = Omit<Answer, 'ms'>;

export interface SchemaChecks {
  eventLoopShare: EventLoopShare;
  /** Why the schema cannot be used, or null. Rejects with {@link CheckTimeUsedUp}. */
  refusalOf(schema: unknown, caller: string): Promise<string | null>;
  /**
   * The validator of a schema that was found usable, and about the bytes that it takes.
   * @throws Error when it is none
   */
  validatorOf(schema: unknown): { validate: Validate; bytes: number };
  close(): Promise<void>;
}

/** The caller has used the time that it has for large checks. */
export class CheckTimeUsedUp extends Error {
  readonly retryAfterSeconds: number;

  constructor(retryAfterSeconds: number) {
    super(
      `Your payloads and schemas have taken too long to check lately. Try again in ${retryAfterSeconds} seconds, or make schemas and payloads smaller.`,
    );
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** Milliseconds of the thread that a caller may use at once, and of each second after that. */
const BURST_MS = 30_000;
const MS_A_SECOND = 250;
const MAX_CALLERS = 10_000;

/** @param thread another one than usual */
export function createSchemaChecks(thread: CheckingThread = createCheckingThread()): SchemaChecks {
  const eventLoopShare = createEventLoopShare();
  /** When the time that a caller has used will be there again. */
  const usedUntil = new LRUCache<string, number>({ max: MAX_CALLERS });

  /** What each caller has asked last. */
  const asking = new Map<string, Promise<Answered>>();

  /** Asks one question of a caller after the other: the time of each is known before the next one runs. */
  async function ask(caller: string, question: Question): Promise<Answered> {
    const before = asking.get(caller);
    const answered = before ? before.then(onward, onward) : onward();
    function onward() {
      return askNow(caller, question);
    }
    asking.set(caller, answered);
    try {
      return await answered;
    } finally {
      if (asking.get(caller) === answered) asking.delete(caller);
    }
  }

  async function askNow(caller: string, question: Question): Promise<Answered> {
    const now = performance.now();
    const owed = Math.max(0, ((usedUntil.get(caller) ?? now) - now) * (MS_A_SECOND / 1_000));
    if (owed >= BURST_MS) throw new CheckTimeUsedUp(Math.ceil((owed - BURST_MS) / MS_A_SECOND) + 1);
    const answer = await thread.ask(caller, question);
    const took = answer === 'gave-up' ? performance.now() - now : answer.ms;
    const from = Math.max(performance.now(), usedUntil.get(caller) ?? 0);
    usedUntil.set(caller, from + took * (1_000 / MS_A_SECOND));
    return answer === 'gave-up' ? { refusal: TOO_LONG, issues: [{ path: [], message: TOO_LONG }] } : answer;
  }

  return {
    eventLoopShare,
    async refusalOf(schema, caller) {
      // Not awaited where there is nothing to wait for: others would pass before the work is counted.
      const turn = eventLoopShare.next(caller);
      if (turn) await turn;
      const compiled = eventLoopShare.run(() => compileSchema(schema, SMALL_EFFORT));
      if (compiled !== TOO_MUCH) return compiled.ok ? null : compiled.message;
      return (await ask(caller, { schema: JSON.stringify(schema) })).refusal;
    },
    validatorOf(schema) {
      const compiled = eventLoopShare.run(() => compileSchema(schema, SMALL_EFFORT));
      const text = JSON.stringify(schema);
      const validateLarge = async (value: unknown, caller: string) => {
        const { refusal, issues } = await ask(caller, { schema: text, value });
        if (refusal !== null && refusal !== TOO_LONG) {
          throw new Error(`A stored schema does not compile: ${refusal}`);
        }
        return issues;
      };
      if (compiled === TOO_MUCH) return { validate: validateLarge, bytes: 2 * text.length };
      if (!compiled.ok) throw new Error(`A stored schema does not compile: ${compiled.message}`);
      return {
        validate(value, caller) {
          const issues = eventLoopShare.run(() => compiled.validate(value));
          return issues === TOO_MUCH ? validateLarge(value, caller) : issues;
        },
        bytes: compiled.bytes,
      };
    },
    close: thread.close,
  };
}

const TOO_LONG = 'takes too long to check with its schema';
