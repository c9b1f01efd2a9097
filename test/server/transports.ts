/** One operation over each of the three ways in, answered alike: so that one test can hold for all of them. */
import { type Operation, openEvents } from './events.ts';
import { openSocket } from './socket.ts';

export const TRANSPORTS = ['HTTP', 'SSE', 'WebSocket'] as const;
export type TransportName = (typeof TRANSPORTS)[number];

export interface Answer {
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of any shape
  data?: any;
  errors?:
    | { message: string; path?: (string | number)[]; extensions?: Record<string, unknown> }[]
    | undefined;
}

/** The first result of the operation. Connections are made for it and given up after it. */
export async function ask(
  transport: TransportName,
  url: string,
  token: string,
  operation: Operation,
): Promise<Answer> {
  switch (transport) {
    case 'HTTP':
      return (await post(url, token, operation)).body;
    case 'SSE': {
      const events = await openEvents(url, token, operation);
      const first = await events.next();
      events.close();
      return first?.data;
    }
    case 'WebSocket': {
      const socket = await openSocket(url, token);
      socket.send({ type: 'subscribe', id: '1', payload: operation });
      const { type, payload } = await socket.next();
      socket.close();
      return type === 'error' ? { errors: payload } : payload;
    }
  }
}

export interface HttpAnswer {
  status: number;
  headers: Headers;
  body: Answer;
}

/** A POST whose body is sent as it is when it is text. */
export async function post(
  url: string,
  token: string | null,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<HttpAnswer> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Answer };
}

/** The code of the first error. */
export function codeOf({ errors }: Answer): unknown {
  return errors?.[0]?.extensions?.['code'];
}
