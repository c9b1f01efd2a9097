/**
 * A filter as SQL: its conditions, and the walk that finds what matches.
 *
 * A list is in the order of ids, the newest first. A walk follows indexes that are in this order, each over the tasks
 * that share one value (a room, a job, a correlation id), and merges them. What no index knows is looked at on the way,
 * for so many tasks at most; a walk that stops there says how far it has come.
 */
import type { ErrorKind } from '../../../domain/error-fingerprint.ts';
import { INTERNAL_ROOM } from '../../../domain/rooms.ts';
import type { TaskStatus } from '../../../domain/task.ts';
import { type PayloadCondition, SEARCHED_CHARACTERS, type TaskFilter } from '../../../domain/task-filter.ts';
import { TRANSITIONS } from '../../../domain/transitions.ts';
import type { RoomSet } from '../../log/log.ts';
import { UNFINISHED_STATUSES } from './find-unfinished.ts';

/** What is looked through: the rights of who asks, and the room where one is named. */
export interface TaskScope {
  /** Null: all but the server's own. */
  rooms: RoomSet;
  /** Only what this identity has submitted. */
  createdBy?: string | undefined;
  /** Besides what these workers hold, whatever its room. */
  heldBy?: readonly string[] | undefined;
}

/** Parameters of a statement, by their places. */
export class Parameters {
  readonly values: unknown[] = [];

  /** @returns its place, as `$1` */
  add(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }
}

/** Parts of one index at most; of more the whole table is walked. */
const MAX_PARTS = 50;

/** The conditions of a walk's parts, over `t`: each one part of an index that is in the order of ids. */
export function conditionPartsOf(scope: TaskScope, filter: TaskFilter, parameters: Parameters): string[] {
  const equal = (column: string, type: string) => (value: unknown) =>
    `${column} = ${parameters.add(value)}::${type}`;
  const { statuses, jobIds } = filter;
  const { rooms } = scope;
  if (filter.ids) return [`t.id = ANY (${parameters.add(filter.ids)}::uuid[])`];
  if (filter.workerId) return [`t.id = ANY (ARRAY(${heldBy(parameters, [filter.workerId])}))`];
  if (filter.correlationId) return [equal('t.correlation_id', 'text')(filter.correlationId)];
  if (filter.entityId) return [equal('t.entity_id', 'text')(filter.entityId)];
  if (filter.errorKind) return [ofKind(filter.errorKind, parameters)];
  if (filter.errorCode) return [equal(`(t.error->>'code')`, 'text')(filter.errorCode) + HAS_ERROR];
  if (statuses && !statuses.some(isUsual) && rooms && rooms.length * statuses.length <= MAX_PARTS) {
    const rare = rooms.flatMap((room) =>
      statuses.map((status) => `t.room = ${parameters.add(room)} AND t.rare_status = '${status}'`),
    );
    return [...rare, ...held(scope, parameters)];
  }
  if (statuses?.length === 1 && statuses[0] === TRANSITIONS.retry.from[0])
    return [`t.rare_status = '${statuses[0]}'`];
  if (jobIds && jobIds.length <= MAX_PARTS) return jobIds.map(equal('t.job_id', 'uuid'));
  const createdBy = filter.createdBy ?? scope.createdBy;
  if (createdBy !== undefined) return [equal('t.created_by', 'text')(createdBy)];
  if (rooms && rooms.length <= MAX_PARTS)
    return [...rooms.map(equal('t.room', 'text')), ...held(scope, parameters)];
  return ['true'];
}

const ofKind = ({ jobId, fingerprint }: ErrorKind, parameters: Parameters) =>
  `(t.error->>'fingerprint') = ${parameters.add(fingerprint)} AND t.job_id = ${parameters.add(jobId)}::uuid${HAS_ERROR}`;

// What a partial index must be asked for.
const HAS_ERROR = ' AND t.error IS NOT NULL';

const heldBy = (parameters: Parameters, workers: readonly string[]) =>
  `SELECT task_id FROM task_hold WHERE worker_id = ANY (${parameters.add(workers)}::uuid[])`;

/** What workers hold in other rooms. */
function held({ rooms, heldBy: workers }: TaskScope, parameters: Parameters): string[] {
  if (!workers?.length) return [];
  return [
    `t.id = ANY (ARRAY(${heldBy(parameters, workers)})) AND t.room <> ALL (${parameters.add(rooms)}::text[])`,
  ];
}

/** Statuses that no index has: all that are not rare. */
const isUsual = (status: TaskStatus) =>
  UNFINISHED_STATUSES.includes(status) || status === TRANSITIONS.complete.to;

/**
 * A condition by which an index finds what matches, in no order: for what is rare among many. Undefined where the
 * filter has none.
 */
