/**
 * Problems: expected refusals, returned as data with the fields of RFC 9457. Everything else that goes wrong is
 * unexpected and masked from callers.
 */

import type { RunRow } from './operation-run.ts';
import type { Narrowing } from './schema-compatibility/index.ts';
import type { SchemaDifference } from './schema-difference.ts';
import type { TaskStatus } from './task.ts';
import { allowedFrom } from './transitions.ts';

/** One thing that is wrong with an input. */
export interface InputIssue {
  /** Path into the input, or into the payload as segments of a JSON Pointer. */
  path: string[];
  message: string;
}

/** Base of all problems; `detail` is the error's message. */
export abstract class Problem extends Error {
  abstract readonly title: string;
  /** The HTTP status that a REST API would give. */
  abstract readonly status: number;

  /** URI reference `/problems/<kebab-case-name>`. */
  get type(): string {
    return `/problems/${this.constructor.name.replace(/(?<!^)([A-Z])/g, '-$1').toLowerCase()}`;
  }

  get detail(): string {
    return this.message;
  }

  /** For errors of fields that have no result union: `extensions.code`, as JOB_NOT_FOUND. */
  get code(): string {
    return this.constructor.name.replace(/(?<!^)([A-Z])/g, '_$1').toUpperCase();
  }
}

export class JobNotFound extends Problem {
  readonly title = 'Job not found';
  readonly status = 404;
  constructor(job: string) {
    const form = /^[^:]*:[^:]*:[^:]*$/.test(job) ? '' : ' Its full name has the form room:category:name.';
    super(`There is no job ${quote(job)} that can be run here.${form} List them with the query jobs(room:).`);
  }
}

/** Somebody serves the job, or it has work. */
export class JobInUse extends Problem {
  readonly title = 'Job in use';
  readonly status = 409;
  readonly workers: number;
  readonly tasks: number;
  constructor(fullName: string, workers: number, tasks: number) {
    super(
      `${quote(fullName)} cannot be retired. Living workers that serve it: ${workers}; unfinished tasks: ${tasks}. Stop or drain its workers, and let its tasks end or cancel them.`,
    );
    this.workers = workers;
    this.tasks = tasks;
  }
}

export class TaskNotFound extends Problem {
  readonly title = 'Task not found';
  readonly status = 404;
  constructor(id: string) {
    super(`There is no task ${quote(id)}.`);
  }
}

export class WorkerNotFound extends Problem {
  readonly title = 'Worker not found';
  readonly status = 404;
  constructor(id: string) {
    super(`There is no worker ${quote(id)}. Register it again with registerWorker.`);
  }
}

export class ScheduleNotFound extends Problem {
  readonly title = 'Schedule not found';
  readonly status = 404;
  constructor(id: string) {
    super(`There is no schedule ${quote(id)}. List them with the query schedules.`);
  }
}

export class ApiKeyNotFound extends Problem {
  readonly title = 'API key not found';
  readonly status = 404;
  constructor(id: string) {
    super(`There is no API key ${quote(id)}. List them with the query apiKeys.`);
  }
}

export class InvalidRoomId extends Problem {
  readonly title = 'Invalid room id';
  readonly status = 400;
  constructor(room: string) {
    super(
      `${quote(room)} is no room id: use 1 to 128 characters without "@", ":", white space or control characters, or @global.`,
    );
  }
}

export class InvalidCategory extends Problem {
  readonly title = 'Invalid category';
  readonly status = 400;
  readonly allowed: string[];
  constructor(category: string, allowed: readonly string[]) {
    super(
      `${quote(category)} is no category of this server. Use one of ${allowed.join(', ')}, or add it to the server's setting SIGNALBOX_CATEGORIES.`,
    );
    this.allowed = [...allowed];
  }
}

export class InvalidInput extends Problem {
  readonly title = 'Invalid input';
  readonly status = 400;
  readonly issues: InputIssue[];
  constructor(issues: readonly InputIssue[], detail?: string) {
    super(detail ?? summary(issues));
    this.issues = [...issues];
  }
}

/** A place where a schema would accept less than before, or may do. */
export interface SchemaNarrowing extends Narrowing {
  /** Whose: of payloads, or of results, which are compared the other way round. */
  schema: 'payload' | 'result';
}

/** @template J the job that is already registered under the name. */
export class SchemaConflict<J = unknown> extends Problem {
  readonly title = 'Schema conflict';
  readonly status = 409;
  readonly existing: J;
  /** Empty where the caller has asked for no change. */
  readonly narrowings: SchemaNarrowing[];
  constructor(
    existing: J,
    fullName: string,
    which: 'payload' | 'result',
    difference: SchemaDifference,
    narrowings: readonly SchemaNarrowing[] = [],
  ) {
    super(
      narrowings.length > 0 ? incompatible(fullName, narrowings) : different(fullName, which, difference),
    );
    this.existing = existing;
    this.narrowings = [...narrowings];
  }
}

