/**
 * Submission in a transaction of the application, whose data lives in the PostgreSQL of Signalbox: by the function `submit_task` of the
 * server's schema. The task exists if and only if the transaction commits. Nothing is sent to the server.
 */

import { type TaskSubmission, toInput } from './depends-on.ts';
import { messageOf } from './errors.ts';
import { refusalOf } from './exact-numbers.ts';
import { ProblemError, type ProblemIssue } from './problems.ts';
import { type AnySchema, validate } from './schema.ts';

/**
 * What runs a statement within the transaction: a client of `pg` (not a pool: its statements may go to several sessions), the
 * `tx` of Prisma's `$transaction`, or a function for all others, which gets SQL with `$1`, `$2`, … in this order and their
 * values, and resolves with the rows, or with an object that has them as `rows`.
 */
export type Transaction =
  | { query(text: string, values: unknown[]): Promise<{ rows: unknown[] }> }
  | { $queryRawUnsafe(text: string, ...values: unknown[]): Promise<unknown> }
  | ((text: string, values: unknown[]) => Promise<unknown>);

/** How a submission goes within a transaction. */
export interface TransactionOptions {
  transaction: Transaction;
  /** The schema of Signalbox: the `?schema=` of the server's DATABASE_URL; left out: `public`. */
  schema?: string;
  /** On whose behalf: the id of a user, who then sees the task as one of its own. Left out: the role of the database. */
  createdBy?: string;
}

/** What was submitted, where the transaction commits. */
export interface SubmittedInTransaction {
  id: string;
  duplicate: boolean;
}

/** @param payloadSchema checks the payload before; rejects with a ProblemError as the server would */
export async function submitInTransaction(
  submission: TaskSubmission,
  { transaction, schema = 'public', createdBy }: TransactionOptions,
  payloadSchema: AnySchema | undefined,
): Promise<SubmittedInTransaction> {
  if (submission.debounceSeconds) {
    throw new TypeError(
      'A submission in a transaction cannot move an earlier one: submit what has debounceSeconds by the API.',
    );
  }
  const refusal = refusalOf(submission.payload) ?? (await violationOf(payloadSchema, submission.payload));
  if (refusal) throw refusal;
  const { room, job, payload, priority, runAt, idempotencyKey, correlationId, entityType, entityId } =
    submission;
  const values = [
    ...[
      room,
      job,
      JSON.stringify(payload ?? {}),
      priority ?? 0,
      timeOf(runAt),
      idempotencyKey,
      correlationId,
    ],
    ...[entityType, entityId, JSON.stringify(submission.labels ?? {}), submission.maxAttempts, createdBy],
    submission.limitKey,
    ...(needsMore(submission)
      ? [submission.holdKey, submission.holdKeySeconds, JSON.stringify(dependenciesOf(submission))]
      : []),
  ].map((value) => value ?? null);
  const [row] = await runStatement(transaction, statementOf(schema, values.length), values);
  if (!row)
    throw new TypeError('The transaction gave no row: what runs its statements must resolve with them.');
  return { id: row.task_id, duplicate: row.duplicate };
}

/** As the function takes them. */
function dependenciesOf(submission: TaskSubmission): { task: string; onFailure: string }[] {
  return (toInput(submission).dependsOn ?? []).map(({ taskId, onFailure }) => {
    if (!taskId)
      throw new TypeError('A submission in a transaction depends on tasks, not on items of a list.');
    return { task: taskId, onFailure: onFailure ?? 'CANCEL' };
  });
}

interface Row {
  task_id: string;
  duplicate: boolean;
}

/** Name and type of every value, in their order. Each goes as a text or a number, as every driver can send it. */
const ARGUMENTS = [
  ...['room => $1::text', 'job => $2::text', 'payload => $3::text::jsonb', 'priority => $4::int'],
  ...['run_at => $5::text::timestamptz', 'idempotency_key => $6::text', 'correlation_id => $7::text'],
  ...[
    'entity_type => $8::text',
    'entity_id => $9::text',
    'labels => $10::text::jsonb',
    'max_attempts => $11::int',
  ],
  ...['created_by => $12::text', 'limit_key => $13::text', 'hold_key => $14::text'],
  ...['hold_key_seconds => $15::int', 'depends_on => $16::text::jsonb'],
];

/** What a server of an earlier version does not know is sent only where it is used. */
function needsMore({ holdKey, holdKeySeconds, dependsOn }: TaskSubmission): boolean {
  return holdKey != null || holdKeySeconds != null || (dependsOn?.length ?? 0) > 0;
}

function statementOf(schema: string, count: number): string {
  const quoted = `"${schema.replaceAll('"', '""')}"`;
  return `SELECT task_id, duplicate FROM ${quoted}.submit_task(${ARGUMENTS.slice(0, count).join(', ')})`;
}

async function runStatement(transaction: Transaction, text: string, values: unknown[]): Promise<Row[]> {
  try {
    const answer = await send(transaction, text, values);
    return (Array.isArray(answer) ? answer : (answer as { rows: Row[] }).rows) as Row[];
  } catch (error) {
    throw problemIn(error) ?? error;
  }
}

function send(transaction: Transaction, text: string, values: unknown[]): Promise<unknown> {
  if (typeof transaction === 'function') return transaction(text, values);
  if ('$queryRawUnsafe' in transaction) return transaction.$queryRawUnsafe(text, ...values);
  return transaction.query(text, values);
}

/** A `Date` is none of the API's inputs, but what one may have at hand. */
function timeOf(runAt: unknown): unknown {
  return runAt instanceof Date ? runAt.toISOString() : runAt;
}

async function violationOf(
  schema: AnySchema | undefined,
  payload: unknown,
): Promise<ProblemError | undefined> {
  const { issues } = schema ? await validate(schema, payload ?? {}) : {};
  return (
    issues &&
    invalidInput(
      issues.map(({ path = [], message }) => ({
        path: ['payload', ...path.map((step) => String(typeof step === 'object' ? step.key : step))],
        message,
      })),
    )
  );
}

/** The refusal that the function raises begins with the name of the problem, whatever the driver makes of it. */
function problemIn(error: unknown): ProblemError | undefined {
  const [, name, detail = ''] =
    /\b(InvalidInput|JobNotFound|TaskNotFound): (.*)/.exec(messageOf(error)) ?? [];
  if (name === 'JobNotFound' || name === 'TaskNotFound') {
    const [type, title] =
      name === 'JobNotFound'
        ? ['/problems/job-not-found', 'Job not found']
        : ['/problems/task-not-found', 'Task not found'];
    return new ProblemError({ __typename: name, type, title, status: 404, detail });
  }
  return name ? invalidInput([issueIn(detail)]) : undefined;
}

/** `payload.name is required`: where, and what. */
function issueIn(sentence: string): ProblemIssue {
  const [path = '', ...words] = sentence.split(' ');
  return { path: path.split('.'), message: words.join(' ') };
}

function invalidInput(issues: readonly ProblemIssue[]): ProblemError {
  const detail = issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
  const title = 'Invalid input';
  return new ProblemError({
    __typename: 'InvalidInput',
    type: '/problems/invalid-input',
    title,
    status: 400,
    detail,
    issues,
  });
}
