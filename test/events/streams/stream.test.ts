import { describe, expect, it } from 'vitest';
import { comparePositions, LOG_START, type Position } from '../../../src/domain/position.ts';
import type { TaskRow } from '../../../src/domain/task.ts';
import {
  type EventStream,
  type Judge,
  openResyncStream,
  openRoomStream,
  openTaskStream,
  type StreamEvent,
} from '../../../src/events/streams/stream.ts';
import { startTasks } from '../../../src/store/tasks/attempt/start.ts';
import { submitTasks } from '../../../src/store/tasks/submit/submit.ts';
import { testRedisUrl } from '../../support/database.ts';
import { changed, failure, submissionOf } from '../../support/test-store.ts';
import {
  combinations,
  heldBy,
  type Server,
  takeAll,
  takeTransitions,
  useTestServers,
  versionsByTask,
} from '../test-servers.ts';
import { startProxy } from '../transports/redis-proxy.ts';

describe.each(combinations)('streams on $database with $transport', ({ database, transport }) => {
  const servers = useTestServers(database, transport);

  function streamTask(
    server: Server,
    task: TaskRow,
    options: { after?: Position | undefined; follow?: boolean } = {},
  ) {
    const loadTask = async () => (await server.store.findTasks([task.id]))[0] ?? null;
    const { hub } = server;
    return openTaskStream({
      hub,
      log: servers.log,
      room: task.room,
      taskId: task.id,
      follow: false,
      loadTask,
      ...options,
    });
  }

  function streamRoom(
    server: Server,
    room: string,
    options: { after?: Position | undefined; judge?: Judge } = {},
  ) {
    return openRoomStream({
      hub: server.hub,
      log: servers.log,
      rooms: [room],
      judge: () => true,
      ...options,
    });
  }

  async function submit(server: Server, job: { id: string; room: string }): Promise<TaskRow> {
    const result = await server.store.submitTask(submissionOf(job));
    if (result.kind !== 'created') throw new Error(`The submission gave ${result.kind}.`);
    return result.change.task;
  }

  async function claim(server: Server, workerId: string): Promise<TaskRow> {
    const [task] = await server.store.claimTasks({ workerId, limit: 1, start: true, actor: 'wim' });
    if (!task) throw new Error('There was nothing to claim.');
    return task;
  }

  async function complete(server: Server, task: TaskRow): Promise<void> {
    changed(await server.store.completeTask({ ...heldBy(task), outcome: 'COMPLETED', result: { n: 1 } }));
  }

  const kinds = (events: StreamEvent[]) =>
    events.map((event) => (event.kind === 'resync' ? 'resync' : `${event.kind} ${event.task.version}`));

  describe('of a task', () => {
    it('begin with a snapshot, go on with every change, and end after the end', async () => {
      const { newServer, newJob, newWorker } = servers;
      const server = await newServer();
      const job = await newJob();
      const worker = await newWorker(job);
      const stream = streamTask(server, await submit(server, job));
      await stream.ready;
      const first = await stream.next();
      expect(first.value).toMatchObject({ kind: 'snapshot', task: { status: 'PENDING', version: 1 } });
      const claimed = await claim(server, worker.id);
      changed(await server.store.reportProgress({ ...heldBy(claimed), percent: 40, message: 'nearly' }));
      await complete(server, claimed);
      const rest = await takeAll(stream);
      expect(kinds(rest)).toEqual(['transition 2', 'transition 3', 'progress 3', 'transition 4']);
      expect(rest[2]).toMatchObject({ percent: 40, message: 'nearly' });
      expect(server.hub.stats()).toEqual({ rooms: 0, watches: 0 });
    });

    it('that has ended give its snapshot and end', async () => {
      const { newServer, newJob, newWorker } = servers;
      const server = await newServer();
      const job = await newJob();
      const worker = await newWorker(job);
      await submit(server, job);
      const claimed = await claim(server, worker.id);
      await complete(server, claimed);
      expect(kinds(await takeAll(streamTask(server, claimed)))).toEqual(['snapshot 4']);
      expect(server.hub.stats()).toEqual({ rooms: 0, watches: 0 });
    });

    it('that are followed go on over the end, for a retry', async () => {
      const { newServer, newJob, newWorker } = servers;
      const server = await newServer();
      const job = await newJob();
      const worker = await newWorker(job);
      const task = await submit(server, job);
      const stream = streamTask(server, task, { follow: true });
      await stream.next();
      changed(
        await server.store.failTask({ ...heldBy(await claim(server, worker.id)), error: failure(false) }),
      );
      changed(await server.store.retryTask({ taskId: task.id, actor: 'ann' }));
      const seen = await takeTransitions(stream, 4);
      expect(seen.map(({ transition }) => transition.to)).toEqual([
        'CLAIMED',
        'RUNNING',
        'FAILED',
        'PENDING',
      ]);
      await stream.return?.();
    });

    it('end at once when the task is gone, and tell it to whoever resumes', async () => {
      const { newServer, newJob } = servers;
      const server = await newServer();
      const { room } = await newJob();
      const { hub } = server;
      const gone = {
        hub,
        log: servers.log,
        room,
        taskId: 'a4b7c9d0-0000-7000-8000-000000000002',
        follow: true,
      };
      expect(await takeAll(openTaskStream({ ...gone, loadTask: async () => null }))).toEqual([]);
      const resumed = openTaskStream({ ...gone, after: LOG_START, loadTask: async () => null });
      expect(kinds(await takeAll(resumed))).toEqual(['resync']);
      expect(hub.stats()).toEqual({ rooms: 0, watches: 0 });
    });

    it('resumed after any of its events give exactly what came later, without a snapshot', async () => {
      const { newServer, newJob, newWorker } = servers;
      // A quick beat, so that positions are exact after a moment.
      const server = await newServer({ healthyBeatMs: 10 });
      const job = await newJob();
      const worker = await newWorker(job);
      const task = await submit(server, job);
      const stream = streamTask(server, task);
      const events: Exclude<StreamEvent, { kind: 'resync' }>[] = [];
      const take = async () => {
        const { value } = await stream.next();
        events.push(value);
      };
      await take();
      const claimed = await claim(server, worker.id);
      await take();
      await take();
      await complete(server, claimed);
      await take();
      for (const event of events) {
        const again = await takeAll(streamTask(server, task, { after: event.position }));
        const versions = versionsByTask(again).get(task.id) ?? [];
        const missed = [1, 2, 3, 4].filter((version) => version > event.task.version);
        expect(versions).toEqual([1, 2, 3, 4].slice(4 - versions.length));
        expect(versions.slice(versions.length - missed.length)).toEqual(missed);
        expect(again.every(({ kind }) => kind === 'transition')).toBe(true);
      }
    });

    it('resumed after their last event end at once when the task has ended', async () => {
      const { newServer, newJob, newWorker, horizonPastNow } = servers;
      const server = await newServer();
      const job = await newJob();
      const worker = await newWorker(job);
      await submit(server, job);
      const claimed = await claim(server, worker.id);
      await complete(server, claimed);
      expect(await takeAll(streamTask(server, claimed, { after: await horizonPastNow() }))).toEqual([]);
    });

    it('that replay a failure and its retry do not end with the failure', async () => {
      const { newServer, newJob, newWorker } = servers;
      const server = await newServer();
      const job = await newJob();
      const worker = await newWorker(job);
      const task = await submit(server, job);
      changed(
        await server.store.failTask({ ...heldBy(await claim(server, worker.id)), error: failure(false) }),
      );
      changed(await server.store.retryTask({ taskId: task.id, actor: 'ann' }));
      const stream = streamTask(server, task, { after: LOG_START });
      const replayed = await takeTransitions(stream, 5);
      expect(replayed.map(({ transition }) => transition.to).slice(-2)).toEqual(['FAILED', 'PENDING']);
      changed(await server.store.cancelTask({ taskId: task.id, actor: 'ann', note: null }));
      expect(kinds(await takeAll(stream))).toEqual(['transition 6']);
    });

    it('opened at any moment of many lives give each version once, in order, up to the end', async () => {
      const { newServer, newJob, newWorker } = servers;
      const pair = [await newServer({ healthyBeatMs: 20 }), await newServer({ healthyBeatMs: 20 })] as const;
      const job = await newJob();
      const worker = await newWorker(job);
      const outcomes: Promise<{ start: number; versions: number[] }>[] = [];

      async function watchFrom(
        server: Server,
        task: TaskRow,
        after?: Position,
      ): Promise<{ start: number; versions: number[] }> {
        const events = await takeAll(streamTask(server, task, { after }));
        const [first] = events;
        const start = first?.kind === 'snapshot' ? first.task.version : 0;
        return { start, versions: versionsByTask(events).get(task.id) ?? [] };
      }

      for (let n = 0; n < 8; n++) {
        const [one, other] = n % 2 ? [pair[0], pair[1]] : [pair[1], pair[0]];
        const task = await submit(one, job);
        outcomes.push(watchFrom(other, task), watchFrom(one, task, LOG_START));
        const claiming = claim(other, worker.id);
        outcomes.push(watchFrom(one, task), watchFrom(other, task, LOG_START));
        const claimed = await claiming;
        const completing = complete(one, claimed);
        outcomes.push(watchFrom(one, task), watchFrom(other, task), watchFrom(other, task, LOG_START));
        await completing;
      }
      for (const { start, versions } of await Promise.all(outcomes)) {
        expect(versions).toEqual([1, 2, 3, 4].slice(start));
      }
      expect(pair.map(({ hub }) => hub.stats().watches)).toEqual([0, 0]);
    });
  });

  describe('of a room', () => {
    it('begin now, and give every change of the accepted tasks', async () => {
      const { newServer, newJob, newWorker } = servers;
      const server = await newServer();
      const job = await newJob();
      const worker = await newWorker(job);
      await submit(server, job);
      const all = streamRoom(server, job.room);
      const running = streamRoom(server, job.room, {
        judge: ({ task }) => task.status === 'RUNNING' || undefined,
      });
      await Promise.all([all.ready, running.ready]);
      await claim(server, worker.id);
      expect(kinds(await takeTransitions(all, 2))).toEqual(['transition 2', 'transition 3']);
      expect(kinds(await takeTransitions(running, 1))).toEqual(['transition 3']);
      await Promise.all([all.return?.(), running.return?.()]);
      expect(server.hub.stats().watches).toBe(0);
    });

    it('replay page after page what was missed, then go on', async () => {
      const { newServer, newJob, newWorker, runTask, log } = servers;
      const server = await newServer();
      const job = await newJob();
      const worker = await newWorker(job);
      const after = await log.horizon();
      const results = await server.store.submitTasks(Array.from({ length: 1200 }, () => submissionOf(job)));
      const stream = streamRoom(server, job.room, { after });
      const replayed = await takeTransitions(stream, 1200);
      expect(new Set(replayed.map(({ task }) => task.id)).size).toBe(results.length);
      await runTask(server, job, worker.id);
      const [next] = await takeTransitions(stream, 1);
      expect(next?.task.version).toBe(1);
      await stream.return?.();
    });

    it('resumed after any event give every later one, at most with repeats', async () => {
      const { newServer, newJob, newWorker, runTask, log, horizonPastNow } = servers;
      const server = await newServer({ healthyBeatMs: 15 });
      const job = await newJob();
      const worker = await newWorker(job);
      const after = await log.horizon();
      const live = streamRoom(server, job.room);
      await live.ready;
      for (let n = 0; n < 5; n++) await runTask(server, job, worker.id);
      const seenLive = await takeTransitions(live, 20);
      // A replay knows exactly how far it has come, once the log below the horizon has everything.
      await horizonPastNow();
      const replay = streamRoom(server, job.room, { after });
      const seenAgain = await takeTransitions(replay, 20);
      await Promise.all([live.return?.(), replay.return?.()]);
      for (const events of [seenLive, seenAgain]) {
        for (const [index, event] of events.entries()) {
          const stream = streamRoom(server, job.room, { after: event.position });
          const missed = new Set(events.slice(index + 1).map(({ transition }) => transition.id));
          while (missed.size > 0) {
            const [again] = await takeTransitions(stream, 1);
            missed.delete(again?.transition.id as string);
          }
          await stream.return?.();
        }
      }
      const repeats = streamRoom(server, job.room, { after: seenAgain[9]?.position });
      const [next] = await takeTransitions(repeats, 1);
      expect(next?.transition.id).toBe(seenAgain[10]?.transition.id);
      await repeats.return?.();
    });

    it('give once what happened while they were attached and not yet read', async () => {
      const { newServer, newJob, newWorker, runTask, log } = servers;
      const server = await newServer({ healthyBeatMs: 10 });
      const job = await newJob();
      const worker = await newWorker(job);
      const stream = streamRoom(server, job.room, { after: await log.horizon() });
      await stream.ready;
      for (let n = 0; n < 5; n++) await runTask(server, job, worker.id);
      const first = await takeTransitions(stream, 20);
      await runTask(server, job, worker.id);
      const then = await takeTransitions(stream, 4);
      expect(versionsByTask([...first, ...then]).size).toBe(6);
      for (const versions of versionsByTask([...first, ...then]).values())
        expect(versions).toEqual([1, 2, 3, 4]);
      await stream.return?.();
    });

    it('never let their position fall back', async () => {
      const { newServer, newJob, newWorker, runTask } = servers;
      const server = await newServer({ healthyBeatMs: 10 });
      const job = await newJob();
      const worker = await newWorker(job);
      for (let n = 0; n < 3; n++) await runTask(server, job, worker.id);
      const stream = streamRoom(server, job.room, { after: LOG_START });
      const producing = (async () => {
        for (let n = 0; n < 10; n++) await runTask(server, job, worker.id);
      })();
      const seen = await takeTransitions(stream, 52);
      await producing;
      await stream.return?.();
      for (const [index, { position }] of seen.entries()) {
        expect(comparePositions(seen[index - 1]?.position ?? LOG_START, position)).toBeLessThanOrEqual(0);
      }
    });

    it('opened and resumed while tasks run give each version once, in order', async () => {
      const { newServer, newJob, newWorker, runTask, log } = servers;
      const pair = [await newServer({ healthyBeatMs: 20 }), await newServer({ healthyBeatMs: 20 })] as const;
      const job = await newJob();
      const workers = [await newWorker(job), await newWorker(job), await newWorker(job)] as const;
      const after = await log.horizon();
      const tasks = 30;
      const streams: EventStream[] = [streamRoom(pair[0], job.room, { after })];
      const run = async (lane: 0 | 1 | 2) => {
        for (let n = 0; n < tasks / 3; n++) {
          await runTask(pair[lane % 2 ? 1 : 0], job, workers[lane].id);
          streams.push(streamRoom(pair[lane % 2 ? 0 : 1], job.room, { after }));
        }
      };
      await Promise.all([run(0), run(1), run(2)]);
      for (const stream of streams) {
        const versions = versionsByTask(await takeTransitions(stream, tasks * 4));
        expect(versions.size).toBe(tasks);
        for (const seen of versions.values()) expect(seen).toEqual([1, 2, 3, 4]);
        await stream.return?.();
      }
    });
  });

  it('of a cursor that cannot be used say so, and end', async () => {
    const stream = openResyncStream('another database');
    expect(await takeAll(stream)).toEqual([{ kind: 'resync', reason: 'another database' }]);
  });

  it('let go at once when they are returned while next is pending', async () => {
    const { newServer, newJob } = servers;
    const server = await newServer();
    const job = await newJob();
    const task = await submit(server, job);
    const streams = [streamTask(server, task), streamRoom(server, job.room)];
    await streams[0]?.next();
    await streams[1]?.ready;
    const pending = streams.map((stream) => stream.next());
    expect(server.hub.stats()).toEqual({ rooms: 1, watches: 2 });
    for (const stream of streams) void stream.return?.();
    expect(server.hub.stats()).toEqual({ rooms: 0, watches: 0 });
    expect(await Promise.all(pending)).toEqual([
      { done: true, value: undefined },
      { done: true, value: undefined },
    ]);
    await expect.poll(() => server.transport.channelCount(), { interval: 5 }).toBe(0);
  });

  it('let go when they are returned before they are attached', async () => {
    const { newServer, newJob } = servers;
    const server = await newServer();
    const job = await newJob();
    const stream = streamRoom(server, job.room);
    await stream.return?.();
    await stream.ready;
    expect(await stream.next()).toEqual({ done: true, value: undefined });
    expect(server.hub.stats()).toEqual({ rooms: 0, watches: 0 });
  });

  it('let go when the consumer throws', async () => {
    const { newServer, newJob } = servers;
    const server = await newServer();
    const job = await newJob();
    const stream = streamRoom(server, job.room);
    await stream.ready;
    const pending = stream.next();
    await expect(stream.throw?.(new Error('enough'))).rejects.toThrow('enough');
    expect(await pending).toEqual({ done: true, value: undefined });
    expect(server.hub.stats()).toEqual({ rooms: 0, watches: 0 });
  });

  it('reject next with what failed, and let go', async () => {
    const { newServer, newJob } = servers;
    const server = await newServer();
    const job = await newJob();
    const task = await submit(server, job);
    const { hub } = server;
    const broken = () => {
      throw new Error('no database');
    };
    const read = broken as typeof servers.log.read;
    const streams = [
      openTaskStream({
        hub,
        log: servers.log,
        room: job.room,
        taskId: task.id,
        follow: false,
        loadTask: async () => broken(),
      }),
      openRoomStream({
        hub,
        log: { ...servers.log, read },
        rooms: [job.room],
        after: LOG_START,
        judge: () => true,
      }),
      openRoomStream({ hub, log: servers.log, rooms: [job.room], after: LOG_START, judge: broken }),
    ];
    for (const stream of streams) {
      await expect(stream.next()).rejects.toThrow('no database');
      expect(await stream.next()).toEqual({ done: true, value: undefined });
    }
    expect(hub.stats()).toEqual({ rooms: 0, watches: 0 });
  });
});

