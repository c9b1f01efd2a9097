/** Submission: a task and its first log row; an idempotency key that is taken gives the task that holds it. */

import type { Dependency } from '../../../domain/dependencies.ts';
import type { KeyHold } from '../../../domain/key-hold.ts';
import { present } from '../../../domain/present.ts';
import type { TaskRow, TransitionChange, TransitionRow } from '../../../domain/task.ts';
import { TRANSITIONS } from '../../../domain/transitions.ts';
import { newUuid } from '../../../domain/typeid.ts';
import type { DatabaseSession, Statement } from '../../database/database.ts';
import { NOW, statement, toJson } from '../../database/statement.ts';
import { reviveJobs } from '../../jobs/revive.ts';
import { type Decided, newTask } from '../generated/task-fields.ts';
import { ENQUEUE, ENQUEUE_BY_TURNS, QUEUED } from '../queue.ts';
import { findTasks } from '../read/find-tasks.ts';
import { DUE_AT, ENTRY_COLUMNS, IS_FIRST_ENTRY, type LoggedRow, logEntryCte, shareMoment } from '../rows.ts';
import { columnsOfHold, HOLDS_KEY, releaseKeys } from './idempotency.ts';

/** A validated submission. */
export interface Submission {
  jobId: string;
  /** The version of the job's schemas that the payload was checked against. */
  schemaVersion: number;
  room: string;
  payload: unknown;
  priority: number;
  /** Null: at once. */
  runAt: Date | null;
  idempotencyKey: string | null;
  /** Whose key it is, where others do not share it: an identity. Left out: everybody's who submits to the room. */
  keyOwner?: string | undefined;
  /** How long the task holds its key; left out: for as long as it is kept. */
  keyHold?: KeyHold | null | undefined;
  correlationId: string | null;
  entityType: string | null;
  entityId: string | null;
  labels: Record<string, string>;
  createdBy: string;
  /** The trace that it belongs to, as in W3C Trace Context. */
  traceparent?: string | null | undefined;
  /** Attempts at most, where they are not those of the job. */
  maxAttempts?: number | null | undefined;
  /** The task that it repeats. */
  copyOf?: string | null | undefined;
  /** What limits by key count it under. */
  limitKey?: string | null | undefined;
  /** Set by the store: the job has fairness, and the task is to join its group at once, see src/store/gates/fair-turns.ts. */
  takesTurns?: boolean | undefined;
  /** What it waits for, see submit-dependents.ts. */
  dependsOn?: readonly Dependency[] | undefined;
}

export type SubmitResult =
  /** `now`: what became of it in the same transaction, where that is more than its creation. */
  | { kind: 'created'; change: TransitionChange; now?: TaskRow }
  | Duplicate
  /** The schemas of the job are another version by now: the payload must be checked again. */
  | { kind: 'other-schema' }
  /** There is no such job. */
  | { kind: 'no-job' }
  | RefusedParent;

/** The task that holds the key, and whether its payload is another one than that of the submission. */
export interface Duplicate {
  kind: 'duplicate';
  task: TaskRow;
  horizon: string;
  payloadDiffers: boolean;
}

/** A task that cannot be depended on: by its id, or by its place in the list where that was refused itself. */
export type RefusedParent =
  | { kind: 'no-parent' | 'too-many-dependents'; parentId: string }
  | { kind: 'refused-item'; place: number };

/**
 * Submits all by one statement; a second one reads the tasks of repeated idempotency keys. A key that is free again
 * takes two more, and so do jobs that are retired, which come back.
 * @param onRevived called when jobs came back
 */
export async function submitTasks(
  session: DatabaseSession,
  submissions: readonly Submission[],
  onRevived: () => void = () => {},
): Promise<SubmitResult[]> {
  const results = await submitToOpenJobs(session, submissions);
  const left = submissions.filter((_, index) => results[index]?.kind === 'no-job');
  if (left.length === 0) return results;
  const ids = [...new Set(left.map(({ jobId }) => jobId))];
  const jobs = new Map(
    (await reviveJobs(session, ids, present(left[0]).createdBy)).map((job) => [job.id, job]),
  );
  if ([...jobs.values()].some(({ revived }) => revived)) onRevived();
  const again = left.filter(({ jobId, schemaVersion }) => jobs.get(jobId)?.schemaVersion === schemaVersion);
  const submitted = again.length > 0 ? await submitToOpenJobs(session, again) : [];
  const resultOf = new Map(again.map((submission, index) => [submission, submitted[index]]));
  return results.map((result, index): SubmitResult => {
    if (result.kind !== 'no-job') return result;
    const submission = present(submissions[index]);
    return resultOf.get(submission) ?? { kind: jobs.has(submission.jobId) ? 'other-schema' : 'no-job' };
  });
}

