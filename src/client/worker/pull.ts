/** Tasks to be taken from a loop instead of by a handler: each is a handler that waits for its task to be settled. */

import type { Job } from '../job.ts';
import type { AnySchema, InputOf, OutputOf } from '../schema.ts';
import { EventQueue } from '../streams/event-queue.ts';
import { type HandlerContext, type JobHandler, partial, Released } from './job.ts';

/** A task that the loop has taken. It is held, and its slot with it, until one of its ends is called. */
export interface PulledTask<TPayload extends AnySchema = AnySchema, TResult extends AnySchema = AnySchema>
  extends HandlerContext<OutputOf<TPayload>> {
  /** Completes the task. The first end counts; none does anything once `signal` is aborted. */
  complete(result: InputOf<TResult>): void;
  /** Completes the task as PARTIAL. */
  completePartly(result: InputOf<TResult>): void;
  /** Fails the attempt, as a handler does that throws this. */
  fail(error: unknown): void;
}

/** A loop over the tasks of one job, and the handler that feeds it. */
export interface Pull<TPayload extends AnySchema, TResult extends AnySchema> {
  job: Job<TPayload, TResult>;
  handler: JobHandler<TPayload, TResult>;
  tasks: EventQueue<PulledTask<TPayload, TResult>>;
}

/** `onLeave` is called when the loop is left. */
export function createPull<TPayload extends AnySchema, TResult extends AnySchema>(
  job: Job<TPayload, TResult>,
  onLeave: () => void,
): Pull<TPayload, TResult> {
  const left = new AbortController();
  const tasks = new EventQueue<PulledTask<TPayload, TResult>>(() => {
    // What the loop has taken and not settled goes back, too.
    left.abort(new Released());
    onLeave();
  });
  const handler: JobHandler<TPayload, TResult> = (context) =>
    new Promise((resolve, reject) => {
      const signal = AbortSignal.any([context.signal, left.signal]);
      if (signal.aborted) return reject(signal.reason);
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      tasks.push({
        ...context,
        complete: resolve,
        completePartly: (result) => resolve(partial(result)),
        fail: reject,
      });
    });
  return { job, handler, tasks };
}
