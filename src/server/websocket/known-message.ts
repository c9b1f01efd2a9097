/**
 * The short way of what nearly every message on a socket is: a query or mutation that is known (known-operations.ts),
 * answered with one result. The library behind the sockets checks each message of both directions and waits a dozen
 * times for each operation; here it is asked for nothing, and its account of the operations under way is kept.
 *
 *     { id, type: "subscribe", payload }  ──▶  { id, type: "next", payload } { id, type: "complete" }
 *
 * Whatever is not so plain goes the long way, before anything of it has been done.
 */
import type { Context as ProtocolContext } from 'graphql-ws';
import type { Caller } from '../graphql/caller.ts';
import { isPlainOperation, type RunKnown } from '../graphql/known-operations.ts';
import type { RateLimits } from '../limits/rate-limits.ts';
import { withoutHttp } from '../subscriptions/encode.ts';
import type { OperationIds } from './operation-ids.ts';
import { openOperationSink } from './operation-sink.ts';
import type { SocketWriter } from './socket-writer.ts';

/** Operations of one socket at a time at most. */
export const MAX_OPERATIONS = 50;
/** Likewise, with those that the client has left and that have not ended yet. */
export const MAX_UNDER_WAY = 2 * MAX_OPERATIONS;

/** One socket, as far as operations are concerned. */
export interface OperatingSocket {
  viewer?: Caller['viewer'];
  writer: SocketWriter;
  /** What stands for the client's ids: everything else here knows an operation by its own. */
  ids: OperationIds;
  /** By the id of the operation: called when nobody waits for its answer any more. */
  leaving: Map<string, () => void>;
  /** The library's account of the socket, once it has signed in. */
  protocol?: ProtocolContext;
}

/** Answers the message; undefined, having done nothing, for one that has to go the long way. */
export type AnswerKnownMessage = (socket: OperatingSocket, message: unknown) => Promise<void> | undefined;

export function createKnownMessage(runKnown: RunKnown, limits: RateLimits): AnswerKnownMessage {
  return (socket, message) => {
    const { viewer, protocol } = socket;
    if (!viewer || !protocol?.acknowledged || !isSubscribe(message)) return undefined;
    const { id, payload } = message;
    const { subscriptions } = protocol;
    if (!isPlainOperation(payload)) return undefined;
    if (Object.keys(subscriptions).length >= MAX_OPERATIONS || socket.ids.size > MAX_UNDER_WAY)
      return undefined;
    const meter = limits.meter(viewer);
    if (meter?.refusal()) return undefined;
    const caller = callerOf(socket, id, payload.extensions?.['traceparent'], meter);
    const result = runKnown(payload, caller);
    if (!result) return undefined;
    subscriptions[id] = null;
    return result.then(({ errors, ...rest }) => {
      // Let go of meanwhile, by the client or with its socket.
      if (!(id in protocol.subscriptions)) return;
      delete protocol.subscriptions[id];
      const payload = errors ? { ...rest, errors: withoutHttp(errors) } : rest;
      const named = JSON.stringify(socket.ids.nameOf(id));
      socket.writer.send(`{"id":${named},"type":"next","payload":${JSON.stringify(payload)}}`);
      socket.writer.send(`{"id":${named},"type":"complete"}`);
    });
  };
}

/** The caller that the pipeline gets for an operation on a socket. */
export function callerOf(
  { viewer, writer, ids, leaving }: OperatingSocket,
  id: string,
  traceparent: unknown,
  meter: Caller['meter'],
): Caller {
  return {
    viewer: viewer ?? null,
    // A message has no headers.
    traceparent,
    meter,
    whenGone(leave) {
      leaving.set(id, leave);
      return () => leaving.delete(id);
    },
    openSink: () => openOperationSink(writer, ids.nameOf(id)),
  };
}

function isSubscribe(message: unknown): message is { id: string; payload: unknown } {
  if (typeof message !== 'object' || message === null) return false;
  const { type, id } = message as { type?: unknown; id?: unknown };
  return type === 'subscribe' && typeof id === 'string' && id !== '';
}
