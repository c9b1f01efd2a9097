/** Facts for estimates of some tasks: a fixed number of statements, however many tasks they are. */

import { type Durations, durationsOf } from '../../domain/estimates/durations.ts';
import type { EstimateFacts, LimitFacts } from '../../domain/estimates/estimate.ts';
import type { Lane } from '../../domain/estimates/lane.ts';
import { groupBy } from '../../domain/group-by.ts';
import type { Histogram } from '../../domain/histogram.ts';
import { withoutFuture } from '../../domain/limits.ts';
import { isHeld } from '../../domain/transitions.ts';
import type { DatabaseSession } from '../database/database.ts';
import { QUEUED } from '../tasks/queue.ts';
import {
  COUNTERS,
  type CounterRow,
  HELD,
  type HeldRow,
  MOST_SAMPLED,
  OTHERS,
  PRIORITIES,
  type PriorityRow,
  SERVED,
  TASKS,
  type TaskFactsRow,
  WORKERS,
  type WorkerSlots,
} from './statements.ts';

/** Other jobs of the same workers that are looked at, those that share most. */
const MOST_RIVALS = 8;
/** Runs of the last hour, or day, from which on no older ones are looked at. */
const ENOUGH_RUNS = 100;

/** What decides for each of the tasks when it will run, as far as they are there. */
export async function findEstimateFacts(
  session: DatabaseSession,
  taskIds: readonly string[],
  workerTimeoutSeconds: number,
): Promise<Map<string, EstimateFacts>> {
  const tasks = await session.query<TaskFactsRow>(TASKS, [taskIds]);
  const jobIds = unique(tasks.map(({ jobId }) => jobId));
  if (jobIds.length === 0) return new Map();
  const crew = await findCrew(session, jobIds, workerTimeoutSeconds);
  const rivalIds = unique([...crew.rivals.values()].flatMap((rivals) => rivals.map(({ jobId }) => jobId)));
  const pairs = tasks
    .filter(({ status }) => status === QUEUED)
    .flatMap(({ id, jobId }) =>
      (crew.rivals.get(jobId) ?? []).map((rival) => ({ id, rivalId: rival.jobId })),
    );
  const known = unique([...jobIds, ...rivalIds, ...crew.held.map(({ jobId }) => jobId)]);
  const [counters, priorities, others] = await Promise.all([
    session.query<CounterRow>(COUNTERS, [known]),
    session.query<PriorityRow>(PRIORITIES, [jobIds]),
    pairs.length === 0
      ? []
      : session.query<OtherRow>(OTHERS, [pairs.map(({ id }) => id), pairs.map(({ rivalId }) => rivalId)]),
  ]);
  const past = pastOf(counters);
  return new Map(tasks.map((task) => [task.id, factsOf(task, { crew, past, priorities, others })]));
}

interface OtherRow {
  id: string;
  jobId: string;
  count: number;
}

/** A job that shares workers with another one, and which part of its own workers these are: 0 to 1. */
interface Rival {
  jobId: string;
  shared: number;
}

interface Crew {
  workers: WorkerSlots[];
  held: HeldRow[];
  rivals: Map<string, Rival[]>;
}

/** The workers of the jobs, what they hold, and which other jobs they serve. */
async function findCrew(
  session: DatabaseSession,
  jobIds: readonly string[],
  timeoutSeconds: number,
): Promise<Crew> {
  const workers = await session.query<WorkerSlots>(WORKERS, [jobIds, timeoutSeconds]);
  const workerIds = unique(workers.map(({ workerId }) => workerId));
  if (workerIds.length === 0) return { workers, held: [], rivals: new Map() };
  const [held, served] = await Promise.all([
    session.query<HeldRow>(HELD, [workerIds]),
    session.query<{ workerId: string; jobId: string }>(SERVED, [workerIds]),
  ]);
  const shared = new Map(jobIds.map((jobId) => [jobId, slotsShared(jobId, workers, served)]));
  const rivalIds = unique([...shared.values()].flatMap((slots) => [...slots.keys()]));
  if (rivalIds.length === 0) return { workers, held, rivals: new Map() };
  const theirs = await session.query<WorkerSlots>(WORKERS, [rivalIds, timeoutSeconds]);
  const slotsOf = (jobId: string) => sum(theirs.filter((slots) => slots.jobId === jobId));
  const rivals = [...shared].map(([jobId, slots]): [string, Rival[]] => [
    jobId,
    [...slots].map(([id, count]) => ({ jobId: id, shared: Math.min(1, count / Math.max(1, slotsOf(id))) })),
  ]);
  return { workers, held, rivals: new Map(rivals) };
}

/** The other jobs of the job's workers, and how many slots these have: those with the most. */
function slotsShared(
  jobId: string,
  workers: readonly WorkerSlots[],
  served: readonly { workerId: string; jobId: string }[],
): Map<string, number> {
  const capacities = new Map(
    workers.filter((slots) => slots.jobId === jobId).map(({ workerId, capacity }) => [workerId, capacity]),
  );
  const shared = new Map<string, number>();
  for (const other of served) {
    const capacity = capacities.get(other.workerId);
    if (capacity === undefined || other.jobId === jobId) continue;
    shared.set(other.jobId, (shared.get(other.jobId) ?? 0) + capacity);
  }
  return new Map([...shared].sort(([, a], [, b]) => b - a).slice(0, MOST_RIVALS));
}

