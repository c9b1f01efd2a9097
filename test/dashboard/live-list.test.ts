/** The lists of the dashboard: what they show after events in any order, and that nothing jumps while they are held. */
import fc from 'fast-check';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { LiveList } from '../../src/dashboard/live/live-list.ts';

interface Row {
  id: string;
  version: number;
  open: boolean;
}

let frames: (() => void)[] = [];

beforeEach(() => {
  frames = [];
  vi.stubGlobal('requestAnimationFrame', (run: () => void) => frames.push(run));
  vi.stubGlobal('cancelAnimationFrame', () => {});
  vi.stubGlobal('document', { hidden: false });
});

function frame(): void {
  for (const run of frames.splice(0)) run();
}

function listOf(rows: Row[], limit = 100): LiveList<Row> {
  const list = new LiveList<Row>({ matches: ({ open }) => open, limit });
  list.replace({ rows, next: undefined });
  frame();
  return list;
}

const row = (id: string, version = 1, open = true): Row => ({ id, version, open });

describe('a live list', () => {
  it('shows the newest version of every row, in order, whatever order events come in and however often', () => {
    const event = fc.record({
      id: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      version: fc.integer({ min: 1, max: 6 }),
    });
    fc.assert(
      fc.property(fc.array(event), (events) => {
        const list = listOf([]);
        const latest = new Map<string, number>();
        for (const { id, version } of events) {
          list.put(row(id, version));
          latest.set(id, Math.max(version, latest.get(id) ?? 0));
        }
        frame();
        expect(list.view().ids).toEqual([...latest.keys()].sort().reverse());
        for (const [id, version] of latest) expect(list.row(id)?.version).toBe(version);
      }),
    );
  });

  it('renders once a frame, and only the rows that have changed', () => {
    const list = listOf([row('b'), row('a')]);
    const [ofList, ofA, ofB] = [vi.fn(), vi.fn(), vi.fn()];
    list.subscribe(ofList);
    list.subscribeRow('a', ofA);
    list.subscribeRow('b', ofB);
    for (let version = 2; version < 100; version++) list.put(row('a', version));
    frame();
    expect(ofA).toHaveBeenCalledOnce();
    expect(ofB).not.toHaveBeenCalled();
    expect(ofList).not.toHaveBeenCalled();
  });

  it('lets what enters wait while it is held, and counts it', () => {
    const list = listOf([row('a')]);
    list.hold(true);
    list.put(row('b'));
    list.put(row('c'));
    list.put(row('c', 2, false));
    frame();
    expect(list.view()).toMatchObject({ ids: ['a'], waiting: 1 });
    list.hold(false);
    frame();
    expect(list.view()).toMatchObject({ ids: ['b', 'a'], waiting: 0 });
  });

  it('keeps a row that has left for a moment, and a pinned one for as long as it is pinned', () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    const list = listOf([row('b'), row('a')]);
    list.pin(['b']);
    list.put(row('a', 2, false));
    list.put(row('b', 2, false));
    frame();
    expect(list.view().ids).toEqual(['b', 'a']);
    expect(list.isLeaving('a')).toBe(true);
    vi.advanceTimersByTime(2_100);
    frame();
    expect(list.view().ids).toEqual(['b']);
    list.pin([]);
    frame();
    expect(list.view().ids).toEqual([]);
    vi.useRealTimers();
  });

  it('leaves to the next page what lies below what was read', () => {
    const list = new LiveList<Row>({ matches: () => true, limit: 100 });
    list.replace({ rows: [row('m')], next: 'm' });
    list.put(row('c'));
    frame();
    expect(list.view().ids).toEqual(['m']);
    list.append({ rows: [row('c', 2), row('a')], next: undefined });
    frame();
    expect(list.view().ids).toEqual(['m', 'c', 'a']);
  });

  it('holds no more rows than it may', () => {
    const list = listOf([row('b'), row('a')], 2);
    list.put(row('c'));
    frame();
    expect(list.view()).toMatchObject({ ids: ['c', 'b'], truncated: true });
  });
});
