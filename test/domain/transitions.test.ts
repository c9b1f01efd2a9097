import { describe, expect, it } from 'vitest';
import { TASK_STATUSES, type TaskStatus, TRANSITION_REASONS } from '../../src/domain/task.ts';
import {
  allowedFrom,
  HELD_STATUSES,
  isLegal,
  isTerminal,
  TERMINAL_STATUSES,
  TRANSITIONS,
  type Transition,
} from '../../src/domain/transitions.ts';

/** DESIGN.md's picture, written down a second time on purpose: `from reason to`. */
const EDGES = [
  '- SUBMITTED PENDING',
  '- SUBMITTED WAITING',
  'WAITING UNBLOCKED PENDING',
  'WAITING DEPENDENCY_FAILED CANCELLED',
  'WAITING CANCELLED CANCELLED',
  'PENDING CLAIMED CLAIMED',
  'PENDING CANCELLED CANCELLED',
  'CLAIMED STARTED RUNNING',
  'CLAIMED RELEASED PENDING',
  'CLAIMED WORKER_LOST PENDING',
  'CLAIMED CANCELLED CANCELLED',
  'RUNNING COMPLETED COMPLETED',
  'RUNNING COMPLETED PARTIAL',
  'RUNNING FAILED FAILED',
  'RUNNING RETRY_SCHEDULED PENDING',
  'RUNNING RELEASED PENDING',
  'RUNNING WORKER_LOST PENDING',
  'RUNNING WORKER_LOST FAILED',
  'RUNNING TIMED_OUT PENDING',
  'RUNNING TIMED_OUT FAILED',
  'RUNNING CANCELLED CANCELLED',
  'FAILED RETRY_REQUESTED PENDING',
  'FAILED DISCARDED FAILED',
  'FAILED RESTORED FAILED',
  ...TASK_STATUSES.map((status) => `${status} UPDATED ${status}`),
];

const ALLOWED: Record<TaskStatus, TaskStatus[]> = {
  WAITING: ['PENDING', 'CANCELLED'],
  PENDING: ['CLAIMED', 'CANCELLED'],
  CLAIMED: ['RUNNING', 'PENDING', 'CANCELLED'],
  RUNNING: ['COMPLETED', 'PARTIAL', 'FAILED', 'PENDING', 'CANCELLED'],
  COMPLETED: [],
  PARTIAL: [],
  FAILED: ['PENDING'],
  CANCELLED: [],
};

const edges = Object.values(TRANSITIONS) as Transition[];

describe('the table of transitions', () => {
  it('has exactly the edges of the design', () => {
    const listed = edges.flatMap(({ from, to, reason }) =>
      (from.length > 0 ? from : ['-']).map((status) => `${status} ${reason} ${to ?? status}`),
    );
    // What waits can be updated in more ways than the rest.
    expect([...new Set(listed)].sort()).toEqual([...EDGES].sort());
  });

  it('takes a status only to where isLegal says, and every other change is illegal', () => {
    const legal = [];
    for (const from of [null, ...TASK_STATUSES]) {
      for (const to of TASK_STATUSES) {
        for (const reason of TRANSITION_REASONS) {
          if (isLegal(from, to, reason)) legal.push(`${from ?? '-'} ${reason} ${to}`);
        }
      }
    }
    expect(legal.sort()).toEqual([...EDGES].sort());
  });

  it('uses every reason', () => {
    expect(new Set(edges.map(({ reason }) => reason))).toEqual(new Set(TRANSITION_REASONS));
  });

  it('leaves a terminal status only by the retry of a failed task', () => {
    for (const { from, to, reason } of edges) {
      for (const status of to === null ? [] : from) {
        if (isTerminal(status)) expect([status, reason]).toEqual(['FAILED', 'RETRY_REQUESTED']);
      }
    }
  });

  it('lets only the holder of an attempt, the server and callers with rights leave a held status', () => {
    for (const { from, by } of edges) {
      if (from.some((status) => (HELD_STATUSES as readonly TaskStatus[]).includes(status))) {
        expect(['holder', 'system', 'caller']).toContain(by);
      }
    }
  });
});

describe('statuses', () => {
  it.each(TASK_STATUSES)('%s allows what the design draws', (status) => {
    expect(new Set(allowedFrom(status))).toEqual(new Set(ALLOWED[status]));
    expect(allowedFrom(status)).toHaveLength(ALLOWED[status].length);
  });

  it('are terminal when nothing but a retry leaves them', () => {
    expect(TASK_STATUSES.filter(isTerminal)).toEqual([...TERMINAL_STATUSES]);
    expect([...TERMINAL_STATUSES].sort()).toEqual(['CANCELLED', 'COMPLETED', 'FAILED', 'PARTIAL']);
  });

  it('are held between a claim and its end', () => {
    expect([...HELD_STATUSES]).toEqual(['CLAIMED', 'RUNNING']);
  });
});
