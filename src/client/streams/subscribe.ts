/** Any subscription as a stream that outlives its connections. */

import type { Connection, TypedDocument } from '../connection/connection.ts';
import { openStream } from './stream.ts';

/** How to follow a subscription. */
export interface SubscribeOptions<TData> {
  /**
   * The position that an event stands at; null or undefined where it has none. After a lost connection the operation is
   * sent again with the latest as its variable `$after`. Left out: the `cursor` of the event.
   */
  cursorOf?(data: TData): string | null | undefined;
  /** The position to start from, as the variable `$after`. */
  after?: string | undefined;
  /** Ends the stream; its reader then gets the signal's reason. */
  signal?: AbortSignal | undefined;
}

/** See `Client.subscribe`. */
export function subscribe<TData, TVariables>(
  connection: Connection,
  document: TypedDocument<TData, TVariables>,
  variables: TVariables,
  { cursorOf = cursorIn, after, signal }: SubscribeOptions<TData> = {},
): AsyncIterableIterator<TData> {
  return openStream<TData, TData>(
    {
      name: /^\s*subscription\s+(\w+)/.exec(String(document))?.[1] ?? 'a subscription',
      open: (position, sink) =>
        connection.subscribe(
          document,
          position === undefined ? variables : { ...variables, after: position },
          sink,
        ),
      position: async () => undefined,
      isDispensable: () => false,
      read: (data) =>
        isResync(data)
          ? { event: data, leadsTo: 'end' }
          : { event: data, cursor: cursorOf(data) ?? undefined },
      isOver: async () => true,
    },
    { after, signal, logger: connection.logger, statuses: connection.statuses },
  );
}

/** The event itself: a subscription has one field. */
function eventIn(data: unknown): Record<string, unknown> {
  const [event] = Object.values(data ?? {});
  return typeof event === 'object' && event !== null ? (event as Record<string, unknown>) : {};
}

/** The `cursor` of the event of a subscription's data. */
export function cursorIn(data: unknown): string | undefined {
  const { cursor } = eventIn(data);
  return typeof cursor === 'string' ? cursor : undefined;
}

function isResync(data: unknown): boolean {
  return eventIn(data)['__typename'] === 'ResyncRequired';
}
