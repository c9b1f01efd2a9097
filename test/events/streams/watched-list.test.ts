/** A watched list: the truth first, then every difference, however hints come and reads fail. */
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { createWatchedList, type WatchedListItem } from '../../../src/events/streams/watched-list.ts';
import { createMemoryTransport } from '../../../src/events/transports/memory.ts';

interface Row {
  id: string;
  value: number;
}

describe('a live list', () => {
  const opened: { close(): void }[] = [];
  afterEach(() => {
    for (const one of opened.splice(0)) one.close();
  });

  function open(rows: Row[], options: { beatMs?: number; pauseMs?: number } = {}) {
    const transport = createMemoryTransport({});
    const state = { rows, reads: 0, failing: false };
    const list = createWatchedList<Row>({
      ...{
        transport,
        channel: 'rows',
        keyOf: ({ id }) => id,
        stateOf: ({ value }) => `${value}`,
        pauseMs: 0,
        beatMs: 60_000,
      },
      ...options,
      read: async () => {
        state.reads++;
        if (state.failing) throw new Error('away');
        return state.rows;
      },
    });
    opened.push(list);
    const change = async (next: Row[]) => {
      state.rows = next;
      await transport.publish('rows', '1');
    };
    return { list, state, change, transport };
  }

  const next = async (items: AsyncIterableIterator<WatchedListItem<Row>>) => (await items.next()).value;

  it('begins with what there is, and tells of what comes, changes and goes', async () => {
    const { list, change } = open([{ id: 'a', value: 1 }]);
    const items = await list.watch(() => true);
    expect(await next(items)).toEqual({ kind: 'snapshot', rows: [{ id: 'a', value: 1 }] });
    await change([
      { id: 'a', value: 1 },
      { id: 'b', value: 1 },
    ]);
    expect(await next(items)).toEqual({ kind: 'changed', row: { id: 'b', value: 1 } });
    await change([{ id: 'b', value: 2 }]);
    expect(await next(items)).toEqual({ kind: 'changed', row: { id: 'b', value: 2 } });
    expect(await next(items)).toEqual({ kind: 'gone', row: { id: 'a', value: 1 } });
  });

  it('shows each watcher its part, and tells it when a row leaves that', async () => {
    const { list, change } = open([
      { id: 'a', value: 1 },
      { id: 'b', value: 5 },
    ]);
    const small = await list.watch(({ value }) => value < 3);
    expect(await next(small)).toEqual({ kind: 'snapshot', rows: [{ id: 'a', value: 1 }] });
    await change([
      { id: 'a', value: 4 },
      { id: 'b', value: 2 },
    ]);
    const told = [await next(small), await next(small)];
    expect(told).toContainEqual({ kind: 'gone', row: { id: 'a', value: 1 } });
    expect(told).toContainEqual({ kind: 'changed', row: { id: 'b', value: 2 } });
  });

  it('finds by its beat what no hint told of, also after reads that failed', async () => {
    const { list, state } = open([], { beatMs: 5 });
    const items = await list.watch(() => true);
    await next(items);
    state.failing = true;
    const changed = next(items);
    const before = state.reads;
    while (state.reads < before + 2) await new Promise(setImmediate);
    state.rows = [{ id: 'a', value: 1 }];
    state.failing = false;
    expect(await changed).toEqual({ kind: 'changed', row: { id: 'a', value: 1 } });
  });

  it('refuses a watcher whom it cannot show the truth, and reads nothing when nobody watches', async () => {
    const { list, state, transport } = open([], { beatMs: 1 });
    state.failing = true;
    await expect(list.watch(() => true)).rejects.toThrow('away');
    state.failing = false;
    const items = await list.watch(() => true);
    await items.return?.();
    expect(list.watchers()).toBe(0);
    while (transport.channelCount() > 0) await new Promise(setImmediate);
    const { reads } = state;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(state.reads).toBe(reads);
  });

  it('shares one read among all who come at the same time', async () => {
    const { list, state } = open([]);
    await Promise.all(Array.from({ length: 50 }, () => list.watch(() => true)));
    expect(state.reads).toBeLessThanOrEqual(2);
  });

  it('leads every watcher to the list as it is, whatever happens in between', async () => {
    const row = fc.record({ id: fc.constantFrom('a', 'b', 'c', 'd'), value: fc.nat(5) });
    const rows = fc.uniqueArray(row, { selector: ({ id }) => id });
    await fc.assert(
      fc.asyncProperty(fc.array(rows, { minLength: 1, maxLength: 8 }), fc.nat(5), async (states, limit) => {
        const { list, change } = open(states[0] ?? []);
        const items = await list.watch(({ value }) => value <= limit);
        const shown = new Map<string, Row>();
        const follow = async () => {
          for await (const item of items) {
            if (item.kind === 'snapshot') for (const one of item.rows) shown.set(one.id, one);
            else if (item.kind === 'changed') shown.set(item.row.id, item.row);
            else shown.delete(item.row.id);
          }
        };
        const following = follow();
        for (const state of states) {
          await change(state);
          if (limit % 2 === 0) await new Promise(setImmediate);
        }
        const wanted = (states.at(-1) ?? []).filter(({ value }) => value <= limit);
        const isShown = () =>
          shown.size === wanted.length && wanted.every(({ id, value }) => shown.get(id)?.value === value);
        for (let turn = 0; turn < 1_000 && !isShown(); turn++)
          await new Promise((resolve) => setTimeout(resolve, 1));
        expect([...shown.values()].sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual(
          wanted.sort((a, b) => (a.id < b.id ? -1 : 1)),
        );
        list.close();
        await following;
      }),
      { numRuns: 30 },
    );
  });
});
