/** What a worker can do: jobs, their schemas and their handlers. */

import { z } from 'zod';
import type { ClaimedTaskFragment, RegisterJobInput, RetryPolicyInput } from '../generated/graphql.ts';
import type { NewAsset } from './assets.ts';

/** The task that a handler works on: everything but its payload, which the handler gets parsed. */
export type HandledTask = Omit<ClaimedTaskFragment, 'payload'>;

/** What a handler is called with. */
export interface HandlerContext<TPayload> {
  /** Parsed by the job's payload schema. */
  payload: TPayload;
  task: HandledTask;
  /** 1 for the first attempt. */
  attempt: number;
  /** Aborted, with the reason, when the task is cancelled or lost or the worker stops. */
  signal: AbortSignal;
  /** Tells watchers how far the work is: 0 to 100, and where. Cheap to call often: only the latest is sent. */
  progress(percent: number, message?: string): void;
  /**
   * Attaches what the attempt has produced to the task: a link, or a path in a storage that the applications share.
   * Resolves with the asset's id when it is committed; rejects with a `ProblemError` when the server refuses it.
   */
  asset(asset: NewAsset): Promise<string>;
}

/** What a handler returns when only some of the work could be done: see {@link partial}. */
export class PartialResult<T> {
  readonly result: T;
  constructor(result: T) {
    this.result = result;
  }
}

/** Marks a result as that of a task of which only a part succeeded: the task ends as PARTIAL. */
export function partial<T>(result: T): PartialResult<T> {
  return new PartialResult(result);
}

/** A job and how its tasks are done. Types of payload and result come from the schemas. */
export interface JobDefinition<TPayload extends z.ZodType, TResult extends z.ZodType> {
  /** The room that the job belongs to; left out: @global, from which every room can run it. */
  room?: string;
  category: string;
  name: string;
  description?: string;
  /** Checked by the server at submission, and again here, with transforms and defaults applied. */
  payload: TPayload;
  /** Checked here before the result is reported, and by the server. */
  result?: TResult;
  /**
   * `false`: the job is served with the schemas that it is registered with, and those given here are checked by this
   * worker alone. A job that is new then has no schema. Left out: they are registered, and must be those that it has.
   */
  registerSchemas?: boolean;
  retryPolicy?: RetryPolicyInput;
  /** Seconds that one attempt may run. */
  timeoutSeconds?: number;
  /**
   * Does one attempt. What it throws fails the attempt: `code` and `retryable` of the error are passed on, see
   * `TaskError`.
   */
  handler(
    context: HandlerContext<z.output<TPayload>>,
  ): MaybePromise<z.input<TResult> | PartialResult<z.input<TResult>>>;
}

type MaybePromise<T> = T | Promise<T>;

/** A job as the worker keeps it, its types forgotten. */
export interface RegisteredJob {
  registration: RegisterJobInput;
  payload: z.ZodType;
  result: z.ZodType | undefined;
  handler(context: HandlerContext<unknown>): MaybePromise<unknown>;
}

/** Throws a TypeError for a schema that JSON Schema cannot express, such as one of dates or functions. */
export function defineJob<TPayload extends z.ZodType, TResult extends z.ZodType>(
  definition: JobDefinition<TPayload, TResult>,
): RegisteredJob {
  const { payload, result, handler, registerSchemas = true, ...rest } = definition;
  const named = `${definition.category}:${definition.name}`;
  return {
    registration: registerSchemas
      ? {
          ...rest,
          payloadSchema: jsonSchemaOf(payload, 'input', `The payload schema of ${named}`),
          resultSchema: result && jsonSchemaOf(result, 'output', `The result schema of ${named}`),
        }
      : rest,
    payload,
    result,
    handler: handler as RegisteredJob['handler'],
  };
}

/** What RE2, with which servers match patterns, does not have: look-around and back references. */
const BEYOND_RE2 = /\(\?<?[=!]|\\[1-9]|\\k</;

/** JSON Schema 2020-12. Patterns that a server cannot match are left to the check that the worker makes itself. */
function jsonSchemaOf(schema: z.ZodType, io: 'input' | 'output', what: string): unknown {
  try {
    return z.toJSONSchema(schema, {
      target: 'draft-2020-12',
      io,
      override: ({ jsonSchema }) => {
        if (jsonSchema.pattern !== undefined && BEYOND_RE2.test(jsonSchema.pattern))
          delete jsonSchema.pattern;
      },
    });
  } catch (error) {
    throw new TypeError(`${what} cannot be written as JSON Schema: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