interface Past {
  runs: Durations;
  waits: Durations;
  historySeconds: number;
  /** Submissions in a second, of the last hour. */
  submissions: number;
}

const GRAINS = [
  { grain: 'MINUTE', seconds: 3_600 },
  { grain: 'HOUR', seconds: 86_400 },
  { grain: 'DAY', seconds: 2_592_000 },
] as const;

function pastOf(counters: readonly CounterRow[]): Map<string, Past> {
  const byJob = groupBy(counters, ({ jobId }) => jobId);
  return new Map([...byJob].map(([jobId, rows]) => [jobId, pastOfJob(rows)]));
}

/** The shortest time that saw enough runs: things change. */
function pastOfJob(rows: readonly CounterRow[]): Past {
  const measured = (grain: string, measure: string) =>
    durationsOf(
      Object.fromEntries(
        rows
          .filter((row) => row.grain === grain && row.measure === measure)
          .map(({ cell, count }) => [cell, count]),
      ) satisfies Histogram,
    );
  const enough = GRAINS.find(({ grain }) => measured(grain, 'RUN').runs >= ENOUGH_RUNS) ?? GRAINS[2];
  const submitted = rows.filter(({ measure }) => measure === 'SUBMITTED');
  const since = Math.max(0, ...submitted.map(({ cell }) => cell)) + 1;
  return {
    runs: measured(enough.grain, 'RUN'),
    waits: measured(enough.grain, 'WAIT'),
    historySeconds: enough.seconds,
    submissions: submitted.reduce((total, { count }) => total + count, 0) / (since * 60),
  };
}

interface Known {
  crew: Crew;
  past: Map<string, Past>;
  priorities: readonly PriorityRow[];
  others: readonly OtherRow[];
}

function factsOf(task: TaskFactsRow, { crew, past, priorities, others }: Known): EstimateFacts {
  const { id, jobId, priority, before, coming, status, dueIn, heldFor, isPaused } = task;
  const own = crew.workers.filter((slots) => slots.jobId === jobId);
  const workerIds = new Set(own.map(({ workerId }) => workerId));
  const rivals = new Map((crew.rivals.get(jobId) ?? []).map((rival) => [rival.jobId, rival.shared]));
  const higher = priorities.filter((row) => row.jobId === jobId && row.priority > priority);
  const all = priorities.filter((row) => row.jobId === jobId);
  const about = past.get(jobId);
  const overtaking = ((about?.submissions ?? 0) * sum(higher)) / Math.max(1, sum(all));
  const queue = { coming, overtaking };
  return {
    ...{ jobId, status, dueIn, heldFor: isHeld(status) ? heldFor : null, isPaused, before },
    workers: {
      slots: sum(own),
      held: crew.held.filter(({ workerId }) => workerIds.has(workerId)),
      ahead: [
        { jobId, count: before },
        ...others
          .filter((other) => other.id === id)
          .map((other) => ({ jobId: other.jobId, count: other.count * (rivals.get(other.jobId) ?? 0) })),
      ],
      ...queue,
    },
    limits: (task.limits ?? []).map((limit) => limitOf(limit, task, crew.held, queue)),
    runs: new Map([...past].map(([job, { runs }]) => [job, runs])),
    waits: about?.waits,
    historySeconds: about?.historySeconds ?? GRAINS[2].seconds,
  };
}

function limitOf(
  limit: NonNullable<TaskFactsRow['limits']>[number],
  { jobId, before }: TaskFactsRow,
  held: readonly HeldRow[],
  queue: Pick<Lane, 'coming' | 'overtaking'>,
): LimitFacts {
  const { maxRunning, rateCount, rateSeconds, starts, now, running, atGate, sampled, gateId } = limit;
  const share = sampled === null ? 1 : Math.min(1, sampled / Math.max(1, Math.min(MOST_SAMPLED, before)));
  const ahead = atGate + before * share;
  if (maxRunning === null) {
    const rate = { count: rateCount ?? 1, perSeconds: rateSeconds ?? 1 };
    return { kind: 'rate', rate, starts: withoutFuture(starts ?? [], now), now, ahead: Math.round(ahead) };
  }
  const holders = held.filter(({ gates }) => gateId !== null && gates?.includes(gateId));
  // Workers that do not answer any more hold slots, too: for as long as anything does.
  const unseen = Array.from({ length: Math.max(0, running - holders.length) }, () => ({ jobId, seconds: 0 }));
  const lane = { slots: maxRunning, held: [...holders, ...unseen], ahead: [{ jobId, count: ahead }] };
  // Those that come before it come at other keys, too.
  return { kind: 'slots', lane: { ...lane, coming: [], overtaking: queue.overtaking * share } };
}

const unique = (ids: readonly string[]) => [...new Set(ids)];
const sum = (rows: readonly { capacity?: number; count?: number }[]) =>
  rows.reduce((total, { capacity, count }) => total + (capacity ?? count ?? 0), 0);
