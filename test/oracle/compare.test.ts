import { describe, expect, it } from 'vitest';
import { compare, type Told } from './compare.ts';

const told = (taskId: string, version: number, what = 'as it was'): Told => ({ taskId, version, what });
const LOG = [told('a', 1), told('b', 1), told('a', 2), told('a', 3), told('b', 2)];

describe('the comparison of a stream with the log', () => {
  it('finds nothing in a stream that tells all, whatever the order between tasks', () => {
    expect(compare(LOG, { log: LOG })).toEqual({ wrong: [], missing: [], repeats: 0 });
    const otherwise = [told('b', 1), told('b', 2), told('a', 1), told('a', 2), told('a', 3)];
    expect(compare(otherwise, { log: LOG })).toEqual({ wrong: [], missing: [], repeats: 0 });
  });

  it('counts what comes again, from any place on', () => {
    expect(compare([...LOG, ...LOG.slice(1)], { log: LOG })).toEqual({ wrong: [], missing: [], repeats: 4 });
  });

  it.each<[string, Told[], RegExp]>([
    ['what never happened', [...LOG, told('a', 4)], /a version 4 is not in the log/],
    ['what is told wrong', [told('a', 1, 'otherwise'), ...LOG.slice(1)], /"as it was".*"otherwise"/],
    [
      'a gap',
      [told('a', 1), told('a', 3), told('a', 2), told('b', 1), told('b', 2)],
      /a version 3 came after version 1/,
    ],
  ])('finds %s', (_what, received, expected) => {
    expect(compare(received, { log: LOG }).wrong.join('\n')).toMatch(expected);
  });

  it('finds what has not come, at the end and in between', () => {
    expect(compare(LOG.slice(0, 4), { log: LOG }).missing).toEqual(['b version 2']);
    expect(compare([], { log: LOG }).missing).toHaveLength(5);
  });

  const read = (...versions: [string, number][]) => ({ read: new Map(versions) });

  it('goes on from what was read again', () => {
    const received = [told('a', 1), read(['a', 2], ['b', 1]), told('a', 2), told('a', 3), told('b', 2)];
    expect(compare(received, { log: LOG })).toEqual({ wrong: [], missing: [], repeats: 1 });
    const gap = [told('a', 1), read(['a', 1]), told('a', 3), told('b', 1), told('b', 2)];
    expect(compare(gap, { log: LOG }).wrong).toEqual(['a version 3 came after version 1']);
    const part = { log: LOG, isRead: (taskId: string) => taskId !== 'b' };
    expect(compare([read(['a', 3]), told('b', 2)], part)).toEqual({ wrong: [], missing: [], repeats: 0 });
    expect(compare([read()], part).missing).toEqual(['a version 1', 'a version 2', 'a version 3']);
  });

  it('finds what is still there of what was removed, whether or not it has read again', () => {
    const truth = { log: LOG, removed: new Set(['b']) };
    expect(compare(LOG, truth).missing).toEqual(['the removal of b']);
    expect(compare([read(['a', 3]), told('b', 2)], truth).missing).toEqual(['the removal of b']);
    expect(compare([...LOG, read(['a', 3])], truth)).toEqual({ wrong: [], missing: [], repeats: 0 });
  });

  it('lets retention go unheard by who has had all of a task, and by nobody else', () => {
    const truth = { log: LOG, expired: new Set(['a']) };
    expect(compare(LOG, truth).missing).toEqual([]);
    expect(compare([told('a', 1), told('b', 1), told('b', 2)], truth).missing).toEqual([
      'a version 2',
      'a version 3',
    ]);
    expect(compare([told('b', 1), told('b', 2)], truth).missing).toHaveLength(3);
    expect(compare([told('a', 1), read(['b', 2])], truth).missing).toEqual([]);
  });
});
