/**
 * Reading the transition log.
 *
 * Ids and transactions commit out of order, so the order (xid, id) is only final below the horizon: the oldest
 * transaction that is still under way. Within one task only `version` orders, and a visible version means that all
 * before it are visible.
 */
import { earlierPosition, havingSeen, LOG_START, type Position } from '../../domain/position.ts';
import type { TaskStatus, TransitionChange } from '../../domain/task.ts';
import { isHeld, isTerminal, TRANSITIONS } from '../../domain/transitions.ts';
import type { Database, Statement } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import { LOGGED_COLUMNS, type LoggedRow, snapshotColumns, toChange } from '../tasks/rows.ts';
import { type LogIdentity, openIdentity } from './identity.ts';
import type { PositionedPage } from './positioned.ts';

/** Which part of the log to read. */
export type LogScope = { rooms: RoomSet } | { taskId: string };

/** Rooms by name; null: all. */
export type RoomSet = readonly string[] | null;

/** Which version of which task a row of the log is, and where it lies. */
export interface LoggedVersion extends Position {
  taskId: string;
  version: number;
  room: string;
}

export interface LogPage {
  changes: TransitionChange[];
  /** Where to go on; everything below it has been read. Never above the horizon. */
  position: Position;
  /** Whether the page was full. */
  more: boolean;
  /**
   * The highest position that has ever been deleted, as of this page. Where it lies above the position that was asked
   * for, the page may lack something that was there.
   */
  trimmed: Position;
  /**
   * Removals of tasks from rooms of the scope that the position where reading began has not seen, one a room, oldest
   * first; none of a task.
   */
  removals: readonly Removal[];
}

/** The last removal of tasks from a room. */
export interface Removal {
  room: string;
  /** Its transaction: grows with every removal, in the order in which they are committed. */
  xid: string;
}

/** Versions `from` ≤ version < `to` of a task, where given only those written by `sinceXid` or later. */
export interface VersionRange {
  taskId: string;
  from: number;
  to: number;
  sinceXid?: string;
}

/** What the horizon waits for. */
export interface HorizonState {
  /** The oldest transaction that is under way, or the next one. */
  xid: string;
  /** Whether later transactions have ended already: what they wrote lies above the horizon. */
  held: boolean;
  /** Who holds it, as far as the database knows; of a prepared transaction its name. */
  holder: Partial<
    Record<'pid' | 'database' | 'user' | 'application' | 'state' | 'since' | 'prepared', unknown>
  >;
}

export interface TransitionLog extends LogIdentity {
  /** Everything below it is committed and visible to any later statement, and so are the removals that it has seen. */
  horizon(): Promise<Position>;
  /** The same with what holds it back, which can be a transaction of any database of the server. */
  horizonState(): Promise<HorizonState>;
  /**
   * Committed rows after the position in log order, also those above the horizon; at most `limit`.
   * @param since where reading began, for `removals`; a later page can lie above what was removed meanwhile
   */
  read(scope: LogScope, after: Position, limit: number, since?: Position): Promise<LogPage>;
  /** The same of rooms, without the contents of the rows: a third of the work for those who know nearly all of it already. */
  skim(
    rooms: RoomSet,
    after: Position,
    limit: number,
    since?: Position,
  ): Promise<PositionedPage<LoggedVersion> & Pick<LogPage, 'removals'>>;
  /** The transitions of all ranges, ordered by task and version, by one statement. */
  readVersions(ranges: readonly VersionRange[]): Promise<TransitionChange[]>;
}

/** Transitions after the position may have been deleted: reading on from it could miss them without a word. */
export class PositionExpired extends Error {
  override readonly name: string = 'PositionExpired';
  /** The highest position that was deleted. */
  readonly trimmed: Position;

  constructor(trimmed: Position) {
    super('The position is older than what the transition log still holds.');
    this.trimmed = trimmed;
  }
}

/** The database is another one than it was, or has gone back in time: what was read of its log stands for nothing now. */
export class LogReplaced extends PositionExpired {
  override readonly message = 'The database was restored, or another server has taken over from it.';

  constructor() {
    super(LOG_START);
  }
}

