/** What calls of the SDK reject with. Expected refusals of the API are in problems.ts. */

/** One entry of a GraphQL answer's `errors`. */
export interface RequestErrorEntry {
  message: string;
  path?: readonly (string | number)[];
  extensions?: Record<string, unknown>;
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
  readonly errors: readonly RequestErrorEntry[];

  constructor(
    message: string,
    details: { code?: string; status?: number; errors?: RequestErrorEntry[] } = {},
  ) {
    super(message);
    this.code = details.code;
    this.status = details.status;
    this.errors = details.errors ?? [];
  }

  /** From a GraphQL answer's `errors`, which has at least one entry. */
  static from(errors: RequestErrorEntry[], status?: number): RequestError {
    const [first] = errors;
    const code = first?.extensions?.code;
    return new RequestError(first?.message ?? 'The server answered with an error.', {
      code: typeof code === 'string' ? code : undefined,
      status,
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

/** Codes of errors that are about the moment and not about the request. */
const MOMENTARY = new Set(['INTERNAL_SERVER_ERROR', 'SERVICE_UNAVAILABLE', 'RATE_LIMITED', 'TIMEOUT']);

/** The close code for a token that has expired: whoever gives the token may have a new one by now, or not. */
export const TOKEN_EXPIRED = 4403;

/** How likely it is that trying again helps: surely in time, perhaps (a few times), or never. */
export function retryChance(error: unknown): 'in time' | 'perhaps' | 'never' {
  if (error instanceof ConnectionError) {
    if (!error.retriable) return 'never';
    return error.closeCode === TOKEN_EXPIRED ? 'perhaps' : 'in time';
  }
  if (!(error instanceof RequestError)) return 'never';
  if (error.code !== undefined && MOMENTARY.has(error.code)) return 'perhaps';
  // Proxies answer without a code while a server restarts.
  return error.status !== undefined && error.status >= 500 ? 'perhaps' : 'never';
}

/** The text of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
