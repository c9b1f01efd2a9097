/** What calls of the SDK reject with. Expected refusals of the API are in problems.ts. */

/** One entry of a GraphQL answer's `errors`. */
export interface RequestErrorEntry {
  message: string;
  path?: readonly (string | number)[];
  extensions?: Record<string, unknown>;
}

interface RequestErrorDetails {
  code?: string | undefined;
  status?: number | undefined;
  retryAfterSeconds?: number | undefined;
  errors?: RequestErrorEntry[] | undefined;
}

/**
 * The server answered, but with an error instead of data: a malformed operation, wrong variables, missing
 * rights, a limit, or a fault of its own.
 */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  /** `extensions.code` of the first error, such as UNAUTHENTICATED, NOT_FOUND or RATE_LIMITED. */
  readonly code: string | undefined;
  /** The HTTP status; undefined for answers that came over the socket. */
  readonly status: number | undefined;
  /** Seconds after which the server asks to try again, where it does. */
  readonly retryAfterSeconds: number | undefined;
  readonly errors: readonly RequestErrorEntry[];

  constructor(message: string, details: RequestErrorDetails = {}) {
    super(message);
    this.code = details.code;
    this.status = details.status;
    this.retryAfterSeconds = details.retryAfterSeconds;
    this.errors = details.errors ?? [];
  }

  /** From a GraphQL answer's `errors`, which has at least one entry. */
  static from(errors: RequestErrorEntry[], status?: number): RequestError {
    const [first] = errors;
    const { code, retryAfterSeconds } = first?.extensions ?? {};
    return new RequestError(first?.message ?? 'The server answered with an error.', {
      code: typeof code === 'string' ? code : undefined,
      status,
      retryAfterSeconds: typeof retryAfterSeconds === 'number' ? retryAfterSeconds : undefined,
      errors,
    });
  }
}

interface ConnectionErrorDetails {
  closeCode?: number;
  retriable?: boolean;
  unsent?: boolean;
  cause?: unknown;
}

/** The server could not be reached, or the connection was lost before it answered: it may have acted or not. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
  /** The WebSocket close code, where the server gave one: 4401 for a refused token. */
  readonly closeCode: number | undefined;
  /** Whether the same call can succeed later; false for a refused token and for violations of the protocol. */
  readonly retriable: boolean;
  /** The request was not sent: the server cannot have acted on it. */
  readonly unsent: boolean;

  constructor(message: string, details: ConnectionErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.closeCode = details.closeCode;
    this.retriable = details.retriable ?? true;
    this.unsent = details.unsent ?? false;
  }
}

/** The close code for a token that the server does not take. */
export const TOKEN_REFUSED = 4401;
/** The close code for a token that has expired: whoever gives the token may have a new one by now, or not. */
export const TOKEN_EXPIRED = 4403;

/** The text of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
