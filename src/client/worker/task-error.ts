import { messageOf } from '../errors.ts';
import type { TaskErrorInput } from '../generated/graphql.ts';

/** Thrown by a handler to say more about a failure than its message. */
export class TaskError extends Error {
  override readonly name = 'TaskError';
  /** For programs: INVALID_FILE, RATE_LIMITED, … */
  readonly code: string | undefined;
  /** Whether another attempt may help; left out, the server judges by code and message. */
  readonly retryable: boolean | undefined;
  /** Seconds until another attempt makes sense, in the place of the policy's back-off: what a service's Retry-After says. */
  readonly retryAfterSeconds: number | undefined;
  /** Anything that helps to understand it: JSON. */
  readonly context: unknown;

  constructor(
    message: string,
    details: {
      code?: string;
      retryable?: boolean;
      retryAfterSeconds?: number;
      context?: unknown;
      cause?: unknown;
    } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = details.code;
    this.retryable = details.retryable;
    this.retryAfterSeconds = details.retryAfterSeconds;
    this.context = details.context;
  }
}

const MAX_MESSAGE = 10_000;
const MAX_CONTEXT = 16_000;
const MAX_STACK = 4_000;
const MAX_RETRY_AFTER_SECONDS = 2_592_000;

/** What to report of anything that was thrown; the fields of a `TaskError` are honoured on any error. */
export function errorInputOf(thrown: unknown, withStack = false): TaskErrorInput {
  const { code, retryable, retryAfterSeconds, context, stack } = (
    typeof thrown === 'object' && thrown !== null ? thrown : {}
  ) as Record<string, unknown>;
  return {
    message: messageOf(thrown).slice(0, MAX_MESSAGE) || 'The handler failed without a message.',
    code: typeof code === 'string' || typeof code === 'number' ? String(code) : undefined,
    retryable: typeof retryable === 'boolean' ? retryable : undefined,
    retryAfterSeconds: secondsOf(retryAfterSeconds),
    context: isReportable(context) ? context : stackOf(withStack && stack),
  };
}

function secondsOf(value: unknown): number | undefined {
  if (typeof value !== 'number' || !Number.isFinite(value)) return undefined;
  return Math.min(Math.max(value, 0), MAX_RETRY_AFTER_SECONDS);
}

function stackOf(stack: unknown): { stack: string } | undefined {
  return typeof stack === 'string' ? { stack: stack.slice(0, MAX_STACK) } : undefined;
}

/** Context is a help, not a reason for a report to fail. */
function isReportable(context: unknown): boolean {
  try {
    const text = JSON.stringify(context);
    return text !== undefined && text.length <= MAX_CONTEXT;
  } catch {
    return false;
  }
}
