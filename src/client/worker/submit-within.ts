/** Submitting further tasks from within a handler. */

import type { Connection } from '../connection/connection.ts';
import { retryUntilAnswered } from '../connection/retry-until-answered.ts';
import { isTemporary, wasNotDone } from '../connection/temporary.ts';
import type { TaskSubmission } from '../depends-on.ts';
import { type Job, type JobSubmission, submissionOf } from '../job.ts';
import type { AnySchema } from '../schema.ts';
import { type Execute, submitOne } from '../submit.ts';
import type { HandledTask, HandlerSubmit } from './job.ts';

type Submission = Omit<TaskSubmission, 'room'> & { room?: string | undefined };

/**
 * See `HandlerContext.submit`. Repeats what is safe to repeat until the attempt is aborted, whose signal is asked for only
 * by then.
 */
export function submitWithin(
  connection: Connection,
  task: HandledTask,
  attempt: { readonly signal: AbortSignal },
): HandlerSubmit {
  const execute: Execute = (document, variables, isRepeatable = false) =>
    retryUntilAnswered(() => connection.send(document, variables), {
      until: attempt.signal,
      repeats: isRepeatable ? isTemporary : (error) => isTemporary(error) && wasNotDone(error),
    });
  const linked = <T extends { room?: string | undefined; correlationId?: string | null | undefined }>(
    input: T,
  ) => ({
    ...input,
    room: input.room ?? task.room,
    correlationId: input.correlationId ?? task.correlationId ?? task.id,
  });
  return (async (first: Submission | Job, input?: JobSubmission<AnySchema>) =>
    'fullName' in first
      ? submitOne(connection, execute, submissionOf(first, linked(input ?? {})), first.options.result)
      : submitOne(connection, execute, linked(first))) as HandlerSubmit;
}
