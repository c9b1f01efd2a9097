/** A job as workers and submitters share it: one definition types payloads and results at both ends. */

import type { TaskSubmission } from './depends-on.ts';
import type { RegisterJobInput, ScheduleOverlap } from './generated/graphql.ts';
import type { AnySchema, InputOf, JsonSchema } from './schema.ts';

/** Definition of a job, but for how its tasks are done. Types of payload and result come from the schemas. */
export interface JobOptions<TPayload extends AnySchema, TResult extends AnySchema>
  extends Omit<RegisterJobInput, 'room' | 'category' | 'payloadSchema' | 'resultSchema' | 'workerId'> {
  /** The room that the job belongs to; left out: @global, from which every room can run it. */
  room?: string;
  /** One of those that the server allows; `general` by default. */
  category?: string | undefined;
  /** Checked by the server at submission, and again by the worker, with transforms and defaults applied. */
  payload: TPayload;
  /** Checked by the worker before the result is reported, and by the server. */
  result?: TResult | undefined;
  /**
   * `false`: the job is served with the schemas that it is registered with, and those given here are checked by this
   * worker alone. A job that is new then has no schema. Left out: they are registered, as `schemaChange` says: by default those that it
   * has, or a compatible change of them, which becomes the next version.
   */
  registerSchemas?: boolean | undefined;
  /**
   * When it is submitted by itself. Workers that serve the job keep them in step with this list when they start: what is new is
   * created, what differs changed, what is gone removed. Left out: nothing of that; an empty list removes those of before.
   */
  schedules?: readonly JobSchedule<InputOf<TPayload>>[];
}

/** When a job is submitted by itself. */
export interface JobSchedule<TPayload = unknown> {
  /** No two schedules of a job have the same. */
  name: string;
  /** Five fields, or a nickname such as @daily; see docs/schedules.md. */
  cron: string;
  /** IANA name; UTC by default. */
  timeZone?: string;
  /** The room of its tasks; left out: the room of the job, which one of @global does not have. */
  room?: string;
  /** Left out: `{}`. */
  payload?: TPayload;
  priority?: number;
  labels?: Record<string, string>;
  /** What limits of scope KEY count its tasks under, where they do not look into the payload. */
  limitKey?: string;
  /** What happens to a tick while an earlier task has not ended; SKIP by default. */
  overlap?: ScheduleOverlap;
  /** How late a tick may be run that no server was there for, 60 to 604,800; an hour by default. */
  catchUpSeconds?: number;
}

/** A defined job. */
export interface Job<TPayload extends AnySchema = AnySchema, TResult extends AnySchema = AnySchema> {
  /** `room:category:name`. */
  readonly fullName: string;
  readonly options: JobOptions<TPayload, TResult>;
}

/** A submission of a job whose definition is known: its payload is typed. */
export type JobSubmission<TPayload extends AnySchema> = Omit<TaskSubmission, 'job' | 'room' | 'payload'> & {
  /** The room that the task belongs to; left out: the room of the job, which one of @global does not have. */
  room?: string | undefined;
} & PayloadOf<InputOf<TPayload>>;

type PayloadOf<T> = unknown extends T
  ? { payload?: T }
  : Record<string, never> extends T
    ? { payload?: T }
    : { payload: T };

const GLOBAL = '@global';

/**
 * Defines a job, for `worker.job(definition, handler)` and `client.submit(definition, …)`. Share it in a module of its own:
 * a browser loads no more of it than the schemas.
 */
export function defineJob<TPayload extends AnySchema, TResult extends AnySchema = JsonSchema>(
  options: JobOptions<TPayload, TResult>,
): Job<TPayload, TResult> {
  const { room = GLOBAL, category = 'general', name } = options;
  return { fullName: `${room}:${category}:${name}`, options };
}

/** The submission as the API takes it. */
export function submissionOf<TPayload extends AnySchema>(
  { fullName, options }: Job<TPayload>,
  { room = options.room, ...rest }: JobSubmission<TPayload>,
): TaskSubmission {
  if (room === undefined || room === GLOBAL) {
    throw new TypeError(`${fullName} can be run from every room: say which one the task belongs to.`);
  }
  return { ...rest, room, job: fullName };
}