export function lookUpOf(filter: TaskFilter, parameters: Parameters): string | undefined {
  if (Object.keys(filter.labels).length > 0) return hasLabels(filter, parameters);
  return filter.errorWords && hasWords(filter.errorWords, parameters);
}

const hasLabels = ({ labels }: TaskFilter, parameters: Parameters) =>
  `t.labels <> '{}' AND t.labels @> ${parameters.add(JSON.stringify(labels))}::jsonb`;
const hasWords = (words: readonly string[], parameters: Parameters) =>
  `t.error IS NOT NULL AND ${ERROR_WORDS} @> ${parameters.add(words)}::text[]`;

/** As the index has it. */
const ERROR_WORDS = `regexp_split_to_array(lower("left"(t.error->>'message', ${SEARCHED_CHARACTERS})), '[^[:alnum:]]+')`;

/** All that a task `t` must be. */
export function conditionsOf(scope: TaskScope, filter: TaskFilter, parameters: Parameters): string {
  const p = (value: unknown) => parameters.add(value);
  const compare = (column: string, operator: string, value: unknown, type: string) =>
    value === undefined ? [] : [`${column} ${operator} ${p(value)}::${type}`];
  const equal = (column: string, value: unknown) => compare(column, '=', value, 'text');
  const between = (column: string, after: Date | undefined, before: Date | undefined) => [
    ...compare(column, '>', after?.toISOString(), 'timestamptz'),
    ...compare(column, '<', before?.toISOString(), 'timestamptz'),
  ];
  const { statuses, jobIds, labels, labelKeys, errorWords, discarded } = filter;
  return [
    visible(scope, parameters),
    ...(filter.ids ? [`t.id = ANY (${p(filter.ids)}::uuid[])`] : []),
    ...(filter.idRange
      ? [`t.id BETWEEN ${p(filter.idRange[0])}::uuid AND ${p(filter.idRange[1])}::uuid`]
      : []),
    ...(statuses ? [`t.status = ANY (${p(statuses)}::task_status[])`] : []),
    ...(jobIds ? [`t.job_id = ANY (${p(jobIds)}::uuid[])`] : []),
    ...equal('t.created_by', filter.createdBy),
    ...equal('t.correlation_id', filter.correlationId),
    ...equal('t.idempotency_key', filter.idempotencyKey),
    ...equal('t.entity_type', filter.entityType),
    ...equal('t.entity_id', filter.entityId),
    ...compare('t.worker_id', '=', filter.workerId, 'uuid'),
    ...equal(`t.error->>'code'`, filter.errorCode),
    ...(filter.errorKind ? [ofKind(filter.errorKind, parameters)] : []),
    ...(errorWords ? [hasWords(errorWords, parameters)] : []),
    ...(discarded === undefined ? [] : [`t.discarded_at IS ${discarded ? 'NOT ' : ''}NULL`]),
    ...(Object.keys(labels).length > 0 ? [hasLabels(filter, parameters)] : []),
    ...(labelKeys ? [`t.labels ?& ${p(labelKeys)}::text[]`] : []),
    ...compare('t.priority', '>=', filter.minPriority, 'int'),
    ...compare('t.priority', '<=', filter.maxPriority, 'int'),
    ...between('t.created_at', filter.createdAfter, filter.createdBefore),
    ...between('t.run_at', filter.runAfter, filter.runBefore),
    ...between('t.finished_at', filter.finishedAfter, filter.finishedBefore),
    ...(filter.payload ?? []).map((condition) => ofPayload(condition, parameters)),
  ].join(' AND ');
}

export function visible({ rooms, createdBy, heldBy: workers }: TaskScope, parameters: Parameters): string {
  const own = createdBy === undefined ? '' : ` AND t.created_by = ${parameters.add(createdBy)}`;
  if (rooms === null) return `t.room <> '${INTERNAL_ROOM}'${own}`;
  const inRooms = `t.room = ANY (${parameters.add(rooms)}::text[])`;
  if (!workers?.length) return inRooms + own;
  return `(${inRooms} OR t.worker_id = ANY (${parameters.add(workers)}::uuid[]))${own}`;
}

function ofPayload({ path, equals, contains, exists }: PayloadCondition, parameters: Parameters): string {
  const at = `${parameters.add(path)}::text[]`;
  if (exists !== undefined) return `(t.payload #> ${at}) IS ${exists ? 'NOT ' : ''}NULL`;
  if (contains === undefined)
    return `(t.payload #> ${at}) = ${parameters.add(JSON.stringify(equals))}::jsonb`;
  const text = parameters.add(contains);
  return `jsonb_typeof(t.payload #> ${at}) = 'string' AND strpos(lower(t.payload #>> ${at}), lower(${text})) > 0`;
}