/** How often a key is found taken, and then free, before the submission is given up. */
const MAX_TRIES = 100;

/** `no-job` where the job is retired, or has other schemas, or is not there. */
async function submitToOpenJobs(
  session: DatabaseSession,
  submissions: readonly Submission[],
  tries = 1,
): Promise<SubmitResult[]> {
  const inserted = await insert(session, submissions);
  if (inserted.every(isResult)) return inserted;
  const resolved = await resolveDuplicates(session, inserted);
  const again = resolved.filter((one): one is Submission => !isResult(one));
  if (again.length === 0) return resolved as SubmitResult[];
  if (tries === MAX_TRIES) throw new Error(`A key was taken and free again ${MAX_TRIES} times.`);
  const results = await submitToOpenJobs(session, again, tries + 1);
  let next = 0;
  return resolved.map((one) => (isResult(one) ? one : present(results[next++])));
}

const isResult = (one: SubmitResult | Submission): one is SubmitResult => 'kind' in one;

/** What was created; of what was not, the submission. */
async function insert(
  session: DatabaseSession,
  submissions: readonly Submission[],
): Promise<(SubmitResult | Submission)[]> {
  const ids = submissions.map(() => newUuid());
  const isKeyed = submissions.some(({ idempotencyKey }) => idempotencyKey !== null);
  const isRare = submissions.some(
    ({ maxAttempts, copyOf, dependsOn, limitKey, keyHold, takesTurns }) =>
      maxAttempts != null || copyOf != null || limitKey != null || dependsOn?.length || keyHold || takesTurns,
  );
  const takesTurns = submissions.some((submission) => submission.takesTurns);
  const rows = await session.query<AnsweredRow>(statementFor(isKeyed, isRare, takesTurns), [
    ids,
    submissions.map(({ jobId }) => jobId),
    submissions.map(({ room }) => room),
    submissions.map(({ payload }) => toJson(payload)),
    submissions.map(({ priority }) => priority),
    submissions.map(({ runAt }) => runAt?.toISOString() ?? null),
    submissions.map(({ idempotencyKey }) => idempotencyKey),
    submissions.map(({ correlationId }) => correlationId),
    submissions.map(({ entityType }) => entityType),
    submissions.map(({ entityId }) => entityId),
    submissions.map(({ labels }) => toJson(labels)),
    submissions.map(({ createdBy }) => createdBy),
    submissions.map(({ traceparent }) => traceparent ?? null),
    submissions.map(({ keyOwner = '' }) => keyOwner),
    submissions.map(({ schemaVersion }) => schemaVersion),
    ...(isRare
      ? [
          submissions.map(({ maxAttempts }) => maxAttempts ?? null),
          submissions.map(({ copyOf }) => copyOf ?? null),
          submissions.map(({ dependsOn }) => dependsOn?.length ?? 0),
          submissions.map(({ limitKey }) => limitKey ?? null),
          submissions.map(({ keyHold }) => columnsOfHold(keyHold)[0]),
          submissions.map(({ keyHold }) => columnsOfHold(keyHold)[1]),
        ]
      : []),
  ]);
  const created = new Map(shareCreation(rows).map((row) => [row.id, row]));
  return submissions.map((submission, index) => {
    const row = created.get(present(ids[index]));
    return row ? { kind: 'created', change: changeOf(submission, row) } : submission;
  });
}

/** Gives all rows the time that they have in common: only one carries it. What runs at once runs from then on. */
function shareCreation(rows: AnsweredRow[]): CreatedRow[] {
  const createdAt = rows.find((row) => row.createdAt !== null)?.createdAt;
  if (!createdAt) return [];
  for (const row of shareMoment(rows)) {
    row.createdAt = createdAt;
    row.runAt ??= createdAt;
  }
  return rows as CreatedRow[];
}

/**
 * A new task: what was submitted, what the database decided, and what every task begins with.
 */