/** Opens the log of a migrated database. */
export async function openLog(database: Database): Promise<TransitionLog> {
  const identity = await openIdentity(database);
  return {
    get epoch() {
      return identity.epoch;
    },
    get hasMoved() {
      return identity.hasMoved;
    },
    scope: identity.scope,
    look: identity.look,
    onReplaced: identity.onReplaced,
    async horizon() {
      const [{ xid, removal } = { xid: '0', removal: null }] = await database.query<{
        xid: string;
        removal: string | null;
      }>(HORIZON);
      return havingSeen({ xid, id: '0' }, removal ?? undefined);
    },
    async horizonState() {
      const [row] = await database.query<HorizonState['holder'] & { xid: string; held: boolean }>(HELD_BY);
      const { xid = '0', held = false, ...holder } = row ?? {};
      const known = Object.entries(holder).filter(([, value]) => value !== null);
      return { xid, held, holder: Object.fromEntries(known) };
    },
    read: (scope, after, limit, since = after) => readPage(database, scope, { after, limit, since }),
    async skim(rooms, after, limit, since = after) {
      const text = rooms === null ? SKIM_ALL : SKIM;
      const rows = await database.query<SkimmedRow>(text, parametersOf(rooms, after, limit, since));
      const versions = rows.filter((row): row is SkimmedRow & LoggedVersion => row.id !== null);
      return { rows: versions, ...placeOf(rows[0], versions, { after, limit }) };
    },
    readVersions: (ranges) => readVersions(database, ranges),
  };
}

async function readPage(
  database: Database,
  scope: LogScope,
  { after, limit, since }: { after: Position; limit: number; since: Position },
): Promise<LogPage> {
  const [text, wanted] = readOf(scope);
  const rows = await database.query<PastRow>(text, parametersOf(wanted, after, limit, since));
  const changes = rows.filter(({ logId }) => logId !== null).map(toPastChange);
  const positions = changes.map(({ transition }) => transition);
  return { changes, ...placeOf(rows[0], positions, { after, limit }) };
}

const parametersOf = (wanted: RoomSet | string, after: Position, limit: number, since: Position) => [
  ...[wanted, after.xid, after.id, limit],
  ...[since.xid, since.removal ?? '0'],
];

function readOf(scope: LogScope): [Statement, RoomSet | string] {
  if ('taskId' in scope) return [READ_TASK, scope.taskId];
  return [scope.rooms === null ? READ_ALL : READ_ROOMS, scope.rooms];
}

/** Where a page lies, by the state that its first row carries. */
function placeOf(
  state: LogState | undefined,
  positions: readonly Position[],
  { after, limit }: { after: Position; limit: number },
): Omit<LogPage, 'changes'> {
  const snapshot: Position = { xid: state?.snapshotXmin ?? after.xid, id: '0' };
  const more = positions.length === limit;
  const last = positions.at(-1);
  return {
    more,
    position: more && last ? earlierPosition({ xid: last.xid, id: last.id }, snapshot) : snapshot,
    trimmed: { xid: state?.trimmedXid ?? '0', id: state?.trimmedId ?? '0' },
    removals: state?.removals ?? [],
  };
}

async function readVersions(
  database: Database,
  ranges: readonly VersionRange[],
): Promise<TransitionChange[]> {
  if (ranges.length === 0) return [];
  const rows = await database.query<PastRow>(READ_VERSIONS, [
    ranges.map(({ taskId }) => taskId),
    ranges.map(({ from }) => from),
    ranges.map(({ to }) => to),
    ranges.map(({ sinceXid }) => sinceXid ?? '0'),
  ]);
  return rows.map(toPastChange);
}

/** A task as it is now beside a transition of its past. */
interface PastRow extends Omit<LoggedRow, 'logId'>, LogState {
  /** Null in the one row of an empty page, which only carries the state of the log. */
  logId: string | null;
  to: TaskStatus;
  loggedVersion: number;
  loggedAttempt: number;
}

/** Null, likewise, in the one row of an empty page. */
type SkimmedRow = LogState & (LoggedVersion | { id: null });

/** How the log stands in the snapshot of a page. */
interface LogState {
  snapshotXmin: string;
  trimmedXid: string;
  trimmedId: string;
  removals: readonly Removal[] | null;
}

/**
 * A transition that is read later comes with the task as it is now. What the transition itself says is put back to
 * what it was then, so that a subscriber never sees a status run ahead of the transition beside it.
 */
function toPastChange(row: PastRow): TransitionChange {
  const {
    to,
    loggedVersion,
    loggedAttempt,
    snapshotXmin: _x,
    trimmedXid: _t,
    trimmedId: _i,
    removals: _r,
    ...rest
  } = row;
  const logged = rest as LoggedRow;
  if (logged.version === loggedVersion) return toChange(logged);
  const entered = logged.from !== to;
  return toChange({
    ...logged,
    status: to,
    version: loggedVersion,
    attempt: loggedAttempt,
    workerId: isHeld(to) ? logged.actingWorker : null,
    // The log has it where a worker was concerned, the task while the attempt is its last.
    lastWorkerId: logged.actingWorker ?? (logged.attempt === loggedAttempt ? logged.lastWorkerId : null),
    error: logged.loggedError ?? (isTerminal(to) ? null : logged.error),
    finishedAt: isTerminal(to) ? (entered ? logged.at : logged.finishedAt) : null,
    ...discardedThen(logged),
  });
}

