/** Which worker is slow: compared with the others at the same jobs. */
import { describe, expect, it } from 'vitest';
import { pacesOf } from '../../src/dashboard/views/workers/pace.ts';

type Tasks = Parameters<typeof pacesOf>[0];

const ran = (workerId: string, job: string, seconds: number, count: number): Tasks[number][] =>
  Array.from({ length: count }, () => ({
    workerId,
    job: { fullName: job },
    startedAt: '2026-11-30T09:00:00Z',
    finishedAt: new Date(Date.parse('2026-11-30T09:00:00Z') + seconds * 1000).toISOString(),
  })) as Tasks[number][];

describe('the pace of workers', () => {
  it('is that of one worker against the others at the same job', () => {
    const paces = pacesOf([
      ...ran('slow', 'a', 6, 10),
      ...ran('fast', 'a', 2, 10),
      ...ran('other', 'a', 2, 10),
    ]);
    expect(paces.get('slow')?.ratio).toBeGreaterThan(2);
    expect(paces.get('fast')?.ratio ?? 1).toBeLessThanOrEqual(1);
    expect(paces.get('slow')?.medianMs).toBe(6_000);
  });

  it('does not call slow whoever does slow jobs', () => {
    const paces = pacesOf([...ran('one', 'long', 60, 10), ...ran('two', 'short', 1, 10)]);
    expect(paces.get('one')?.ratio ?? 1).toBeLessThan(1.5);
  });
});
