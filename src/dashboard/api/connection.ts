/** The way to the server: the product's own client, as every other application uses it. */
import { type Connection, createConnection, type TypedDocument } from '../../client/connection/connection.ts';
import { ConnectionError, messageOf, RequestError } from '../../client/errors.ts';
import { noteStatus } from '../live/status.ts';
import { lapse, tokenNow } from '../session/session.ts';

let connection: Connection | undefined;

function open(): Connection {
  const opened = createConnection({ url: `${location.origin}/`, token: tokenNow });
  opened.statuses.listen((status) => {
    const error = 'error' in status ? status.error : undefined;
    // The SDK would ask for another token for a while: here a person is asked.
    if (isSignInOver(error)) lapse(messageOf(error));
    noteStatus(status);
  });
  return opened;
}

export function connectionNow(): Connection {
  connection ??= open();
  return connection;
}

/** Ends every stream and socket of the identity that leaves. */
export function reconnect(): void {
  void connection?.close();
  connection = undefined;
  noteStatus({ state: 'idle' });
}

/** One query or mutation. A refused token lapses the session. */
export async function request<TData, TVariables>(
  document: TypedDocument<TData, TVariables>,
  variables: TVariables,
  signal?: AbortSignal,
): Promise<TData> {
  try {
    return await connectionNow().post(document, variables, signal);
  } catch (error) {
    if (isSignInOver(error)) lapse(messageOf(error));
    throw error;
  }
}

const EXPIRED = 4403;
const REFUSED = 4401;

/** Whether the server does not take the token (any more). */
export function isSignInOver(error: unknown): boolean {
  if (error instanceof RequestError) return error.code === 'UNAUTHENTICATED' || error.status === 401;
  return error instanceof ConnectionError && (error.closeCode === EXPIRED || error.closeCode === REFUSED);
}
