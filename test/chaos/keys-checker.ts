/** Reads from a transition log which tasks held a key at the same time, and which submissions were left out of every run. */
import { isTerminal } from '../../src/domain/transitions.ts';
import type { Attempt, LogEntry } from './checker.ts';

/** What keys need of a task. */
export interface KeyedTask {
  id: string;
  /** The key that it holds until it has ended; null: none. */
  onceKey: string | null;
  /** The key that it is debounced by. */
  burstKey: string | null;
}

/** A run of a task: its handler was given this payload. */
export interface Run extends Attempt {
  n: number;
}

/** A debounced submission, as it was answered. The numbers of a key rise. */
export interface Burst {
  taskId: string;
  n: number;
}

export interface KeyEvidence {
  log: readonly LogEntry[];
  tasks: readonly KeyedTask[];
  runs: readonly Run[];
  bursts: readonly Burst[];
}

export function checkKeys({ log, tasks, runs, bursts }: KeyEvidence): string[] {
  const entries = [...log].sort((a, b) => a.id - b.id);
  return [
    ...findTwoAtOnce(entries, tasks),
    ...findTwoBursts(entries, tasks),
    ...findEarly(entries, tasks),
    ...findLeftOut(runs, bursts),
  ];
}

/** Tasks that were submitted while another one held their key. What was retried by a person may run beside its successor. */
function* findTwoAtOnce(entries: readonly LogEntry[], tasks: readonly KeyedTask[]): Iterable<string> {
  const keys = keysOf(tasks, ({ onceKey }) => onceKey);
  const holders = new Map<string, string>();
  for (const { taskId, to, version } of entries) {
    const key = keys.get(taskId);
    if (key === undefined) continue;
    const holder = holders.get(key);
    if (version === 1 && holder !== undefined)
      yield `${taskId}: was submitted while ${holder} held the key "${key}"`;
    if (version === 1) holders.set(key, taskId);
    if (isTerminal(to) && holder === taskId) holders.delete(key);
  }
}

/** Debounced tasks that were submitted while another one of their key could still be moved, or moved after their claim. */
function* findTwoBursts(entries: readonly LogEntry[], tasks: readonly KeyedTask[]): Iterable<string> {
  const keys = keysOf(tasks, ({ burstKey }) => burstKey);
  const open = new Map<string, string>();
  for (const { taskId, to, reason, version, note } of entries) {
    const key = keys.get(taskId);
    if (key === undefined) continue;
    const other = open.get(key);
    if (version === 1 && other !== undefined)
      yield `${taskId}: was submitted while ${other} of the key "${key}" waited`;
    if (reason === 'UPDATED' && note?.startsWith('It was submitted again') && other !== taskId)
      yield `${taskId}: was submitted again after its claim`;
    if (version === 1) open.set(key, taskId);
    else if (to !== 'PENDING' && other === taskId) open.delete(key);
  }
}

/** Debounced tasks that were claimed before it was quiet for as long as they wanted. */
function* findEarly(entries: readonly LogEntry[], tasks: readonly KeyedTask[]): Iterable<string> {
  const keys = keysOf(tasks, ({ burstKey }) => burstKey);
  const dueAt = new Map<string, number>();
  for (const entry of entries) {
    if (!keys.has(entry.taskId)) continue;
    const due = dueAt.get(entry.taskId) ?? Number.NEGATIVE_INFINITY;
    if (entry.to === 'PENDING') dueAt.set(entry.taskId, entry.dueAt ?? Number.NEGATIVE_INFINITY);
    else if (entry.reason === 'CLAIMED' && entry.at < due)
      yield `${entry.taskId}: was claimed ${due - entry.at} ms before it was due`;
  }
}

/** Submissions of which the run of their task has seen only an older payload. */
function* findLeftOut(runs: readonly Run[], bursts: readonly Burst[]): Iterable<string> {
  const oldest = new Map<string, number>();
  for (const { taskId, n } of runs) oldest.set(taskId, Math.min(n, oldest.get(taskId) ?? n));
  for (const { taskId, n } of bursts) {
    const ran = oldest.get(taskId);
    if (ran !== undefined && ran < n) yield `${taskId}: ran with payload ${ran}, ${n} was submitted before`;
  }
}

function keysOf(tasks: readonly KeyedTask[], keyOf: (task: KeyedTask) => string | null): Map<string, string> {
  return new Map(
    tasks.flatMap((task) => {
      const key = keyOf(task);
      return key === null ? [] : [[task.id, key]];
    }),
  );
}
