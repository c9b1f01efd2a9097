/**
 * Compares what a reader of a stream knows with the log, and says in sentences what is wrong. Knows only the promises:
 * every transition of the scope, those of a task in the order of their versions, and some may come again; who was asked to
 * read again has the state that it read then; of what was removed nothing is left.
 */

/** A transition, as the log has it or as a reader has received it. */
export interface Told {
  taskId: string;
  version: number;
  /** Everything else that was told of it, as comparable text. */
  what: string;
}

/** The state that a reader has read when it was asked to: versions by task. */
export interface ReadAgain {
  read: ReadonlyMap<string, number>;
}

export type Received = Told | ReadAgain;

/** Everything that was ever committed to a scope, also what is deleted. */
export interface Truth {
  log: readonly Told[];
  /** Tasks that were removed, which a reader must hear of. */
  removed?: ReadonlySet<string>;
  /** Tasks that retention has deleted, which a reader need not hear of when it has had all of them. */
  expired?: ReadonlySet<string>;
  /**
   * Whether a task is in what would be read at the end. Given where what is read leaves out tasks of the scope: of one that
   * was left out then, any of its transitions can be the first to come.
   */
  isRead?: (taskId: string) => boolean;
}

export interface Comparison {
  /** What cannot be: empty when all that came is in the log, in order. */
  wrong: string[];
  /** What has not come, and what should have gone. */
  missing: string[];
  /** Transitions that came again. */
  repeats: number;
}

const NONE: ReadonlySet<string> = new Set();

/** The reader began before the first transition of the log. */
export function compare(received: readonly Received[], truth: Truth): Comparison {
  const { log, removed = NONE, expired = NONE, isRead = () => true } = truth;
  const isPartRead = truth.isRead !== undefined;
  const wrong: string[] = [];
  const expected = new Map(log.map((entry) => [keyOf(entry), entry.what]));
  const versions = versionsOf(log);
  let known = new Map<string, number>();
  let hasRead = false;
  let repeats = 0;
  for (const entry of received) {
    if ('read' in entry) {
      known = new Map(entry.read);
      hasRead = true;
      continue;
    }
    const { taskId, version } = entry;
    const before = known.get(taskId) ?? 0;
    const what = expected.get(keyOf(entry));
    if (what === undefined) wrong.push(`${keyOf(entry)} is not in the log`);
    else if (what !== entry.what) wrong.push(`${keyOf(entry)} is "${what}", and was told as "${entry.what}"`);
    const isAnyFirst = hasRead && before === 0 && isPartRead;
    if (version <= before) repeats++;
    else if (!isAnyFirst && version > nextOf(versions.get(taskId), before))
      wrong.push(`${keyOf(entry)} came after version ${before}`);
    known.set(taskId, Math.max(before, version));
  }
  const missing: string[] = [];
  for (const [taskId, all] of versions) {
    const has = known.get(taskId);
    if (removed.has(taskId)) {
      if (has !== undefined) missing.push(`the removal of ${taskId}`);
    } else if (has !== undefined || !(hasRead && (expired.has(taskId) || !isRead(taskId))))
      missing.push(
        ...all.filter((version) => version > (has ?? 0)).map((version) => keyOf({ taskId, version })),
      );
  }
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

const keyOf = ({ taskId, version }: Pick<Told, 'taskId' | 'version'>): string =>
  `${taskId} version ${version}`;
