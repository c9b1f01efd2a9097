/** What finished tasks leave behind when they are deleted: whoever may have missed something is told, never silence. */
import { describe, expect, it } from 'vitest';
import { LOG_START, type Position } from '../../../src/domain/position.ts';
import type { TaskRow } from '../../../src/domain/task.ts';
import { Replay } from '../../../src/events/streams/replay.ts';
import { openRoomStream, openTaskStream } from '../../../src/events/streams/stream.ts';
import { PositionExpired } from '../../../src/store/log/log.ts';
import { recordTrim } from '../../../src/store/log/record-trim.ts';
import { availableDatabases } from '../../support/database.ts';
import { deferred } from '../inbox.ts';
import { type Server, takeAll, takeTransitions, useTestServers } from '../test-servers.ts';

const RESYNC = { kind: 'resync', reason: expect.stringMatching(/log/) };

describe.each(availableDatabases())('when the log is trimmed on %s', (kind) => {
  const servers = useTestServers(kind, 'memory');

  /** Deletes a task with its history, as the clean-up does; gives the highest position among it. */
  async function forget(taskId: string): Promise<Position> {
    const { db, history } = servers;
    const { xid, id } = (await history(taskId)).at(-1) as Position;
    await db.transaction(async (session) => {
      await session.script(`DELETE FROM task_transition WHERE task_id = '${taskId}'`);
      await session.script(`DELETE FROM task WHERE id = '${taskId}'`);
      await recordTrim(session, { xid, id });
    });
    return { xid, id };
  }

  function streamsFrom(server: Server, task: TaskRow, after: Position) {
    const { hub } = server;
    const { log, store } = servers;
    const loadTask = async () => (await store.findTasks([task.id]))[0] ?? null;
    return [
      openRoomStream({ hub, log, rooms: [task.room], after, judge: () => true }),
      openTaskStream({ hub, log, room: task.room, taskId: task.id, after, follow: true, loadTask }),
    ];
  }

  it('streams that resume below what was deleted say so and end, those from above go on', async () => {
    const { newServer, newJob, submit, history } = servers;
    const server = await newServer();
    const job = await newJob();
    const [gone, kept] = [await submit(job), await submit(job)];
    const before = (await history(gone.id))[0] as Position;
    const highest = await forget(gone.id);
    for (const after of [LOG_START, { ...before, id: String(BigInt(before.id) - 1n) }]) {
      for (const stream of streamsFrom(server, kept, after)) expect(await takeAll(stream)).toEqual([RESYNC]);
    }
    for (const stream of streamsFrom(server, kept, highest)) {
      expect((await takeTransitions(stream, 1)).map(({ task }) => task.id)).toEqual([kept.id]);
      await stream.return?.();
    }
    expect(server.hub.stats()).toEqual({ rooms: 0, watches: 0 });
  });

  it('a task that is gone is told to whoever resumes it', async () => {
    const { newServer, newJob, submit } = servers;
    const server = await newServer();
    const task = await submit(await newJob());
    const after = await forget(task.id);
    const [, stream] = streamsFrom(server, task, after);
    expect((await takeAll(stream as never)).map((event) => event.kind)).toEqual(['resync']);
  });

  it('a replay that is under way stops at the gap', async () => {
    const { newJob, submit, log, horizonPastNow } = servers;
    const job = await newJob();
    const tasks = [await submit(job), await submit(job), await submit(job)] as const;
    const start = await horizonPastNow();
    const later = [await submit(job), await submit(job), await submit(job)] as const;
    const replay = new Replay(log, { rooms: [job.room] }, start, 1);
    expect((await replay.nextPage())?.map(({ task }) => task.id)).toEqual([later[0].id]);
    // What it has read already may go; what it has not must not go unnoticed.
    await forget(tasks[0].id);
    await forget(later[0].id);
    expect((await replay.nextPage())?.map(({ task }) => task.id)).toEqual([later[1].id]);
    await forget(later[2].id);
    await expect(replay.nextPage()).rejects.toBeInstanceOf(PositionExpired);
  });

  it('watchers of a server that had not read so far are told, also while they wait; new ones go on', async () => {
    const { newJob, newServer, submit, log } = servers;
    const mayRead = deferred();
    let held = true;
    const skim = async (...asked: Parameters<typeof log.skim>) => {
      if (held) await mayRead.promise;
      return log.skim(...asked);
    };
    const server = await newServer({ log: { ...log, skim }, healthyBeatMs: 10, pageSize: 7 });
    const job = await newJob();
    const stream = openRoomStream({ hub: server.hub, log, rooms: [job.room], judge: () => true });
    await stream.ready;
    const pending = stream.next();
    const unseen = await submit(job); // by a store that publishes nothing
    await forget(unseen.id);
    held = false;
    mayRead.resolve();
    expect((await pending).value).toEqual(RESYNC);
    expect((await stream.next()).done).toBe(true);
    expect(server.hub.stats()).toEqual({ rooms: 0, watches: 0 });
    const again = openRoomStream({ hub: server.hub, log, rooms: [job.room], judge: () => true });
    await again.ready;
    const seen = await submit(job);
    expect((await takeTransitions(again, 1)).map(({ task }) => task.id)).toEqual([seen.id]);
    await again.return?.();
  });
});