/** A discard says itself what it was; whatever came before one, or after, was not discarded. */
function discardedThen({ reason, at, actor }: LoggedRow): Pick<LoggedRow, 'discardedAt' | 'discardedBy'> {
  return reason === TRANSITIONS.discard.reason
    ? { discardedAt: at, discardedBy: actor }
    : { discardedAt: null, discardedBy: null };
}

const HORIZON = statement(
  'log_horizon',
  `SELECT horizon.xid::text AS xid, (
    SELECT removal.xid::text FROM task_removal removal WHERE removal.xid >= horizon.xid ORDER BY removal.xid DESC LIMIT 1
  ) AS removal
  FROM (SELECT pg_snapshot_xmin(pg_current_snapshot()) AS xid) horizon`,
);

// Everybody may see which session has which transaction; state and time only its own role and pg_read_all_stats.
const HELD_BY = statement(
  'log_held_by',
  `SELECT horizon.xid::text AS xid, horizon.held, session.pid, COALESCE(session.datname, prepared.database) AS database,
    COALESCE(session.usename, prepared.owner) AS "user", session.application_name AS application, session.state,
    COALESCE(session.xact_start, prepared.prepared) AS since, prepared.gid AS prepared
  FROM (
    SELECT pg_snapshot_xmin(now) AS xid, pg_snapshot_xmin(now) < pg_snapshot_xmax(now) AS held
    FROM pg_current_snapshot() now
  ) horizon
  LEFT JOIN pg_stat_activity session ON horizon.held AND session.backend_xid = horizon.xid::xid
  LEFT JOIN pg_prepared_xacts prepared ON horizon.held AND prepared.transaction = horizon.xid::xid
  LIMIT 1`,
);

const PAST_COLUMNS = `${snapshotColumns('t')}, ${LOGGED_COLUMNS}, logged.to_status AS "to",
  logged.version AS "loggedVersion", logged.attempt AS "loggedAttempt"`;

const pageOf = (columns: string, from: string, scope: string, removedFrom: string) => `
  SELECT state.*, page.*
  FROM (
    SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS "snapshotXmin",
      trimmed_xid::text AS "trimmedXid", trimmed_id::text AS "trimmedId",
      (SELECT json_agg(json_build_object('room', room, 'xid', xid::text) ORDER BY xid) FROM task_removal
        WHERE xid >= $5::text::xid8 AND xid > $6::text::xid8 AND ${removedFrom}) AS removals
    FROM log_epoch
  ) state
  LEFT JOIN LATERAL (
    SELECT ${columns}
    FROM ${from}
    WHERE (logged.xid, logged.id) > ($2::text::xid8, $3::bigint) AND ${scope}
    ORDER BY logged.xid, logged.id
    LIMIT $4
  ) page ON true`;

// A hash table of the rooms, made once: with "= ANY" each row is compared with thousands of them. "IS TRUE" keeps the
// planner from making a join of it that would read everything before it sorts.
const IN_ROOMS = '(logged.room IN (SELECT unnest($1::text[]))) IS TRUE';
const EVERYWHERE = '$1::text[] IS NULL';
const OF_ROOMS = 'room = ANY ($1::text[])';
const PAST = 'task_transition logged JOIN task t ON t.id = logged.task_id';

const READ_ROOMS = statement('log_read_rooms', pageOf(PAST_COLUMNS, PAST, IN_ROOMS, OF_ROOMS));

const READ_ALL = statement('log_read_all', pageOf(PAST_COLUMNS, PAST, EVERYWHERE, 'true'));
const READ_TASK = statement(
  'log_read_task',
  pageOf(PAST_COLUMNS, PAST, 'logged.task_id = $1::uuid', 'false'),
);

const skimOf = (scope: string, removedFrom: string) =>
  pageOf(
    'logged.xid::text AS xid, logged.id::text AS id, logged.task_id AS "taskId", logged.version, logged.room',
    'task_transition logged',
    scope,
    removedFrom,
  );
const SKIM = statement('log_skim', skimOf(IN_ROOMS, OF_ROOMS));
const SKIM_ALL = statement('log_skim_all', skimOf(EVERYWHERE, 'true'));

const READ_VERSIONS = statement(
  'log_read_versions',
  `SELECT ${PAST_COLUMNS}
  FROM unnest($1::uuid[], $2::int[], $3::int[], $4::text[]) AS wanted (task_id, first, until, since)
  JOIN task_transition logged ON logged.task_id = wanted.task_id
    AND logged.version >= wanted.first AND logged.version < wanted.until AND logged.xid >= wanted.since::xid8
  JOIN task t ON t.id = logged.task_id
  ORDER BY logged.task_id, logged.version`,
);
