import { describe, expect, it } from 'vitest';
import type { LogEntry } from './checker.ts';
import { checkFlow, type FlowEvidence, type FlowLimit, type FlowTask } from './flow-checker.ts';

const TASKS: FlowTask[] = ['a', 'b', 'c'].map((id) => ({
  ...{ id, job: 'j', room: 'r', createdBy: 'ann', limitKey: 'k', rateKey: null },
}));
const TWO: FlowLimit = { name: 'two', keyOf: ({ limitKey }) => limitKey, maxRunning: 2 };
const RATE: FlowLimit = { name: 'rate', keyOf: ({ room }) => room, rate: { count: 2, perMs: 1_000 } };

const REASONS = { PENDING: 'SUBMITTED', CLAIMED: 'CLAIMED', COMPLETED: 'COMPLETED' } as const;

/** A log of these steps, each at so many milliseconds. */
function logOf(...steps: [taskId: string, to: keyof typeof REASONS, at: number][]): LogEntry[] {
  return steps.map(([taskId, to, at], id) => ({
    ...{ taskId, to, at, id, reason: REASONS[to], from: null, room: 'r', xid: `${id}`, horizon: `${id}` },
    ...{ version: 1, attempt: 1, workerId: null, actor: 'wim', note: null, dueAt: null },
  }));
}

const SUBMITTED = TASKS.map(({ id }) => [id, 'PENDING', 0] as [string, 'PENDING', number]);

/** Two at a time, the third as soon as there is room. */
const GOOD = logOf(
  ...SUBMITTED,
  ['a', 'CLAIMED', 10],
  ['b', 'CLAIMED', 20],
  ['a', 'COMPLETED', 3_000],
  ['c', 'CLAIMED', 3_010],
  ['b', 'COMPLETED', 3_020],
  ['c', 'COMPLETED', 3_030],
);

function check(log: LogEntry[], changed: Partial<FlowEvidence> = {}, limits = [TWO, RATE]): string {
  const phases = [{ from: -1, to: 1_000, limits }];
  const calm = { from: 0, to: 3_030, limits, capacity: 8, beatMs: 500 };
  return checkFlow({ log, tasks: TASKS, phases, calm, ...changed }).join('\n');
}

describe('the checker of flow', () => {
  it('finds nothing where limits hold and nothing waits that could run', () => {
    expect(check(GOOD)).toBe('');
  });

  it('finds one that runs beyond a limit', () => {
    const log = logOf(...SUBMITTED, ['a', 'CLAIMED', 10], ['b', 'CLAIMED', 20], ['c', 'CLAIMED', 2_000]);
    expect(check(log)).toMatch(/^c: was claimed as number 3 of "k", limit two is 2$/);
  });

  it('lets go on what ran before a limit was lowered, and finds what starts after', () => {
    const one = { ...TWO, maxRunning: 1 };
    const lowered = { phases: [{ from: 4, to: 1_000, limits: [one] }], calm: null };
    expect(check(GOOD.slice(0, 6), lowered)).toBe('');
    expect(check(GOOD, lowered)).toMatch(/c: was claimed as number 2 of "k", limit two is 1/);
  });

  it('finds one start too many in a period that begins anywhere', () => {
    const log = logOf(...SUBMITTED, ['a', 'CLAIMED', 900], ['b', 'CLAIMED', 1_800], ['c', 'CLAIMED', 1_890]);
    expect(check(log, { calm: null }, [RATE])).toMatch(/limit rate of "r": 3 starts in 990 ms/);
  });

  it.each<[string, LogEntry[], FlowLimit[], number]>([
    ['there is no limit', logOf(...SUBMITTED, ['a', 'CLAIMED', 600]), [], 3],
    ['a slot is free', logOf(...SUBMITTED, ['a', 'CLAIMED', 1], ['b', 'CLAIMED', 600]), [TWO], 2],
    [
      'a slot came back',
      logOf(
        ...SUBMITTED,
        ...(['a', 'b'] as const).map((id): [string, 'CLAIMED', number] => [id, 'CLAIMED', 1]),
        ['a', 'COMPLETED', 100],
        ['c', 'CLAIMED', 700],
      ),
      [TWO],
      1,
    ],
    [
      'a token came back',
      logOf(...SUBMITTED, ['a', 'CLAIMED', 1], ['b', 'CLAIMED', 2], ['c', 'CLAIMED', 1_600]),
      [RATE],
      1,
    ],
  ])('finds what waits although %s', (_, log, limits, count) => {
    expect(check(log, { phases: [] }, limits).match(/could have run and waited/g)).toHaveLength(count);
  });

  it('finds nothing where all workers are busy, or it is not due', () => {
    const busy = { from: 0, to: 3_030, limits: [], capacity: 2, beatMs: 500 };
    const log = logOf(...SUBMITTED, ['a', 'CLAIMED', 10], ['b', 'CLAIMED', 20]);
    expect(check(log, { phases: [], calm: busy })).toBe('');
    const later = log.map((entry) => ({ ...entry, dueAt: entry.taskId === 'c' ? 2_900 : null }));
    expect(check(later, { phases: [] }, [])).toBe('');
  });
});
