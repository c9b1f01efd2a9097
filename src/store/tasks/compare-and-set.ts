/**
 * The one way in which an existing task changes its status: lock, compare, set, raise the version, append to the log,
 * and keep the queue and what is held up to date, see queue.ts.
 * Each verb says which statuses it leaves, what it sets and why; what does not match is not touched.
 *
 * Rows are locked in the order of their ids, so that two batches over the same tasks never wait for each other
 * crosswise. A task that stands twice in a batch is changed once; the other item is refused like a late one.
 *
 * A verb that can end tasks also moves those that have waited for them, see settle-dependents.ts: they are changes of
 * the same statement, behind those of the items.
 */

import { SYSTEM_ACTOR } from '../../domain/audit.ts';
import { present } from '../../domain/present.ts';
import type { TaskStatus, TransitionChange, TransitionReason } from '../../domain/task.ts';
import { isTerminal } from '../../domain/transitions.ts';
import type { DatabaseSession, Statement } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import { GAVE_BACK_SLOTS, mayGiveBack } from '../gates/give-back-slots.ts';
import { canEnd, settleDependents } from './dependencies/settle-dependents.ts';
import { SNAPSHOT_COLUMNS } from './generated/task-fields.ts';
import { ENQUEUE, move, placeColumns, QUEUED } from './queue.ts';
import {
  DUE_AT,
  ENTRY_COLUMNS,
  keptColumns,
  type LoggedRow,
  logEntryCte,
  shareMoment,
  sqlStatuses,
  toChange,
} from './rows.ts';

/** Whether task `t` is held as item `i` says. */
export const IS_HELD_SO = 't.worker_id = i.worker_id AND t.attempt = i.attempt';

/** Which attempt a worker speaks of. */
export interface HeldAttempt {
  taskId: string;
  workerId: string;
  /** The fencing token: only the holder of the present claim has it. */
  attempt: number;
  /** Who says it, for the log. */
  actor: string;
}

/** What a caller with rights on the task asks for. */
export interface CallerAction {
  taskId: string;
  actor: string;
}

interface CompareAndSet {
  from: readonly TaskStatus[];
  /** A further condition, over `t` and `i`. */
  where?: string;
  /** SQL of the new status, over `t` (the task), `i` (the item) and, when joined, `job`. */
  to: string;
  /** SQL of the reason, likewise. */
  reason: string;
  /** Further assignments, over `t` (the task before) and `x` (item and computed columns). */
  set: string;
  /** Columns of the item beyond who and what: name to SQL type. Sent as one array each, from $5 on ($3 for callers). */
  item?: Record<string, string>;
  /** Columns computed while the row is locked: name to SQL over `t`, `i` and `job`. */
  computed?: Record<string, string>;
  /** Whether `reason`, `to` or `computed` need the task's job. */
  joinsJob?: boolean;
  /** SQL of the error, the note and the updates that the log row carries, over `i`, and `t` for the updates. */
  error?: string;
  note?: string;
  updates?: string;
  /** A further CTE that reads `changed`. */
  also?: string;
}

/** A verb of the worker that holds the attempt. Its rows leave out what its items say, and what is always the same. */
export interface HolderVerb extends Statement {
  same: { [Column in 'from' | 'reason' | 'status']?: LoggedRow[Column] };
}

/** A verb of the worker that holds the attempt. */
export function changeIfHeld(verb: string, change: CompareAndSet): HolderVerb {
  const columns = ['task_id', 'worker_id', 'attempt', 'actor', ...Object.keys(change.item ?? {})];
  const types = ['uuid', 'uuid', 'int', 'text', ...Object.values(change.item ?? {})];
  const same = sameOf(change);
  return {
    ...build(verb, change, {
      rows: itemsAndTasks(columns, types),
      match: `AND ${IS_HELD_SO}`,
      known: [...KNOWN_OF_HOLDER, ...Object.keys(same)],
    }),
    same,
  };
}

/** What `completeHeld` knows of the change to an item, and so is not read from its row. */
const KNOWN_OF_HOLDER = ['id', 'attempt', 'lastWorkerId', 'actingWorker', 'actor', 'finishedAt'];

/** What all changes of a verb to its items have in common. */
function sameOf({ from, to, reason }: CompareAndSet): HolderVerb['same'] {
  const [onlyFrom] = from;
  return {
    ...(from.length === 1 && onlyFrom && { from: onlyFrom }),
    ...(isConstant(to) && { status: to.slice(1, -1) as TaskStatus }),
    ...(isConstant(reason) && { reason: reason.slice(1, -1) as TransitionReason }),
  };
}

/** Whether SQL is what `sqlConstant` gives. */
const isConstant = (sql: string) => /^'\w+'$/.test(sql);

