/**
 * Readers of streams, over every way that there is: each can be cut at any time, and goes on from its latest cursor at
 * whichever server is there.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient as createSocketClient } from 'graphql-ws';
import WebSocket from 'ws';
import { type Client, createClient, type TaskEvent } from '../../src/client/index.ts';
import { fromTypeId } from '../../src/domain/typeid.ts';
import { silentServerLogger } from '../../src/events/logger.ts';
import { startProxy } from '../events/transports/redis-proxy.ts';
import type { Received, Told } from './compare.ts';
import { readState, type State } from './state.ts';

/** `leaving`: all rooms, of what comes into a status and what leaves it. */
export type Scope = { room: string } | { taskId: string } | { all: true } | { leaving: string };

export interface Reader {
  name: string;
  scope: Scope;
  /** All transitions that came, in the order in which they came, and what it has read again. */
  received: Received[];
  /** How often it was asked to read again. */
  resyncs: number;
  /** What must not happen to a reader at all. */
  problems: string[];
  /** How often it was cut. */
  cuts: number;
  /** Cuts its connection without a word. */
  cut(): void;
  /** Takes nothing in for so long. */
  stall(milliseconds: number): void;
  close(): Promise<void>;
}

export interface ReaderOptions {
  name: string;
  scope: Scope;
  /** The servers; one is chosen for each connection. */
  urls: readonly string[];
  token: string;
  /** Where to begin. */
  after: string;
  random: () => number;
}

interface Transitioned {
  __typename: 'TaskTransitioned';
  cursor: string;
  task: { id: string };
  transition: { version: number; from: string | null; to: string; reason: string };
}
type Event =
  | Transitioned
  | { __typename: 'TaskProgressed'; cursor: string }
  | { __typename: string; reason?: string };

const EVENT = `__typename
  ... on TaskTransitioned { cursor task { id } transition { version from to reason } }
  ... on TaskProgressed { cursor } ... on ResyncRequired { reason }`;
const ROOM = `subscription ($room: String!, $after: Cursor) { events: roomEvents(room: $room, after: $after) { ${EVENT} } }`;
const ALL = `subscription ($after: Cursor) { events: roomEvents(after: $after) { ${EVENT} } }`;
const LEAVING = `subscription ($leaving: TaskStatus!, $after: Cursor) {
  events: roomEvents(filter: { statuses: [$leaving] }, leaving: true, after: $after) { ${EVENT} }
}`;
const TASK = `subscription ($taskId: ID!, $after: Cursor) { events: taskEvents(taskId: $taskId, after: $after, follow: true) { ${EVENT} } }`;

/** One connection: resolves when it has ended, whichever way. */
interface Connection {
  ended: Promise<void>;
  cut(): void;
  stall(milliseconds: number): void;
}
type Connect = (
  url: string,
  token: string,
  operation: { query: string; variables: Record<string, unknown> },
  onEvent: (event: Event) => void,
  /** Called when there is no such task any more. */
  onGone: () => void,
) => Connection;

const isNotFound = (error: unknown) => JSON.stringify(error)?.includes('The task was not found') ?? false;

/** A reader over bare graphql-transport-ws. */
export const readOverSocket = (options: ReaderOptions): Reader => read(options, connectSocket);
/** A reader over bare Server-Sent Events. */
export const readOverSse = (options: ReaderOptions): Reader => read(options, connectSse);

function read({ name, scope, urls, token, after, random }: ReaderOptions, connect: Connect): Reader {
  let cursor = after;
  let closed = false;
  let connection: Connection | undefined;
  const reader: Reader = {
    name,
    scope,
    received: [],
    resyncs: 0,
    problems: [],
    cuts: 0,
    cut() {
      reader.cuts++;
      connection?.cut();
    },
    stall: (milliseconds) => connection?.stall(milliseconds),
    async close() {
      closed = true;
      connection?.cut();
      await running;
    },
  };

  let isAsked = false;
  let isOver = false;
  function endWithTask(): void {
    isOver = true;
    reader.received.push(NOTHING);
  }

  function take(event: Event): void {
    if (event.__typename === 'ResyncRequired') isAsked = true;
    if (!('cursor' in event)) return;
    cursor = event.cursor;
    if ('transition' in event) reader.received.push(toldOf(event.task.id, event.transition));
  }

  async function run(): Promise<void> {
    const query = queryOf(scope);
    const { all: _, ...named } = { all: true, ...scope };
    while (!closed && !isOver) {
      const url = urls[Math.floor(random() * urls.length)] as string;
      const operation = { query, variables: { ...named, after: cursor } };
      connection = connect(url, token, operation, take, endWithTask);
      await connection.ended;
      await sleep(20 + random() * 200);
      if (!isAsked) continue;
      isAsked = false;
      const state = await readAgain(reader, { urls, token, random, isClosed: () => closed });
      if (!state || isGone(state, scope)) return;
      cursor = state.cursor;
    }
  }

  const running = run();
  return reader;
}

/** What the reader of a task knows that is not there any more. */
const NOTHING: Received = { read: new Map() };

