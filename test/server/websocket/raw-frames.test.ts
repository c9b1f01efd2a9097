/**
 * What a client may do to a socket with frames of its own, in any order, in any bursts and with any ids: no stream
 * outlives its operation or its socket, nothing is lost, delivered twice or to another operation, and the limit holds.
 *
 * Every answer names the operation that it is for by the alias of its field, which differs between two operations that
 * follow each other under the same id. How many streams there are, /metrics says.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, startApi } from '../../support/api.ts';
import { connectSocket, type Message, openSocket, type TestSocket } from '../socket.ts';

/** Of one socket at a time. */
const MAX_OPERATIONS = 50;
const ROOM = 'frames';
const JOB = `${ROOM}:general:work`;
const SETTLED_WITHIN_MS = 20_000;

type Kind = 'room' | 'task' | 'query' | 'new query' | 'claim' | 'wrong';
type Frame =
  | { type: 'subscribe'; id: string; kind: Kind }
  | { type: 'complete'; id: string }
  | { type: 'ping' | 'pong' }
  /** A task is submitted, which every stream of the room must deliver once. */
  | { type: 'event' };
/** Closed by the client, or for what no client may send. */
type Ending = 'close' | 'terminate' | 'second init' | 'no JSON' | 'no such type';

// Names that an object has by itself, one that JSON must escape, and ordinary ones that come again.
const id = fc.constantFrom('1', '1', '2', '2', '__proto__', 'constructor', 'toString', '"\\\n', '🦊');
const kind = fc.constantFrom<Kind>('room', 'room', 'room', 'task', 'query', 'new query', 'claim', 'wrong');
const frame: fc.Arbitrary<Frame> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ type: fc.constant('subscribe' as const), id, kind }) },
  { weight: 9, arbitrary: fc.record({ type: fc.constant('complete' as const), id }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constantFrom('ping' as const, 'pong' as const) }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('event' as const) }) },
);
/** Frames that leave in one piece, and whether all that they lead to is waited for. */
const burst = fc.record({ frames: fc.array(frame, { minLength: 1, maxLength: 12 }), settles: fc.boolean() });
const ending = fc.constantFrom<Ending>('close', 'terminate', 'second init', 'no JSON', 'no such type');

let api: Api;
let workerId: string;
let taskId: string;
let documents = 0;

beforeAll(async () => {
  api = await startApi('pglite');
  await api.admin.registerJob({ room: ROOM, name: 'work' });
  workerId = await api.admin.newWorker({ room: ROOM, name: 'nothing' });
  taskId = (await api.admin.submit({ room: ROOM, job: JOB })).task.id;
});

afterAll(() => api?.close());

/** Everything that a socket may have, as /metrics says. */
async function measures(): Promise<
  Record<'subscribers' | 'groups' | 'rooms' | 'sockets' | 'claims', number>
> {
  const response = await fetch(`${api.url}/metrics`, {
    headers: { authorization: `Bearer ${api.admin.token}` },
  });
  const text = await response.text();
  const metric = (name: string) => Number(new RegExp(`^signalbox_${name} (\\d+)$`, 'm').exec(text)?.[1]);
  return {
    subscribers: metric('stream_subscribers'),
    groups: metric('stream_groups'),
    rooms: metric('stream_rooms'),
    sockets: metric('sockets'),
    claims: metric('claims_waiting'),
  };
}
const NOTHING = { subscribers: 0, groups: 0, rooms: 0, sockets: 0, claims: 0 };

function payloadOf(kind: Kind, alias: string): object {
  switch (kind) {
    case 'room':
      return {
        query: `subscription ($room: String!) {
          ${alias}: roomEvents(room: $room) { ... on TaskTransitioned { task { id version } } }
        }`,
        variables: { room: ROOM },
      };
    case 'task':
      return {
        query: `subscription ($id: ID!) { ${alias}: taskEvents(taskId: $id, follow: true) { __typename } }`,
        variables: { id: taskId },
      };
    case 'query':
      return { query: `{ ${alias}: tasks(first: 1) { nodes { id } } }` };
    case 'new query':
      return { query: `{ ${alias}: tasks(first: 1) { nodes { id } } } # ${documents++}` };
    case 'claim':
      return {
        query: `mutation ($input: ClaimTasksInput!) { ${alias}: claimTasks(input: $input) { __typename } }`,
        variables: { input: { workerId, limit: 1, waitSeconds: 20 } },
      };
    case 'wrong':
      return { query: `{ ${alias}: nothing }` };
  }
}

