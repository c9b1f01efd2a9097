/** One attempt: payload → handler → result, and what to report of it. Nothing here throws. */

import { z } from 'zod';
import { messageOf } from '../errors.ts';
import { findRounded, sentenceOf } from '../exact-numbers.ts';
import type { TaskErrorInput, TaskOutcome } from '../generated/graphql.ts';
import { type HandlerContext, PartialResult, type RegisteredJob } from './job.ts';
import { errorInputOf } from './task-error.ts';

/** How an attempt ended. */
export type AttemptOutcome =
  | { kind: 'complete'; outcome: TaskOutcome; result: unknown }
  /** `thrown` is for the log. */
  | { kind: 'fail'; error: TaskErrorInput; thrown?: unknown };

/**
 * Runs one attempt of a task with `payload` as it was submitted.
 * @param reportStacks whether the stack of an error without context becomes its context
 */
export async function attempt(
  job: RegisteredJob,
  payload: unknown,
  context: Omit<HandlerContext<unknown>, 'payload'>,
  reportStacks = false,
): Promise<AttemptOutcome> {
  const parsed = await job.payload.safeParseAsync(payload).catch(failed);
  if (!parsed.success) return invalid('INVALID_PAYLOAD', 'The payload does not fit the job', parsed.error);
  let returned: unknown;
  try {
    returned = await job.handler({ ...context, payload: parsed.data });
  } catch (error) {
    return { kind: 'fail', error: errorInputOf(error, reportStacks), thrown: error };
  }
  const outcome = returned instanceof PartialResult ? 'PARTIAL' : 'COMPLETED';
  return checkResult(job, outcome, returned instanceof PartialResult ? returned.result : returned);
}

async function checkResult(
  job: RegisteredJob,
  outcome: TaskOutcome,
  returned: unknown,
): Promise<AttemptOutcome> {
  let result = returned;
  if (job.result) {
    const parsed = await job.result.safeParseAsync(returned).catch(failed);
    if (!parsed.success) {
      return invalid(
        'INVALID_RESULT',
        'The handler returned what the result schema does not allow',
        parsed.error,
      );
    }
    result = parsed.data;
  }
  try {
    // Nothing returned is no result. What has no JSON at all (a function, a symbol) comes out as undefined.
    const text = JSON.stringify(result ?? null);
    if (text === undefined) throw new TypeError(`a ${typeof result} has no JSON`);
    const rounded = findRounded(result);
    if (rounded) throw new TypeError(sentenceOf(rounded));
    return { kind: 'complete', outcome, result: result ?? null };
  } catch (error) {
    return invalid('INVALID_RESULT', 'The result cannot be written as JSON', error);
  }
}

/** A schema whose own code throws, as a transform can. */
function failed(error: unknown): { success: false; error: unknown; data?: never } {
  return { success: false, error };
}

/** Another attempt would meet the same value: not retryable. */
function invalid(code: string, message: string, error: unknown): AttemptOutcome {
  const said = error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error);
  return { kind: 'fail', error: { code, message: `${message}: ${said}`, retryable: false } };
}
