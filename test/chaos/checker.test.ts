import { describe, expect, it } from 'vitest';
import { checkLog, type Evidence, type FinalTask, type LogEntry } from './checker.ts';

const W1 = 'worker-1';
const W2 = 'worker-2';

/** A task that failed once, was tried again and completed. */
function goodLog(): LogEntry[] {
  const steps: [LogEntry['from'], LogEntry['to'], LogEntry['reason'], number, string | null][] = [
    [null, 'PENDING', 'SUBMITTED', 0, null],
    ['PENDING', 'CLAIMED', 'CLAIMED', 1, W1],
    ['CLAIMED', 'RUNNING', 'STARTED', 1, W1],
    ['RUNNING', 'PENDING', 'RETRY_SCHEDULED', 1, W1],
    ['PENDING', 'CLAIMED', 'CLAIMED', 2, W2],
    ['CLAIMED', 'RUNNING', 'STARTED', 2, W2],
    ['RUNNING', 'COMPLETED', 'COMPLETED', 2, W2],
  ];
  return steps.map(([from, to, reason, attempt, workerId], index) => ({
    taskId: 't',
    version: index + 1,
    from,
    to,
    reason,
    attempt,
    workerId,
    ...{ room: 'room-1', actor: 'system', note: null, dueAt: null },
    at: 1_000 * index,
    id: 10 * index,
    ...{ xid: `x${index}`, horizon: `x${index}` },
  }));
}

const GOOD_TASK: FinalTask = {
  id: 't',
  job: 'a',
  status: 'COMPLETED',
  version: 7,
  attempt: 2,
  failures: 1,
  maxAttempts: 3,
  timeoutMs: 1_500,
};

/** A task that waited for the one of the good log, and was cancelled. */
const CHILD_TASK: FinalTask = {
  ...GOOD_TASK,
  id: 'c',
  version: 2,
  attempt: 0,
  failures: 0,
  status: 'CANCELLED',
};

function childLog(...reasons: [LogEntry['from'], LogEntry['to'], LogEntry['reason']][]): LogEntry[] {
  return reasons.map(([from, to, reason], index) => ({
    ...{
      taskId: 'c',
      version: index + 1,
      from,
      to,
      reason,
      room: 'room-2',
      actor: 'system',
      note: null,
      at: 0,
      dueAt: null,
      id: 5 + 10 * index,
      xid: reason === 'SUBMITTED' ? 'own' : 'x6',
      horizon: 'x6',
    },
    ...(reason === 'CLAIMED' ? { attempt: 1, workerId: W1 } : { attempt: 0, workerId: null }),
  }));
}

function check(changed: Partial<Evidence>): string[] {
  const returned = [{ taskId: 't', attempt: 2 }];
  const good = { log: goodLog(), tasks: [GOOD_TASK], acknowledged: ['t'], returned };
  return checkLog({ ...good, dependencies: [], pauses: [], ...changed });
}

/** The good log with one entry changed, or taken out. */
function broken(version: number, change: Partial<LogEntry> | null): LogEntry[] {
  return goodLog().flatMap((entry) => {
    if (entry.version !== version) return [entry];
    return change ? [{ ...entry, ...change }] : [];
  });
}

