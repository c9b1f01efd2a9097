/**
 * What fails because of the state of the database, or of the way to it, and not because of what was asked.
 *
 * An outage says whether the statement may have been done all the same. It was not when it never left this process, when
 * the database answered that it refuses, and when its transaction was not committed. Whoever lost the connection while
 * waiting for an answer cannot know.
 */
import { errorCode } from '../../domain/thrown.ts';

/**
 * - `away`: it cannot be reached, is starting up or shutting down, or the connection was lost.
 * - `busy`: no connection became free in time, or the database has none left, or it gave up in favour of others.
 * - `read-only`: it takes no changes, as a server that has become a replica.
 * - `full`: it has no space or memory left, or its disk fails.
 */
export type OutageReason = 'away' | 'busy' | 'read-only' | 'full';

export class Outage extends Error {
  override readonly name = 'Outage';
  readonly reason: OutageReason;
  /** Whether what was asked may have been done. */
  readonly mayBeDone: boolean;

  constructor(reason: OutageReason, mayBeDone: boolean, cause: unknown) {
    super(refusalMessage(cause), { cause });
    this.reason = reason;
    this.mayBeDone = mayBeDone;
  }
}

/** SQLSTATE to reason; first by the whole code, then by its class. The database answers these before it has done anything. */
const STATES: Record<string, OutageReason> = {
  '25006': 'read-only',
  '40001': 'busy',
  '40P01': 'busy',
  '53300': 'busy',
  '53': 'full',
  '55P03': 'busy',
  '58030': 'full',
};

/** The session is over, and with it the answer: shut down, crashed, dropped, idle for too long; class 08 are connections. */
const ENDED = /^(08...|57P0[1-5]|25P0[34])$/;

const SOCKET_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'ECONNABORTED',
]);

/** What the driver says in words only. */
const LOST = /^(Connection terminated|Query read timeout|timeout expired|Client (has|was) .* not queryable)/;
/** A pool whose connections are all in use. */
const NO_FREE_CONNECTION = /^timeout exceeded when trying to connect/;
const NEVER_SENT = /^Client (has|was) .* not queryable/;

/**
 * The outage that an error of the driver or of Prisma stands for; undefined when the statement itself was at fault.
 * @param sent whether the statement had left this process
 */
export function outageOf(error: unknown, sent = true): Outage | undefined {
  if (error instanceof Outage) return error;
  if (error instanceof AggregateError) {
    const [first] = error.errors.filter((one) => outageOf(one));
    return first === undefined ? undefined : new Outage('away', sent, error);
  }
  const { code, message, cause } = (error ?? {}) as { code?: unknown; message?: unknown; cause?: unknown };
  const text = typeof message === 'string' ? message : '';
  if (typeof code === 'string') {
    if (ENDED.test(code) || SOCKET_CODES.has(code)) return new Outage('away', sent, error);
    const reason = code.length === 5 ? (STATES[code] ?? STATES[code.slice(0, 2)]) : undefined;
    if (reason) return new Outage(reason, false, error);
  }
  if (NO_FREE_CONNECTION.test(text)) return new Outage('busy', false, error);
  if (LOST.test(text)) return new Outage('away', sent && !NEVER_SENT.test(text), error);
  return cause === undefined || cause === error ? undefined : outageOf(cause, sent);
}

/** Whether the transaction was refused because it met another one crosswise: it was not done, and can be begun anew. */
export function isDeadlock(error: unknown): boolean {
  return errorCode(error instanceof Outage ? error.cause : error) === '40P01';
}

/** The same failure of a transaction that was not committed. */
export function asUndone(error: unknown): unknown {
  const outage = outageOf(error);
  return outage?.mayBeDone ? new Outage(outage.reason, false, outage.cause) : (outage ?? error);
}

/** The same failure of something of which other parts were done. */
export function asPartlyDone(error: unknown): unknown {
  const outage = outageOf(error);
  return outage ? new Outage(outage.reason, true, outage.cause) : error;
}

/** Refused connections to a name with several addresses come as an AggregateError without a message. */
export function refusalMessage(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return refusalMessage(error.errors[0]);
  return error instanceof Error && error.message ? error.message : String(error);
}
