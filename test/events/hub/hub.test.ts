import { describe, expect, it } from 'vitest';
import type { TaskChange } from '../../../src/domain/task.ts';
import type { Watch } from '../../../src/events/hub/subscriber-queue.ts';
import { HINT, roomChannel } from '../../../src/events/messages/message.ts';
import { startTasks } from '../../../src/store/tasks/attempt/start.ts';
import { submitTasks } from '../../../src/store/tasks/submit/submit.ts';
import { testRedisUrl } from '../../support/database.ts';
import { changed, submissionOf } from '../../support/test-store.ts';
import { label } from '../changes.ts';
import { deferred, recordingLogger } from '../inbox.ts';
import { combinations, heldBy, useTestServers } from '../test-servers.ts';
import { startProxy } from '../transports/redis-proxy.ts';

async function take(watch: Watch, count: number): Promise<TaskChange[]> {
  const changes: TaskChange[] = [];
  while (changes.length < count) {
    const change = await watch.next();
    if (!change) throw new Error(`The watch ended after ${changes.length} of ${count} changes.`);
    changes.push(change);
  }
  return changes;
}

describe.each(combinations)('the hub on $database with $transport', ({ database, transport }) => {
  const servers = useTestServers(database, transport);

  it('gives every watcher of a room all that happens in it, progress included', async () => {
    const { newServer, newJob, newWorker, runTask } = servers;
    const server = await newServer();
    const job = await newJob();
    const worker = await newWorker(job);
    const watches = await Promise.all([1, 2, 3].map(() => server.hub.watch({ rooms: [job.room] })));
    const id = await runTask(server, job, worker.id);
    for (const watch of watches) {
      const seen = (await take(watch, 5)).map(label);
      expect(seen).toEqual([1, 2, 3, '3 50%', 4].map((version) => `${id} v${version}`));
    }
    expect(server.transport.channelCount()).toBe(1);
  });

  it('gives a watcher of one task only what happens to that task', async () => {
    const { newServer, newJob, newWorker, runTask, submit } = servers;
    const server = await newServer();
    const job = await newJob();
    const worker = await newWorker(job);
    const task = await submit(job, { priority: 1 });
    const watch = await server.hub.watch({ rooms: [job.room], taskId: task.id });
    await runTask(server, job, worker.id); // claims the task with the higher priority first
    const seen = (await take(watch, 4)).map(label);
    expect(seen).toEqual([2, 3, '3 50%', 4].map((version) => `${task.id} v${version}`));
  });

  it('does not give one room what happens in another', async () => {
    const { newServer, newJob } = servers;
    const server = await newServer();
    const [here, there] = [await newJob(), await newJob()];
    const watch = await server.hub.watch({ rooms: [here.room] });
    await server.store.submitTask(submissionOf(there));
    await server.store.submitTask(submissionOf(here));
    const [change] = await take(watch, 1);
    expect(change?.task.room).toBe(here.room);
  });

  it('brings by its beat what was committed and never published', async () => {
    const { newServer, newJob, newWorker, runTask } = servers;
    const server = await newServer({ healthyBeatMs: 20, isPublished: () => false });
    const job = await newJob();
    const worker = await newWorker(job);
    const watch = await server.hub.watch({ rooms: [job.room] });
    const id = await runTask(server, job, worker.id);
    expect((await take(watch, 4)).map(label)).toEqual([1, 2, 3, 4].map((version) => `${id} v${version}`));
  });

  it.each([
    ['a hint', HINT],
    ['a message of another version', '{"v":3}'],
  ])('brings every transition when %s is all that arrives', async (_, message) => {
    const { newServer, newJob, newWorker, runTask } = servers;
    const server = await newServer({ isPublished: () => false });
    const job = await newJob();
    const worker = await newWorker(job);
    const watch = await server.hub.watch({ rooms: [job.room] });
    const id = await runTask(server, job, worker.id);
    await server.transport.publish(roomChannel(job.room), message);
    expect((await take(watch, 4)).map(label)).toEqual([1, 2, 3, 4].map((version) => `${id} v${version}`));
  });

  it('reads once for many hints, whose senders nothing more was heard of', async () => {
    const { newServer, newJob, log } = servers;
    const read = deferred();
    let reads = 0;
    const counting: typeof log.skim = (...asked) => {
      reads++;
      read.resolve();
      return log.skim(...asked);
    };
    const server = await newServer({ log: { ...log, skim: counting }, isPublished: () => false });
    const job = await newJob();
    const watch = await server.hub.watch({ rooms: [job.room] });
    reads = 0;
    await server.store.submitTask(submissionOf(job));
    for (let n = 0; n < 20; n++) await server.transport.publish(roomChannel(job.room), HINT);
    await take(watch, 1);
    await read.promise;
    expect(reads).toBe(1);
  });

  it('is told everything without a read when somebody comes to a room where much has happened unwatched', async () => {
    const { newServer, newJob, newWorker, runTask, log } = servers;
    let reads = 0;
    const counted =
      <A extends unknown[], R>(read: (...asked: A) => R) =>
      (...asked: A) => {
        reads++;
        return read(...asked);
      };
    const counting = {
      ...log,
      read: counted(log.read),
      skim: counted(log.skim),
      readVersions: counted(log.readVersions),
    };
    const { transport: bare } = await newServer();
    let underWay = 0;
    const publish: typeof bare.publish = (...message) => {
      underWay++;
      return bare.publish(...message).finally(() => underWay--);
    };
    const there = await newServer({ transport: { ...bare, publish } });
    const here = await newServer({ log: counting, hintGraceMs: 60_000 });
    const job = await newJob();
    const worker = await newWorker(job);
    for (let round = 0; round < 2; round++) {
      await runTask(there, job, worker.id);
      // What is still on its way would be heard, and looked for in the log.
      await expect.poll(() => underWay, { interval: 5 }).toBe(0);
      const watch = await here.hub.watch({ rooms: [job.room] });
      reads = 0;
      for (let n = 0; n < 2; n++) {
        const id = await runTask(there, job, worker.id);
        const seen = (await take(watch, 5)).map(label);
        expect(seen).toEqual([1, 2, 3, '3 50%', 4].map((version) => `${id} v${version}`));
      }
      expect(reads).toBe(0);
      watch.close();
      await expect.poll(() => here.transport.channelCount(), { interval: 5 }).toBe(0);
    }
  });

  it('reads what was lost before a message that arrives', async () => {
    const { newServer, newJob, newWorker, runTask } = servers;
    const onlyTheEnd = (changes: readonly TaskChange[]) =>
      changes.some(({ task }) => task.status === 'COMPLETED');
    const server = await newServer({ isPublished: onlyTheEnd });
    const job = await newJob();
    const worker = await newWorker(job);
    const watch = await server.hub.watch({ rooms: [job.room] });
    const id = await runTask(server, job, worker.id);
    expect((await take(watch, 4)).map(label)).toEqual([1, 2, 3, 4].map((version) => `${id} v${version}`));
  });

  it('moves its watermark behind what was delivered, for all watched rooms by one read', async () => {
    const { newServer, newJob, log } = servers;
    let reads = 0;
    const read = (...asked: Parameters<typeof log.read>) => {
      reads++;
      return log.read(...asked);
    };
    const server = await newServer({ log: { ...log, read }, healthyBeatMs: 10 });
    const jobs = await Promise.all(Array.from({ length: 5 }, () => newJob()));
    const watches = await Promise.all(jobs.map(({ room }) => server.hub.watch({ rooms: [room] })));
    const starts = watches.map((watch) => watch.watermark());
    await Promise.all(jobs.map((job) => server.store.submitTask(submissionOf(job))));
    for (const watch of watches) await take(watch, 1);
    const before = reads;
    const passed = () =>
      watches.every((watch, n) => BigInt(watch.watermark().xid) > BigInt(starts[n]?.xid ?? 0));
    await expect.poll(passed, { interval: 5 }).toBe(true);
    expect(reads - before).toBeLessThan(10 * jobs.length);
    const [first] = watches;
    expect(watches.map((watch) => watch.watermark())).toEqual(watches.map(() => first?.watermark()));
  });

  it('begins with hundreds of rooms by a handful of statements, and looks at all by one read a beat', async () => {
    const { newServer, newJob, log } = servers;
    let statements = 0;
    const horizon = () => {
      statements++;
      return log.horizon();
    };
    const asked: number[] = [];
    const read = (...page: Parameters<typeof log.read>) => {
      statements++;
      asked.push('rooms' in page[0] ? (page[0].rooms?.length ?? 0) : 0);
      return log.read(...page);
    };
    const skim = (...page: Parameters<typeof log.skim>) => {
      statements++;
      asked.push(page[0]?.length ?? 0);
      return log.skim(...page);
    };
    const server = await newServer({
      log: { ...log, horizon, read, skim },
      healthyBeatMs: 10,
      isPublished: () => false,
    });
    const job = await newJob();
    const rooms = Array.from({ length: 500 }, (_, n) => `${job.room}-${n}`);
    const watches = await Promise.all(rooms.map((room) => server.hub.watch({ rooms: [room] })));
    // Less the beats that came meanwhile, of which each is a read of its own.
    expect(statements).toBeLessThan(100);
    asked.length = 0;
    for (const n of [0, 250, 499]) {
      await server.store.submitTask(submissionOf({ id: job.id, room: rooms[n] as string }));
      const [change] = await take(watches[n] as Watch, 1);
      expect(change?.task.room).toBe(rooms[n]);
    }
    expect(new Set(asked)).toEqual(new Set([500]));
  });

  it('keeps its position below what a watcher has not taken yet', async () => {
    const { newServer, newJob, log } = servers;
    const server = await newServer({ healthyBeatMs: 10 });
    const job = await newJob();
    const [slow, fast] = [
      await server.hub.watch({ rooms: [job.room] }),
      await server.hub.watch({ rooms: [job.room] }),
    ];
    const ids: string[] = [];
    for (let n = 0; n < 3; n++) {
      const submitted = await server.store.submitTask(submissionOf(job));
      if (submitted.kind === 'created') ids.push(submitted.change.task.id);
      const [change] = await take(fast, 1);
      const written = change?.kind === 'transition' ? change.transition.xid : '';
      await expect.poll(() => BigInt(fast.watermark().xid) > BigInt(written), { interval: 5 }).toBe(true);
    }
    for (let n = 0; n < 3; n++) {
      const { changes } = await log.read({ rooms: [job.room] }, slow.watermark(), 10);
      expect(changes.map(({ task }) => task.id)).toEqual(expect.arrayContaining(ids.slice(n)));
      await take(slow, 1);
    }
    expect((await log.read({ rooms: [job.room] }, slow.watermark(), 10)).changes).toEqual([]);
  });

  it('lets go of everything when the last watcher closes, also while next is pending', async () => {
    const { newServer, newJob } = servers;
    const server = await newServer();
    const job = await newJob();
    const watches = await Promise.all([
      server.hub.watch({ rooms: [job.room] }),
      server.hub.watch({ rooms: [job.room], taskId: 'a4b7c9d0-0000-7000-8000-000000000001' }),
    ]);
    const pending = watches.map((watch) => watch.next());
    expect(server.hub.stats()).toEqual({ rooms: 1, watches: 2 });
    for (const watch of watches) watch.close();
    expect(await Promise.all(pending)).toEqual([undefined, undefined]);
    expect(server.hub.stats()).toEqual({ rooms: 0, watches: 0 });
    await expect.poll(() => server.transport.channelCount(), { interval: 5 }).toBe(0);
  });

  it('can be watched again after it was left, and gives nothing of the time between', async () => {
    const { newServer, newJob } = servers;
    const server = await newServer({ healthyBeatMs: 20 });
    const job = await newJob();
    const submit = () => server.store.submitTask(submissionOf(job));
    for (let round = 0; round < 5; round++) {
      const watch = await server.hub.watch({ rooms: [job.room] });
      const submitted = await submit();
      const [change] = await take(watch, 1);
      if (submitted.kind !== 'created') throw new Error('not created');
      expect(change?.task.id).toBe(submitted.change.task.id);
      watch.close();
      await submit();
    }
  });

  it('does not take what it knew of a room for what it knows after coming back', async () => {
    const { newServer, newJob, newWorker, horizonPastNow } = servers;
    const server = await newServer();
    const job = await newJob();
    const worker = await newWorker(job);
    const before = await server.hub.watch({ rooms: [job.room] });
    await server.store.submitTask(submissionOf(job));
    await take(before, 1);
    before.close();
    const [task] = await server.store.claimTasks({
      workerId: worker.id,
      limit: 1,
      start: false,
      actor: 'wim',
    });
    if (!task) throw new Error('nothing claimed');
    await horizonPastNow();
    const after = await server.hub.watch({ rooms: [job.room] });
    changed(await server.store.startTask(heldBy(task)));
    expect((await take(after, 1)).map(label)).toEqual([`${task.id} v3`]);
  });

  it('is unmoved by garbage on its channel', async () => {
    const { newServer, newJob } = servers;
    const logger = recordingLogger();
    const server = await newServer({ logger });
    const job = await newJob();
    const watch = await server.hub.watch({ rooms: [job.room] });
    const garbage = [
      '',
      'null',
      '{',
      '[]',
      '{"v":1,"changes":[]}',
      '{"v":2}',
      '{"v":2,"changes":[{}]}',
      '\u0000',
      '💥',
    ];
    for (const message of garbage) await server.transport.publish(roomChannel(job.room), message);
    await server.store.submitTask(submissionOf(job));
    expect((await take(watch, 1)).map(({ kind }) => kind)).toEqual(['transition']);
    expect(logger.lines.filter(({ level }) => level === 'warn')).toHaveLength(garbage.length);
  });

  it('reaches watchers on every server, wherever a task is submitted and worked', async () => {
    const { newServer, newJob, newWorker } = servers;
    const pair = [await newServer(), await newServer()] as const;
    const job = await newJob();
    const worker = await newWorker(job);
    const watches = await Promise.all(pair.map(({ hub }) => hub.watch({ rooms: [job.room] })));
    await pair[0].store.submitTask(submissionOf(job));
    const claim = { workerId: worker.id, limit: 1, start: true, actor: 'wim' };
    const [task] = await pair[1].store.claimTasks(claim);
    if (!task) throw new Error('nothing claimed');
    changed(await pair[0].store.completeTask({ ...heldBy(task), outcome: 'COMPLETED', result: null }));
    for (const watch of watches) {
      expect((await take(watch, 4)).map(label)).toEqual(
        [1, 2, 3, 4].map((version) => `${task.id} v${version}`),
      );
    }
  });

  it('reads of what its beat finds only what it has not delivered', async () => {
    const { newServer, newJob, log } = servers;
    const skimmed = deferred();
    let reads = 0;
    const counting = {
      ...log,
      async skim(...page: Parameters<typeof log.skim>) {
        const found = await log.skim(...page);
        if (found.rows.length > 0) skimmed.resolve();
        return found;
      },
      readVersions(...ranges: Parameters<typeof log.readVersions>) {
        reads++;
        return log.readVersions(...ranges);
      },
    };
    let published = true;
    const server = await newServer({ log: counting, hintGraceMs: 10, isPublished: () => published });
    const job = await newJob();
    const watch = await server.hub.watch({ rooms: [job.room] });
    await server.store.submitTask(submissionOf(job));
    await take(watch, 1);
    reads = 0;
    await server.transport.publish(roomChannel(job.room), HINT);
    await skimmed.promise;
    expect(reads).toBe(0);
    published = false;
    await server.store.submitTask(submissionOf(job));
    await server.transport.publish(roomChannel(job.room), HINT);
    await take(watch, 1);
    expect(reads).toBe(1);
  });

  it('does not pass what was deleted while it read', async () => {
    const { newServer, newJob, log } = servers;
    const logger = recordingLogger();
    let lost = 1;
    const losing = {
      ...log,
      readVersions: async (...ranges: Parameters<typeof log.readVersions>) =>
        lost-- > 0 ? [] : log.readVersions(...ranges),
    };
    const server = await newServer({ log: losing, logger, healthyBeatMs: 10, isPublished: () => false });
    const job = await newJob();
    const watch = await server.hub.watch({ rooms: [job.room] });
    await server.store.submitTask(submissionOf(job));
    expect(await take(watch, 1)).toHaveLength(1);
    expect(logger.lines[0]?.level).toBe('warn');
  });

  it('goes on with its beat when the log cannot be read for a while', async () => {
    const { newServer, newJob, log } = servers;
    const logger = recordingLogger();
    const failed = deferred();
    let broken = false;
    const flaky = {
      ...log,
      skim: async (...page: Parameters<typeof log.skim>) => {
        if (!broken) return log.skim(...page);
        failed.resolve();
        throw new Error('no database');
      },
    };
    const server = await newServer({ log: flaky, logger, healthyBeatMs: 10, isPublished: () => false });
    const job = await newJob();
    const watch = await server.hub.watch({ rooms: [job.room] });
    broken = true;
    await server.store.submitTask(submissionOf(job));
    await failed.promise;
    broken = false;
    expect(await take(watch, 1)).toHaveLength(1);
    expect(logger.lines[0]?.level).toBe('warn');
  });

  it('rejects a watch when it cannot learn where the log stands, and holds nothing afterwards', async () => {
    const { newServer, newJob, log } = servers;
    const noHorizon = { ...log, horizon: () => Promise.reject(new Error('no database')) };
    const server = await newServer({ log: noHorizon });
    const job = await newJob();
    await expect(server.hub.watch({ rooms: [job.room] })).rejects.toThrow('no database');
    expect(server.hub.stats()).toEqual({ rooms: 0, watches: 0 });
  });

  it('ends every watch when it closes', async () => {
    const { newServer, newJob } = servers;
    const server = await newServer();
    const job = await newJob();
    const watch = await server.hub.watch({ rooms: [job.room] });
    const pending = watch.next();
    await server.hub.close();
    expect(await pending).toBeUndefined();
    await expect(server.hub.watch({ rooms: [job.room] })).rejects.toThrow('closed');
  });

  it('gives a slow watcher everything, though far more came than its queue holds', async () => {
    const { newServer, newJob, newWorker, runTask } = servers;
    const server = await newServer({ watchLimit: 5 });
    const job = await newJob();
    const worker = await newWorker(job);
    const [slow, fast] = [
      await server.hub.watch({ rooms: [job.room] }),
      await server.hub.watch({ rooms: [job.room] }),
    ];
    const ids: string[] = [];
    const seenFast: TaskChange[] = [];
    const drain = (async () => {
      for (let n = 0; n < 75; n++) seenFast.push(...(await take(fast, 1)));
    })();
    for (let n = 0; n < 15; n++) ids.push(await runTask(server, job, worker.id));
    await drain;
    const transitions: TaskChange[] = [];
    while (transitions.length < 60) {
      transitions.push(...(await take(slow, 1)).filter(({ kind }) => kind === 'transition'));
    }
    for (const id of ids) {
      const versions = transitions.filter(({ task }) => task.id === id).map(({ task }) => task.version);
      expect(versions).toEqual([1, 2, 3, 4]);
    }
  });
});

