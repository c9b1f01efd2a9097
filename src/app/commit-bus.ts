/**
 * The bus of commits: the store announces on it what was committed, and the parts that are built after the store
 * subscribe to it. So no part has to know one that is built later than itself.
 */
import type { TaskChange } from '../domain/task.ts';
import type { PipelinedClaims } from '../events/workers/pipelined-claims.ts';
import type { DueOperation } from '../store/schedules/run-schedules.ts';
import type { StoreOptions } from '../store/store.ts';
import type { WaitingClaims } from '../store/tasks/claim/pipelined-claims.ts';

type Announcements = Pick<
  StoreOptions<PipelinedClaims>,
  'onCommit' | 'onClaimable' | 'onEvents' | 'onOperationDue' | 'onSqlSubmissions' | 'waitingClaims'
>;

type SqlSubmissionsListener = NonNullable<Announcements['onSqlSubmissions']>;

export interface CommitBus {
  /** The options of the store by which it announces. */
  readonly store: Announcements;
  /** Calls back once for each statement that changed tasks, after its commit, in the order of subscription. */
  onCommit(listener: (changes: readonly TaskChange[], sent?: PipelinedClaims) => void): void;
  /** Calls back with jobs of which a claim may find something that it has passed over. */
  onClaimable(listener: (jobIds: readonly string[]) => void): void;
  /** Calls back after a commit that may have written to the audit log. */
  onAuditEntries(listener: () => void): void;
  /** Calls back for each operation that a schedule wants started now. */
  onOperationDue(listener: (due: DueOperation) => void): void;
  /** Calls back with how many tasks applications have submitted by SQL: on one server for each. */
  onSqlSubmissions(listener: SqlSubmissionsListener): void;
  /** Gives the claims that wait in this server; until then submissions take none along. */
  pipelineClaims(claims: WaitingClaims<PipelinedClaims>): void;
}

export function createCommitBus(): CommitBus {
  const commit: Parameters<CommitBus['onCommit']>[0][] = [];
  const claimable: ((jobIds: readonly string[]) => void)[] = [];
  const auditEntries: (() => void)[] = [];
  const sqlSubmissions: SqlSubmissionsListener[] = [];
  const operationDue: ((due: DueOperation) => void)[] = [];
  let claims: WaitingClaims<PipelinedClaims> | undefined;
  return {
    store: {
      onCommit(changes, sent) {
        for (const listener of commit) listener(changes, sent);
      },
      onClaimable(jobIds) {
        for (const listener of claimable) listener(jobIds);
      },
      onEvents() {
        for (const listener of auditEntries) listener();
      },
      onSqlSubmissions(submitted) {
        for (const listener of sqlSubmissions) listener(submitted);
      },
      onOperationDue(due) {
        for (const listener of operationDue) listener(due);
      },
      waitingClaims: {
        waitFor: (jobs) => claims?.waitFor(jobs) ?? false,
        send(jobs, session) {
          if (!claims) throw new Error('No claims wait: waitFor answers whether send may be called.');
          return claims.send(jobs, session);
        },
      },
    },
    onCommit: (listener) => void commit.push(listener),
    onClaimable: (listener) => void claimable.push(listener),
    onSqlSubmissions: (listener) => void sqlSubmissions.push(listener),
    onAuditEntries: (listener) => void auditEntries.push(listener),
    onOperationDue: (listener) => void operationDue.push(listener),
    pipelineClaims(waiting) {
      claims = waiting;
    },
  };
}