/** A verb of a caller with rights on the task. */
export function changeByCaller(verb: string, change: CompareAndSet): Statement {
  const columns = ['task_id', 'actor', ...Object.keys(change.item ?? {})];
  const types = ['uuid', 'text', ...Object.values(change.item ?? {})];
  return build(verb, change, { rows: itemsAndTasks(columns, types), match: '' });
}

/**
 * A verb of the server on whatever matches of what is held, at most $1 tasks at a time. `rows` joins what `where` needs
 * to `task_hold h` and its `task t`. What another server has locked in this moment is left to it, so that several may
 * run it at once.
 */
export function changeAll(verb: string, change: SystemChange): Statement {
  return build(verb, change, {
    rows: systemRows(change.rows),
    match: '',
    limit: '$1::int',
    skipLocked: true,
  });
}

type SystemChange = CompareAndSet & { where: string; rows?: string };

const systemRows = (rows = '') =>
  `task_hold h JOIN task t ON t.id = h.task_id AND t.worker_id = h.worker_id AND t.attempt = h.attempt
    CROSS JOIN (VALUES ('${SYSTEM_ACTOR}', 0)) AS i (actor, ord) ${rows}`;

/** How many tasks a verb of the server would change now, by its own conditions. The parameters are those of the verb. */
export function systemCount(verb: string, change: SystemChange): Statement {
  return statement(
    verb,
    `SELECT "from", "to", count(*)::int AS count FROM (
      SELECT t.status AS "from", (${change.to})::task_status AS "to"
      FROM ${systemRows(change.rows)} ${change.joinsJob ? 'JOIN job ON job.id = t.job_id' : ''}
      WHERE ${conditionsOf(change)} LIMIT $1::int
    ) target GROUP BY 1, 2`,
  );
}

/** Which tasks a verb changes. */
function conditionsOf({ from, where }: CompareAndSet): string {
  return `t.status IN (${sqlStatuses(from)}) ${where ? `AND ${where}` : ''}`;
}

/**
 * Runs a verb of the server once; fewer changes than the limit mean that there is no more to do. Behind what it has
 * changed itself come the changes of other tasks that have followed.
 */
export async function runSystem(session: DatabaseSession, verb: Statement, parameters: readonly unknown[]) {
  return shareMoment(await session.query<LoggedRow>(verb, parameters)).map(toChange);
}

/** The SQL constant of a status or a reason from the table of transitions. */
export function sqlConstant(value: TaskStatus | TransitionReason): string {
  return `'${value}'`;
}

/** What a verb answers; without `ord` the change of a task that has followed. */
type VerbRow = LoggedRow & { ord: number | null };

/**
 * Runs a verb of callers over a batch.
 * @returns for each item the change, or null where the task is not there, or not in a matching status;
 *   behind them the changes of other tasks that have followed
 */
export async function runCompareAndSet(
  session: DatabaseSession,
  verb: Statement,
  columns: readonly (readonly unknown[])[],
): Promise<(TransitionChange | null)[]> {
  const rows = shareMoment(await session.query<VerbRow>(verb, columns));
  return byItem(rows, columns[0]?.length ?? 0);
}

/**
 * Runs a verb of the holders over a batch.
 * @param columns of the items, beyond who and what
 * @returns as `runCompareAndSet`; null also where the task is not held so
 */
export async function runIfHeld(
  session: DatabaseSession,
  verb: HolderVerb,
  items: readonly HeldAttempt[],
  columns: readonly (readonly unknown[])[] = [],
): Promise<(TransitionChange | null)[]> {
  const rows = await session.query<VerbRow>(verb, [...holderColumns(items), ...columns]);
  for (const row of shareMoment(rows)) {
    if (row.ord !== null) completeHeld(row, present(items[row.ord - 1]), verb.same);
  }
  return byItem(rows, items.length);
}

/** The first four columns of every holder's verb. */
export function holderColumns(items: readonly HeldAttempt[]): unknown[][] {
  return [
    items.map(({ taskId }) => taskId),
    items.map(({ workerId }) => workerId),
    items.map(({ attempt }) => attempt),
    items.map(({ actor }) => actor),
  ];
}

/** Adds to the row of an item what it leaves out. */
function completeHeld(row: VerbRow, item: HeldAttempt, { from, status, reason }: HolderVerb['same']): void {
  row.id = item.taskId;
  row.attempt = item.attempt;
  row.lastWorkerId = item.workerId;
  row.actingWorker = item.workerId;
  row.actor = item.actor;
  if (from) row.from = from;
  if (status) row.status = status;
  if (reason) row.reason = reason;
  row.finishedAt = isTerminal(row.status) ? row.at : null;
}

function byItem(rows: readonly VerbRow[], count: number): (TransitionChange | null)[] {
  const results = new Array<TransitionChange | null>(count).fill(null);
  for (const row of rows) {
    if (row.ord === null) results.push(toChange(row));
    else results[row.ord - 1] = toChange(row);
  }
  return results;
}

