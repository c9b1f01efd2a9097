/** Two servers on one PostgreSQL, with and without a Redis between them: for callers they are one. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Caller } from '../support/api.ts';
import { ADMIN_TOKEN } from '../support/app.ts';
import { PROTOCOLS, type Subscription } from '../support/client.ts';
import {
  availableDatabases,
  createTestDatabase,
  type TestDatabase,
  testRedisUrl,
} from '../support/database.ts';
import { buildProgram, cleanUp, type Program, startProgram } from './program.ts';

const TIMEOUT = 120_000;
// The beat at which a server looks for itself is five seconds; the machine may be busy.
const WITHIN_MS = 30_000;
const ROOM = 'shared';
const JOB = { room: ROOM, name: 'work' };

const EVENT = `__typename
  ... on TaskTransitioned { task { id } transition { version from to reason } }
  ... on TaskProgressed { task { id } percent }`;

/** A task's whole life, as every watcher must see it. */
const LIFE = ['1 null > PENDING', '2 PENDING > CLAIMED', '3 CLAIMED > RUNNING', '4 RUNNING > COMPLETED'];

const redisUrl = testRedisUrl();
const kinds: [name: string, settings: Record<string, string>][] = [['without Redis', {}]];
if (redisUrl) kinds.unshift(['with Redis', { REDIS_URL: redisUrl }]);

beforeAll(buildProgram, TIMEOUT);

afterAll(cleanUp);

