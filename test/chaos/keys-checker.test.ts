import { describe, expect, it } from 'vitest';
import type { LogEntry } from './checker.ts';
import { checkKeys, type KeyEvidence, type KeyedTask } from './keys-checker.ts';

type Step = [taskId: string, to: LogEntry['to'], over?: Partial<LogEntry>];

function logOf(...steps: Step[]): LogEntry[] {
  const versions = new Map<string, number>();
  return steps.map(([taskId, to, changed], n) => {
    const version = (versions.get(taskId) ?? 0) + 1;
    versions.set(taskId, version);
    return {
      ...{
        taskId,
        to,
        version,
        id: n,
        at: n,
        xid: `${n}`,
        horizon: `${n}`,
        from: null,
        room: 'r',
        attempt: 1,
      },
      ...{
        reason: to === 'CLAIMED' ? 'CLAIMED' : 'SUBMITTED',
        workerId: null,
        actor: 'wim',
        note: null,
        dueAt: null,
      },
      ...changed,
    };
  });
}

const AGAIN = { reason: 'UPDATED', note: 'It was submitted again under its key.' } as const;
const keyed = (keys: Partial<KeyedTask>): KeyedTask[] =>
  ['s', 't'].map((id) => ({ id, onceKey: null, burstKey: null, ...keys }));

function check(log: LogEntry[], keys: Partial<KeyedTask>, more: Partial<KeyEvidence> = {}): string {
  return checkKeys({ log, tasks: keyed(keys), runs: [], bursts: [], ...more }).join('\n');
}

describe('the checker of keys', () => {
  it('finds a task that was submitted before the one of its key had ended', () => {
    const log = logOf(['s', 'PENDING'], ['s', 'CLAIMED'], ['s', 'COMPLETED'], ['t', 'PENDING']);
    expect(check(log, { onceKey: 'k' })).toBe('');
    const early = log.map((entry, n) => ({ ...entry, id: n === 3 ? 1.5 : entry.id }));
    expect(check(early, { onceKey: 'k' })).toBe('t: was submitted while s held the key "k"');
  });

  it('lets one that was retried run beside the next one of its key', () => {
    const retried: Step[] = [
      ['s', 'PENDING', { reason: 'RETRY_REQUESTED' }],
      ['s', 'CLAIMED'],
    ];
    const log = logOf(['s', 'PENDING'], ['s', 'FAILED'], ['t', 'PENDING'], ...retried, ['t', 'CLAIMED']);
    expect(check(log, { onceKey: 'k' })).toBe('');
  });

  it('finds a burst of which two tasks are made', () => {
    const log = logOf(['s', 'PENDING'], ['s', 'PENDING', AGAIN], ['s', 'CLAIMED'], ['t', 'PENDING']);
    expect(check(log, { burstKey: 'k' })).toBe('');
    expect(check(log.toSpliced(2, 1), { burstKey: 'k' })).toBe(
      't: was submitted while s of the key "k" waited',
    );
  });

  it('finds a task that was moved after its claim, or claimed before it was due', () => {
    const moved = logOf(['s', 'PENDING'], ['s', 'CLAIMED'], ['s', 'PENDING', AGAIN]);
    expect(check(moved, { burstKey: 'k' })).toBe('s: was submitted again after its claim');
    const early = logOf(
      ['s', 'PENDING', { dueAt: 1 }],
      ['s', 'PENDING', { ...AGAIN, dueAt: 9 }],
      ['s', 'CLAIMED'],
    );
    expect(check(early, { burstKey: 'k' })).toBe('s: was claimed 7 ms before it was due');
  });

  it('finds a submission that was left out of the run', () => {
    const more = (n: number) => ({ runs: [{ taskId: 's', attempt: 1, n }], bursts: [{ taskId: 's', n: 2 }] });
    expect(check([], {}, more(2))).toBe('');
    expect(check([], {}, more(1))).toBe('s: ran with payload 1, 2 was submitted before');
  });
});
