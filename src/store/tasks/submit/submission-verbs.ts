/** The part of the store that submits tasks. */
import type { TaskChange } from '../../../domain/task.ts';
import { createBatcher, type InstrumentBatch } from '../../database/batcher.ts';
import type { Database } from '../../database/database.ts';
import type { FairJobs } from '../../gates/fair-jobs-cache.ts';
import { makeGroupsFor } from '../../gates/fair-turns.ts';
import { type SentClaims, type WaitingClaims, withPipelinedClaims } from '../claim/pipelined-claims.ts';
import { type Submission, type SubmitResult, submitTasks } from './submit.ts';
import { isDebounced, submitDebounced } from './submit-debounced.ts';
import { submitDependents } from './submit-dependents.ts';

/** Single submissions that depend on others, in one transaction at most: each can have thousands of edges. */
const LINKED_A_TRANSACTION = 50;

/** Debounced submissions in one transaction at most: it locks what it moves. */
const DEBOUNCED_A_TRANSACTION = 100;

/** Tasks of one submission statement at most; a longer list is sent in parts. */
const SUBMISSIONS_A_STATEMENT = 1_000;

export interface SubmissionOptions<Sent extends SentClaims> {
  onCommit: (changes: readonly TaskChange[], sent?: Sent) => void;
  onEvents: () => void;
  publish: (changes: readonly TaskChange[]) => void;
  onClaimable?: ((jobIds: readonly string[]) => void) | undefined;
  waitingClaims?: WaitingClaims<Sent> | undefined;
  instrument: InstrumentBatch | undefined;
  fairJobs: FairJobs;
}

type Submit = (submissions: readonly Submission[]) => Promise<SubmitResult[]>;

export function submissionVerbs<Sent extends SentClaims>(
  database: Database,
  options: SubmissionOptions<Sent>,
) {
  const { instrument } = options;
  const { submit, submitLinked, submitMoving } = submissionStatements(database, options);
  const submitUnlinked = createBatcher({ run: submit, instrument });
  const submitDependent = createBatcher({ run: submitLinked, instrument, maxItems: LINKED_A_TRANSACTION });
  const submitOneMoving = createBatcher({ run: submitMoving, instrument, maxItems: DEBOUNCED_A_TRANSACTION });

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
  };
}

function isLinked({ dependsOn }: Submission): boolean {
  return dependsOn !== undefined && dependsOn.length > 0;
}

/** The three ways in which a list is submitted, each with what it publishes after its commit. */
function submissionStatements<Sent extends SentClaims>(
  database: Database,
  { onCommit, onEvents, publish, onClaimable, waitingClaims, fairJobs }: SubmissionOptions<Sent>,
): { submit: Submit; submitLinked: Submit; submitMoving: Submit } {
  return {
    async submit(submissions) {
      const marked = await fairJobs.mark(submissions);
      await makeGroupsFor(database, marked);
      return withPipelinedClaims(database, waitingClaims, submissions, async (session, sent) => {
        const results = await submitTasks(session, marked, onEvents);
        const created = results.flatMap((result) => (result.kind === 'created' ? [result.change] : []));
        if (created.length > 0) onCommit(created, sent());
        return results;
      });
    },
    // Those that depend on others take more statements, and a transaction of their own.
    async submitLinked(submissions) {
      const { results, changes, passedOver } = await submitDependents(database, submissions);
      publish(changes);
      if (passedOver.length > 0) onClaimable?.(passedOver);
      return results;
    },
    // Those that may move another task lock it first.
    submitMoving: (submissions) =>
      submitDebounced(
        {
          session: database,
          transaction: (work) => database.transaction(work),
          onChanges: publish,
          onRevived: onEvents,
        },
        submissions,
      ),
  };
}
