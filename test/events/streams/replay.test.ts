import { describe, expect, it } from 'vitest';
import { LOG_START, type Position } from '../../../src/domain/position.ts';
import type { TransitionChange } from '../../../src/domain/task.ts';
import { type Positioned, Replay } from '../../../src/events/streams/replay.ts';
import { startTasks } from '../../../src/store/tasks/attempt/start.ts';
import { submitTasks } from '../../../src/store/tasks/submit/submit.ts';
import { availableDatabases } from '../../support/database.ts';
import { submissionOf } from '../../support/test-store.ts';
import { label } from '../changes.ts';
import { heldBy, useTestServers } from '../test-servers.ts';

describe.runIf(availableDatabases().includes('postgres'))('a replay where transactions overlap', () => {
  const servers = useTestServers('postgres', 'memory');

  async function replay(
    room: string,
    after: Position,
    pageSize: number,
  ): Promise<Positioned<TransitionChange>[]> {
    const all = new Replay(servers.log, { rooms: [room] }, after, pageSize);
    const changes: Positioned<TransitionChange>[] = [];
    for (let page = await all.nextPage(); page; page = await all.nextPage()) changes.push(...page);
    return changes;
  }

  it('keeps the order of versions, and misses nothing from any of its positions, whatever the pages', async () => {
    const { db, newJob, newWorker, newServer, submit } = servers;
    const { store } = await newServer();
    const job = await newJob();
    const worker = await newWorker(job);
    await submit(job);
    await db.transaction(async (session) => {
      // The earlier transaction starts what the later one, committed meanwhile, has claimed.
      await submitTasks(session, [submissionOf(job)]);
      await submit(job);
      const [claimed] = await store.claimTasks({ workerId: worker.id, limit: 1, start: false, actor: 'wim' });
      await submit(job);
      await startTasks(session, [heldBy(claimed as NonNullable<typeof claimed>)]);
    });
    await servers.horizonPastNow();
    const expected = (await replay(job.room, LOG_START, 100)).map(label);
    expect(expected).toHaveLength(6);
    const [task = ''] = expected.filter((line) => line.endsWith('v3')).map((line) => line.split(' ')[0]);
    for (const pageSize of [1, 2, 3, 4]) {
      const changes = await replay(job.room, LOG_START, pageSize);
      expect(changes.map(label).sort()).toEqual([...expected].sort());
      const versions = changes
        .filter(({ task: { id } }) => id === task)
        .map(({ task: { version } }) => version);
      expect(versions).toEqual([1, 2, 3]);
      for (const [index, { position }] of changes.entries()) {
        const again = (await replay(job.room, position, pageSize)).map(label);
        expect(again).toEqual(expect.arrayContaining(changes.slice(index + 1).map(label)));
      }
    }
  });
});