const onPostgres = combinations.filter(({ database }) => database === 'postgres');

describe.each(onPostgres)(
  'the hub on postgres with $transport, where transactions overlap',
  ({ database, transport }) => {
    const servers = useTestServers(database, transport);

    it('brings a transition whose transaction began early and committed late, though nobody published it', async () => {
      const { newServer, newJob, db, log } = servers;
      let reads = 0;
      const skim = (...asked: Parameters<typeof log.skim>) => {
        reads++;
        return log.skim(...asked);
      };
      const server = await newServer({ log: { ...log, skim }, healthyBeatMs: 10 });
      const job = await newJob();
      const watch = await server.hub.watch({ rooms: [job.room] });
      const others = 5;
      const late = await db.transaction(async (session) => {
        const [result] = await submitTasks(session, [submissionOf(job)]);
        for (let n = 0; n < others; n++) await server.store.submitTask(submissionOf(job));
        await take(watch, others);
        // Several beats, which must not pass what is not committed yet.
        const before = reads;
        await expect.poll(() => reads - before, { interval: 5 }).toBeGreaterThan(3);
        const written = result?.kind === 'created' ? result.change.transition.xid : '0';
        expect(BigInt(watch.watermark().xid)).toBeLessThanOrEqual(BigInt(written));
        return result;
      });
      if (late?.kind !== 'created') throw new Error('not created');
      expect((await take(watch, 1)).map(label)).toEqual([label(late.change)]);
    });

    it('gives nothing that happened before it was watched, though a transaction is still open from before that', async () => {
      const { newServer, newJob, newWorker, runTask, submit, db } = servers;
      const server = await newServer({ healthyBeatMs: 10 });
      const [job, elsewhere] = [await newJob(), await newJob()];
      const worker = await newWorker(job);
      await db.transaction(async (session) => {
        await submitTasks(session, [submissionOf(elsewhere)]);
        await runTask(server, job, worker.id);
        const task = await submit(job);
        const watch = await server.hub.watch({ rooms: [job.room] });
        changed(await server.store.cancelTask({ taskId: task.id, actor: 'ann', note: null }));
        expect((await take(watch, 1)).map(label)).toEqual([`${task.id} v2`]);
        const second = await submit(job);
        expect((await take(watch, 1)).map(label)).toEqual([`${second.id} v1`]);
      });
    });

    it('reads past a full page of rows above the horizon', async () => {
      const { newServer, newJob, db } = servers;
      const server = await newServer({ healthyBeatMs: 10, pageSize: 2, isPublished: () => false });
      const job = await newJob();
      const watch = await server.hub.watch({ rooms: [job.room] });
      const mayCommit = deferred();
      const holding = deferred();
      const holder = db.transaction(async (session) => {
        await submitTasks(session, [submissionOf(job)]);
        holding.resolve();
        await mayCommit.promise;
      });
      await holding.promise;
      for (let n = 0; n < 7; n++) await server.store.submitTask(submissionOf(job));
      expect(await take(watch, 7)).toHaveLength(7);
      mayCommit.resolve();
      await holder;
      expect(await take(watch, 1)).toHaveLength(1);
    });

    it('keeps the order of versions where a later version has the earlier transaction', async () => {
      const { newServer, newJob, newWorker, submit, db } = servers;
      const server = await newServer({ healthyBeatMs: 10, isPublished: () => false });
      const job = await newJob();
      const worker = await newWorker(job);
      const { id } = await submit(job);
      const watch = await server.hub.watch({ rooms: [job.room] });
      await db.transaction(async (session) => {
        await submitTasks(session, [submissionOf(job)]); // takes the earlier transaction id
        const [claimed] = await server.store.claimTasks({
          workerId: worker.id,
          limit: 1,
          start: false,
          actor: 'wim',
        });
        await startTasks(session, [heldBy(claimed as NonNullable<typeof claimed>)]);
      });
      const seen = (await take(watch, 3)).filter(({ task }) => task.id === id);
      expect(seen.map(label)).toEqual([`${id} v2`, `${id} v3`]);
      const [first, second] = seen.map((change) =>
        change.kind === 'transition' ? Number(change.transition.xid) : 0,
      );
      expect(second).toBeLessThan(first as number);
    });
  },
);

