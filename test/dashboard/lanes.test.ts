import { describe, expect, it } from 'vitest';
import type { TaskChange } from '../../src/dashboard/api/task.ts';
import { lanesOf, scaleOf } from '../../src/dashboard/views/task/lanes.ts';

const START = Date.parse('2026-11-30T09:00:00Z');

/** A history by what it goes to, at which second, in which attempt. */
function historyOf(
  ...steps: [to: TaskChange['to'], second: number, attempt: number, reason?: TaskChange['reason']][]
) {
  return steps.map(([to, second, attempt, reason = 'SUBMITTED'], at) => ({
    cursor: String(at),
    version: at + 1,
    from: steps[at - 1]?.[0] ?? null,
    to,
    reason,
    attempt,
    actor: 'someone',
    note: null,
    at: new Date(START + second * 1000).toISOString(),
    error: null,
  })) as TaskChange[];
}

const RETRIED = historyOf(
  ['PENDING', 0, 0],
  ['CLAIMED', 2, 1],
  ['RUNNING', 3, 1],
  ['PENDING', 8, 1, 'RETRY_SCHEDULED'],
  ['CLAIMED', 20, 2],
  ['RUNNING', 21, 2],
  ['FAILED', 25, 2, 'FAILED'],
);

describe('the lanes of a task', () => {
  it('are one an attempt, with what it waited for in front', () => {
    const lanes = lanesOf(RETRIED);
    expect(lanes.map(({ bars }) => bars.map(({ kind }) => kind))).toEqual([
      ['waiting', 'claimed', 'running'],
      ['back-off', 'claimed', 'running'],
    ]);
    expect(lanes.map(({ end }) => end?.to)).toEqual(['PENDING', 'FAILED']);
  });

  it('end at nothing while the task goes on', () => {
    const [lane] = lanesOf(historyOf(['PENDING', 0, 0], ['CLAIMED', 1, 1], ['RUNNING', 2, 1]));
    expect(lane?.bars.at(-1)).toEqual({ kind: 'running', from: START + 2_000, to: undefined });
    expect(lane?.end).toBeUndefined();
  });

  it('of a task that was cancelled before anybody had it, is the one of waiting', () => {
    const lanes = lanesOf(historyOf(['PENDING', 0, 0], ['CANCELLED', 5, 0, 'CANCELLED']));
    expect(lanes).toHaveLength(1);
    expect(lanes[0]?.end?.to).toBe('CANCELLED');
  });
});

describe('the scale of the lanes', () => {
  it.each([true, false])('keeps the order of times, from 0 to 1; even: %s', (even) => {
    const lanes = lanesOf(RETRIED);
    const place = scaleOf(lanes, START + 25_000, even);
    const places = [0, 1, 2, 3, 8, 20, 21, 25].map((second) => place(START + second * 1000));
    expect(places[0]).toBe(0);
    expect(places.at(-1)).toBeCloseTo(1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  it('shortens the time in which nothing was to be done', () => {
    const day = 86_400;
    const lanes = lanesOf([
      ...RETRIED,
      ...historyOf(
        ['PENDING', 25 + day, 2, 'RETRY_REQUESTED'],
        ['CLAIMED', 26 + day, 3],
        ['RUNNING', 27 + day, 3],
      ),
    ]);
    const place = scaleOf(lanes, START + (40 + day) * 1000, false);
    expect(place(START + (25 + day) * 1000) - place(START + 25_000)).toBeLessThan(0.08);
  });
});