describe.runIf(availableDatabases().includes('postgres')).each(kinds)('two servers %s', (_name, settings) => {
  let database: TestDatabase;
  let programs: Program[];
  let one: Caller;
  let other: Caller;

  beforeAll(async () => {
    database = await createTestDatabase('postgres');
    const start = () =>
      startProgram({
        DATABASE_URL: database.url as string,
        SIGNALBOX_ADMIN_TOKEN: ADMIN_TOKEN,
        ...settings,
      });
    programs = await Promise.all([start(), start()]);
    const urls = await Promise.all(programs.map(({ ready }) => ready));
    [one, other] = urls.map((url) => new Caller(url, '@admin', ADMIN_TOKEN)) as [Caller, Caller];
  }, TIMEOUT);

  afterAll(async () => {
    for (const program of programs) await program.end('SIGKILL');
    await database.close();
  });

  /** Where the log stands: nothing that is committed later is missed from here. */
  async function position(): Promise<string> {
    return (await one.ask('{ tasks(first: 1) { streamCursor } }')).streamCursor;
  }

  /** Watches the room at both servers, over every protocol, from the position on. */
  function watchRoom(after: string, at: Caller[] = [one, other]): Subscription[] {
    const query = `subscription ($room: String!, $after: Cursor) { roomEvents(room: $room, after: $after) { ${EVENT} } }`;
    return at.flatMap((caller) =>
      PROTOCOLS.map((protocol) => caller.subscribe(protocol, query, { room: ROOM, after })),
    );
  }

  /**
   * What a watcher sees of these tasks until so many transitions of each have come, in the order in which they came.
   * Others may come again after a position: what else happens on the database server can hold it back.
   */
  async function transitionsOf(watcher: Subscription, ids: string[]): Promise<Map<string, string[]>> {
    const seen = new Map<string, string[]>(ids.map((id) => [id, []]));
    for (let missing = LIFE.length * ids.length; missing > 0; ) {
      const { task, transition } = await watcher.event(WITHIN_MS);
      if (!transition || !seen.has(task.id)) continue;
      missing--;
      seen.get(task.id)?.push(`${transition.version} ${transition.from} > ${transition.to}`);
    }
    watcher.close();
    return seen;
  }

  async function work(caller: Caller, workerId: string, limit: number): Promise<string[]> {
    const { tasks } = await caller.claim({ workerId, limit, start: true });
    for (const { id: taskId, attempt } of tasks) {
      const held = { taskId, workerId, attempt };
      await caller.act('reportProgress', { ...held, percent: 50 });
      const done = await caller.act('completeTask', { ...held, result: { by: workerId } });
      expect(done.task).toMatchObject({ status: 'COMPLETED' });
    }
    return tasks.map(({ id }: { id: string }) => id);
  }

  it(
    'show at both, over WebSocket and SSE, what was submitted at one and worked at the other',
    async () => {
      await one.registerJob(JOB);
      const workerId = await other.newWorker(JOB);
      const rooms = watchRoom(await position());
      const { task, cursor } = await one.submit({ room: ROOM, job: `${ROOM}:general:work` });
      const query = `subscription ($id: ID!, $after: Cursor) { taskEvents(taskId: $id, after: $after) { ${EVENT} } }`;
      const open = (after: string | null) =>
        [one, other].flatMap((caller) =>
          PROTOCOLS.map((protocol) => caller.subscribe(protocol, query, { id: task.id, after })),
        );
      const resumed = open(cursor);
      const fresh = open(null);
      for (const watcher of fresh)
        expect(await watcher.event(WITHIN_MS)).toEqual({ __typename: 'TaskSnapshot' });
      expect(await work(other, workerId, 10)).toEqual([task.id]);
      for (const watcher of rooms)
        expect(await transitionsOf(watcher, [task.id])).toEqual(new Map([[task.id, LIFE]]));
      for (const watcher of [...fresh, ...resumed]) {
        // By themselves these streams end after the last transition.
        const events = await watcher.rest(WITHIN_MS);
        const versions = events.flatMap(({ transition }) => transition?.version ?? []);
        // The submission's own may come again after its cursor.
        expect(versions.filter((version) => version > 1)).toEqual([2, 3, 4]);
      }
      expect(await one.task(task.id)).toEqual(await other.task(task.id));
    },
    TIMEOUT,
  );

  it(
    'show every transition of many tasks, each once and in order, wherever it was made',
    async () => {
      const workers = [await one.newWorker(JOB), await other.newWorker(JOB)] as const;
      const watchers = watchRoom(await position());
      const submitted = await Promise.all(
        Array.from({ length: 40 }, (_, n) =>
          (n % 2 ? one : other).submit({ room: ROOM, job: `${ROOM}:general:work`, payload: { n } }),
        ),
      );
      const done: string[] = [];
      const workAll = async (caller: Caller, workerId: string) => {
        for (
          let batch = await work(caller, workerId, 5);
          batch.length > 0;
          batch = await work(caller, workerId, 5)
        ) {
          done.push(...batch);
        }
      };
      // Workers belong to no server: each is served by the other one here.
      await Promise.all([workAll(other, workers[0]), workAll(one, workers[1])]);
      const ids = submitted.map(({ task }) => task.id);
      expect([...done].sort()).toEqual([...ids].sort());
      for (const watcher of watchers) {
        const seen = await transitionsOf(watcher, ids);
        expect(seen).toEqual(new Map(ids.map((id) => [id, LIFE])));
      }
    },
    TIMEOUT,
  );

  it(
    'are not needed both: when one is killed, the other goes on, and shows what the killed one had done',
    async () => {
      const workerId = await one.newWorker(JOB);
      const watchers = watchRoom(await position(), [other]);
      const submitted = await Promise.all(
        Array.from({ length: 10 }, (_, n) =>
          one.submit({ room: ROOM, job: `${ROOM}:general:work`, payload: { n } }),
        ),
      );
      // At once: what it has acknowledged it may not have told anybody else.
      await programs[0]?.end('SIGKILL');
      const ids = submitted.map(({ task }) => task.id);
      expect((await work(other, workerId, 100)).sort()).toEqual([...ids].sort());
      for (const watcher of watchers) {
        expect(await transitionsOf(watcher, ids)).toEqual(new Map(ids.map((id) => [id, LIFE])));
      }
      const response = await fetch(`${other.url}/health/ready`);
      expect(await response.json()).toMatchObject({ status: 'ready', database: 'ok', transport: 'ok' });
      expect(await programs[1]?.end('SIGTERM')).toEqual({ code: 0, signal: null });
      expect(programs[1]?.stdout).not.toMatch(/"level":(50|60)/);
    },
    TIMEOUT,
  );
});
