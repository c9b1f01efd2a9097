/**
 * Reads a transition log, and says in sentences what cannot have happened in it. Knows the table of transitions and
 * the promises of the design; nothing of how they are kept.
 */
import type { TaskStatus, TransitionReason } from '../../src/domain/task.ts';
import { GOOD_ENDS, HELD_STATUSES, isLegal, isTerminal } from '../../src/domain/transitions.ts';

/** What the checker needs of a row of the log. */
export interface LogEntry {
  taskId: string;
  version: number;
  from: TaskStatus | null;
  to: TaskStatus;
  reason: TransitionReason;
  attempt: number;
  workerId: string | null;
  room: string;
  actor: string;
  note: string | null;
  /** Milliseconds since 1970, rounded: when its transaction began. */
  at: number;
  /** Its place in the log. */
  id: number;
  /** The transaction that wrote it. */
  xid: string;
  /** All transactions before this one were over when it was written. */
  horizon: string;
  /** Of a transition to PENDING: when the task may be claimed, where that is later. */
  dueAt: number | null;
}

/** What the checker needs of a task as it is at the end. */
export interface FinalTask {
  id: string;
  /** Full name. */
  job: string;
  status: TaskStatus;
  version: number;
  attempt: number;
  failures: number;
  maxAttempts: number;
  /** How long an attempt may run, in milliseconds; null: as long as it likes. */
  timeoutMs: number | null;
}

/** A task that had to wait for another. */
export interface Dependency {
  taskId: string;
  parentId: string;
  /** Whether the task runs even if the other one does not end well. */
  runsOnFailure: boolean;
}

/** From an answered pause to the moment before it was taken back, by the newest ids of the log. */
export interface Pause {
  /** Full name; null: all jobs. */
  job: string | null;
  /** Null: all rooms. */
  room: string | null;
  from: number;
  to: number;
}

export interface Evidence {
  log: readonly LogEntry[];
  tasks: readonly FinalTask[];
  /** Ids of the tasks whose submission was answered. */
  acknowledged: readonly string[];
  /** Attempts whose handler has returned. */
  returned: readonly Attempt[];
  dependencies: readonly Dependency[];
  pauses: readonly Pause[];
}

/** One claim of a task. */
export interface Attempt {
  taskId: string;
  attempt: number;
}

/** Everything that is wrong; empty when all promises were kept. */
export function checkLog(evidence: Evidence): string[] {
  const { log, tasks, acknowledged, returned, dependencies, pauses } = evidence;
  const wrong: string[] = [];
  const histories = groupByTask(log);
  const byId = new Map(tasks.map((task) => [task.id, task]));
  for (const id of acknowledged) {
    const task = byId.get(id);
    if (!task) wrong.push(`${id}: was acknowledged and is not there`);
    else if (!isTerminal(task.status)) wrong.push(`${id}: was acknowledged and ended as ${task.status}`);
  }
  for (const task of tasks) {
    const history = [...(histories.get(task.id) ?? [])].sort((a, b) => a.version - b.version);
    for (const problem of checkHistory(task, history)) wrong.push(`${task.id}: ${problem}`);
  }
  for (const attempt of returned) {
    const problem = checkReturned(attempt, histories.get(attempt.taskId) ?? []);
    if (problem) wrong.push(`${attempt.taskId}: ${problem}`);
  }
  const parentsOf = new Map<string, string[]>();
  for (const { taskId, parentId } of dependencies)
    parentsOf.set(taskId, [...(parentsOf.get(taskId) ?? []), parentId]);
  for (const dependency of dependencies) {
    const problem = checkDependency(dependency, histories, parentsOf);
    if (problem) wrong.push(`${dependency.taskId}: ${problem}`);
  }
  for (const pause of pauses) {
    for (const { taskId, id } of claimsWithin(pause, log, byId))
      wrong.push(`${taskId}: was claimed ${id - pause.from} transitions after a pause was answered`);
  }
  for (const id of histories.keys()) if (!byId.has(id)) wrong.push(`${id}: has a history and is no task`);
  return wrong;
}

/** How an attempt may end whose handler has returned: by its result, by a person, or by time. */
const ENDS_OF_RETURNED: readonly TransitionReason[] = ['COMPLETED', 'CANCELLED', 'WORKER_LOST', 'TIMED_OUT'];

/** What a handler has returned is not thrown away: the task does not go back to be done again, unless time was up. */
function checkReturned({ attempt }: Attempt, history: readonly LogEntry[]): string | undefined {
  const end = history.find((entry) => entry.attempt === attempt && isHeld(entry.from) && !isHeld(entry.to));
  if (!end || ENDS_OF_RETURNED.includes(end.reason)) return undefined;
  return `attempt ${attempt} has returned, and ended as ${end.reason} (by ${end.actor}: ${end.note ?? 'no word'})`;
}

/**
 * A child never runs before its parent has ended as the dependency wants it; and what moves it is the transaction of such
 * an end, or its own submission, so that no server can die between the two.
 */
