/**
 * Compares what a reader of a stream has received with the log, and says in sentences what is wrong. Knows only the
 * promise: every transition of the scope, those of a task in the order of their versions; some may come again.
 */

/** A transition, as the log has it or as a reader has received it. */
export interface Told {
  taskId: string;
  version: number;
  /** Everything else that was told of it, as comparable text. */
  what: string;
}

export interface Comparison {
  /** What cannot be: empty when all that came is in the log, in order. */
  wrong: string[];
  /** What has not come. */
  missing: string[];
  /** Transitions that came again. */
  repeats: number;
}

/** `log` is the whole scope; the reader began before its first transition. */
export function compare(received: readonly Told[], log: readonly Told[]): Comparison {
  const wrong: string[] = [];
  const expected = new Map(log.map((entry) => [keyOf(entry), entry.what]));
  const last = new Map<string, number>();
  const versions = versionsOf(log);
  let repeats = 0;
  for (const entry of received) {
    const before = last.get(entry.taskId) ?? 0;
    const what = expected.get(keyOf(entry));
    if (what === undefined) wrong.push(`${keyOf(entry)} is not in the log`);
    else if (what !== entry.what) wrong.push(`${keyOf(entry)} is "${what}", and was told as "${entry.what}"`);
    if (entry.version <= before) repeats++;
    else if (entry.version > nextOf(versions.get(entry.taskId), before))
      wrong.push(`${keyOf(entry)} came after version ${before}`);
    last.set(entry.taskId, Math.max(before, entry.version));
  }
  const came = new Set(received.map(keyOf));
  const missing = log.map(keyOf).filter((key) => !came.has(key));
  return { wrong, missing, repeats };
}

/** Of each task, those of the scope, in order. */
function versionsOf(log: readonly Told[]): Map<string, number[]> {
  const versions = new Map<string, number[]>();
  for (const { taskId, version } of log) versions.set(taskId, [...(versions.get(taskId) ?? []), version]);
  for (const some of versions.values()) some.sort((a, b) => a - b);
  return versions;
}

function nextOf(versions: readonly number[] | undefined, before: number): number {
  return versions?.find((version) => version > before) ?? before + 1;
}

const keyOf = ({ taskId, version }: Told): string => `${taskId} version ${version}`;