/** The items of a verb as rows `i`, beside their tasks. */
function itemsAndTasks(columns: string[], types: string[]): string {
  return `unnest(${types.map((type, n) => `$${n + 1}::${type}[]`).join(', ')})
      WITH ORDINALITY AS i (${columns.join(', ')}, ord)
    JOIN task t ON t.id = i.task_id`;
}

function build(
  verb: string,
  change: CompareAndSet,
  source: { rows: string; match: string; known?: readonly string[]; limit?: string; skipLocked?: boolean },
): Statement {
  const computed = Object.entries(change.computed ?? {}).map(([name, sql]) => `, ${sql} AS ${name}`);
  const ends = canEnd(change.to);
  return statement(
    verb,
    `WITH target AS (
    SELECT t.id, t.status AS from_status, t.worker_id AS held_by, ${placeColumns(change.from)}, i.*,
      (${change.to})::task_status AS to_status, (${change.reason})::transition_reason AS reason,
      (${change.error ?? 'NULL'})::jsonb AS logged_error, (${change.note ?? 'NULL'})::text AS logged_note
      ${change.updates ? `, (${change.updates})::jsonb AS updates` : ''}
      ${computed.join(' ')}
    FROM ${source.rows} ${change.joinsJob ? 'JOIN job ON job.id = t.job_id' : ''}
    WHERE ${conditionsOf(change)} ${source.match}
    ORDER BY t.id ${source.limit ? `LIMIT ${source.limit}` : ''}
    FOR NO KEY UPDATE OF t ${source.skipLocked ? 'SKIP LOCKED' : ''}
  ), ${ends ? 'moved' : 'changed'} AS (
    UPDATE task t SET status = x.to_status, version = t.version + 1, updated_at = now(), ${change.set}
    FROM target x WHERE t.id = x.id
    RETURNING ${keptColumns('t')}, x.ord::bigint AS ord, x.from_status, x.held_by, x.reason, x.actor, x.logged_error,
      x.logged_note
      ${change.updates ? ', x.updates' : ''}
  ), ${ends ? `followed AS (${settleDependents('moved')}), changed AS (SELECT * FROM moved UNION ALL SELECT * FROM followed),` : ''}
  ${logChanged(change.updates ? ', updates' : '')}, ${move(change.from)}${change.also ? `, ${change.also}` : ''}
  ${selectEntries(source.known, `${change.updates ? ', entry.updates' : ''}${mayGiveBack(change.from) ? `, ${GAVE_BACK_SLOTS}` : ''}`)}`,
  );
}

/** CTEs over `changed` that append it to the log. */
function logChanged(updates = ''): string {
  return `${logEntryCte('ord')}, logged AS (
    INSERT INTO task_transition (id, xid, horizon, at, task_id, version, room, job_id, from_status, to_status, reason,
      attempt, worker_id, actor, note, error, due_at ${updates})
    SELECT log_id, xid, horizon, at, id, version, room, job_id, from_status, status, reason, attempt, held_by, actor,
      logged_note, logged_error, CASE status WHEN '${QUEUED}' THEN ${DUE_AT} END ${updates}
    FROM entry
  )`;
}

/**
 * What a verb answers of what it has logged.
 * @param known properties that are left out where the change is that of an item
 */
function selectEntries(known: readonly string[] = [], more = ''): string {
  const columns = ANSWERED.map(([property, column]) => {
    const value = `entry.${column}`;
    return `${known.includes(property) ? `CASE WHEN entry.ord IS NULL THEN ${value} END` : value} AS "${property}"`;
  });
  return `SELECT entry.ord::int AS ord, ${columns.join(', ')}, ${ENTRY_COLUMNS} ${more}
  FROM entry`;
}

const ANSWERED = [
  ...SNAPSHOT_COLUMNS,
  ['from', 'from_status'],
  ['reason', 'reason'],
  ['actingWorker', 'held_by'],
  ['actor', 'actor'],
  ['note', 'logged_note'],
  ['loggedError', 'logged_error'],
] as const;

/**
 * Settles what waits for tasks, of $1, that had ended before it did: what their end does for those that waited already.
 * The tasks must be locked.
 */
export async function settleEnded(session: DatabaseSession, taskIds: readonly string[]) {
  return runSystem(session, SETTLE_ENDED, [taskIds]);
}

const SETTLE_ENDED = statement(
  'settle_ended',
  `WITH parent AS (
    SELECT id, status, dependent_count FROM task WHERE id = ANY ($1::uuid[])
  ), changed AS (${settleDependents('parent')}), ${logChanged()}, ${ENQUEUE}
  ${selectEntries()}`,
);
