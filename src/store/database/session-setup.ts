/**
 * Everything that a session must have for our statements to mean what they say. A database, a role, PGOPTIONS or a
 * pooler may have set any of it to something else, so each way into the database says it again: pooled connections,
 * sessions for locks and migrations, PGlite.
 */
import { escapeIdentifier, escapeLiteral } from 'pg';

/** What a session is for. */
export interface SessionPurpose {
  /** Where everything of ours lives, and nothing else is looked up; undefined while it is not known. */
  schema?: string;
  /** Milliseconds after which the server gives a statement up; 0 for sessions that wait for locks or change tables. */
  statementTimeoutMs: number;
  /** Of the server: 150004 for 15.4. */
  serverVersion: number;
}

const STATEMENT_TIMEOUT_MS = 60_000;

/** For statements of the application. */
export function forStatements(schema: string, serverVersion: number): SessionPurpose {
  return { schema, serverVersion, statementTimeoutMs: STATEMENT_TIMEOUT_MS };
}

/** For the first look: names are looked up where the database says. */
export function forInspection(): SessionPurpose {
  return { serverVersion: 0, statementTimeoutMs: STATEMENT_TIMEOUT_MS };
}

/** For what lives as long as its session. */
export function forSessions(schema: string, serverVersion: number): SessionPurpose {
  return { schema, serverVersion, statementTimeoutMs: 0 };
}

/** What text means on its way in and out. */
const FORMATS: Settings = {
  client_encoding: 'UTF8',
  TimeZone: 'UTC',
  timezone_abbreviations: 'Default',
  DateStyle: 'ISO, MDY',
  IntervalStyle: 'postgres',
  bytea_output: 'hex',
  extra_float_digits: '1',
  standard_conforming_strings: 'on',
  // Without it the word NULL in an array is text.
  array_nulls: 'on',
};

/** What statements do. */
const BEHAVIOUR: Settings = {
  // Compare-and-set by one statement, and claims that skip what is locked, are written for this level: above it a
  // statement fails where it should look again.
  default_transaction_isolation: 'read committed',
  default_transaction_deferrable: 'off',
  transform_null_equals: 'off',
  // Above 0, GIN indexes find some of the rows, not all.
  gin_fuzzy_search_limit: '0',
  exit_on_error: 'off',
  client_min_messages: 'warning',
};

/** The pool ends what is idle and statement_timeout what hangs: any further limit only cuts work that is under way. */
const LIMITS: Settings = {
  lock_timeout: '0',
  idle_in_transaction_session_timeout: '0',
  idle_session_timeout: '0',
};

/**
 * By its defaults the planner takes reading a row by an index for so dear that, while tables are small, it would rather
 * scan all tasks than look a few hundred up; and where it expects much work it compiles a statement, which takes longer
 * than most of them run. What a database says for large reports would be wrong for us: all of it is said.
 */
const PLANNING: Settings = {
  jit: 'off',
  plan_cache_mode: 'auto',
  random_page_cost: '1.1',
  seq_page_cost: '1',
  cpu_tuple_cost: '0.01',
  cpu_index_tuple_cost: '0.005',
  cpu_operator_cost: '0.0025',
  cursor_tuple_fraction: '0.1',
  geqo: 'on',
  from_collapse_limit: '8',
  join_collapse_limit: '8',
  constraint_exclusion: 'partition',
  enable_bitmapscan: 'on',
  enable_hashagg: 'on',
  enable_hashjoin: 'on',
  enable_incremental_sort: 'on',
  enable_indexonlyscan: 'on',
  enable_indexscan: 'on',
  enable_material: 'on',
  enable_memoize: 'on',
  enable_mergejoin: 'on',
  enable_nestloop: 'on',
  enable_seqscan: 'on',
  enable_sort: 'on',
  enable_tidscan: 'on',
};

type Settings = Readonly<Record<string, string>>;

function settingsFor({ schema, statementTimeoutMs, serverVersion }: SessionPurpose): [string, string][] {
  const all: Settings = {
    statement_timeout: String(statementTimeoutMs),
    ...(serverVersion >= 170_000 ? { transaction_timeout: '0' } : {}),
    ...FORMATS,
    ...BEHAVIOUR,
    ...LIMITS,
    ...PLANNING,
  };
  const settings = Object.entries(all).map(([name, value]): [string, string] => [name, escapeLiteral(value)]);
  // pg_catalog comes first by itself. Temporary tables come last: nothing may stand in front of ours.
  if (schema !== undefined) settings.push(['search_path', `${escapeIdentifier(schema)}, pg_temp`]);
  return settings;
}

/** Sets a session up for as long as it lives: one script, for a connection that nobody has used yet. */
export function setUpSession(purpose: SessionPurpose): string {
  return settingsFor(purpose)
    .map(([name, value]) => `SET ${name} = ${value};`)
    .join(' ');
}

/** Begins a transaction that sets up itself: behind a pooler the next one may run in another session. */
export function beginSetUp(purpose: SessionPurpose): string {
  const settings = settingsFor(purpose).map(([name, value]) => `SET LOCAL ${name} = ${value};`);
  return `BEGIN ISOLATION LEVEL READ COMMITTED, NOT DEFERRABLE; ${settings.join(' ')}`;
}
