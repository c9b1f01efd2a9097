/** The settings of a job as fields: what has changed of them is sent, and nothing else. */
import { describe, expect, it } from 'vitest';
import type { JobDetails } from '../../src/dashboard/views/job/job.ts';
import {
  changedSettings,
  isListOfSeconds,
  NEW_LIMIT,
  settingsOf,
} from '../../src/dashboard/views/job/settings-values.ts';
import { drainOf } from '../../src/dashboard/views/workers/drain-state.ts';

const limit = { scope: 'ROOM', keyPointer: null, use: [] } as const;
const job = {
  fullName: 'lab:general:resize',
  description: null,
  retryPolicy: { maxAttempts: 3, backoffSeconds: [5, 120] },
  timeoutSeconds: null,
  fairness: 'NONE',
  fairnessKeyPointer: null,
  limits: [{ ...limit, name: 'rooms', maxRunning: 4, rate: null }],
} as unknown as JobDetails;
const { fullName } = job;

describe('settings of a job', () => {
  it('changes nothing where nothing was typed', () => {
    expect(changedSettings(job, settingsOf(job))).toBeUndefined();
  });

  it('sends what differs, and what is emptied as null', () => {
    const timed = { ...job, timeoutSeconds: 30, description: 'Old' };
    const values = { ...settingsOf(timed), timeoutSeconds: '', description: ' ', backoffSeconds: '1, 2  3' };
    expect(changedSettings(timed, values)).toEqual({
      ...{ fullName, timeoutSeconds: null, description: null },
      retryPolicy: { backoffSeconds: [1, 2, 3] },
    });
  });

  it('sends limits all together, by number or by rate, with a pointer only where a key counts', () => {
    const values = settingsOf(job);
    const perKey = { ...NEW_LIMIT, name: ' calls ', scope: 'KEY' as const, keyPointer: '/customer' };
    const rate = { ...perKey, by: 'rate' as const, count: '10', seconds: '60' };
    const plain = { ...NEW_LIMIT, name: 'all', keyPointer: '/left', count: '2' };
    expect(changedSettings(job, { ...values, limits: [...values.limits, rate, plain] })).toEqual({
      fullName,
      limits: [
        { name: 'rooms', scope: 'ROOM', maxRunning: 4 },
        { name: 'calls', scope: 'KEY', keyPointer: '/customer', rate: { count: 10, perSeconds: 60 } },
        { name: 'all', scope: 'JOB', maxRunning: 2 },
      ],
    });
    expect(changedSettings(job, { ...values, limits: [] })).toEqual({ fullName, limits: [] });
  });

  it('sends the pointer of turns by key only', () => {
    const values = { ...settingsOf(job), fairnessKeyPointer: '/customer' };
    expect(changedSettings(job, { ...values, fairness: 'KEY' })).toEqual({
      ...{ fullName, fairness: 'KEY', fairnessKeyPointer: '/customer' },
    });
    expect(changedSettings(job, { ...values, fairness: 'ROOM' })).toEqual({ fullName, fairness: 'ROOM' });
  });

  it.each([
    ['60, 300', true],
    ['', true],
    ['0.5 1', true],
    ['a minute', false],
    ['-1', false],
  ])('reads %j as seconds: %s', (text, is) => expect(isListOfSeconds(text)).toBe(is));
});

describe('a worker that is drained', () => {
  const at = (seconds: number) => new Date(seconds * 1_000).toISOString();
  it.each([
    [null, 5, 1, undefined],
    [10, 5, 1, 'asked'],
    [10, 11, 1, 'draining'],
    [10, 11, 0, 'drained'],
    [10, 5, 0, 'drained'],
  ] as const)('since %j, last beat at %i, %i held: %s', (since, beat, running, drain) => {
    expect(
      drainOf({ drainingSince: since === null ? null : at(since), lastHeartbeatAt: at(beat), running }),
    ).toBe(drain);
  });
});
