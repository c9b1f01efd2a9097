import { describe, expect, it } from 'vitest';
import type { LogEntry } from './checker.ts';
import { checkTurns, type TurnTask } from './turns-checker.ts';

const TASKS: TurnTask[] = [
  ...Array.from({ length: 20 }, (_, n) => ({ id: `a${n}`, room: 'a' })),
  { id: 'b0', room: 'b' },
  { id: 'b1', room: 'b' },
].map((task) => ({ job: 'j', priority: 0, turnKey: null, ...task }));

type Step = [taskId: string, to: 'PENDING' | 'CLAIMED', over?: Partial<LogEntry>];

/** A log of transactions one after the other, each over before the next one. */
function logOf(steps: Step[]): LogEntry[] {
  return steps.map(([taskId, to, changed], n) => ({
    ...{
      taskId,
      to,
      id: n,
      at: n,
      xid: `${n}`,
      horizon: `${n}`,
      from: null,
      room: 'r',
      version: 1,
      attempt: 1,
    },
    ...{
      reason: to === 'PENDING' ? 'SUBMITTED' : 'CLAIMED',
      workerId: null,
      actor: 'wim',
      note: null,
      dueAt: null,
    },
    ...changed,
  }));
}

const SUBMITTED = TASKS.map(({ id }): Step => [id, 'PENDING']);
const claimed = (...ids: string[]) => ids.map((id): Step => [id, 'CLAIMED']);

function check(log: LogEntry[], tasks = TASKS): string {
  const phases = [{ job: 'j', from: -1, to: 1_000, scopeOf: ({ room }: TurnTask) => room }];
  return checkTurns({ log, tasks, phases, claimants: 1, hidden: 1 }).join('\n');
}

describe('the checker of turns', () => {
  it('finds nothing where scopes take turns, and where one is alone', () => {
    expect(
      check(logOf([...SUBMITTED, ...claimed('a0', 'b0', 'a1', 'b1', 'a2', 'a3', 'a4', 'a5', 'a6')])),
    ).toBe('');
  });

  it('finds a scope that waits while another is served again and again', () => {
    const log = logOf([...SUBMITTED, ...claimed('a0', 'a1', 'a2', 'a3', 'a4', 'b0')]);
    expect(check(log)).toBe('j: "b" waited while "a" was served 4 times');
    expect(check(log.toSpliced(-3, 2))).toBe('');
  });

  it('counts anew when the scope was served', () => {
    const log = logOf([...SUBMITTED, ...claimed('a0', 'a1', 'b0', 'a2', 'a3', 'a4', 'a5', 'a6')]);
    expect(check(log)).toMatch(/"b" waited while "a" was served 4 times/);
    expect(check(log.slice(0, -2))).toBe('');
  });

  it('does not count claims that were under way together', () => {
    const log = logOf([...SUBMITTED, ...claimed('a0', 'a1', 'a2', 'a3', 'a4', 'a5', 'b0')]);
    const together = log.map((entry) => (entry.to === 'CLAIMED' ? { ...entry, horizon: '22' } : entry));
    expect(check(together)).toBe('');
  });

  it('does not count what comes before the task is due, or has another priority', () => {
    const log = logOf([
      ...SUBMITTED.slice(0, -2),
      ['b0', 'PENDING', { dueAt: 500 }],
      ...claimed('a0', 'a1', 'a2', 'a3', 'a4', 'a5'),
    ]);
    expect(check(log)).toBe('');
    expect(check(log.map((entry) => ({ ...entry, dueAt: null })))).not.toBe('');
    const higher = TASKS.map((task) => (task.room === 'a' ? { ...task, priority: 1 } : task));
    expect(
      check(
        log.map((entry) => ({ ...entry, dueAt: null })),
        higher,
      ),
    ).toBe('');
  });
});