describe('the checker of logs', () => {
  it('finds nothing in a good log', () => {
    expect(check({})).toEqual([]);
    const log = [
      ...goodLog(),
      ...childLog([null, 'WAITING', 'SUBMITTED'], ['WAITING', 'CANCELLED', 'DEPENDENCY_FAILED']),
    ];
    const dependencies = [{ taskId: 'c', parentId: 't', runsOnFailure: false }];
    const pauses = [
      { job: null, room: 'room-2', from: 5, to: 50 },
      { job: 'a', room: null, from: 10, to: 39 },
      { job: 'b', room: null, from: 0, to: 50 },
    ];
    expect(check({ log, tasks: [GOOD_TASK, CHILD_TASK], dependencies, pauses })).toEqual([]);
  });

  it.each<[string, Partial<Evidence>, RegExp]>([
    ['a lost submission', { acknowledged: ['t', 'gone'] }, /gone: was acknowledged and is not there/],
    [
      'a task that never ended',
      { log: goodLog().slice(0, 6), tasks: [{ ...GOOD_TASK, status: 'RUNNING', version: 6 }] },
      /ended as RUNNING/,
    ],
    ['a hole in the versions', { log: broken(4, null) }, /version 5 follows 3/],
    ['an illegal edge', { log: broken(3, { reason: 'COMPLETED' }) }, /is no edge: CLAIMED → RUNNING/],
    [
      'a wrong start',
      { log: broken(4, { from: 'CLAIMED', reason: 'RELEASED' }) },
      /leaves CLAIMED, not RUNNING/,
    ],
    [
      'an attempt with two owners',
      { log: broken(3, { workerId: W2 }) },
      /attempt 1 belongs to worker-1, and worker-2/,
    ],
    [
      'a report by a fenced worker',
      { log: broken(7, { workerId: W1 }) },
      /attempt 2 belongs to worker-2, and worker-1/,
    ],
    ['a report on an old attempt', { log: broken(7, { attempt: 1 }) }, /speaks of attempt 1, it is 2/],
    ['an attempt that is not counted', { log: broken(5, { attempt: 1 }) }, /speaks of attempt 1, it is 2/],
    ['a claim by nobody', { log: broken(2, { workerId: null }) }, /claim by nobody/],
    [
      'failures that are counted wrong',
      { tasks: [{ ...GOOD_TASK, failures: 0 }] },
      /has 0 failures, its history 1/,
    ],
    ['more failures than allowed', { tasks: [{ ...GOOD_TASK, maxAttempts: 0 }] }, /is failure 1 of 0/],
    [
      'a status that the log does not know of',
      { tasks: [{ ...GOOD_TASK, status: 'CANCELLED' }] },
      /is CANCELLED, its history ends with COMPLETED/,
    ],
    [
      'a version that the log does not know of',
      { tasks: [{ ...GOOD_TASK, version: 8 }] },
      /has version 8, its history 7/,
    ],
    [
      'a handler that returned and whose work was thrown away',
      { returned: [{ taskId: 't', attempt: 1 }] },
      /attempt 1 has returned, and ended as RETRY_SCHEDULED/,
    ],
    [
      'a timeout before its time',
      { log: broken(4, { reason: 'TIMED_OUT', at: 3_000 }) },
      /version 4 is a timeout after 1000 ms, 1500 are allowed/,
    ],
    [
      'a claim in a pause',
      { pauses: [{ job: 'a', room: 'room-1', from: 31, to: 50 }] },
      /t: was claimed 9 transitions after a pause was answered/,
    ],
    [
      'a task that ran before what it depends on',
      {
        log: [
          ...goodLog().slice(0, 6),
          ...childLog([null, 'PENDING', 'SUBMITTED'], ['PENDING', 'CLAIMED', 'CLAIMED']),
        ],
        dependencies: [{ taskId: 'c', parentId: 't', runsOnFailure: true }],
      },
      /c: ran before t, which it depends on/,
    ],
    [
      'a task that was claimed before what it depends on has ended',
      {
        log: [...goodLog(), ...childLog([null, 'PENDING', 'SUBMITTED'], ['PENDING', 'CLAIMED', 'CLAIMED'])],
        dependencies: [{ taskId: 'c', parentId: 't', runsOnFailure: false }],
      },
      /c: ran before t, which it depends on/,
    ],
    [
      'a task that was moved by nothing that it waited for',
      {
        log: [
          ...goodLog().map((entry) => ({ ...entry, xid: 'another' })),
          ...childLog([null, 'WAITING', 'SUBMITTED'], ['WAITING', 'CANCELLED', 'DEPENDENCY_FAILED']),
        ],
        dependencies: [{ taskId: 'c', parentId: 't', runsOnFailure: false }],
      },
      /c: was moved \(DEPENDENCY_FAILED\) by another transaction/,
    ],
    ['a task without a history', { log: [] }, /has no history/],
    ['a history without a task', { tasks: [], acknowledged: [] }, /has a history and is no task/],
  ])('finds %s', (_what, evidence, expected) => {
    expect(check(evidence).join('\n')).toMatch(expected);
  });
});
