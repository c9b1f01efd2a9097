/** Tasks by a filter: a page of them, or how many there are; see task-conditions.ts for how they are found. */
import { present } from '../../../domain/present.ts';
import { noTasks } from '../../../domain/statistics.ts';
import type { TaskRow, TaskStatus } from '../../../domain/task.ts';
import type { TaskFilter } from '../../../domain/task-filter.ts';
import type { DatabaseSession, Statement } from '../../database/database.ts';
import { queryOne } from '../../database/query-one.ts';
import { statement } from '../../database/statement.ts';
import { taskColumns } from '../rows.ts';
import { findUnfinished, UNFINISHED_STATUSES } from './find-unfinished.ts';
import { conditionPartsOf, conditionsOf, lookUpOf, Parameters, type TaskScope } from './task-conditions.ts';

/** Which tasks, in which order. */
export interface TaskSearch {
  scope: TaskScope;
  filter: TaskFilter;
  order: 'asc' | 'desc';
  /** Ids strictly between these. */
  gt?: string | undefined;
  lt?: string | undefined;
}

export interface FoundTasks<Row = TaskRow> {
  rows: Row[];
  /** Where the search stopped, at the end of what it may look at: what lies beyond was not looked at. */
  stoppedAt?: string;
}

export interface FilteredCounts {
  byStatus: Record<TaskStatus, number>;
  total: number;
  /** There may be more. */
  atLeast: boolean;
}

/** Tasks that a walk looks at, at most. @internal */
export const MOST_LOOKED_AT = 10_000;
/** Where it must look into payloads. */
const MOST_PAYLOADS = 2_000;
/** Before what an index knows in no order is looked up. */
const FIRST_LOOK = 1_000;
/** What is looked up so, at most. */
const MOST_LOOKED_UP = 20_000;
/** Counted exactly. */
export const MOST_COUNTED = 10_000;

/** At most `limit` tasks, without payload and result. */
export function findByFilter(
  session: DatabaseSession,
  search: TaskSearch,
  limit: number,
): Promise<FoundTasks> {
  return find<TaskRow>(session, search, limit, taskColumns('t'));
}

/** The same, ids alone. */
export async function findIdsByFilter(
  session: DatabaseSession,
  search: TaskSearch,
  limit: number,
): Promise<FoundTasks<{ id: string }>> {
  return find<{ id: string }>(session, search, limit, 't.id');
}

/** What decides whether a task can be acted on. */
export type ForBulk = Pick<TaskRow, 'id' | 'status' | 'room' | 'createdBy' | 'discardedAt'>;

export function findForBulk(
  session: DatabaseSession,
  search: TaskSearch,
  limit: number,
): Promise<FoundTasks<ForBulk>> {
  const columns = 't.id, t.status, t.room, t.created_by AS "createdBy", t.discarded_at AS "discardedAt"';
  return find<ForBulk>(session, search, limit, columns);
}

/** Columns of which values are collected. */
export const SAMPLED_COLUMNS = {
  labels: 't.labels',
  entityType: 't.entity_type AS "entityType"',
  createdBy: 't.created_by AS "createdBy"',
  errorCode: `t.error->>'code' AS "errorCode"`,
  payload: 't.payload',
} as const;
export type Sampled = keyof typeof SAMPLED_COLUMNS;

/** The same, one column alone: what the newest tasks have in it. */
export async function sampleTasks(
  session: DatabaseSession,
  scope: TaskScope,
  column: Sampled,
  limit: number,
): Promise<Record<Sampled, unknown>[]> {
  const search: TaskSearch = { scope, filter: { labels: {} }, order: 'desc' };
  return (await find<Record<Sampled, unknown>>(session, search, limit, `t.id, ${SAMPLED_COLUMNS[column]}`))
    .rows;
}

export async function countByFilter(
  session: DatabaseSession,
  scope: TaskScope,
  filter: TaskFilter,
): Promise<FilteredCounts> {
  const search: TaskSearch = { scope, filter, order: 'desc' };
  const { rows, stoppedAt } = await find<{ status: TaskStatus }>(
    session,
    search,
    MOST_COUNTED + 1,
    't.id, t.status',
  );
  const byStatus = noTasks();
  const counted = rows.slice(0, MOST_COUNTED);
  for (const { status } of counted) byStatus[status]++;
  return { byStatus, total: counted.length, atLeast: stoppedAt !== undefined || rows.length > MOST_COUNTED };
}

async function find<Row>(
  session: DatabaseSession,
  search: TaskSearch,
  limit: number,
  columns: string,
): Promise<FoundTasks<Row>> {
  search = await amongOpen(session, search);
  const most = search.filter.payload ? MOST_PAYLOADS : MOST_LOOKED_AT;
  const hasLookUp = lookUpOf(search.filter, new Parameters()) !== undefined;
  const walked = await walk<Row>(session, search, { limit, columns, most: hasLookUp ? FIRST_LOOK : most });
  if (walked.stoppedAt === undefined || !hasLookUp) return walked;
  const looksUp = !(await isFrequent(session, walked.rows.length));
  return (
    (looksUp ? await lookUp<Row>(session, search, { limit, columns }) : undefined) ??
    (await walk<Row>(session, search, { limit, columns, most }))
  );
}

