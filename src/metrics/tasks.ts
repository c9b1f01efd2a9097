/** What this server has committed: transitions, how long tasks waited and ran, what failed. */
import type { Registry } from 'prom-client';
import type { TaskChange, TaskStatus, TransitionChange, TransitionReason } from '../domain/task.ts';
import { isTerminal, TRANSITIONS } from '../domain/transitions.ts';
import { type JobNames, JobSeries, seriesOf } from './series.ts';
import { register, Tally } from './tally.ts';

const SECONDS = [0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300, 900, 3_600, 14_400];

/** Ends of a running attempt that count as a failure of it. */
const FAILURES: readonly TransitionReason[] = [
  TRANSITIONS.fail.reason,
  TRANSITIONS.scheduleRetry.reason,
  TRANSITIONS.timeOut.reason,
  TRANSITIONS.loseRunning.reason,
];
const RUNNING = TRANSITIONS.start.to;

interface OfJob {
  wait: Tally;
  duration: Tally;
  finished: Map<string, number>;
  failures: Map<string, number>;
}

/** Counts each committed change. Called on the hot path: a change costs a few additions. */
export function createTaskMetrics(registry: Registry, prefix: string, jobNames: JobNames) {
  const transitions = new Map<string, Map<string, number>>();
  const jobs = new JobSeries<OfJob>(() => ({
    wait: new Tally(SECONDS),
    duration: new Tally(SECONDS),
    finished: new Map(),
    failures: new Map(),
  }));

  function countTransitions(to: TaskStatus, reason: TransitionReason, number: number): void {
    add(
      seriesOf(transitions, to, () => new Map<string, number>()),
      reason,
      number,
    );
  }

  function count({ task, transition }: TransitionChange): void {
    const { from, to, reason, at, jobId } = transition;
    countTransitions(to, reason, 1);
    if (from === to) return; // an update, a discard: nothing has begun or ended
    const job = jobs.of(jobId);
    if (to === TRANSITIONS.claim.to) job.wait.add(secondsBetween(task.runAt, at));
    if (from === RUNNING) {
      if (task.startedAt) job.duration.add(secondsBetween(task.startedAt, at));
      if (FAILURES.includes(reason)) add(job.failures, reason);
    }
    if (isTerminal(to)) add(job.finished, to);
  }

  register(
    registry,
    {
      name: `${prefix}task_transitions_total`,
      help: 'Transitions committed by this server, by the status that they lead to and their reason; submissions by SQL are counted by the server that takes note of them.',
      type: 'counter',
    },
    () =>
      [...transitions].flatMap(([status, byReason]) =>
        [...byReason].map(([reason, value]) => ({ labels: { status, reason }, value })),
      ),
  );
  registerCounts('finished', 'status', 'Tasks that have come to an end, by job and status.');
  registerCounts('failures', 'reason', 'Failed attempts, by job and reason; most are tried again.');
  registerSeconds('wait', 'Seconds from the time at which a task may run to its claim, by job.');
  registerSeconds('duration', 'Seconds from the start of an attempt to its end, by job.');

  function registerCounts(what: 'finished' | 'failures', label: string, help: string): void {
    const name = `${prefix}task_${what}_total`;
    register(registry, { name, help, type: 'counter' }, async () =>
      (await jobs.entries(jobNames)).flatMap(([job, series]) =>
        [...series[what]].map(([value, number]) => ({
          labels: { job_name: job, [label]: value },
          value: number,
        })),
      ),
    );
  }

  function registerSeconds(what: 'wait' | 'duration', help: string): void {
    const name = `${prefix}task_${what}_seconds`;
    register(registry, { name, help, type: 'histogram' }, async () =>
      (await jobs.entries(jobNames)).flatMap(([job, series]) =>
        series[what].samples(name, { job_name: job }),
      ),
    );
  }

  return {
    changes(changes: readonly TaskChange[]): void {
      for (const change of changes) if (change.kind === 'transition') count(change);
    },
    /** Of an application, whose transaction has committed them; each is counted by one server. */
    sqlSubmissions(submitted: Partial<Record<TaskStatus, number>>): void {
      for (const [status, number] of Object.entries(submitted)) {
        countTransitions(status as TaskStatus, TRANSITIONS.submit.reason, number);
      }
    },
  };
}

function add(counts: Map<string, number>, key: string, number = 1): void {
  counts.set(key, (counts.get(key) ?? 0) + number);
}

/** Never below zero: the columns are cut to milliseconds. */
function secondsBetween(start: Date, end: Date): number {
  return Math.max(0, end.getTime() - start.getTime()) / 1_000;
}
