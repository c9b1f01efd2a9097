/** The settings of a job as they stand in fields, and what of them has changed. */
import type { Fairness, LimitScope, UpdateJobInput } from '../../generated/graphql.ts';
import type { JobDetails } from './job.ts';

export interface LimitValues {
  name: string;
  scope: LimitScope;
  keyPointer: string;
  /** How many run at the same time, or start in a period. */
  by: 'running' | 'rate';
  count: string;
  seconds: string;
}

export interface SettingsValues {
  description: string;
  maxAttempts: string;
  backoffSeconds: string;
  timeoutSeconds: string;
  fairness: Fairness;
  fairnessKeyPointer: string;
  limits: readonly LimitValues[];
}

export const NEW_LIMIT: LimitValues = {
  name: '',
  scope: 'JOB',
  keyPointer: '',
  by: 'running',
  count: '',
  seconds: '60',
};

export function settingsOf(job: JobDetails): SettingsValues {
  return {
    description: job.description ?? '',
    maxAttempts: String(job.retryPolicy.maxAttempts),
    backoffSeconds: job.retryPolicy.backoffSeconds.join(', '),
    timeoutSeconds: job.timeoutSeconds === null ? '' : String(job.timeoutSeconds),
    fairness: job.fairness,
    fairnessKeyPointer: job.fairnessKeyPointer ?? '',
    limits: job.limits.map(({ name, scope, keyPointer, maxRunning, rate }) => ({
      name,
      scope,
      keyPointer: keyPointer ?? '',
      by: rate ? 'rate' : 'running',
      count: String(rate ? rate.count : (maxRunning ?? '')),
      seconds: rate ? String(rate.perSeconds) : NEW_LIMIT.seconds,
    })),
  };
}

/** What is typed and is no list of numbers. */
export const isListOfSeconds = (text: string) =>
  secondsIn(text).every((seconds) => Number.isFinite(seconds) && seconds >= 0);

const secondsIn = (text: string) =>
  text
    .split(/[,\s]+/)
    .filter((part) => part !== '')
    .map(Number);

/** Only what differs: what somebody else has changed meanwhile stays. Undefined: nothing does. */
export function changedSettings(job: JobDetails, values: SettingsValues): UpdateJobInput | undefined {
  const before = settingsOf(job);
  const differs = (...names: (keyof SettingsValues)[]) =>
    names.some((name) => JSON.stringify(before[name]) !== JSON.stringify(values[name]));
  const { description, maxAttempts, backoffSeconds, timeoutSeconds, fairness, fairnessKeyPointer } = values;
  const changes = {
    ...(differs('description') && { description: description.trim() || null }),
    ...(differs('maxAttempts', 'backoffSeconds') && {
      retryPolicy: {
        ...(differs('maxAttempts') && { maxAttempts: Number(maxAttempts) }),
        ...(differs('backoffSeconds') && { backoffSeconds: secondsIn(backoffSeconds) }),
      },
    }),
    ...(differs('timeoutSeconds') && {
      timeoutSeconds: timeoutSeconds === '' ? null : Number(timeoutSeconds),
    }),
    ...(differs('limits') && { limits: values.limits.map(limitOf) }),
    ...(differs('fairness', 'fairnessKeyPointer') && {
      fairness,
      ...(fairness === 'KEY' && fairnessKeyPointer !== '' && { fairnessKeyPointer }),
    }),
  };
  return Object.keys(changes).length === 0 ? undefined : { fullName: job.fullName, ...changes };
}

function limitOf({ name, scope, keyPointer, by, count, seconds }: LimitValues) {
  return {
    name: name.trim(),
    scope,
    ...(scope === 'KEY' && keyPointer !== '' && { keyPointer }),
    ...(by === 'rate'
      ? { rate: { count: Number(count), perSeconds: Number(seconds) } }
      : { maxRunning: Number(count) }),
  };
}