const overRedis = combinations.filter(({ transport }) => transport === 'redis');

describe.each(overRedis)('the hub on $database when Redis fails', ({ database, transport }) => {
  const servers = useTestServers(database, transport);

  it('loses nothing when its connections are cut again and again', async () => {
    const { newServer, newJob, newWorker, runTask } = servers;
    const proxy = await startProxy(testRedisUrl() as string);
    const server = await newServer({ redisUrl: proxy.url });
    const job = await newJob();
    const worker = await newWorker(job);
    const watch = await server.hub.watch({ rooms: [job.room] });
    const ids: string[] = [];
    const tasks = 30;
    const producing = (async () => {
      for (let n = 0; n < tasks; n++) {
        if (n % 5 === 3) proxy.cut();
        ids.push(await runTask(server, job, worker.id));
      }
    })();
    const versions = new Map<string, number[]>();
    for (let seen = 0; seen < tasks * 4; ) {
      const [change] = await take(watch, 1);
      if (change?.kind !== 'transition') continue;
      versions.set(change.task.id, [...(versions.get(change.task.id) ?? []), change.task.version]);
      seen++;
    }
    await producing;
    for (const id of ids) expect(versions.get(id)).toEqual([1, 2, 3, 4]);
    await proxy.close();
  });

  it('serves new watchers while Redis is away, and old ones by its faster beat', async () => {
    const { newServer, newJob } = servers;
    const proxy = await startProxy(testRedisUrl() as string);
    const server = await newServer({ redisUrl: proxy.url, acknowledgementTimeoutMs: 20 });
    const [before, during] = [await newJob(), await newJob()];
    const old = await server.hub.watch({ rooms: [before.room] });
    proxy.down();
    const late = await server.hub.watch({ rooms: [during.room] });
    await server.store.submitTask(submissionOf(before));
    await server.store.submitTask(submissionOf(during));
    expect(await take(old, 1)).toHaveLength(1);
    expect(await take(late, 1)).toHaveLength(1);
    proxy.thaw();
    await expect.poll(() => server.transport.healthy(), { interval: 5 }).toBe(true);
    await server.store.submitTask(submissionOf(during));
    expect(await take(late, 1)).toHaveLength(1);
    await proxy.close();
  });
});