function different(
  fullName: string,
  which: 'payload' | 'result',
  { path, registered, sent }: SchemaDifference,
): string {
  const where = path === '' ? 'as a whole' : `at ${clip(path)}`;
  return `${fullName} is already registered with another ${which} schema. They differ ${where}: ${inWords(registered)} is registered, ${inWords(sent)} was sent. Ask for schemaChange COMPATIBLE to make it the next version where it accepts all that the present one accepts; or register it under another name, or leave the schemas out (in the SDK: registerSchemas: false) to serve the job as it is.`;
}

function incompatible(fullName: string, narrowings: readonly SchemaNarrowing[]): string {
  const [first] = narrowings as [SchemaNarrowing];
  const where = first.path === '' ? 'the schema as a whole' : clip(first.path);
  const more = narrowings.length > 1 ? ` (and ${narrowings.length - 1} more)` : '';
  const rule =
    first.schema === 'payload'
      ? 'A new payload schema must accept all that the present one accepts'
      : 'Results by a new schema must fit the present one, which is compared with it';
  return `The ${first.schema} schema is no compatible change of ${fullName}: ${where} ${first.reason}${more}. ${rule}. Make the change smaller, register the job under another name, or ask for schemaChange REPLACE to take it over nevertheless.`;
}

export class InvalidTransition extends Problem {
  readonly title = 'Invalid transition';
  readonly status = 409;
  readonly from: TaskStatus;
  readonly allowed: TaskStatus[];
  constructor(action: string, from: TaskStatus) {
    const allowed = allowedFrom(from);
    super(
      `A task that is ${from} cannot be ${action}. ${allowed.length > 0 ? `From here it can become ${allowed.join(', ')}.` : 'It never changes again.'}`,
    );
    this.from = from;
    this.allowed = allowed;
  }
}

/** The caller does not hold this attempt: another worker has it, or it was given back, cancelled or retried. */
export class StaleAttempt extends Problem {
  readonly title = 'Stale attempt';
  readonly status = 409;
  readonly currentAttempt: number;
  constructor(attempt: number, currentAttempt: number) {
    super(
      `The worker does not hold attempt ${attempt} of this task (the current attempt is ${currentAttempt}). Stop working on it.`,
    );
    this.currentAttempt = currentAttempt;
  }
}

/** Somebody else has changed it since the caller has read it. */
export class StaleVersion extends Problem {
  readonly title = 'Stale version';
  readonly status = 409;
  readonly currentVersion: number;
  constructor(what: string, currentVersion: number) {
    super(`The ${what} was changed in the meantime: it has version ${currentVersion} now. Read it again.`);
    this.currentVersion = currentVersion;
  }
}

export class BulkNotFound extends Problem {
  readonly title = 'Bulk not found';
  readonly status = 404;
  constructor(id: string) {
    super(
      `There is no plan or run ${quote(id)} of yours that can still be applied. Make a plan with planBulk.`,
    );
  }
}

export class WebhookNotFound extends Problem {
  readonly title = 'Webhook not found';
  readonly status = 404;
  constructor(id: string) {
    super(`There is no webhook ${quote(id)}. List them with the query webhooks.`);
  }
}

export class ViewNotFound extends Problem {
  readonly title = 'View not found';
  readonly status = 404;
  constructor(id: string) {
    super(`There is no saved view ${quote(id)} that you may see. List them with the query savedViews.`);
  }
}

export class DeliveryNotFound extends Problem {
  readonly title = 'Delivery not found';
  readonly status = 404;
  constructor(id: string) {
    super(`There is no delivery ${quote(id)}. List those of a webhook with the query webhookDeliveries.`);
  }
}

/** `run` is the one under way. */
export class AlreadyRunning extends Problem {
  readonly title = 'Already running';
  readonly status = 409;
  /** Null when it has just ended, or has not reported anything yet. */
  readonly run: RunRow | null;
  constructor(operation: string, room: string | null, run: RunRow | null) {
    super(
      `${operation} is running for ${room === null ? 'all rooms' : quote(room)} at this moment. Watch it with operationRunEvents, and start it again when it has ended.`,
    );
    this.run = run;
  }
}

export class Forbidden extends Problem {
  readonly title = 'Forbidden';
  readonly status = 403;
}

/** What a caller wrote, shortened, in quotes that cannot be mistaken for part of it. */
function quote(text: string): string {
  return JSON.stringify(text.length > 140 ? `${text.slice(0, 140)}…` : text);
}

/** A part of a schema, which can be long. */
function inWords(part: unknown): string {
  return part === undefined ? 'nothing' : clip(JSON.stringify(part), 100);
}

function clip(text: string, length = 200): string {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}

function summary(issues: readonly InputIssue[]): string {
  const [first] = issues;
  if (!first) return 'The input is not valid.';
  const where = first.path.length > 0 ? `${first.path.join('.')}: ` : '';
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : '';
  return `${where}${first.message}${more}`;
}