/** What a reader does that was asked to: undefined when it was closed meanwhile. */
async function readAgain(
  reader: Reader,
  options: Omit<Parameters<typeof readState>[1], 'scope'>,
): Promise<State | undefined> {
  reader.resyncs++;
  const state = await readState(reader.scope, options);
  if (state) reader.received.push({ read: state.versions });
  return state;
}

/** Of one task that is not there nothing can come any more. */
const isGone = ({ versions }: State, scope: Scope) => 'taskId' in scope && versions.size === 0;

function queryOf(scope: Scope): string {
  if ('room' in scope) return ROOM;
  if ('taskId' in scope) return TASK;
  return 'all' in scope ? ALL : LEAVING;
}

/** A reader by our own client, whose connections are cut on the way; it must not repeat anything. */
export async function readByClient({
  name,
  scope,
  urls,
  token,
  after,
  random,
}: ReaderOptions): Promise<Reader> {
  const proxy = await startProxy(urls[Math.floor(random() * urls.length)] as string);
  const url = `http://127.0.0.1:${new URL(proxy.url).port}`;
  const client: Client = createClient({ url, token, logger: silentServerLogger as never });
  const stop = new AbortController();
  const last = new Map<string, number>();
  const reader: Reader = {
    name,
    scope,
    received: [],
    resyncs: 0,
    problems: [],
    cuts: 0,
    cut() {
      reader.cuts++;
      proxy.cut();
    },
    stall: () => {},
    async close() {
      stop.abort();
      await running;
      client.close();
      await proxy.close();
    },
  };

  function take(event: TaskEvent): void {
    if (event.kind !== 'transition') return;
    const told = toldOf(event.task.id, event.transition);
    if (told.version <= (last.get(told.taskId) ?? 0))
      reader.problems.push(`repeated ${JSON.stringify(told)}`);
    last.set(told.taskId, told.version);
    reader.received.push(told);
  }

  async function run(): Promise<void> {
    const { signal } = stop;
    const events =
      'room' in scope
        ? client.watchRoom(scope.room, { after, signal })
        : client.watch((scope as { taskId: string }).taskId, { after, follow: true, signal });
    try {
      for await (const event of events) {
        take(event);
        if (event.kind !== 'resync') continue;
        // It goes on by itself, from a position of before this event.
        last.clear();
        const state = await readAgain(reader, { urls, token, random, isClosed: () => signal.aborted });
        if (!state || isGone(state, scope)) return;
      }
      if (!signal.aborted) reader.problems.push('came to an end');
    } catch (error) {
      if (signal.aborted) return;
      if ('taskId' in scope && String(error).includes('The task was not found'))
        reader.received.push(NOTHING);
      else reader.problems.push(`gave up: ${error}`);
    }
  }

  const running = run();
  return reader;
}

/** A transition as the API tells it, for comparing. */
function toldOf(
  id: string,
  { version, from, to, reason }: { version: number; from?: string | null; to: string; reason: string },
): Told {
  return { taskId: fromTypeId('task', id) as string, version, what: whatOf(from ?? null, to, reason) };
}

export function whatOf(from: string | null, to: string, reason: string): string {
  return `${from} to ${to}, ${reason}`;
}

const connectSocket: Connect = (url, token, operation, onEvent, onGone) => {
  let socket: WebSocket | undefined;
  class Watched extends WebSocket {
    constructor(address: string | URL, protocols?: string | string[]) {
      super(address, protocols);
      socket = this;
    }
  }
  const client = createSocketClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: Watched,
    connectionParams: { authorization: `Bearer ${token}` },
    retryAttempts: 0,
  });
  let stalled: NodeJS.Timeout | undefined;
  const ended = new Promise<void>((resolve) => {
    const over = () => resolve();
    client.subscribe<{ events: Event }>(operation, {
      next({ data, errors }) {
        if (data) onEvent(data.events);
        if (isNotFound(errors)) onGone();
      },
      error(error) {
        if (isNotFound(error)) onGone();
        over();
      },
      complete: over,
    });
  }).then(async () => {
    clearTimeout(stalled);
    await client.dispose();
  });
  return {
    ended,
    cut: () => socket?.terminate(),
    stall(milliseconds) {
      socket?.pause();
      stalled = setTimeout(() => socket?.resume(), milliseconds);
    },
  };
};

const connectSse: Connect = (url, token, operation, onEvent, onGone) => {
  const abort = new AbortController();
  let goOn: Promise<unknown> = Promise.resolve();

  async function run(): Promise<void> {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      signal: abort.signal,
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        accept: 'text/event-stream',
      },
      body: JSON.stringify(operation),
    });
    let text = '';
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      await goOn;
      text += chunk;
      const blocks = text.split('\n\n');
      text = blocks.pop() as string;
      for (const block of blocks) {
        const data = /^data: ?(.+)$/m.exec(block)?.[1];
        const result = data && JSON.parse(data);
        if (result?.data?.events) onEvent(result.data.events);
        if (isNotFound(result?.errors)) onGone();
      }
    }
  }

  return {
    ended: run().catch(() => {}),
    cut: () => abort.abort(),
    stall(milliseconds) {
      goOn = sleep(milliseconds);
    },
  };
};
