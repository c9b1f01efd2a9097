/** One attempt: payload → handler → result, and what to report of it. Nothing here throws. */

import { messageOf } from '../errors.ts';
import { findRounded, sentenceOf } from '../exact-numbers.ts';
import type { TaskErrorInput, TaskOutcome } from '../generated/graphql.ts';
import { describeIssues, type StandardIssue, validate } from '../schema.ts';
import { type HandlerContext, type Middleware, PartialResult, Released, type ServedJob } from './job.ts';
import { errorInputOf } from './task-error.ts';

/** How an attempt ended. */
export type AttemptOutcome =
  | { kind: 'complete'; outcome: TaskOutcome; result: unknown }
  /**
   * Nobody works on it any more, and nothing is known against another attempt. `delaySeconds`: it is left to other workers,
   * and this one may not be given it again at once.
   */
  | { kind: 'release'; delaySeconds?: number }
  /** `thrown` is for the log. */
  | { kind: 'fail'; error: TaskErrorInput; thrown?: unknown };

export interface AttemptOptions {
  reportStacks?: boolean | undefined;
  middleware?: readonly Middleware[] | undefined;
}

/**
 * Runs one attempt of a task with `payload` as it was submitted.
 * `reportStacks`: the stack of an error without context becomes its context.
 */
export async function attempt(
  job: ServedJob,
  payload: unknown,
  context: Omit<HandlerContext<unknown>, 'payload'>,
  { reportStacks = false, middleware = [] }: AttemptOptions = {},
): Promise<AttemptOutcome> {
  const parsed = await validate(job.payload, payload).catch(failed);
  if (parsed.issues) {
    // A worker that knows the newer schemas takes it: during a rolling update both are there.
    const isNewer = context.task.schemaVersion > (job.schemaVersion ?? Number.POSITIVE_INFINITY);
    if (isNewer) return { kind: 'release', delaySeconds: pauseBeforeNext(context.task) };
    return invalid('INVALID_PAYLOAD', 'The payload does not fit the job', parsed.issues);
  }
  let returned: unknown;
  try {
    // No copy: that would look at every part of it.
    returned = await callHandler(job, Object.assign(context, { payload: parsed.value }), middleware);
  } catch (error) {
    if (error instanceof Released) return { kind: 'release' };
    return { kind: 'fail', error: errorInputOf(error, reportStacks), thrown: error };
  }
  const outcome = returned instanceof PartialResult ? 'PARTIAL' : 'COMPLETED';
  return checkResult(job, outcome, returned instanceof PartialResult ? returned.result : returned);
}

const WITHOUT_PAUSE = 4;
const PAUSE_STEP_SECONDS = 0.5;
const LONGEST_PAUSE_SECONDS = 60;

/**
 * None for the first times: then the task goes on to whoever has waited longest, hardly to this worker. Afterwards it grows
 * by a step each time; not faster, since where nine of ten workers are old ones, one task in ten is given back more than
 * twenty times. Where no worker can do it, it costs little in the end.
 */
function pauseBeforeNext({ attempt, failures }: { attempt: number; failures: number }): number {
  const givenBack = attempt - failures - 1;
  if (givenBack < WITHOUT_PAUSE) return 0;
  const full = Math.min(LONGEST_PAUSE_SECONDS, PAUSE_STEP_SECONDS * (givenBack + 1 - WITHOUT_PAUSE));
  return full / 2 + (Math.random() * full) / 2;
}

/** Calls the handler within its middleware; the first wraps all others. */
async function callHandler(
  job: ServedJob,
  context: HandlerContext<unknown>,
  [first, ...others]: readonly Middleware[],
): Promise<unknown> {
  return first ? first(context, () => callHandler(job, context, others)) : job.handler(context);
}

async function checkResult(job: ServedJob, outcome: TaskOutcome, returned: unknown): Promise<AttemptOutcome> {
  let result = returned;
  if (job.result) {
    const parsed = await validate(job.result, returned).catch(failed);
    if (parsed.issues) {
      return invalid(
        'INVALID_RESULT',
        'The handler returned what the result schema does not allow',
        parsed.issues,
      );
    }
    result = parsed.value;
  }
  try {
    // Nothing returned is no result. What has no JSON at all (a function, a symbol) comes out as undefined.
    const text = JSON.stringify(result ?? null);
    if (text === undefined) throw new TypeError(`a ${typeof result} has no JSON`);
    const rounded = findRounded(result);
    if (rounded) throw new TypeError(sentenceOf(rounded));
    return { kind: 'complete', outcome, result: result ?? null };
  } catch (error) {
    return invalid('INVALID_RESULT', 'The result cannot be written as JSON', [{ message: messageOf(error) }]);
  }
}

/** A schema whose own code throws, as a transform can. */
function failed(error: unknown): { issues: StandardIssue[] } {
  return { issues: [{ message: messageOf(error) }] };
}

/** Another attempt would meet the same value: not retryable. */
function invalid(
  code: string,
  message: string,
  issues: readonly StandardIssue[],
): AttemptOutcome & { kind: 'fail' } {
  return {
    kind: 'fail',
    error: { code, message: `${message}: ${describeIssues(issues)}`, retryable: false },
  };
}
