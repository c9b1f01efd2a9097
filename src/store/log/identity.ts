/**
 * Which log this is. A cursor is a position among the transactions of one database cluster and of one history of it; in
 * a restored or copied database the same numbers stand for other transactions, or for none yet. So every cursor carries
 * an epoch, and the epoch is made of what changes with the database:
 *
 * | what                                          | changes when                                                    |
 * |-----------------------------------------------|-----------------------------------------------------------------|
 * | the row of log_origin: its xmin, its table    | it was written anew: dump and restore, logical replication       |
 * | the database's oid                            | CREATE DATABASE … TEMPLATE, another database of the cluster      |
 * | the cluster's identifier, where we may see it | another cluster                                                 |
 * | its timeline, where we may see it             | recovery to a point in time, a replica that took over            |
 *
 * All of it is read and nothing is written, so all servers agree without asking each other. Who has few rights sees the
 * first two, and these suffice for everything that is no physical copy. A physical copy from before, put in the place of
 * a database under running servers, shows as a number of transactions that goes back: then the row is written again.
 */
import { createHash } from 'node:crypto';
import { coalesce } from '../../async/coalesce.ts';
import { type Database, type Statement, sqlState } from '../database/database.ts';
import { Outage } from '../database/outage.ts';
import { statement } from '../database/statement.ts';
import { rebaseRestored } from './rebase.ts';

/** The log as it is in this moment. */
export interface PresentLog {
  /** A cursor of another epoch cannot be resumed. */
  epoch: string;
  /** The next transaction: no position lies above it. */
  next: string;
}

export interface LogIdentity {
  /** As of the last look. */
  readonly epoch: string;
  /** What servers of the same log, and only these, have in common: for names outside of the database. Never changes. */
  readonly scope: string;
  /** Whether the log is another one since the start, so that servers that start now have another scope. */
  readonly hasMoved: boolean;
  /** Looks, once for all who ask in the same moment. */
  look(): Promise<PresentLog>;
  /** Calls back whenever a look has found another epoch: what was read before is no longer to be relied on. */
  onReplaced(listener: () => void): void;
}

interface IdentityRow {
  log: string;
  written: string;
  table: string;
  database: string;
  next: string;
  recovering: boolean;
  system?: string | null;
  timeline?: string | null;
}

/** What needs rights, or is not there in every service that speaks PostgreSQL. */
const OPTIONAL = {
  system: '(SELECT system_identifier::text FROM pg_control_system()) AS system',
  timeline: `CASE WHEN pg_is_in_recovery() THEN NULL ELSE left(pg_walfile_name(pg_current_wal_lsn()), 8) END AS timeline`,
};

const identityStatement = (columns: readonly string[]): Statement =>
  statement(
    'log_identity',
    `SELECT ${[
      'log_epoch.epoch::text AS log',
      'origin.xmin::text AS written',
      'origin.tableoid::text AS "table"',
      '(SELECT oid::text FROM pg_database WHERE datname = current_database()) AS database',
      'pg_snapshot_xmax(pg_current_snapshot())::text AS next',
      'pg_is_in_recovery() AS recovering',
      ...columns,
    ].join(', ')} FROM log_epoch, log_origin origin`,
  );

/** Whoever comes second finds the row written already. */
const RENEW = statement(
  'renew_log_origin',
  'UPDATE log_origin SET renewed_at = now() WHERE xmin::text = $1::text',
);

/** Looks at a migrated database, and puts one in order that was restored from a dump. */
export async function openIdentity(database: Database): Promise<LogIdentity> {
  const read = await chooseStatement(database);
  const listeners: (() => void)[] = [];
  let present = await see();
  await rebaseRestored(database);
  const { scope } = present;
  let hasMoved = false;

  async function see(): Promise<PresentLog & { scope: string; written: string }> {
    const [row] = await database.query<IdentityRow>(read);
    if (!row) throw new Error('The table log_epoch or log_origin has lost its row.');
    if (row.recovering) {
      throw new Outage('read-only', false, new Error('The database is a replica, or is being recovered.'));
    }
    const { next, written } = row;
    const parts = [row.log, row.database, row.table, written, row.system];
    return {
      epoch: asUuid(digest([...parts, row.timeline])),
      scope: digest(parts).slice(0, 8),
      next,
      written,
    };
  }

  async function look(): Promise<PresentLog> {
    let seen = await see();
    if (seen.epoch === present.epoch && BigInt(seen.next) < BigInt(present.next)) {
      await database.query(RENEW, [seen.written]);
      seen = await see();
    }
    const isReplaced = seen.epoch !== present.epoch;
    if (isReplaced) await rebaseRestored(database);
    present = seen;
    hasMoved ||= seen.scope !== scope;
    if (isReplaced) for (const listener of listeners) listener();
    return seen;
  }

  return {
    get epoch() {
      return present.epoch;
    },
    scope,
    get hasMoved() {
      return hasMoved;
    },
    look: coalesce(look),
    onReplaced: (listener) => void listeners.push(listener),
  };
}

/** With as much as the role may see. */
async function chooseStatement(database: Database): Promise<Statement> {
  const columns: string[] = [];
  for (const column of Object.values(OPTIONAL)) {
    try {
      await database.query(statement('log_identity_probe', `SELECT ${column}`));
      columns.push(column);
    } catch (error) {
      if (sqlState(error) === undefined) throw error;
    }
  }
  return identityStatement(columns);
}

function digest(parts: readonly (string | null | undefined)[]): string {
  return createHash('sha256')
    .update(parts.map((part) => part ?? '').join(' '))
    .digest('hex');
}

function asUuid(hex: string): string {
  return hex.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
