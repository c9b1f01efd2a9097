import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Position } from '../../../src/domain/position.ts';
import type { TaskChange, TransitionChange } from '../../../src/domain/task.ts';
import { SlowConsumer, SubscriberQueue } from '../../../src/events/hub/subscriber-queue.ts';
import { label, progress, readFrom, transition } from '../changes.ts';

/** A watch over a log in an array, and a watermark that a test moves. */
function watchOver(log: TransitionChange[], limit: number) {
  const room = { watermark: { xid: '1', id: '0' } as Position, closed: 0, reads: 0 };
  const watch = new SubscriberQueue({
    limit,
    watermark: () => room.watermark,
    readVersions: async (ranges) => {
      room.reads++;
      return readFrom(log, ranges);
    },
    onClose: () => room.closed++,
  });
  return { watch, room };
}

async function take(watch: SubscriberQueue, count: number): Promise<string[]> {
  const taken: string[] = [];
  while (taken.length < count) {
    const change = await watch.next();
    if (!change) throw new Error(`The watch ended after ${taken.length} of ${count} changes.`);
    taken.push(label(change));
  }
  return taken;
}

const history = (taskId: string, versions: number) =>
  Array.from({ length: versions }, (_, index) => transition(taskId, index + 1));

describe('a watch', () => {
  it('gives what is pushed, in order, before and after next is called', async () => {
    const { watch } = watchOver([], 10);
    const first = watch.next();
    watch.push(transition('a', 1));
    watch.push(transition('a', 2));
    expect(label((await first) as TaskChange)).toBe('a v1');
    expect(await take(watch, 1)).toEqual(['a v2']);
  });

  it('has the position of the moment when its next change was queued, and the room’s when nothing is', async () => {
    const { watch, room } = watchOver([], 10);
    watch.push(transition('a', 1));
    room.watermark = { xid: '5', id: '0' };
    watch.push(transition('a', 2));
    room.watermark = { xid: '9', id: '0' };
    expect(watch.watermark().xid).toBe('1');
    await take(watch, 1);
    expect(watch.watermark().xid).toBe('5');
    await take(watch, 1);
    expect(watch.watermark().xid).toBe('9');
  });

  it('throws overtaken progress away when it is full, and keeps the latest', async () => {
    const { watch, room } = watchOver([], 6);
    watch.push(transition('a', 1));
    for (const percent of [10, 20, 30, 40, 50, 60, 70]) watch.push(progress('a', 1, percent));
    expect(await take(watch, 4)).toEqual(['a v1', 'a v1 50%', 'a v1 60%', 'a v1 70%']);
    expect(room.reads).toBe(0);
  });

  it('reads back from the log what did not fit, and its position stays below until it was taken', async () => {
    const log = [...history('a', 20), ...history('b', 20)];
    const { watch, room } = watchOver(log, 10);
    for (const change of log) {
      watch.push(change);
      room.watermark = { xid: String(Number(room.watermark.xid) + 1), id: '0' };
    }
    expect(watch.watermark().xid).toBe('1');
    const taken = await take(watch, 40);
    expect(taken).toEqual(log.map(label));
    expect(watch.watermark()).toEqual(room.watermark);
    const next = transition('a', 21);
    watch.push(next);
    expect(await take(watch, 1)).toEqual([label(next)]);
  });

  it('gives all of it in order when changes go on coming while it reads back', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ task: fc.nat(3), takes: fc.nat(3), isProgress: fc.boolean() }), {
          maxLength: 200,
        }),
        fc.integer({ min: 1, max: 12 }),
        async (steps, limit) => {
          const log: TransitionChange[] = [];
          const versions = new Map<string, number>();
          const { watch } = watchOver(log, limit);
          const taken: string[] = [];
          let owed = 0;
          for (const { task, takes, isProgress } of steps) {
            const id = `task-${task}`;
            const version = versions.get(id) ?? 0;
            if (isProgress && version > 0) watch.push(progress(id, version, 1));
            else {
              const change = transition(id, version + 1);
              versions.set(id, version + 1);
              log.push(change);
              watch.push(change);
              owed++;
            }
            for (let n = 0; n < takes && taken.length < owed; n++) {
              const [line = ''] = await take(watch, 1);
              if (!line.includes('%')) taken.push(line);
            }
          }
          while (taken.length < owed) {
            const [line = ''] = await take(watch, 1);
            if (!line.includes('%')) taken.push(line);
          }
          for (const [id, count] of versions) {
            expect(taken.filter((line) => line.startsWith(`${id} `))).toEqual(history(id, count).map(label));
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('fails when even the list of what was missed becomes too long, and holds nothing then', async () => {
    const { watch } = watchOver([], 1);
    for (let n = 0; n < 10_010; n++) watch.push(transition(`task-${n}`, 1));
    await expect(watch.next()).rejects.toThrow(SlowConsumer);
    await expect(watch.next()).rejects.toThrow(SlowConsumer);
    watch.close();
    expect(await watch.next()).toBeUndefined();
  });

  it('tells when what it missed cannot be read, and does not go on with a gap', async () => {
    const watch = new SubscriberQueue({
      limit: 1,
      watermark: () => ({ xid: '1', id: '0' }),
      readVersions: () => Promise.reject(new Error('no database')),
      onClose: () => {},
    });
    for (const change of history('a', 3)) watch.push(change);
    await expect(watch.next()).rejects.toThrow('no database');
    watch.push(transition('a', 4));
    await expect(watch.next()).rejects.toThrow('no database');
  });

  it('ends a pending next when it is closed, tells once, and takes no more', async () => {
    const { watch, room } = watchOver([], 10);
    const pending = watch.next();
    watch.close();
    watch.close();
    watch.push(transition('a', 1));
    expect(await pending).toBeUndefined();
    expect(await watch.next()).toBeUndefined();
    expect(room.closed).toBe(1);
  });
});
