/**
 * The store as the layers above see it: every verb, batched where calls come in crowds, and every committed change
 * handed on to be published. Above the store nothing but types is imported from the folders beside this file, but for
 * `database/` and `log/`, which are ports of their own.
 */
import type { TaskChange, TaskStatus } from '../domain/task.ts';
import { createAnnouncements } from './announcements.ts';
import { auditVerbs } from './audit/audit-verbs.ts';
import { bulkVerbs } from './bulk/bulk-verbs.ts';
import type { InstrumentBatch } from './database/batcher.ts';
import type { Database } from './database/database.ts';
import { removeIdleGates, repairGates } from './gates/check-gates.ts';
import { createFairJobs } from './gates/fair-jobs-cache.ts';
import { removeIdleTurns } from './gates/fair-turns.ts';
import { jobVerbs } from './jobs/job-verbs.ts';
import { suggestJobs } from './jobs/suggest.ts';
import { keyVerbs } from './keys/key-verbs.ts';
import type { RoomSet } from './log/log.ts';
import { operationRunVerbs } from './operations/operation-run-verbs.ts';
import { removalVerbs } from './removal/removal-verbs.ts';
import { roomVerbs } from './rooms/rooms.ts';
import type { DueOperation } from './schedules/run-schedules.ts';
import { scheduleVerbs } from './schedules/schedule-verbs.ts';
import { statisticVerbs } from './statistics/statistic-verbs.ts';
import { crowdVerbs, taskVerbs } from './tasks/change/change-verbs.ts';
import { claimVerbs } from './tasks/claim/claim-verbs.ts';
import type { SentClaims, WaitingClaims } from './tasks/claim/pipelined-claims.ts';
import { cleanUpVerbs } from './tasks/clean-up/clean-up-verbs.ts';
import { taskReads } from './tasks/read/task-reads.ts';
import { sqlSubmissionVerbs } from './tasks/submit/sql-submission-verbs.ts';
import { submissionVerbs } from './tasks/submit/submission-verbs.ts';
import { viewVerbs } from './views/saved-views.ts';
import { webhookDeliveryVerbs } from './webhooks/delivery-verbs.ts';
import { webhookVerbs } from './webhooks/webhook-verbs.ts';
import { workerVerbs } from './workers/worker-verbs.ts';
import { workerViewVerbs } from './workers/worker-view-verbs.ts';

export { MOST_PAUSED_ROOMS } from './jobs/pauses.ts';
export { SCHEMA_CHANGES } from './jobs/registration.ts';
export { ENDS, OPERATION_ENDS } from './schedules/schedule-runs.ts';
export { MOST_DEAD_LETTERS } from './statistics/error-groups.ts';
export { MAX_ASSETS } from './tasks/attempt/attach-asset.ts';
export type { VerbResult } from './tasks/change/change-verbs.ts';
export { CLEANED_TABLES, FIRST_ID } from './tasks/clean-up/clean-up.ts';
export { MOST_AHEAD, MOST_BLOCKED } from './tasks/read/find-blocked.ts';
export { MOST_COUNTED } from './tasks/read/find-by-filter.ts';
export { MAX_VIEWS } from './views/saved-views.ts';

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
  /** Called with how many tasks applications have submitted by SQL, by status: each for one server. Must not throw. */
  onSqlSubmissions?: ((submitted: Partial<Record<TaskStatus, number>>) => void) | undefined;
  /** Wraps every batch of calls. */
  instrumentBatch?: InstrumentBatch | undefined;
  /** Seconds without a heartbeat after which a worker does not count as alive. */
  workerTimeoutSeconds: number;
}

export type Store = ReturnType<typeof createStore>;

export function createStore<Sent extends SentClaims>(database: Database, options: StoreOptions<Sent>) {
  const { onCommit, onEvents = () => {}, onClaimable, waitingClaims, workerTimeoutSeconds } = options;
  const instrument = options.instrumentBatch;
  const announcements = createAnnouncements({ onCommit, onEvents });
  const { publish, announcing } = announcements;

  const fairJobs = createFairJobs(database);

  return {
    ...submissionVerbs(database, {
      onCommit,
      onEvents,
      publish,
      onClaimable,
      waitingClaims,
      instrument,
      fairJobs,
    }),
    ...sqlSubmissionVerbs(database, { publish, onSqlSubmissions: options.onSqlSubmissions }),
    ...claimVerbs(database, { publish, onClaimable }),
    ...taskVerbs(database, { ...announcements, instrument }),
    ...crowdVerbs(database, announcements, workerTimeoutSeconds),
    ...taskReads(database, workerTimeoutSeconds),
    ...bulkVerbs(database, { publish, onEvents }),
    ...removalVerbs(database),
    cleanUp: cleanUpVerbs(database),

    ...jobVerbs(database, { workerTimeoutSeconds, announcing, fairJobs }),
    suggestJobs: (rooms: RoomSet, part: string, limit: number) => suggestJobs(database, rooms, part, limit),
    /** Repairs gates of limits that count other slots than are held. @returns them */
    repairGates: () => repairGates(database),
    /** Removes rows of idle keys, a thousand at most. @returns how many */
    removeIdleGates: () => removeIdleGates(database),
    /** Removes groups without tasks that would take turns, 200,000 at most. @returns how many */
    removeIdleTurns: () => removeIdleTurns(database),
    ...scheduleVerbs(database, {
      announcing,
      onStarted({ changes, operations }) {
        publish(changes);
        for (const operation of operations) options.onOperationDue?.(operation);
      },
    }),

    ...workerVerbs(database, announcements, workerTimeoutSeconds),
    ...workerViewVerbs(database, workerTimeoutSeconds),

    ...keyVerbs(database),
    ...roomVerbs(database, workerTimeoutSeconds),
    ...viewVerbs(database),
    ...statisticVerbs(database),
    audit: auditVerbs(database),
    operationRuns: operationRunVerbs(database),
    webhooks: webhookVerbs(database),
    ...webhookDeliveryVerbs(database, publish),
  };
}
