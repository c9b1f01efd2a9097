import { describe, expect, it } from 'vitest';
import { compare, type Told } from './compare.ts';

const told = (taskId: string, version: number, what = 'as it was'): Told => ({ taskId, version, what });
const LOG = [told('a', 1), told('b', 1), told('a', 2), told('a', 3), told('b', 2)];

describe('the comparison of a stream with the log', () => {
  it('finds nothing in a stream that tells all, whatever the order between tasks', () => {
    expect(compare(LOG, LOG)).toEqual({ wrong: [], missing: [], repeats: 0 });
    const otherwise = [told('b', 1), told('b', 2), told('a', 1), told('a', 2), told('a', 3)];
    expect(compare(otherwise, LOG)).toEqual({ wrong: [], missing: [], repeats: 0 });
  });

  it('counts what comes again, from any place on', () => {
    expect(compare([...LOG, ...LOG.slice(1)], LOG)).toEqual({ wrong: [], missing: [], repeats: 4 });
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
    expect(compare(received, LOG).wrong.join('\n')).toMatch(expected);
  });

  it('finds what has not come, at the end and in between', () => {
    expect(compare(LOG.slice(0, 4), LOG).missing).toEqual(['b version 2']);
    expect(compare([], LOG).missing).toHaveLength(5);
  });
});
