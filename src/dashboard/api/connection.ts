/** The way to the server: the product's own client, as every other application uses it. */
import { type Connection, createConnection, type TypedDocument } from '../../client/connection/connection.ts';
import { ConnectionError, RequestError } from '../../client/errors.ts';
import { lapse, tokenNow } from '../session/session.ts';

let connection = open();

function open(): Connection {
  return createConnection({ url: `${location.origin}/`, token: tokenNow });
}

export function connectionNow(): Connection {
  return connection;
}

/** Ends every stream and socket of the identity that leaves. */
export function reconnect(): void {
  void connection.close();
  connection = open();
}

/** One query or mutation. A refused token lapses the session. */
export async function request<TData, TVariables>(
  document: TypedDocument<TData, TVariables>,
  variables: TVariables,
  signal?: AbortSignal,
): Promise<TData> {
  try {
    return await connection.post(document, variables, signal);
  } catch (error) {
    if (isRefusedToken(error)) lapse((error as Error).message);
    throw error;
  }
}

const EXPIRED = 4403;
const REFUSED = 4401;

/** Whether the server does not take the token (any more). */
export function isRefusedToken(error: unknown): boolean {
  if (error instanceof RequestError) return error.code === 'UNAUTHENTICATED' || error.status === 401;
  return error instanceof ConnectionError && (error.closeCode === EXPIRED || error.closeCode === REFUSED);
}