const onPostgres = combinations.filter(({ database }) => database === 'postgres');

describe.each(onPostgres)(
  'streams on postgres with $transport, where transactions overlap',
  ({ database, transport }) => {
    const servers = useTestServers(database, transport);

    it('replay versions in order where a later one has the earlier transaction, and resume safely between them', async () => {
      const { newServer, newJob, newWorker, submit, db, log, horizonPastNow } = servers;
      const server = await newServer();
      const job = await newJob();
      const worker = await newWorker(job);
      const { id } = await submit(job);
      const after = await horizonPastNow();
      await db.transaction(async (session) => {
        await submitTasks(session, [submissionOf(job)]);
        const [claimed] = await server.store.claimTasks({
          workerId: worker.id,
          limit: 1,
          start: false,
          actor: 'wim',
        });
        await startTasks(session, [heldBy(claimed as TaskRow)]);
      });
      const stream = openRoomStream({
        hub: server.hub,
        log,
        rooms: [job.room],
        after,
        judge: ({ task }) => task.id === id || undefined,
      });
      const seen = await takeTransitions(stream, 2);
      expect(seen.map(({ task }) => task.version)).toEqual([2, 3]);
      await stream.return?.();
      // Below the second there is the first once more: it comes again, and the second is not missed.
      const room = {
        hub: server.hub,
        log,
        rooms: [job.room],
        judge: ({ task }: { task: TaskRow }) => task.id === id || undefined,
      };
      const resumed = openRoomStream({ ...room, after: seen[0]?.position });
      expect((await takeTransitions(resumed, 2)).map(({ task }) => task.version)).toEqual([2, 3]);
      await resumed.return?.();
    });

    it('opened while a transaction is open still get what it commits', async () => {
      const { newServer, newJob, db, log } = servers;
      const server = await newServer({ healthyBeatMs: 10, isPublished: () => false });
      const job = await newJob();
      const after = await log.horizon();
      let stream: EventStream | undefined;
      await db.transaction(async (session) => {
        await submitTasks(session, [submissionOf(job)]);
        for (let n = 0; n < 3; n++) await server.store.submitTask(submissionOf(job));
        stream = openRoomStream({ hub: server.hub, log, rooms: [job.room], after, judge: () => true });
        await takeTransitions(stream, 3);
      });
      expect(await takeTransitions(stream as EventStream, 1)).toHaveLength(1);
      await stream?.return?.();
    });
  },
);

const overRedis = combinations.filter(({ transport }) => transport === 'redis');

describe.each(overRedis)(
  'streams on $database while the connections to Redis are cut',
  ({ database, transport }) => {
    const servers = useTestServers(database, transport);

    it('give each version once, in order', async () => {
      const { newServer, newJob, newWorker, runTask, log } = servers;
      const proxy = await startProxy(testRedisUrl() as string);
      const here = await newServer({ redisUrl: proxy.url });
      const there = await newServer();
      const job = await newJob();
      const worker = await newWorker(job);
      const room = { hub: here.hub, log, rooms: [job.room], judge: () => true };
      const streams = [openRoomStream(room), openRoomStream({ ...room, after: await log.horizon() })];
      await Promise.all(streams.map(({ ready }) => ready));
      const producing = (async () => {
        for (let n = 0; n < 40; n++) {
          if (n % 5 === 2) proxy.cut();
          await runTask(n % 2 ? here : there, job, worker.id);
        }
      })();
      for (const stream of streams) {
        const versions = versionsByTask(await takeTransitions(stream, 100));
        for (const seen of versions.values()) expect(seen).toEqual([1, 2, 3, 4]);
        await stream.return?.();
      }
      await producing;
      await proxy.close();
    });
  },
);
