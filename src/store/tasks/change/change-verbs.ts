/**
 * The part of the store that changes tasks which are named: by their worker, a person, or the server itself. Calls on one
 * task that wait at the same time become one statement.
 */
import type { TaskChange, TaskRow, TransitionChange } from '../../../domain/task.ts';
import type { Announcements } from '../../announcements.ts';
import { createBatcher, createListBatcher, type InstrumentBatch, one } from '../../database/batcher.ts';
import type { Database } from '../../database/database.ts';
import { type Attachment, attachAssets } from '../attempt/attach-asset.ts';
import { completeTasks } from '../attempt/complete.ts';
import { failTasks } from '../attempt/fail.ts';
import { type Release, releaseTasks } from '../attempt/release.ts';
import { type KnownAttempts, releaseUnknown } from '../attempt/release-unknown.ts';
import { reportProgress } from '../attempt/report-progress.ts';
import { countLostTasks, rescueTasks } from '../attempt/rescue.ts';
import { startTasks } from '../attempt/start.ts';
import { timeOutTasks } from '../attempt/time-out.ts';
import type { HeldAttempt } from '../compare-and-set.ts';
import { continueCascades } from '../dependencies/continue-cascades.ts';
import { findTasks } from '../read/find-tasks.ts';
import { type Cancellation, cancelTasks } from './cancel.ts';
import { type Discard, discardTasks, restoreTasks } from './discard.ts';
import { type Retry, retryTasks } from './retry.ts';
import { type Update, updateTasks } from './update.ts';

/** What became of a verb on one task; `task` of a refusal is how the task is now, null when there is none. */
export type VerbResult<Change extends TaskChange = TransitionChange> =
  | { kind: 'changed'; change: Change }
  | { kind: 'refused'; task: TaskRow | null };

/** Changes each task that may be changed so; null in the place of the others. */
type Statement<Item, Change> = (database: Database, items: readonly Item[]) => Promise<(Change | null)[]>;

export interface ChangeOptions extends Announcements {
  instrument: InstrumentBatch | undefined;
}

/** A heartbeat may wait for a connection, and the answer of a claim for a busy server, for as long as this. */
const LEAST_GRACE_SECONDS = 15;

/** The verbs on one task, and those on lists of which each item is answered. */
export function taskVerbs(database: Database, { publish, announcing, instrument }: ChangeOptions) {
  /** Publishes what changed, and reads how the tasks of refused items are now: one more statement, only if any. */
  async function settle<Item extends { taskId: string }, Change extends TaskChange>(
    items: readonly Item[],
    changes: readonly (Change | null)[],
  ): Promise<VerbResult<Change>[]> {
    publish(changes);
    const refused = items.filter((_, index) => changes[index] === null);
    const found = await findTasks(database, [...new Set(refused.map(({ taskId }) => taskId))]);
    const tasks = new Map(found.map((task) => [task.id, task]));
    return items.map((item, index): VerbResult<Change> => {
      const change = changes[index];
      return change ? { kind: 'changed', change } : { kind: 'refused', task: tasks.get(item.taskId) ?? null };
    });
  }

  /** A verb on lists of tasks. */
  function listVerb<Item extends { taskId: string }, Change extends TaskChange>(
    run: Statement<Item, Change>,
  ): (items: readonly Item[]) => Promise<VerbResult<Change>[]> {
    return createListBatcher({ run: async (items) => settle(items, await run(database, items)), instrument });
  }

  /** The same on one task. */
  function verb<Item extends { taskId: string }, Change extends TaskChange>(
    run: Statement<Item, Change>,
  ): (item: Item) => Promise<VerbResult<Change>> {
    return one(listVerb(run));
  }

  const complete = listVerb(completeTasks);
  const discard = verb<Discard, TransitionChange>(discardTasks);

  return {
    startTask: verb<HeldAttempt, TransitionChange>(startTasks),
    reportProgress: verb(reportProgress),
    completeTask: one(complete),
    completeTasks: complete,
    failTask: verb(failTasks),
    releaseTask: verb<Release, TransitionChange>(releaseTasks),
    cancelTask: verb((_, items: readonly Cancellation[]) =>
      database.transaction((session) => cancelTasks(session, items)),
    ),
    retryTask: verb<Retry, TransitionChange>(retryTasks),
    discardTask: (item: Discard) => announcing(discard(item), ({ kind }) => kind === 'changed'),
    restoreTask: verb<Discard, TransitionChange>(restoreTasks),
    updateTask: verb((_, items: readonly Update[]) =>
      database.transaction((session) => updateTasks(session, items)),
    ),
    /** Attaches an asset to a running attempt; calls that wait at the same time become one statement. */
    attachAsset: createBatcher({
      run: (items: readonly Attachment[]) => attachAssets(database, items),
      instrument,
    }),
  };
}

/** What a verb of the server has changed: what it took from a worker, not what depended on that. */
const wasHeld = ({ transition }: TransitionChange) => transition.workerId !== null;

/** The verbs by which the server itself, or one call of a person, changes many tasks. */
export function crowdVerbs(
  database: Database,
  { publish, announcing }: Announcements,
  workerTimeoutSeconds: number,
) {
  return {
    /** Retries those of the tasks that are dead letters, in one statement. @returns how many */
    async retryTasks(taskIds: readonly string[], actor: string): Promise<number> {
      const items = taskIds.map((taskId) => ({ taskId, actor }));
      return publish(await retryTasks(database, items));
    },
    /** Discards those of the tasks that are dead letters, in one statement. @returns how many */
    async discardTasks(taskIds: readonly string[], actor: string): Promise<number> {
      const items = taskIds.map((taskId) => ({ taskId, actor, note: null }));
      return publish(await announcing(discardTasks(database, items), (made) => made.some(Boolean)));
    },
    /** Gives back what a living worker holds without knowing. @returns how many */
    async releaseUnknown(known: Omit<KnownAttempts, 'graceSeconds'>): Promise<number> {
      const graceSeconds = Math.max(workerTimeoutSeconds / 2, LEAST_GRACE_SECONDS);
      return publish(await releaseUnknown(database, { ...known, graceSeconds }));
    },
    /** Takes at most `limit` tasks from lost workers. @returns how each changed */
    async rescueTasks(limit: number, room: string | null = null): Promise<TransitionChange[]> {
      const changes = await rescueTasks(database, limit, { workerTimeoutSeconds, room });
      publish(changes);
      return changes.filter(wasHeld);
    },
    /** How many tasks `rescueTasks` would change, by where they are and where they would go. */
    countLostTasks: (room: string | null) => countLostTasks(database, { workerTimeoutSeconds, room }),
    /** Times out at most `limit` attempts. @returns how each changed */
    async timeOutTasks(limit: number): Promise<TransitionChange[]> {
      const changes = await timeOutTasks(database, limit);
      publish(changes);
      return changes.filter(wasHeld);
    },
    /** Takes a further step of cascades that had to stop. @returns how many tasks it has changed; null when there is none */
    async continueCascades(): Promise<number | null> {
      const changes = await continueCascades(database);
      return changes && publish(changes);
    },
  };
}
