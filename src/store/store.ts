/**
 * The store as the layers above see it: every verb, batched where calls come in crowds, and every committed change
 * handed on to be published. Above the store nothing but types is imported from the folders beside this file, but for
 * `database/` and `log/`, which are ports of their own.
 */

import { LRUCache } from 'lru-cache';
import type { NewPlan } from '../domain/bulk.ts';
import type { Position } from '../domain/position.ts';
import type { TaskChange, TaskRow, TransitionChange } from '../domain/task.ts';
import type { TaskFilter } from '../domain/task-filter.ts';
import { auditVerbs } from './audit/audit-verbs.ts';
import { beginRun, createPlan, findBulk, stepRun, stopRun, trimBulk } from './bulk/bulk.ts';
import { type AroundBatch, createBatcher, createListBatcher, one } from './database/batcher.ts';
import type { Database, DatabaseSession } from './database/database.ts';
import { removeIdleGates, repairGates } from './gates/check-gates.ts';
import { claimGated } from './gates/gated-claim.ts';
import { jobVerbs } from './jobs/job-verbs.ts';
import { suggestJobs } from './jobs/suggest.ts';
import {
  createApiKey,
  findApiKeys,
  findRevokedApiKeys,
  revokeApiKey,
  touchApiKeys,
} from './keys/api-keys.ts';
import { readServerKey } from './keys/server-key.ts';
import type { RoomSet } from './log/log.ts';
import { operationRunVerbs } from './operations/operation-run-verbs.ts';
import { removalVerbs } from './removal/removal-verbs.ts';
import { roomVerbs } from './rooms/rooms.ts';
import type { DueOperation } from './schedules/run-schedules.ts';
import { scheduleVerbs } from './schedules/schedule-verbs.ts';
import { statisticVerbs } from './statistics/statistic-verbs.ts';
import { type Attachment, attachAssets } from './tasks/attach-asset.ts';
import { type Cancellation, cancelTasks } from './tasks/cancel.ts';
import { type Claim, claimTasks } from './tasks/claim.ts';
import { cleanUpVerbs } from './tasks/clean-up-verbs.ts';
import type { HeldAttempt } from './tasks/compare-and-set.ts';
import { completeTasks } from './tasks/complete.ts';
import { continueCascades } from './tasks/continue-cascades.ts';
import { type Discard, discardTasks, restoreTasks } from './tasks/discard.ts';
import { failTasks } from './tasks/fail.ts';
import { countAhead, findWaitFacts, groupWaiting } from './tasks/find-blocked.ts';
import {
  countByFilter,
  findByFilter,
  findForBulk,
  findIdsByFilter,
  type Sampled,
  sampleTasks,
  type TaskSearch,
} from './tasks/find-by-filter.ts';
import {
  type DependencyPage,
  findDependencies,
  findGraph,
  findParentIds,
  findTaskAccess,
  type GraphSearch,
} from './tasks/find-dependencies.ts';
import { findTasks } from './tasks/find-tasks.ts';
import { findTransitions, type HistoryPage } from './tasks/find-transitions.ts';
import { findArrivals, findJobsThatBecameDue, findJobsWithWork } from './tasks/find-work.ts';
import { measureQueue } from './tasks/measure-queue.ts';
import { type SentClaims, type WaitingClaims, withPipelinedClaims } from './tasks/pipelined-claims.ts';
import { type Release, releaseTasks } from './tasks/release.ts';
import { type KnownAttempts, releaseUnknown } from './tasks/release-unknown.ts';
import { reportProgress } from './tasks/report-progress.ts';
import { countLostTasks, rescueTasks } from './tasks/rescue.ts';
import { type Retry, retryTasks } from './tasks/retry.ts';
import { sqlSubmissionsChannel } from './tasks/sql-submissions.ts';
import { startTasks } from './tasks/start.ts';
import { type Submission, type SubmitResult, submitTasks } from './tasks/submit.ts';
import { isDebounced, submitDebounced } from './tasks/submit-debounced.ts';
import { submitDependents } from './tasks/submit-dependents.ts';
import type { TaskScope } from './tasks/task-conditions.ts';
import { timeOutTasks } from './tasks/time-out.ts';
import { type Update, updateTasks } from './tasks/update.ts';
import { viewVerbs } from './views/saved-views.ts';
import { webhookDeliveryVerbs } from './webhooks/webhook-deliveries.ts';
import { webhookVerbs } from './webhooks/webhook-verbs.ts';
import { workerViewVerbs } from './workers/worker-view-verbs.ts';
import {
  acknowledgeStop,
  beat,
  countLostWorkers,
  countSilentWorkers,
  deregisterWorker,
  drainWorker,
  findLivingWorkers,
  findPendingStops,
  findServedJobs,
  findStoppedAt,
  findWorkers,
  forgetWorkers,
  hasHeld,
  noteLostWorkers,
  registerWorker,
  type WorkerRegistration,
} from './workers/workers.ts';

