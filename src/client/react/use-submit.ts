/** Submitting from a component. */

import { useCallback, useRef, useState } from 'react';
import type { TaskHandle } from '../handle.ts';
import type { Job, JobSubmission } from '../job.ts';
import type { AnySchema, OutputOf } from '../schema.ts';
import type { SubmitTaskInput } from '../types.ts';
import { useSignalbox } from './provider.ts';

/** Submits, and shows how that does. */
export interface Submit<TInput, TResult> {
  /** Resolves with the task, and rejects with what `error` then is as well. */
  submit(input: TInput): Promise<TaskHandle<TResult>>;
  /** Of the latest submission. */
  state: 'idle' | 'submitting' | 'submitted' | 'failed';
  /** The task that was submitted last: for `useTask(handle?.id)`. */
  handle?: TaskHandle<TResult>;
  /** A `ProblemError` for what the server refuses: `issues` names the fields. */
  error?: unknown;
  /** Back to `idle`. */
  reset(): void;
}

type Shown<TResult> = Pick<Submit<never, TResult>, 'state' | 'handle' | 'error'>;

/** A function that submits tasks, of the job where one is given, which then types payload and result. */
export function useSubmit<TPayload extends AnySchema, TResult extends AnySchema>(
  job: Job<TPayload, TResult>,
): Submit<JobSubmission<TPayload>, OutputOf<TResult>>;
export function useSubmit(): Submit<SubmitTaskInput, unknown>;
export function useSubmit(job?: Job): Submit<never, unknown> {
  const client = useSignalbox();
  const [shown, setShown] = useState<Shown<unknown>>({ state: 'idle' });
  const latest = useRef(0);
  const submit = useCallback(
    async (input: unknown) => {
      const number = ++latest.current;
      // An answer that was overtaken is only for who has waited for it.
      const show = (next: Shown<unknown>) => number === latest.current && setShown(next);
      show({ state: 'submitting' });
      try {
        const handle = await (job
          ? client.submit(job, input as JobSubmission<AnySchema>)
          : client.submit(input as SubmitTaskInput));
        show({ state: 'submitted', handle });
        return handle;
      } catch (error) {
        show({ state: 'failed', error });
        throw error;
      }
    },
    [client, job],
  );
  const reset = useCallback(() => {
    latest.current++;
    setShown({ state: 'idle' });
  }, []);
  return { ...shown, submit, reset };
}
