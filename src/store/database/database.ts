/**
 * The database port: what the store needs of PostgreSQL, and two adapters give (postgres.ts, pglite.ts).
 * One storage suite runs against both.
 */

import { createHash } from 'node:crypto';
import type { SqlDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import { errorCode } from '../../domain/thrown.ts';
import type { NoticeListener, Notices } from './notices.ts';

/** A statement that the server prepares once per connection, under its name. */
export interface Statement {
  /** Unique within the program; at most 63 characters. */
  name: string;
  text: string;
  /** Planned for its values each time, and not kept; then the name need not be unique. */
  once?: true;
}

/** Something that runs statements: the whole database, one connection of it, or a transaction. */
export interface DatabaseSession {
  /** Runs one statement and gives its rows. Parameters are text, numbers, dates, null and arrays of these. */
  query<Row>(statement: Statement, parameters?: readonly unknown[]): Promise<Row[]>;
  /** Runs several statements without parameters, as a migration does. */
  script(text: string): Promise<void>;
}

export interface Database extends DatabaseSession {
  readonly kind: 'postgres' | 'pglite';
  /** Where everything lives: tables, types, the record of migrations. Locks are keyed by it. */
  readonly schema: string;
  /** All or nothing. On PGlite everything else waits for its end, so it must never wait for another statement. */
  transaction<T>(work: (session: DatabaseSession) => Promise<T>): Promise<T>;
  /**
   * Keeps one connection for the work. Statements that do not wait for each other run one after the other, each by
   * itself and seeing what those before it have done. Behind a pooler they may run in different sessions of the server.
   */
  session<T>(work: (session: DatabaseSession) => Promise<T>): Promise<T>;
  /**
   * Runs the work in a session of its own, past any pooler and without a limit on the time of a statement, for what
   * lives as long as a session: advisory locks, and migrations under one.
   */
  direct<T>(work: (session: DatabaseSession) => Promise<T>): Promise<T>;
  /**
   * Takes the lock of this name for the whole schema, or gives null at once when somebody has it, this process
   * included. The lock lives on a connection of its own: it is free as soon as that or the process ends.
   */
  tryLock(name: string): Promise<Lock | null>;
  /** Words between the servers of this database, on a session of its own. PGlite has none: it has one server. */
  readonly openNotices?: ((channel: string, listener: NoticeListener) => Notices) | undefined;
  /** Lets Prisma read through the same connections. */
  readonly prismaAdapter: SqlDriverAdapterFactory;
  /** Waits for statements under way, then closes every connection. A second call waits for the first. */
  close(): Promise<void>;
}

/** A lock that is held. */
export interface Lock {
  /** Aborted when the connection was lost, and the lock with it: somebody else may have it by now. */
  readonly lost: AbortSignal;
  /** Resolves when the lock is free. */
  release(): Promise<void>;
}

/**
 * The key of an advisory lock: the first 8 bytes of the name's SHA-256 as a signed 64-bit integer, in decimal. Locks
 * belong to the whole database, so those of other schemas than public are keyed by its name, too.
 */
export function lockKey(name: string, schema: string): string {
  const scoped = schema === 'public' ? name : JSON.stringify([schema, name]);
  return createHash('sha256').update(scoped).digest().readBigInt64BE().toString();
}

/** Why the database cannot be used, in one sentence for whoever starts the server. */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable';
}

/** The SQLSTATE of a refused statement, or undefined for any other error. */
export function sqlState(error: unknown): string | undefined {
  const code = errorCode(error);
  return code !== undefined && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
}

/** Whether the statement itself was at fault (its data or a constraint), so that sending it again cannot help. */
export function isDataError(error: unknown): boolean {
  const state = sqlState(error);
  return state !== undefined && (state.startsWith('22') || state.startsWith('23') || state.startsWith('54'));
}
