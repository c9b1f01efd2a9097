/** How long what waits takes: said only where it can be said. */
import { expect, it } from 'vitest';
import { roughly } from '../../src/dashboard/design/text.ts';
import { drainsInMs } from '../../src/dashboard/views/overview/pace.ts';

const counts = (throughput: number | undefined, more: object = {}) =>
  ({
    blockedCounts: {
      byReason: [
        { by: 'NO_FREE_SLOT', count: 80 },
        { by: 'LIMIT', count: 10 },
        { by: 'NO_WORKER', count: 500 },
        { by: 'NOT_DUE', count: 500 },
      ],
      ...{ unblocked: 10, atLeast: false, ...more },
    },
    ...(throughput !== undefined && { statistics: { window: { throughput } } }),
  }) as Parameters<typeof drainsInMs>[0];

it('counts what goes on by itself at the pace of the last minutes', () => {
  expect(drainsInMs(counts(0.5))).toBe(200_000);
  expect(roughly(200_000)).toBe('3 min');
});

it('says nothing where nothing has ended, where figures are not seen, and where counting stopped', () => {
  expect(drainsInMs(counts(0))).toBeUndefined();
  expect(drainsInMs(counts(undefined))).toBeUndefined();
  expect(drainsInMs(counts(1, { atLeast: true }))).toBeUndefined();
  expect(drainsInMs(counts(1, { unblocked: 0, byReason: [] }))).toBeUndefined();
});
