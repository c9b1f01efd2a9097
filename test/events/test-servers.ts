/** Servers as the hub sees them: a store on a real database that publishes over a real transport. */
import { afterAll, afterEach, beforeAll } from 'vitest';
import type { Position } from '../../src/domain/position.ts';
import type { TaskChange, TaskRow } from '../../src/domain/task.ts';
import { createHub, type Hub, type HubOptions } from '../../src/events/hub/hub.ts';
import { createPublisher } from '../../src/events/publishing/publisher.ts';
import type { StreamEvent } from '../../src/events/streams/stream.ts';
import { createMemoryTransport } from '../../src/events/transports/memory.ts';
import { connectRedisTransport } from '../../src/events/transports/redis.ts';
import type { Transport } from '../../src/events/transports/transport.ts';
import type { JobRow } from '../../src/store/jobs/jobs.ts';
import { createStore, type Store } from '../../src/store/store.ts';
import { availableDatabases, type DatabaseKind, redisPrefix, testRedisUrl } from '../support/database.ts';
import { untilBelowHorizon } from '../support/horizon.ts';
import { changed, createTestStore, submissionOf, type TestStore } from '../support/test-store.ts';

export type TransportKind = 'memory' | 'redis';

/** Every database of this run with every transport of it. */
export const combinations: { database: DatabaseKind; transport: TransportKind }[] =
  availableDatabases().flatMap((database) => [
    { database, transport: 'memory' as const },
    ...(testRedisUrl() ? [{ database, transport: 'redis' as const }] : []),
  ]);

export interface Server {
  store: Store;
  transport: Transport;
  hub: Hub;
}

export interface TestServers extends TestStore {
  transport: TransportKind;
  prefix: string;
  /** Another server on the same database; over Redis with connections of its own. */
  newServer(options?: ServerOptions): Promise<Server>;
  /** Ends the servers, not the database: what every test does after itself. */
  closeServers(): Promise<void>;
  /** The log's horizon once it has passed everything that is committed now, see `untilBelowHorizon`. */
  horizonPastNow(): Promise<Position>;
  /** Takes a new task of the job from submission to completion, with the given server; gives its id. */
  runTask(server: Server, job: JobRow, workerId: string): Promise<string>;
}

export interface ServerOptions extends Partial<HubOptions> {
  redisUrl?: string | undefined;
  /** Whether a commit is published; otherwise its messages are lost. */
  isPublished?: ((changes: readonly TaskChange[]) => boolean) | undefined;
}

async function createTestServers(database: DatabaseKind, transportKind: TransportKind): Promise<TestServers> {
  const testStore = await createTestStore(database);
  const closers: (() => Promise<unknown>)[] = [];
  const prefix = redisPrefix();
  let shared = createMemoryTransport();

  async function connect(redisUrl = testRedisUrl() as string): Promise<Transport> {
    if (transportKind === 'memory') return shared;
    const transport = await connectRedisTransport({ url: redisUrl, prefix, pingIntervalMs: 500 });
    closers.push(() => transport.close());
    return transport;
  }

  async function closeServers(): Promise<void> {
    for (const close of closers.splice(0)) await close();
    await shared.close();
    shared = createMemoryTransport();
  }

  async function newServer({
    redisUrl,
    isPublished = () => true,
    ...options
  }: ServerOptions = {}): Promise<Server> {
    const transport = options.transport ?? (await connect(redisUrl));
    const hub = createHub({
      log: testStore.log,
      healthyBeatMs: 60_000,
      unhealthyBeatMs: 20,
      ...options,
      transport,
    });
    closers.unshift(() => hub.close());
    const publisher = createPublisher({ transport });
    const store = createStore(testStore.db, {
      onCommit: (changes) => void (isPublished(changes) && publisher.publish(changes)),
      workerTimeoutSeconds: 60,
    });
    return { store, transport, hub };
  }

  async function runTask({ store }: Server, job: JobRow, workerId: string): Promise<string> {
    const submitted = await store.submitTask(submissionOf(job));
    if (submitted.kind !== 'created') throw new Error(`The submission gave ${submitted.kind}.`);
    // Others run at the same time: what this claim gives may be another one's task, or nothing for a moment.
    let task: TaskRow | undefined;
    while (!task) [task] = await store.claimTasks({ workerId, limit: 1, start: false, actor: 'wim' });
    const held = heldBy(task);
    changed(await store.startTask(held));
    changed(await store.reportProgress({ ...held, percent: 50, message: 'half' }));
    changed(await store.completeTask({ ...held, outcome: 'COMPLETED', result: null }));
    return submitted.change.task.id;
  }

  async function horizonPastNow(): Promise<Position> {
    await untilBelowHorizon(testStore.db);
    return testStore.log.horizon();
  }

  return {
    ...testStore,
    horizonPastNow,
    transport: transportKind,
    prefix,
    newServer,
    closeServers,
    runTask,
    async close() {
      await closeServers();
      await testStore.close();
    },
  };
}

/**
 * A servers for the tests of the surrounding `describe`: one database for all, servers of its own for each. Its members
 * can be taken once a test runs.
 */
export function useTestServers(database: DatabaseKind, transport: TransportKind): TestServers {
  let servers: TestServers;
  beforeAll(async () => {
    servers = await createTestServers(database, transport);
  });
  afterEach(() => servers.closeServers());
  afterAll(() => servers.close());
  return new Proxy({} as TestServers, { get: (_, member) => servers[member as keyof TestServers] });
}

/** The attempt of a claimed task. */
export function heldBy({ id, workerId, attempt }: TaskRow) {
  return { taskId: id, workerId: workerId as string, attempt, actor: 'wim' };
}

/** Takes `count` transitions from a stream, leaving out progress and snapshots. */
export async function takeTransitions(stream: AsyncIterator<StreamEvent>, count: number) {
  const taken: Extract<StreamEvent, { kind: 'transition' }>[] = [];
  while (taken.length < count) {
    const { value, done } = await stream.next();
    if (done) throw new Error(`The stream ended after ${taken.length} of ${count} transitions.`);
    if (value.kind === 'transition') taken.push(value);
  }
  return taken;
}

/** All events up to the end of a stream. */
export async function takeAll(stream: AsyncIterable<StreamEvent>): Promise<StreamEvent[]> {
  const events: StreamEvent[] = [];
  for await (const event of stream) events.push(event);
  return events;
}

/** The versions of each task, in the order in which they came. */
export function versionsByTask(events: readonly StreamEvent[]): Map<string, number[]> {
  const byTask = new Map<string, number[]>();
  for (const event of events) {
    if (event.kind !== 'transition') continue;
    byTask.set(event.task.id, [...(byTask.get(event.task.id) ?? []), event.task.version]);
  }
  return byTask;
}