function changeOf(submission: Submission, row: CreatedRow): TransitionChange {
  const { id, xid, horizon, logId, at } = row;
  const { jobId, room, dependsOn = [] } = submission;
  const to = dependsOn.length === 0 ? submit.to : submitWaiting.to;
  const task = newTask(submission, row, to, at);
  if (dependsOn.length > 0) task.dependencyCount = dependsOn.length;
  const transition: TransitionRow = {
    id: logId,
    xid,
    horizon,
    taskId: id,
    version: 1,
    room,
    jobId,
    from: null,
    to,
    reason,
    attempt: 0,
    workerId: null,
    actor: submission.createdBy,
    note: null,
    error: null,
    updates: null,
    at,
  };
  return { kind: 'transition', task, transition };
}

/**
 * Reads the tasks that already had the keys, in a statement of its own: its snapshot sees who was faster. Submissions whose
 * key is free again stay as they are, to be inserted once more.
 */
async function resolveDuplicates(
  session: DatabaseSession,
  inserted: readonly (SubmitResult | Submission)[],
): Promise<(SubmitResult | Submission)[]> {
  const refused = inserted.filter((one): one is Submission => !isResult(one));
  const rows = await session.query<KeyState>(FIND_BY_KEY, [
    refused.map(({ jobId }) => jobId),
    refused.map(({ room }) => room),
    refused.map(({ idempotencyKey }) => idempotencyKey),
    refused.map(({ keyOwner = '' }) => keyOwner),
    refused.map(({ payload }) => toJson(payload)),
    refused.map(({ schemaVersion }) => schemaVersion),
  ]);
  const holders = await findTasks(
    session,
    rows.flatMap(({ id, held }) => (id !== null && held ? [id] : [])),
  );
  const tasks = new Map(holders.map((task) => [task.id, task]));
  await releaseKeys(
    session,
    rows.flatMap(({ id, held }) => (id !== null && !held ? [id] : [])),
  );
  let next = 0;
  return inserted.map((one) => {
    if (isResult(one)) return one;
    const { id, horizon, payloadDiffers, open } = present(rows[next++]);
    const task = tasks.get(id ?? '');
    if (task) return { kind: 'duplicate', task, horizon, payloadDiffers };
    return open && one.idempotencyKey !== null ? one : { kind: 'no-job' };
  });
}

/** How a key is that was taken a moment ago. */
interface KeyState {
  /** The task that was last submitted under it; null where it is gone, or where there is no key. */
  id: string | null;
  held: boolean;
  payloadDiffers: boolean;
  horizon: string;
  /** Whether the job can have tasks of this version. */
  open: boolean;
}

const { submit, submitWaiting } = TRANSITIONS;
const { reason } = submit;

/** What the database decides about a new task. */
type CreatedRow = Decided & Pick<LoggedRow, 'logId' | 'xid' | 'horizon' | 'at'>;
type AnsweredRow = Omit<CreatedRow, 'createdAt' | 'runAt'> & { createdAt: Date | null; runAt: Date | null };

const IN_SECONDS = `${NOW} + i.hold_seconds * interval '1 second'`;
const DEBOUNCED_TO = `CASE i.key_hold WHEN 'UNTIL_CLAIMED' THEN ${IN_SECONDS} ELSE ${NOW} END`;
const HELD_UNTIL = `CASE i.key_hold WHEN 'UNTIL_TIME' THEN ${IN_SECONDS} END`;

