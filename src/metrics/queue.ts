/** The queue as it is now, read when somebody looks: by one statement, shared by all who look within seconds. */
import type { Registry } from 'prom-client';
import type { BlockedBy } from '../domain/blocked.ts';
import type { LimitMeasures, QueueMeasures, QueueOfJob } from '../store/tasks/read/measure-queue.ts';
import { MAX_JOB_SERIES, OTHER_JOBS } from './series.ts';
import { register } from './tally.ts';

/** What one reading serves; a scrape is usually every 15 s or more. */
const KEPT_MS = 5_000;

const DEPTHS = ['due', 'delayed', 'waiting', 'claimed', 'running'] as const;

/** @param measure reads the queue; when it fails, the gauges are left out of that scrape */
export function registerQueueMetrics(
  registry: Registry,
  prefix: string,
  measure: () => Promise<QueueMeasures>,
  onError: (error: unknown) => void,
): void {
  const read = sharedFor(KEPT_MS, async () => {
    try {
      const { jobs, ...others } = await measure();
      return { jobs: withOthers(jobs), ...others };
    } catch (error) {
      onError(error);
      return null;
    }
  });

  register(
    registry,
    { name: `${prefix}workers_alive`, help: 'Workers whose heartbeats are in time.', type: 'gauge' },
    async () => {
      const measures = await read();
      return measures ? [{ labels: {}, value: measures.workersAlive }] : [];
    },
  );
  register(
    registry,
    {
      name: `${prefix}dead_letters`,
      help: 'Failed tasks that nobody has retried or discarded; counted up to 100,000.',
      type: 'gauge',
    },
    async () => {
      const measures = await read();
      return measures ? [{ labels: {}, value: measures.deadLetters }] : [];
    },
  );
  register(
    registry,
    { name: `${prefix}table_bytes`, help: 'What a table takes with its indexes.', type: 'gauge' },
    async () =>
      ((await read())?.tables ?? []).map(({ name, bytes }) => ({ labels: { table: name }, value: bytes })),
  );
  register(
    registry,
    {
      name: `${prefix}queue_depth`,
      help: 'Unfinished tasks by job and state: due and delayed are PENDING, before and after their time.',
      type: 'gauge',
    },
    async () =>
      ((await read())?.jobs ?? []).flatMap((row) =>
        DEPTHS.map((state) => ({ labels: { job_name: row.job, state }, value: row[state] })),
      ),
  );
  register(
    registry,
    {
      name: `${prefix}blocked_tasks`,
      help: 'Unfinished tasks that cannot start, by job and reason. LIMIT and JOB_PAUSED are of those that are due.',
      type: 'gauge',
    },
    async () =>
      ((await read())?.jobs ?? []).flatMap((row) =>
        Object.entries(BLOCKED).map(([by, count]) => ({
          labels: { job_name: row.job, by },
          value: count(row),
        })),
      ),
  );
  registerLimitMetrics(registry, prefix, async () => (await read())?.limits ?? []);
  for (const [name, help, value] of GAUGES) {
    register(registry, { name: `${prefix}${name}`, help, type: 'gauge' }, async () =>
      ((await read())?.jobs ?? []).map((row) => ({ labels: { job_name: row.job }, value: value(row) })),
    );
  }
}

/** One number of each job. */
const GAUGES: readonly [name: string, help: string, value: (row: Measured) => number][] = [
  [
    'queue_oldest_due_seconds',
    'Seconds since the oldest claimable task became so, by job.',
    (row) => row.oldestDueSeconds,
  ],
  [
    'running_overdue_seconds',
    'Seconds that an attempt has run beyond the timeout of its job, or at all where it has none; the most by job.',
    (row) => row.overdueSeconds,
  ],
  [
    'dependency_blocked_seconds',
    'Seconds since the oldest task that waits for others was submitted, by job.',
    (row) => row.waitingSeconds,
  ],
  [
    'limit_blocked_seconds',
    'Seconds since the oldest task that waits for a limit was due, by job.',
    (row) => row.limitedSeconds,
  ],
  [
    'job_paused_seconds',
    'Seconds since the job was paused, in all rooms or in one; the longest.',
    (row) => row.pausedSeconds,
  ],
  ['job_workers_alive', 'Living workers that serve the job.', (row) => row.workers],
  ['queue_unserved_tasks', 'Claimable tasks of jobs that no living worker serves.', (row) => row.unserved],
];

function registerLimitMetrics(
  registry: Registry,
  prefix: string,
  read: () => Promise<LimitMeasures[]>,
): void {
  const ofLimits = (name: string, help: string, value: (limit: LimitMeasures) => number | null) =>
    register(registry, { name: `${prefix}${name}`, help, type: 'gauge' }, async () =>
      (await read()).flatMap((limit) => {
        const found = value(limit);
        return found === null ? [] : [{ labels: { job_name: limit.job, limit: limit.limit }, value: found }];
      }),
    );
  ofLimits(
    'limit_slots_used',
    'Tasks that hold a slot of a limit, of all of its keys.',
    ({ running }) => running,
  );
  ofLimits(
    'limit_tokens_left',
    'Tasks that a rate lets start now: those of the key that has the fewest.',
    ({ tokensLeft }) => tokensLeft,
  );
}

/** Reasons by which tasks are counted; the others follow from workers and their slots. */
const BLOCKED: Partial<Record<BlockedBy, (row: Measured) => number>> = {
  DEPENDENCY: (row) => row.waiting,
  NOT_DUE: (row) => row.delayed,
  JOB_PAUSED: (row) => row.paused,
  LIMIT: (row) => row.limited,
  NO_WORKER: (row) => row.unserved,
};

type Measured = QueueOfJob & { unserved: number };

/** The jobs with the most work by name; all others as one. */
function withOthers(jobs: readonly QueueOfJob[]): Measured[] {
  const measured = jobs.map((row) => ({ ...row, unserved: row.workers === 0 ? row.due : 0 }));
  if (measured.length <= MAX_JOB_SERIES) return measured;
  const sizeOf = (row: QueueOfJob) => DEPTHS.reduce((sum, state) => sum + row[state], 0);
  measured.sort((a, b) => sizeOf(b) - sizeOf(a));
  const others = measured.splice(MAX_JOB_SERIES).reduce((sum, row) => ({
    job: OTHER_JOBS,
    due: sum.due + row.due,
    delayed: sum.delayed + row.delayed,
    waiting: sum.waiting + row.waiting,
    claimed: sum.claimed + row.claimed,
    running: sum.running + row.running,
    oldestDueSeconds: Math.max(sum.oldestDueSeconds, row.oldestDueSeconds),
    overdueSeconds: Math.max(sum.overdueSeconds, row.overdueSeconds),
    workers: sum.workers + row.workers,
    limited: sum.limited + row.limited,
    paused: sum.paused + row.paused,
    waitingSeconds: Math.max(sum.waitingSeconds, row.waitingSeconds),
    limitedSeconds: Math.max(sum.limitedSeconds, row.limitedSeconds),
    pausedSeconds: Math.max(sum.pausedSeconds, row.pausedSeconds),
    unserved: sum.unserved + row.unserved,
  }));
  return [...measured, { ...others, job: OTHER_JOBS }];
}

/** One call for all who ask within so many milliseconds of its start. */
function sharedFor<T>(milliseconds: number, call: () => Promise<T>): () => Promise<T> {
  let last: { at: number; result: Promise<T> } | undefined;
  return () => {
    const now = performance.now();
    if (!last || now - last.at > milliseconds) last = { at: now, result: call() };
    return last.result;
  };
}