/**
 * Whether what the first look has found says that more match than are looked up: an index that knows them in no order would
 * read all of them before it is given up.
 */
async function isFrequent(session: DatabaseSession, found: number): Promise<boolean> {
  if (found === 0) return false;
  const { tasks } = await queryOne<{ tasks: number }>(session, ESTIMATED_TASKS, []);
  return (found / FIRST_LOOK) * tasks > MOST_LOOKED_UP;
}

/** -1 where nobody has counted yet. */
const ESTIMATED_TASKS = statement(
  'estimate_task_table',
  `SELECT reltuples::float8 AS tasks FROM pg_class WHERE oid = 'task'::regclass`,
);

/** No index has the statuses of the usual way: what is open has tables of its own, which say where to look. */
async function amongOpen(session: DatabaseSession, search: TaskSearch): Promise<TaskSearch> {
  const { statuses, ids, idRange } = search.filter;
  if (!statuses || ids || idRange || !statuses.every((one) => UNFINISHED_STATUSES.includes(one)))
    return search;
  const { rooms } = search.scope;
  const open = await findUnfinished(session, statuses, rooms?.length === 1 ? present(rooms[0]) : null);
  const among = 'ids' in open ? { ids: open.ids } : { idRange: [open.first, open.last] as [string, string] };
  return { ...search, filter: { ...search.filter, ...among } };
}

interface Wanted {
  limit: number;
  columns: string;
}

/** Follows the order of ids, and looks at `most` tasks at most. */
async function walk<Row>(
  session: DatabaseSession,
  search: TaskSearch,
  { limit, columns, most }: Wanted & { most: number },
): Promise<FoundTasks<Row>> {
  const { filter, scope, order } = search;
  const parameters = new Parameters();
  const walked = partsInOrder(search, most, parameters, (each) => ['t.*', `LIMIT ${each}`]);
  if (walked === '') return { rows: [] };
  const found = await session.query<Row & { id: string }>(
    once(
      'find_by_filter',
      `SELECT ${columns} FROM (${walked}) t WHERE ${conditionsOf(scope, filter, parameters)}
      ORDER BY t.id ${order} LIMIT ${limit}`,
    ),
    parameters.values,
  );
  if (found.length === limit) return { rows: found };
  const ending = new Parameters();
  const ends = partsInOrder(search, most, ending, (each) => ['t.id', `OFFSET ${each - 1} LIMIT 1`]);
  const [end] = await session.query<{ id: string }>(
    once('find_by_filter_end', `SELECT t.id FROM (${ends}) t ORDER BY t.id ${order} LIMIT 1`),
    ending.values,
  );
  if (!end) return { rows: found };
  // What other parts have found beyond it is not all that there is.
  const rows = found.filter(({ id }) => (order === 'desc' ? id >= end.id : id <= end.id));
  return { rows, stoppedAt: end.id };
}

/** The parts of a walk, each with its share of what may be looked at. */
function partsInOrder(
  { scope, filter, order, gt, lt }: TaskSearch,
  most: number,
  parameters: Parameters,
  what: (each: number) => [selected: string, rest: string],
): string {
  const parts = conditionPartsOf(scope, filter, parameters);
  const range = [
    ...(gt ? [`t.id > ${parameters.add(gt)}::uuid`] : []),
    ...(lt ? [`t.id < ${parameters.add(lt)}::uuid`] : []),
    ...(filter.idRange
      ? [
          `t.id BETWEEN ${parameters.add(filter.idRange[0])}::uuid AND ${parameters.add(filter.idRange[1])}::uuid`,
        ]
      : []),
  ];
  const [selected, rest] = what(Math.ceil(most / parts.length));
  return parts
    .map((part) => {
      const where = [part, ...range].join(' AND ');
      return `(SELECT ${selected} FROM task t WHERE ${where} ORDER BY t.id ${order} ${rest})`;
    })
    .join(' UNION ALL ');
}

/** What an index gives in no order, in order; undefined when that is too much. */
async function lookUp<Row>(
  session: DatabaseSession,
  { scope, filter, order, gt, lt }: TaskSearch,
  { limit, columns }: Wanted,
): Promise<FoundTasks<Row> | undefined> {
  const looked = new Parameters();
  const ids = await session.query<{ id: string }>(
    once(
      'find_by_filter_ids',
      `SELECT t.id FROM task t WHERE ${lookUpOf(filter, looked)} LIMIT ${MOST_LOOKED_UP + 1}`,
    ),
    looked.values,
  );
  if (ids.length > MOST_LOOKED_UP) return undefined;
  const wanted = ids.filter(({ id }) => (!gt || id > gt) && (!lt || id < lt)).map(({ id }) => id);
  const parameters = new Parameters();
  const among = `t.id = ANY (${parameters.add(wanted)}::uuid[])`;
  const rows = await session.query<Row>(
    once(
      'find_by_filter_found',
      `SELECT ${columns} FROM task t WHERE ${among} AND ${conditionsOf(scope, filter, parameters)}
      ORDER BY t.id ${order} LIMIT ${limit}`,
    ),
    parameters.values,
  );
  return { rows };
}

/** Its text is another for each kind of filter, and its plan depends on the values: it is not kept. */
function once(name: string, text: string): Statement {
  return { name, text, once: true };
}