interface Operation {
  alias: string;
  kind: Kind;
  /** It was there when nothing was under way: what happens from then on must come. */
  isSettled: boolean;
  /** The client has said that it wants no more. */
  isLeft: boolean;
  /** And the server has read that. */
  isGone: boolean;
  /** The server has said that there is no more. */
  isEnded: boolean;
  owed: Set<string>;
  seen: Set<string>;
}

/** One socket, what was sent on it, and what must be true of it. */
class Client {
  readonly socket: TestSocket;
  /** By id, the latest at the end. */
  readonly operations = new Map<string, Operation[]>();
  readonly wrong: string[] = [];
  #isClosed = false;
  readonly #over: Promise<unknown>;
  readonly #pongs = new Map<number, () => void>();
  #pings = 0;
  #frames: string[] = [];

  constructor(socket: TestSocket) {
    this.socket = socket;
    socket.raw.removeAllListeners('message');
    socket.raw.on('message', (data) => this.#receive(JSON.parse(String(data))));
    this.#over = socket.closed.then(() => {
      this.#isClosed = true;
    });
  }

  static async open(): Promise<Client> {
    const client = new Client(await connectSocket(api.url));
    client.put({ type: 'connection_init', payload: { authorization: `Bearer ${api.admin.token}` } });
    await client.roundTrip();
    return client;
  }

  get live(): Operation[] {
    return [...this.operations.values()].flat().filter(({ isLeft, isEnded }) => !isLeft && !isEnded);
  }

  current(id: string): Operation | undefined {
    const last = this.operations.get(id)?.at(-1);
    return last && !last.isLeft && !last.isEnded ? last : undefined;
  }

  put(message: object | string): void {
    this.#frames.push(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** What was put leaves in one piece. */
  flush(): void {
    const { _socket: connection } = this.socket.raw as unknown as {
      _socket: { cork(): void; uncork(): void } | null;
    };
    connection?.cork();
    for (const text of this.#frames.splice(0)) this.socket.raw.send(text, () => {});
    connection?.uncork();
  }

  /** Resolves when the server has read all that was sent. */
  async roundTrip(): Promise<void> {
    const left = [...this.operations.values()].flat().filter(({ isLeft }) => isLeft);
    const number = ++this.#pings;
    const answered = new Promise<void>((resolve) => this.#pongs.set(number, resolve));
    this.put({ type: 'ping', payload: { number } });
    this.flush();
    await Promise.race([answered, this.#over]);
    expect(this.#isClosed).toBe(false);
    for (const operation of left) operation.isGone = true;
  }

  subscribe(id: string, kind: Kind): void {
    const before = this.operations.get(id) ?? [];
    const alias = before.length % 2 === 0 ? 'a' : 'b';
    const state = { isSettled: false, isLeft: false, isGone: false, isEnded: false };
    this.operations.set(id, [...before, { alias, kind, ...state, owed: new Set(), seen: new Set() }]);
    this.put({ type: 'subscribe', id, payload: payloadOf(kind, alias) });
  }

  complete(id: string): void {
    const operation = this.current(id);
    if (operation) operation.isLeft = true;
    this.put({ type: 'complete', id });
  }

  /** A task is submitted, and owed to every stream of the room that is there already. */
  async submit(): Promise<void> {
    const present = this.live.filter(({ isSettled, kind }) => isSettled && kind === 'room');
    const { task } = await api.admin.submit({ room: ROOM, job: JOB });
    for (const { owed } of present) owed.add(`${task.id} 1`);
  }

  async settle(): Promise<void> {
    await this.roundTrip();
    const isStream = ({ kind }: Operation) => kind === 'room' || kind === 'task';
    const state = async () => ({
      streams: (await measures()).subscribers - this.live.filter(isStream).length,
      // What is no stream has an end, but for claims that wait.
      others: this.live.filter((one) => !isStream(one) && one.kind !== 'claim').length,
      lacking: this.live.flatMap(({ owed, seen }) => [...owed].filter((event) => !seen.has(event))),
    });
    const expected = { streams: 0, others: 0, lacking: [] };
    await expect.poll(state, { timeout: SETTLED_WITHIN_MS, interval: 5 }).toEqual(expected);
    for (const operation of this.live) operation.isSettled = true;
  }

  async end(how: Ending): Promise<void> {
    if (how === 'second init') this.put({ type: 'connection_init' });
    if (how === 'no JSON') this.put('{"type":"subscribe"');
    if (how === 'no such type') this.put({ type: 'nonsense' });
    this.flush();
    if (how === 'close') this.socket.close();
    if (how === 'terminate') this.socket.raw.terminate();
    await this.#over;
  }

  #receive({ type, id = '', payload }: Message): void {
    if (type === 'pong') this.#pongs.get(payload?.number)?.();
    if (type !== 'next' && type !== 'error' && type !== 'complete') return;
    const under = this.operations.get(id) ?? [];
    // What was on its way when the client left may be for an earlier operation under the id.
    const alias = type === 'next' && payload.data ? Object.keys(payload.data)[0] : undefined;
    const operation = under.findLast((one) => alias === undefined || one.alias === alias);
    if (!operation || operation.isEnded || operation.isGone) {
      this.wrong.push(`${type} for ${id}, which is not under way`);
      return;
    }
    if (type !== 'next') operation.isEnded = !operation.isLeft;
    const task = payload?.data?.[operation.alias]?.task;
    if (!task || operation.kind !== 'room') return;
    const event = `${task.id} ${task.version}`;
    if (operation.seen.has(event)) this.wrong.push(`${event} came twice under ${id}`);
    operation.seen.add(event);
  }
}

async function send(client: Client, frames: readonly Frame[]): Promise<void> {
  const submissions: Promise<void>[] = [];
  for (const frame of frames) {
    // Two under one id end the socket: see below.
    if (frame.type === 'subscribe' && !client.current(frame.id)) client.subscribe(frame.id, frame.kind);
    if (frame.type === 'complete') client.complete(frame.id);
    if (frame.type === 'ping' || frame.type === 'pong') client.put(frame);
    if (frame.type === 'event') submissions.push(client.submit());
  }
  client.flush();
  await Promise.all(submissions);
}

describe('whatever a client sends', { timeout: 300_000 }, () => {
  it('streams end with their operation and with their socket, and deliver once', async () => {
    const property = fc.asyncProperty(
      fc.array(burst, { minLength: 1, maxLength: 6 }),
      ending,
      async (bursts, how) => {
        const client = await Client.open();
        try {
          for (const { frames, settles } of bursts) {
            await send(client, frames);
            if (settles) await client.settle();
          }
          await client.end(how);
          await expect.poll(measures, { timeout: SETTLED_WITHIN_MS, interval: 5 }).toEqual(NOTHING);
          expect(client.wrong).toEqual([]);
        } finally {
          client.socket.raw.terminate();
        }
      },
    );
    // What a leak leaves behind would spoil every smaller try.
    await fc.assert(property, { numRuns: 100, endOnFailure: true });
  });

  it('an id serves one operation at a time, and the next one at once after it', async () => {
    const client = await Client.open();
    for (let turn = 0; turn < 20; turn++) {
      client.subscribe('1', turn % 2 === 0 ? 'room' : 'new query');
      client.complete('1');
    }
    client.subscribe('1', 'room');
    client.flush();
    await client.settle();
    await send(client, [{ type: 'event' }]);
    await client.settle();
    expect(client.wrong).toEqual([]);
    client.socket.close();
  });

  it.each(['1', '__proto__', 'x'.repeat(10_000)])(
    'two operations under one id end the socket',
    async (id) => {
      const socket = await openSocket(api.url, api.admin.token);
      socket.send({ type: 'subscribe', id, payload: payloadOf('room', 'a') });
      socket.send({ type: 'subscribe', id, payload: payloadOf('query', 'a') });
      const { code, reason } = await socket.closed;
      expect(code).toBe(4409);
      expect(reason).toMatch(/^Subscriber for .* already exists$/);
      await expect.poll(measures).toEqual(NOTHING);
    },
  );

  it('so many operations are under way at a time, and no more, whatever their ids', async () => {
    const client = await Client.open();
    client.subscribe('__proto__', 'room');
    for (let n = 1; n < MAX_OPERATIONS + 10; n++) client.subscribe(String(n), 'room');
    client.flush();
    await client.settle();
    expect(client.live).toHaveLength(MAX_OPERATIONS);
    client.complete('__proto__');
    client.subscribe('one more', 'room');
    await client.settle();
    expect(client.live).toHaveLength(MAX_OPERATIONS);
    expect(client.current('one more')).toBeDefined();
    expect(client.wrong).toEqual([]);
    client.socket.close();
  });
});