function checkDependency(
  { taskId, parentId, runsOnFailure }: Dependency,
  histories: ReadonlyMap<string, LogEntry[]>,
  parentsOf: ReadonlyMap<string, string[]>,
): string | undefined {
  const history = histories.get(taskId) ?? [];
  const ends = (histories.get(parentId) ?? []).filter(({ to }) => isTerminal(to));
  const letsRun = ends.filter(({ to }) => runsOnFailure || GOOD_ENDS.some((end) => end === to));
  const early = history.find(
    (claim) => claim.reason === 'CLAIMED' && !letsRun.some((end) => end.id < claim.id),
  );
  if (early) return `ran before ${parentId}, which it depends on`;
  const causes = (parentsOf.get(taskId) ?? [])
    .flatMap((id) => histories.get(id) ?? [])
    .filter(({ to }) => isTerminal(to))
    .concat(history.filter(({ version }) => version === 1))
    .map(({ xid }) => xid);
  const late = history.find(({ reason, xid }) => MOVED_BY_PARENTS.includes(reason) && !causes.includes(xid));
  if (late) return `was moved (${late.reason}) by another transaction than the end of what it waited for`;
  return undefined;
}

const MOVED_BY_PARENTS: readonly TransitionReason[] = ['UNBLOCKED', 'DEPENDENCY_FAILED'];

function claimsWithin(
  { job, room, from, to }: Pause,
  log: readonly LogEntry[],
  tasks: ReadonlyMap<string, FinalTask>,
): LogEntry[] {
  return log.filter(
    (entry) =>
      entry.reason === 'CLAIMED' &&
      (job === null || tasks.get(entry.taskId)?.job === job) &&
      (room === null || entry.room === room) &&
      entry.id > from &&
      entry.id <= to,
  );
}

/** Times are rounded. */
const CLOCKS_MS = 5;

/** Failed attempts count when they were running: as failed, lost or timed out. */
const FAILED_ATTEMPT: readonly TransitionReason[] = ['FAILED', 'RETRY_SCHEDULED', 'TIMED_OUT'];

function* checkHistory(task: FinalTask, history: readonly LogEntry[]): Iterable<string> {
  let previous: LogEntry | undefined;
  let attempt = 0;
  let failures = 0;
  let holder: string | null = null;
  let startedAt = 0;
  for (const entry of history) {
    const expected: number = (previous?.version ?? 0) + 1;
    if (entry.version !== expected) yield `version ${entry.version} follows ${expected - 1}`;
    if (entry.from !== (previous?.to ?? null))
      yield `version ${entry.version} leaves ${entry.from}, not ${previous?.to ?? null}`;
    if (!isLegal(entry.from, entry.to, entry.reason)) {
      yield `version ${entry.version} is no edge: ${entry.from} → ${entry.to} (${entry.reason})`;
    }
    if (entry.reason === 'CLAIMED') {
      attempt++;
      if (entry.workerId === null) yield `version ${entry.version} is a claim by nobody`;
      holder = entry.workerId;
    } else if (isHeld(entry.from) && entry.workerId !== holder) {
      yield `version ${entry.version}: attempt ${attempt} belongs to ${holder}, and ${entry.workerId} changed it`;
    }
    if (entry.to === 'RUNNING') startedAt = entry.at;
    const ranMs = entry.at - startedAt;
    if (entry.reason === 'TIMED_OUT' && !(ranMs >= (task.timeoutMs ?? Number.POSITIVE_INFINITY) - CLOCKS_MS))
      yield `version ${entry.version} is a timeout after ${ranMs} ms, ${task.timeoutMs} are allowed`;
    if (entry.attempt !== attempt)
      yield `version ${entry.version} speaks of attempt ${entry.attempt}, it is ${attempt}`;
    if (FAILED_ATTEMPT.includes(entry.reason) || (entry.reason === 'WORKER_LOST' && entry.from === 'RUNNING'))
      failures++;
    if (entry.reason === 'RETRY_REQUESTED') failures = 0;
    if (failures > task.maxAttempts)
      yield `version ${entry.version} is failure ${failures} of ${task.maxAttempts}`;
    if (!isHeld(entry.to)) holder = null;
    previous = entry;
  }
  if (!previous) yield 'has no history';
  else if (previous.to !== task.status) yield `is ${task.status}, its history ends with ${previous.to}`;
  if ((previous?.version ?? 0) !== task.version)
    yield `has version ${task.version}, its history ${previous?.version ?? 0}`;
  if (attempt !== task.attempt) yield `has attempt ${task.attempt}, its history ${attempt}`;
  if (failures !== task.failures) yield `has ${task.failures} failures, its history ${failures}`;
}

function isHeld(status: TaskStatus | null): boolean {
  return status !== null && (HELD_STATUSES as readonly TaskStatus[]).includes(status);
}

function groupByTask(log: readonly LogEntry[]): Map<string, LogEntry[]> {
  const groups = new Map<string, LogEntry[]>();
  for (const entry of log) {
    const group = groups.get(entry.taskId);
    if (group) group.push(entry);
    else groups.set(entry.taskId, [entry]);
  }
  return groups;
}