export { MOST_PAUSED_ROOMS } from './jobs/pauses.ts';
export { SCHEMA_CHANGES } from './jobs/registration.ts';
export { ENDS, OPERATION_ENDS } from './schedules/schedule-runs.ts';
export { MOST_DEAD_LETTERS } from './statistics/error-groups.ts';
export { MAX_ASSETS } from './tasks/attach-asset.ts';
export { CLEANED_TABLES, FIRST_ID } from './tasks/clean-up.ts';
export { MOST_AHEAD, MOST_BLOCKED } from './tasks/find-blocked.ts';
export { MOST_COUNTED } from './tasks/find-by-filter.ts';
export { MAX_VIEWS } from './views/saved-views.ts';

/** What became of a verb on one task; `task` of a refusal is how the task is now, null when there is none. */
export type VerbResult<Change extends TaskChange = TransitionChange> =
  | { kind: 'changed'; change: Change }
  | { kind: 'refused'; task: TaskRow | null };

export interface StoreOptions<Sent extends SentClaims = SentClaims> {
  /**
   * Called once for each statement that changed tasks, after its commit, with the claims that were sent right behind it.
   * Must not throw.
   */
  onCommit: (changes: readonly TaskChange[], sent?: Sent) => void;
  /** Claims that may be sent right behind a submission. */
  waitingClaims?: WaitingClaims<Sent> | undefined;
  /** Called after the commit of what may have written to the audit log. Must not throw. */
  onEvents?: (() => void) | undefined;
  /** Called after the commit for each operation that a schedule wants to be started now. Must not throw. */
  onOperationDue?: ((operation: DueOperation) => void) | undefined;
  /** Called with jobs of which claims may have passed over tasks that were locked for a moment. Must not throw. */
  onClaimable?: ((jobIds: readonly string[]) => void) | undefined;
  /** What stands around every batch of calls. */
  aroundBatch?: AroundBatch | undefined;
  /** Seconds without a heartbeat after which a worker does not count as alive. */
  workerTimeoutSeconds: number;
}

export type Store = ReturnType<typeof createStore>;

/** Single submissions that depend on others, in one transaction at most: each can have thousands of edges. */
const LINKED_A_TRANSACTION = 50;

/** Debounced submissions in one transaction at most: it locks what it moves. */
const DEBOUNCED_A_TRANSACTION = 100;

/** Tasks of one submission statement at most; a longer list is sent in parts. */
const SUBMISSIONS_A_STATEMENT = 1_000;

/** A heartbeat may wait for a connection, and the answer of a claim for a busy server, for as long as this. */
const LEAST_GRACE_SECONDS = 15;

/**
 * Runs what has the same key one after the other. Claims that a worker sends ahead go so: side by side each would find
 * what the other has locked, and look further for nothing.
 */
function createTurnsByKey() {
  const last = new Map<string, Promise<unknown>>();
  return async <T>(key: string, run: () => Promise<T>): Promise<T> => {
    const before = last.get(key);
    const turn = before ? before.then(run, run) : run();
    last.set(key, turn);
    try {
      return await turn;
    } finally {
      if (last.get(key) === turn) last.delete(key);
    }
  };
}

/** Of what a verb of the server has changed: what it took from a worker, not what depended on that. */
const wasHeld = ({ transition }: TransitionChange) => transition.workerId !== null;

