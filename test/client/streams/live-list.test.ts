/** A list that is read and then followed; its source is played by hand. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LiveChange, LiveListOptions, LiveRow } from '../../../src/client/index.ts';
import { LiveList } from '../../../src/client/index.ts';
import { EventQueue } from '../../../src/client/streams/event-queue.ts';
import { gate } from '../client-fixture.ts';

interface Row extends LiveRow {
  open: boolean;
}

const row = (id: string, version = 1, open = true): Row => ({ id, version, open });
const change = (...of: Parameters<typeof row>): LiveChange<Row> => ({ kind: 'row', row: row(...of) });

/** A list of open rows whose source, and whose frames, the test has in hand. */
async function play(first: Row[], options: LiveListOptions = {}) {
  let rows = first;
  let reads = 0;
  let follows = gate();
  let changes = new EventQueue<LiveChange<Row>>(() => {});
  const flushes: (() => void)[] = [];
  const list = new LiveList<Row>(
    {
      async read(limit) {
        reads++;
        return { rows: rows.slice(0, limit), cursor: `read ${reads}`, hasMore: rows.length > limit };
      },
      follow(_after, signal) {
        const queue = new EventQueue<LiveChange<Row>>(() => {});
        signal.addEventListener('abort', () => queue.abort(signal.reason));
        changes = queue;
        follows.open();
        return queue;
      },
      matches: ({ open }) => open,
    },
    { leaveMs: 0, schedule: (flush) => void flushes.push(flush), ...options },
  );
  list.start();
  await follows.promise;
  /** Resolves when the list has taken what was pushed: a queue hands on in turns of the event loop. */
  const taken = () => new Promise((resolve) => setImmediate(resolve));
  return {
    list,
    reads: () => reads,
    ids: () => list.getSnapshot().ids.join(''),
    async push(...all: LiveChange<Row>[]) {
      for (const one of all) changes.push(one);
      await taken();
    },
    async frame() {
      for (const flush of flushes.splice(0)) flush();
      await taken();
    },
    /** What is read next. */
    async readAgain(next: Row[], cause: () => unknown) {
      rows = next;
      follows = gate();
      await cause();
      await follows.promise;
    },
  };
}

describe('a live list', () => {
  it('shows what enters, changes and leaves, once a frame', async () => {
    const { list, ids, push, frame } = await play([row('c'), row('b')]);
    let updates = 0;
    list.subscribe(() => updates++);
    let changes = 0;
    list.subscribeRow('b', () => changes++);
    expect(ids()).toBe('cb');
    await push(change('d'), change('e'), change('b', 2), change('b', 3), change('c', 2, false));
    expect(ids()).toBe('cb');
    await frame();
    expect(ids()).toBe('edb');
    expect([updates, changes, list.row('b')?.version]).toEqual([1, 1, 3]);
  });

  it('keeps the order while only rows change', async () => {
    const { list, push, frame } = await play([row('c'), row('b')]);
    const before = list.getSnapshot();
    await push(change('b', 2));
    await frame();
    expect(list.getSnapshot()).toBe(before);
  });

  it('ignores repeats, also of rows that have left', async () => {
    const { ids, push, frame } = await play([row('c', 3), row('b')]);
    await push(change('c', 2, false), change('b', 2, false), change('b', 1), change('b', 2));
    await frame();
    expect(ids()).toBe('c');
  });

  it('lets rows wait while it is held', async () => {
    const { list, ids, push, frame } = await play([row('b')]);
    const release = list.hold();
    await push(change('c'), change('d'), change('d', 2, false), change('b', 2));
    await frame();
    expect([ids(), list.getSnapshot().waiting, list.row('b')?.version]).toEqual(['b', 1, 2]);
    list.showWaiting();
    expect([ids(), list.getSnapshot().waiting]).toEqual(['cb', 0]);
    await push(change('e'));
    release();
    await frame();
    expect(ids()).toBe('ecb');
  });

  it('reads again instead of letting more wait than it would show', async () => {
    const { list, ids, push, frame, readAgain } = await play([row('b')], { limit: 2 });
    list.hold();
    await push(change('c'), change('d'), change('e'), change('f'));
    await frame();
    expect(list.getSnapshot().waiting).toBe(4);
    await readAgain([row('f'), row('e'), row('d')], () => list.showWaiting());
    expect([ids(), list.getSnapshot().waiting, list.getSnapshot().hasMore]).toEqual(['fe', 0, true]);
  });

  it('keeps a row that is pinned, marked as leaving, until it is let go', async () => {
    const { list, ids, push, frame } = await play([row('b'), row('a')]);
    const unpin = list.pin('b');
    await push(change('b', 2, false));
    await frame();
    expect([ids(), list.isLeaving('b')]).toEqual(['ba', true]);
    unpin();
    await frame();
    expect([ids(), list.isLeaving('b')]).toEqual(['a', false]);
  });

  it('takes a row back that was about to leave', async () => {
    const { list, ids, push, frame } = await play([row('b')], { leaveMs: 60_000 });
    await push(change('b', 2, false));
    await frame();
    expect([ids(), list.isLeaving('b')]).toEqual(['b', true]);
    await push(change('b', 3));
    await frame();
    expect([ids(), list.isLeaving('b')]).toEqual(['b', false]);
    list.close();
  });

  it('swaps in one step what it reads after a gap, and keeps the rows that are the same', async () => {
    const { list, ids, push, readAgain } = await play([row('c'), row('b'), row('a')]);
    const same = list.row('a');
    await readAgain([row('d'), row('b', 2), row('a')], () => push({ kind: 'resync' }));
    expect([ids(), list.row('b')?.version, list.row('c')]).toEqual(['dba', 2, undefined]);
    expect(list.row('a')).toBe(same);
  });

  it('reads the next rows when few are left of a list that had more', async () => {
    const { ids, push, frame, readAgain } = await play(
      ['e', 'd', 'c', 'b', 'a'].map((id) => row(id)),
      {
        limit: 3,
      },
    );
    expect(ids()).toBe('edc');
    await readAgain(
      ['c', 'b', 'a'].map((id) => row(id)),
      async () => {
        await push(change('e', 2, false), change('d', 2, false));
        await frame();
      },
    );
    expect(ids()).toBe('cba');
  });

  it('is what the last version of each row says, whatever comes again', async () => {
    const changes = fc.array(
      fc.record({
        id: fc.constantFrom(...'abcdefgh'),
        open: fc.boolean(),
        again: fc.nat(5),
        flush: fc.boolean(),
      }),
      { maxLength: 60 },
    );
    await fc.assert(
      fc.asyncProperty(changes, async (steps) => {
        const { list, ids, push, frame } = await play([row('d'), row('b')]);
        const latest = new Map([row('d'), row('b')].map((one) => [one.id, one]));
        const sent: LiveChange<Row>[] = [];
        for (const { id, open, again, flush } of steps) {
          const next = row(id, (latest.get(id)?.version ?? 0) + 1, open);
          latest.set(id, next);
          sent.push({ kind: 'row', row: next });
          await push(...sent.slice(-1 - again));
          if (flush) await frame();
        }
        await frame();
        const open = [...latest.values()].filter((one) => one.open).map(({ id }) => id);
        expect(ids()).toBe(open.sort().reverse().join(''));
        list.close();
      }),
      { numRuns: 200 },
    );
  });
});
