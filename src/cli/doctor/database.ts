/** Looks at the database: whether it can be used, how safe it keeps what it is given, its clock, its schema. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { openDatabase } from '../../app/open-database.ts';
import type { Config } from '../../config.ts';
import { type Database, DatabaseUnavailable } from '../../store/database/database.ts';
import { planMigrations } from '../../store/database/migrate.ts';
import { bad, type Finding, good, oneLineOf, warning } from './finding.ts';

/** Everything about the database that the settings name; creates nothing. */
export async function examineDatabase(config: Config): Promise<Finding[]> {
  const directory = resolve(config.dataDir);
  if (config.databaseUrl === undefined && !existsSync(directory)) {
    return [good('database', `embedded; ${directory} is created at the first start`)];
  }
  let database: Database;
  try {
    database = await openDatabase(config);
  } catch (error) {
    return [bad('database', oneLineOf(error))];
  }
  try {
    const facts = await readFacts(database);
    return [
      good('database', describe(config, facts)),
      ...(database.kind === 'postgres' ? examineKeeping(config, facts) : []),
      examineClock(facts),
      await examineSchema(database),
    ];
  } catch (error) {
    return [bad('database', oneLineOf(error))];
  } finally {
    await database.close();
  }
}

interface Facts {
  version: string;
  role: string;
  name: string;
  tls: string | null;
  fsync: boolean;
  waits: boolean;
  /** Connections that are left for roles without special rights. */
  free: number;
  /** Seconds that the oldest transaction is open. */
  oldest: number;
  now: Date;
  /** The clock of this machine in the middle of the question. */
  here: number;
}

const FACTS = {
  name: 'doctor_facts',
  text: `SELECT current_setting('server_version') AS version, current_user AS role, current_database() AS name,
      (SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND ssl) AS tls,
      current_setting('fsync') = 'on' AS fsync, current_setting('synchronous_commit') <> 'off' AS waits,
      current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
        - (SELECT count(*)::int FROM pg_stat_activity WHERE backend_type = 'client backend') AS free,
      COALESCE((SELECT max(extract(epoch FROM clock_timestamp() - xact_start)) FROM pg_stat_activity
        WHERE pid <> pg_backend_pid() AND backend_xid IS NOT NULL), 0)::float8 AS oldest,
      clock_timestamp() AS now`,
};

async function readFacts(database: Database): Promise<Facts> {
  const sent = Date.now();
  const [facts] = await database.query<Omit<Facts, 'here'>>(FACTS);
  return { ...(facts as Facts), here: (sent + Date.now()) / 2 };
}

function describe(config: Config, { version, role, name, tls }: Facts): string {
  if (config.databaseUrl === undefined) return `embedded in ${resolve(config.dataDir)}`;
  const way = config.directDatabaseUrl === undefined ? '' : ', through a pooler with a way past it';
  return `PostgreSQL ${version}, database ${name} as ${role}, ${tls ?? 'no TLS'}${way}`;
}

const LONG_SECONDS = 300;

function examineKeeping(config: Config, { fsync, waits, free, oldest }: Facts): Finding[] {
  const found: Finding[] = [];
  if (!fsync || !waits) {
    const setting = fsync ? 'synchronous_commit' : 'fsync';
    found.push(
      warning(
        'durability',
        `${setting} is off: a crash of PostgreSQL may lose what was answered. Turn it on.`,
      ),
    );
  }
  // The pool, the lock of a maintenance routine, notifications.
  const needed = config.databaseConnections + 2;
  if (free < needed) {
    found.push(
      warning(
        'connections',
        `${free} are free, and a server may open ${needed}. Lower SIGNALBOX_DATABASE_CONNECTIONS, or raise max_connections.`,
      ),
    );
  }
  if (oldest > LONG_SECONDS) {
    found.push(
      warning(
        'transactions',
        `one that writes is open for ${Math.round(oldest)} s: streams read the log again and again until it ends. Find it in pg_stat_activity.`,
      ),
    );
  }
  return found;
}

const APART_MS = 2_000;

function examineClock({ now, here }: Facts): Finding {
  const apart = Math.round(now.getTime() - here);
  if (Math.abs(apart) < APART_MS) return good('clock', 'agrees with that of the database');
  const seconds = (Math.abs(apart) / 1_000).toFixed(1);
  return warning(
    'clock',
    `that of the database is ${seconds} s ${apart > 0 ? 'ahead' : 'behind'}: tokens end and tasks become due by different clocks. Synchronise both machines by NTP.`,
  );
}

async function examineSchema(database: Database): Promise<Finding> {
  const { schema } = database;
  try {
    const pending = await planMigrations(database);
    if (pending.length === 0) return good('schema', `${schema} is up to date`);
    return good('schema', `${schema} lacks ${pending.length} migrations: the next start applies them`);
  } catch (error) {
    if (error instanceof DatabaseUnavailable) return bad('schema', error.message);
    throw error;
  }
}
