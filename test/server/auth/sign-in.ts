/** Signing in over each of the three ways in: who one is then, or how one is refused. */
import { openEvents } from '../events.ts';
import { connectSocket } from '../socket.ts';
import { post, type TransportName } from '../transports.ts';

export type Outcome =
  | { viewer: { id: string; role: string; rooms: string[] } }
  /** The HTTP status, or the close code of a socket; and what is said. */
  | { refused: number; message: string };

const VIEWER = { query: '{ viewer { id role rooms } }' };

/** @param authorization the header, or the field of `connection_init`; null for none */
export async function signIn(
  transport: TransportName,
  url: string,
  authorization: string | null,
): Promise<Outcome> {
  const headers: Record<string, string> = authorization === null ? {} : { authorization };
  switch (transport) {
    case 'HTTP': {
      const { status, body } = await post(url, null, VIEWER, headers);
      return outcomeOf(status, body);
    }
    case 'SSE': {
      const events = await openEvents(url, '', VIEWER, { authorization: '', ...headers });
      return outcomeOf(events.status, (await events.next())?.data);
    }
    case 'WebSocket': {
      const socket = await connectSocket(url);
      socket.send({ type: 'connection_init', payload: headers });
      const refusal = socket.closed.then(({ code, reason }) => ({ refused: code, message: reason }));
      const answer = socket.next().then(async () => {
        socket.send({ type: 'subscribe', id: '1', payload: VIEWER });
        const { payload } = await socket.next();
        socket.close();
        return { viewer: payload.data.viewer };
      });
      return Promise.race([refusal, answer.catch(() => refusal)]);
    }
  }
}

// biome-ignore lint/suspicious/noExplicitAny: whatever the server said
function outcomeOf(status: number, body: any): Outcome {
  return body.data ? { viewer: body.data.viewer } : { refused: status, message: body.errors[0].message };
}

const STATUS = {
  missing: { HTTP: 401, SSE: 401, WebSocket: 4401 },
  invalid: { HTTP: 401, SSE: 401, WebSocket: 4401 },
  expired: { HTTP: 401, SSE: 401, WebSocket: 4403 },
  unavailable: { HTTP: 503, SSE: 503, WebSocket: 1013 },
};

const MESSAGE = {
  missing: 'Send a token: Authorization: Bearer ….',
  invalid: 'The token is not valid here.',
  expired: 'The token has expired: get a new one.',
  unavailable: 'Tokens cannot be checked at the moment: try again.',
};

/** How each transport refuses for this reason. */
export function refusedAs(reason: keyof typeof STATUS, transport: TransportName): Outcome {
  return { refused: STATUS[reason][transport], message: MESSAGE[reason] };
}