// Keys are inserted in one order, so that two batches with the same keys never wait for each other crosswise; the
// log keeps the order of submission.
// What few submissions have is not sent with the others: every column of a list is read for each of its rows.
const buildSubmit = (onConflict: string, isRare: boolean, takesTurns = false) =>
  `WITH input AS (
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::int[], $6::timestamptz[], $7::text[],
      $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[],
      $14::text[], $15::int[]${isRare ? ', $16::int[], $17::uuid[], $18::int[], $19::text[], $20::text[], $21::int[]' : ''}) AS i (id, job_id, room, payload, priority, run_at,
      idempotency_key, correlation_id, entity_type, entity_id, labels, created_by, traceparent, key_owner, schema_version${isRare ? ', max_attempts, copy_of, dependency_count, limit_key, key_hold, hold_seconds' : ''})
  ), changed AS (
    INSERT INTO task (id, job_id, room, status, version, max_attempts, payload, priority, run_at, idempotency_key,
      correlation_id, entity_type, entity_id, labels, created_by, created_at, traceparent, key_owner, schema_version${isRare ? ', copy_of, dependency_count, limit_key, key_hold, key_until' : ''})
    SELECT i.id, i.job_id, i.room, ${isRare ? `(CASE i.dependency_count WHEN 0 THEN '${submit.to}' ELSE '${submitWaiting.to}' END)::task_status` : `'${submit.to}'`}, 1, ${isRare ? 'COALESCE(i.max_attempts, job.max_attempts)' : 'job.max_attempts'}, i.payload::jsonb, i.priority,
      COALESCE(i.run_at, ${isRare ? DEBOUNCED_TO : NOW}), i.idempotency_key, i.correlation_id, i.entity_type, i.entity_id, i.labels::jsonb,
      i.created_by, ${NOW}, i.traceparent, i.key_owner, i.schema_version${isRare ? `, i.copy_of, i.dependency_count, i.limit_key, i.key_hold::key_hold, ${HELD_UNTIL}` : ''}
    FROM input i JOIN job ON job.id = i.job_id AND job.schema_version = i.schema_version AND job.retired_at IS NULL
    ORDER BY i.job_id, i.room, i.key_owner, i.idempotency_key, i.id
    ${onConflict}
    RETURNING id, job_id, room, status, version, priority, created_by, max_attempts, run_at, created_at${takesTurns ? ', task AS whole' : ''}
  ), ${logEntryCte('id')}, logged AS (
    INSERT INTO task_transition (id, xid, horizon, at, task_id, version, room, job_id, to_status, reason, attempt, actor,
      due_at)
    SELECT log_id, xid, horizon, at, id, 1, room, job_id, status, '${reason}', 0, created_by,
      ${isRare ? `CASE status WHEN '${QUEUED}' THEN ${DUE_AT} END` : DUE_AT} FROM entry
  ), ${takesTurns ? ENQUEUE_BY_TURNS : ENQUEUE}
  SELECT entry.id, entry.max_attempts AS "maxAttempts", NULLIF(entry.run_at, entry.created_at) AS "runAt",
    CASE WHEN ${IS_FIRST_ENTRY} THEN entry.created_at END AS "createdAt", ${ENTRY_COLUMNS}
  FROM entry`;

/** What may meet a key is inserted tentatively first, row by row, which takes longer. */
const ON_CONFLICT =
  'ON CONFLICT (job_id, room, key_owner, idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING';
const SUBMIT = statement('submit', buildSubmit('', false));
const SUBMIT_KEYED = statement('submit_keyed', buildSubmit(ON_CONFLICT, false));
const SUBMIT_RARE = statement('submit', buildSubmit('', true));
const SUBMIT_RARE_KEYED = statement('submit_keyed', buildSubmit(ON_CONFLICT, true));
const SUBMIT_BY_TURNS = statement('submit', buildSubmit('', true, true));
const SUBMIT_BY_TURNS_KEYED = statement('submit_keyed', buildSubmit(ON_CONFLICT, true, true));

function statementFor(isKeyed: boolean, isRare: boolean, takesTurns: boolean): Statement {
  if (takesTurns) return isKeyed ? SUBMIT_BY_TURNS_KEYED : SUBMIT_BY_TURNS;
  if (isRare) return isKeyed ? SUBMIT_RARE_KEYED : SUBMIT_RARE;
  return isKeyed ? SUBMIT_KEYED : SUBMIT;
}

const FIND_BY_KEY = statement(
  'submit_find_by_key',
  `SELECT t.id, ${HOLDS_KEY} AS held, t.payload <> wanted.payload::jsonb AS "payloadDiffers",
    pg_snapshot_xmin(pg_current_snapshot())::text AS horizon, EXISTS (
      SELECT FROM job WHERE job.id = wanted.job_id AND job.schema_version = wanted.schema_version AND job.retired_at IS NULL
    ) AS open
  FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::int[]) WITH ORDINALITY
    AS wanted (job_id, room, key, owner, payload, schema_version, index)
  LEFT JOIN task t ON t.job_id = wanted.job_id AND t.room = wanted.room AND t.key_owner = wanted.owner
    AND t.idempotency_key = wanted.key AND t.idempotency_key IS NOT NULL
  ORDER BY wanted.index`,
);
