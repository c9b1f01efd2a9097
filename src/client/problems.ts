/** Refusals that the API returns as data, as errors that single calls throw. */

import type { ProblemDetailsFragment, TaskStatus } from './generated/graphql.ts';

/** What every problem of the API has; some have more, see {@link ProblemError}. */
interface ProblemLike {
  __typename: string;
  type?: string;
  title?: string;
  status?: number;
  detail?: string;
  issues?: readonly ProblemIssue[];
  allowed?: readonly string[];
  allowedStatuses?: readonly TaskStatus[];
  from?: TaskStatus;
  currentAttempt?: number;
  existing?: ExistingJob;
  narrowings?: readonly ProblemNarrowing[];
}

/** One violation in an InvalidInput: where in the input (or payload), and what is wrong there. */
export interface ProblemIssue {
  path: readonly string[];
  message: string;
}

/** One place where a schema accepts less than the present one: why a SchemaConflict is no compatible change. */
export interface ProblemNarrowing {
  schema: 'PAYLOAD' | 'RESULT';
  /** JSON Pointer into the schema; empty for the whole. */
  path: string;
  reason: string;
}

/** The job that a SchemaConflict ran into. */
export type ExistingJob = Extract<ProblemDetailsFragment, { __typename: 'SchemaConflict' }>['existing'];

/** An expected refusal of the API. `name` is its GraphQL type: JobNotFound, InvalidInput, StaleAttempt, … */
export class ProblemError extends Error {
  /** URI reference of the kind of problem: /problems/job-not-found. */
  readonly type: string;
  readonly title: string;
  /** The HTTP status that a REST API would answer with. */
  readonly status: number;
  readonly detail: string;
  /** InvalidInput: every violation. */
  readonly issues: readonly ProblemIssue[];
  /** InvalidCategory: the categories; InvalidTransition: the statuses that the task may go to. */
  readonly allowed: readonly string[];
  /** InvalidTransition: the status that the task has. */
  readonly from: TaskStatus | undefined;
  /** StaleAttempt: the attempt that the task has come to. */
  readonly currentAttempt: number | undefined;
  /** SchemaConflict: the job as it is registered. */
  readonly existing: ExistingJob | undefined;
  /** SchemaConflict: why the change is not compatible, 40 places at most; empty where every change is refused. */
  readonly narrowings: readonly ProblemNarrowing[];

  constructor(problem: ProblemLike) {
    super(describe(problem));
    this.name = problem.__typename;
    this.type = problem.type ?? 'about:blank';
    this.title = problem.title ?? problem.__typename;
    this.status = problem.status ?? 500;
    this.detail = problem.detail ?? '';
    this.issues = problem.issues ?? [];
    this.allowed = problem.allowed ?? problem.allowedStatuses ?? [];
    this.from = problem.from;
    this.currentAttempt = problem.currentAttempt;
    this.existing = problem.existing;
    this.narrowings = problem.narrowings ?? [];
  }
}

/**
 * The detail, and every issue with its path: `Payload does not match: /files/0 must be string`. Where the detail is no
 * more than the first issue, and how many there are, it is not said twice.
 */
function describe(problem: ProblemLike): string {
  const text = problem.detail || problem.title || problem.__typename;
  const [first, ...others] = problem.issues ?? [];
  if (!problem.issues || !first) return text;
  const more = others.length > 0 ? ` (and ${others.length} more)` : '';
  if (text === `${sentenceOf(first)}${more}`) return problem.issues.map(sentenceOf).join('; ');
  const issues = problem.issues.map(({ path, message }) => `/${path.join('/')} ${message}`);
  return `${text} ${issues.join('; ')}`;
}

function sentenceOf({ path, message }: ProblemIssue): string {
  return path.length > 0 ? `${path.join('.')}: ${message}` : message;
}

/** The member of a result union that means success; any other is thrown as a {@link ProblemError}. */
export function successOf<R extends { __typename: string }, N extends R['__typename']>(
  result: R,
  success: N,
): Extract<R, { __typename: N }> {
  if (result.__typename === success) return result as Extract<R, { __typename: N }>;
  throw new ProblemError(result);
}