// biome-ignore lint/complexity/noExcessiveLinesPerFunction: the port is a table, one line a verb, and what its verbs share.
export function createStore<Sent extends SentClaims>(database: Database, options: StoreOptions<Sent>) {
  const { onCommit, onEvents = () => {}, aroundBatch: around, workerTimeoutSeconds } = options;

  /** Says that there are new events, when there are. */
  async function telling<T>(work: Promise<T>, hasEvents: (result: T) => boolean): Promise<T> {
    const result = await work;
    if (hasEvents(result)) onEvents();
    return result;
  }

  const submit = (submissions: readonly Submission[]): Promise<SubmitResult[]> =>
    withPipelinedClaims(database, options.waitingClaims, submissions, async (session, sent) => {
      const results = await submitTasks(session, submissions, onEvents);
      const created = results.flatMap((result) => (result.kind === 'created' ? [result.change] : []));
      if (created.length > 0) onCommit(created, sent());
      return results;
    });

  /** Those that depend on others take more statements, and a transaction of their own. */
  async function submitLinked(submissions: readonly Submission[]): Promise<SubmitResult[]> {
    const { results, changes, passedOver } = await submitDependents(database, submissions);
    published(changes);
    if (passedOver.length > 0) options.onClaimable?.(passedOver);
    return results;
  }

  /** Those that may move another task lock it first. */
  const submitMoving = (submissions: readonly Submission[]): Promise<SubmitResult[]> =>
    submitDebounced(
      {
        session: database,
        transaction: (work) => database.transaction(work),
        onChanges: published,
        onRevived: onEvents,
      },
      submissions,
    );
  const isLinked = ({ dependsOn }: Submission) => dependsOn !== undefined && dependsOn.length > 0;
  const submitUnlinked = createBatcher({ run: submit, around });
  const submitDependent = createBatcher({ run: submitLinked, around, maxItems: LINKED_A_TRANSACTION });
  const submitOneMoving = createBatcher({ run: submitMoving, around, maxItems: DEBOUNCED_A_TRANSACTION });

  const inTurn = createTurnsByKey();

  /** Publishes what changed, and reads how the tasks of refused items are now: one more statement, only if any. */
  async function settle<Item extends { taskId: string }, Change extends TaskChange>(
    items: readonly Item[],
    changes: readonly (Change | null)[],
  ): Promise<VerbResult<Change>[]> {
    published(changes);
    const refused = items.filter((_, index) => changes[index] === null);
    const found = await findTasks(database, [...new Set(refused.map(({ taskId }) => taskId))]);
    const tasks = new Map(found.map((task) => [task.id, task]));
    return items.map((item, index): VerbResult<Change> => {
      const change = changes[index];
      return change ? { kind: 'changed', change } : { kind: 'refused', task: tasks.get(item.taskId) ?? null };
    });
  }

  /** Hands on what was changed, and counts it. */
  function published(changes: readonly (TaskChange | null)[]): number {
    const committed = changes.filter((change) => change !== null);
    if (committed.length > 0) onCommit(committed);
    return committed.length;
  }

  /** A verb on lists of tasks; calls that wait at the same time become one statement. */
  function listVerb<Item extends { taskId: string }, Change extends TaskChange>(
    run: (database: Database, items: readonly Item[]) => Promise<(Change | null)[]>,
  ): (items: readonly Item[]) => Promise<VerbResult<Change>[]> {
    return createListBatcher({ run: async (items) => settle(items, await run(database, items)), around });
  }

  /** The same on one task. */
  function verb<Item extends { taskId: string }, Change extends TaskChange>(
    run: (database: Database, items: readonly Item[]) => Promise<(Change | null)[]>,
  ): (item: Item) => Promise<VerbResult<Change>> {
    return one(listVerb(run));
  }

  /** Workers whose last claim went through gates: their next one begins with these. */
  const gatedWorkers = new LRUCache<string, true>({ max: 10_000 });

  async function claimNow(claim: Claim): Promise<TaskRow[]> {
    if (!gatedWorkers.has(claim.workerId)) {
      const { tasks, changes, gated } = await claimTasks(database, claim);
      published(changes);
      if (!gated) return tasks;
      gatedWorkers.set(claim.workerId, true);
    }
    const tasks = await claimGated(database, claim, {
      onClaimed: ({ changes }) => published(changes),
      onClaimable: (jobIds) => options.onClaimable?.(jobIds),
    });
    if (tasks) return tasks;
    gatedWorkers.delete(claim.workerId);
    return claimNow(claim);
  }

  const complete = listVerb(completeTasks);
  const discard = verb<Discard, TransitionChange>(discardTasks);

  return {
    /** One submission, batched with those that wait at the same time. */
    submitTask(submission: Submission): Promise<SubmitResult> {
      if (isLinked(submission)) return submitDependent(submission);
      return isDebounced(submission) ? submitOneMoving(submission) : submitUnlinked(submission);
    },
    /**
     * Many submissions, one statement for each thousand. Each thousand commits alone; a list of which items depend on
     * tasks commits as one.
     */
    async submitTasks(submissions: readonly Submission[]): Promise<SubmitResult[]> {
      if (submissions.some(isLinked)) return submitLinked(submissions);
      const send = submissions.some(isDebounced) ? submitMoving : submit;
      const results: SubmitResult[] = [];
      for (let start = 0; start < submissions.length; start += SUBMISSIONS_A_STATEMENT) {
        results.push(...(await send(submissions.slice(start, start + SUBMISSIONS_A_STATEMENT))));
      }
      return results;
    },
    /** Claims tasks for the worker; an unknown worker gets none. */
    claimTasks: (claim: Claim): Promise<TaskRow[]> => inTurn(claim.workerId, () => claimNow(claim)),
    /**
     * The same in a session in which the claim comes right behind something else: it does not wait for its turn.
     * @returns null where that cannot be, since a job of the worker has gates: then it must claim by itself
     */
    async claimBehind(claim: Claim, behind: DatabaseSession): Promise<TaskRow[] | null> {
      if (gatedWorkers.has(claim.workerId)) return null;
      const { tasks, changes, gated } = await claimTasks(behind, claim);
      if (gated) gatedWorkers.set(claim.workerId, true);
      published(changes);
      return gated ? null : tasks;
    },
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
    discardTask: (item: Discard) => telling(discard(item), ({ kind }) => kind === 'changed'),
    restoreTask: verb<Discard, TransitionChange>(restoreTasks),
    updateTask: verb((_, items: readonly Update[]) =>
      database.transaction((session) => updateTasks(session, items)),
    ),

    /** Attaches an asset to a running attempt; calls that wait at the same time become one statement. */
    attachAsset: createBatcher({
      run: (items: readonly Attachment[]) => attachAssets(database, items),
      around,
    }),

    findTasks: (ids: readonly string[]) => findTasks(database, ids),
    findDependencies: (pages: readonly DependencyPage[]) => findDependencies(database, pages),
    findParentIds: (taskIds: readonly string[], limit: number) => findParentIds(database, taskIds, limit),
    findTaskAccess: (ids: readonly string[]) => findTaskAccess(database, ids),
    findGraph: (search: GraphSearch) => findGraph(database, search),
    findTasksByFilter: (search: TaskSearch, limit: number) => findByFilter(database, search, limit),
    findTaskIds: (search: TaskSearch, limit: number) => findIdsByFilter(database, search, limit),
    countTasksByFilter: (scope: TaskScope, filter: TaskFilter) => countByFilter(database, scope, filter),
    sampleTasks: (scope: TaskScope, column: Sampled, limit: number) =>
      sampleTasks(database, scope, column, limit),
    suggestJobs: (rooms: RoomSet, part: string, limit: number) => suggestJobs(database, rooms, part, limit),
    findForBulk: (search: TaskSearch, limit: number) => findForBulk(database, search, limit),
    createPlan: (plan: NewPlan) => createPlan(database, plan),
    findBulk: (id: string) => findBulk(database, id),
    beginRun: (id: string) => beginRun(database, id),
    stopRun: (id: string) => stopRun(database, id),
    trimBulk: () => trimBulk(database),
    /** Takes the next part of a run over many tasks; null when there is none. */
    async stepRun() {
      const step = await stepRun(database);
      if (step) published(step.changes);
      if (step?.run.action === 'DISCARD') onEvents();
      return step;
    },
    /** What decides why each of the tasks waits. */
    findWaitFacts: (taskIds: readonly string[]) => findWaitFacts(database, taskIds, workerTimeoutSeconds),
    countAhead: (taskIds: readonly string[]) => countAhead(database, taskIds),
    groupWaiting: (scope: TaskScope, jobId: string | null) =>
      groupWaiting(database, scope, jobId, workerTimeoutSeconds),
    /** Repairs gates of limits that count other slots than are held. @returns them */
    repairGates: () => repairGates(database),
    /** Removes rows of idle keys, a thousand at most. @returns how many */
    removeIdleGates: () => removeIdleGates(database),
    findTransitions: (page: HistoryPage) => findTransitions(database, page),
    ...removalVerbs(database),
    ...jobVerbs(database, { workerTimeoutSeconds, telling }),
    findJobsWithWork: (jobIds: readonly string[]) => findJobsWithWork(database, jobIds),
    findJobsThatBecameDue: (jobIds: readonly string[], sinceMs: number) =>
      findJobsThatBecameDue(database, jobIds, sinceMs),
    findArrivals: (jobIds: readonly string[], after: Position) => findArrivals(database, jobIds, after),

    registerWorker: (worker: WorkerRegistration) => telling(registerWorker(database, worker), () => true),
    findWorkers: (ids: readonly string[]) => findWorkers(database, ids),
    ...workerViewVerbs(database, workerTimeoutSeconds),
    /** From now on the worker gets no task; null for an unknown one. */
    drainWorker: (workerId: string, actor: string) =>
      telling(drainWorker(database, workerId, actor), (worker) => worker !== null),
    findLivingWorkers: (ids: readonly string[]) => findLivingWorkers(database, ids, workerTimeoutSeconds),
    findServedJobs: (workerIds: readonly string[]) => findServedJobs(database, workerIds),
    beat: (workerId: string) => beat(database, workerId),
    findPendingStops: (workerId: string) => findPendingStops(database, workerId),
    acknowledgeStop: (stopped: Parameters<typeof acknowledgeStop>[1]) => acknowledgeStop(database, stopped),
    hasHeld: (held: Parameters<typeof hasHeld>[1]) => hasHeld(database, held),
    findStoppedAt: (taskIds: readonly string[]) => findStoppedAt(database, taskIds),
    /** Retries those of the tasks that are dead letters, in one statement. @returns how many */
    async retryTasks(taskIds: readonly string[], actor: string): Promise<number> {
      return published(
        await retryTasks(
          database,
          taskIds.map((taskId) => ({ taskId, actor })),
        ),
      );
    },
    /** Discards those of the tasks that are dead letters, in one statement. @returns how many */
    async discardTasks(taskIds: readonly string[], actor: string): Promise<number> {
      const items = taskIds.map((taskId) => ({ taskId, actor, note: null }));
      const changes = await telling(discardTasks(database, items), (made) => made.some(Boolean));
      return published(changes);
    },

    createApiKey: (key: Parameters<typeof createApiKey>[1]) => createApiKey(database, key),
    /** The API key of a prefix, batched with those that are looked for at the same time. */
    findApiKey: createBatcher({ run: (prefixes: readonly string[]) => findApiKeys(database, prefixes) }),
    findRevokedApiKeys: (ids: readonly string[]) => findRevokedApiKeys(database, ids),
    revokeApiKey: (id: string, revokedBy: string) => revokeApiKey(database, id, revokedBy),
    /** The secret that the servers of this database share. */
    readServerKey: () => readServerKey(database),
    touchApiKeys: (uses: Parameters<typeof touchApiKeys>[1]) => touchApiKeys(database, uses),

    /** Where submissions by SQL are announced. */
    sqlSubmissionsChannel: () => sqlSubmissionsChannel(database),

    /** Gives back what a living worker holds without knowing. @returns how many */
    releaseUnknown: async (known: Omit<KnownAttempts, 'graceSeconds'>) => {
      const graceSeconds = Math.max(workerTimeoutSeconds / 2, LEAST_GRACE_SECONDS);
      return published(await releaseUnknown(database, { ...known, graceSeconds }));
    },
    /** Takes at most `limit` tasks from lost workers. @returns how each changed */
    rescueTasks: async (limit: number, room: string | null = null) => {
      const changes = await rescueTasks(database, limit, { workerTimeoutSeconds, room });
      published(changes);
      return changes.filter(wasHeld);
    },
    /** How many tasks `rescueTasks` would change, by where they are and where they would go. */
    countLostTasks: (room: string | null) => countLostTasks(database, { workerTimeoutSeconds, room }),
    /** Times out at most `limit` attempts. @returns how each changed */
    timeOutTasks: async (limit: number) => {
      const changes = await timeOutTasks(database, limit);
      published(changes);
      return changes.filter(wasHeld);
    },
    /** Takes a further step of cascades that had to stop. @returns how many tasks it has changed; null when there is none */
    continueCascades: async () => {
      const changes = await continueCascades(database);
      return changes && published(changes);
    },
    ...scheduleVerbs(database, {
      announcing: telling,
      onStarted({ changes, operations }) {
        published(changes);
        for (const operation of operations) options.onOperationDue?.(operation);
      },
    }),
    ...webhookDeliveryVerbs(database, published),
    webhooks: webhookVerbs(database),
    operationRuns: operationRunVerbs(database),
    audit: auditVerbs(database),
    cleanUp: cleanUpVerbs(database),
    ...statisticVerbs(database),
    ...roomVerbs(database, workerTimeoutSeconds),
    ...viewVerbs(database),
    /** Notes which workers were lost. @returns how many */
    noteLostWorkers: () => telling(noteLostWorkers(database, workerTimeoutSeconds), (lost) => lost > 0),
    countLostWorkers: () => countLostWorkers(database, workerTimeoutSeconds),
    measureQueue: () => measureQueue(database, workerTimeoutSeconds),
    forgetWorkers: (silentSeconds: number) => forgetWorkers(database, silentSeconds),
    countSilentWorkers: (silentSeconds: number) => countSilentWorkers(database, silentSeconds),
    /** How many tasks were given back; null for an unknown worker. */
    async deregisterWorker(workerId: string, actor: string): Promise<number | null> {
      const changes = await telling(deregisterWorker(database, workerId, actor), (found) => found !== null);
      return changes && published(changes);
    },
  };
}
