/**
 * A PostgreSQL as nobody would choose it, and as somebody has it: over TLS, behind a pooler, with defaults that change
 * what statements mean, beside another application.
 */
import { spawn } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { run } from '../../scripts/run.mjs';
import { findPgbouncer, findPostgres, unprivilegedUser } from '../../scripts/services/programs.mjs';
import { freePort, type Service, startService } from '../chaos/services.ts';

/** A file of the certificates that the test servers have, and of who signed them. */
export const certificate = (name: string) => fileURLToPath(new URL(`tls/${name}`, import.meta.url));

/** Whether this machine has what the suites of this folder start. */
export const hasPrograms = (await findPostgres()) !== undefined && findPgbouncer() !== undefined;

/** The role of the server under test: it owns its schema and nothing else. */
export const ROLE = 'signalbox_app';

/**
 * What a role can set for its sessions, each to something that would change an answer if we relied on the default.
 * default_transaction_read_only is none of them: who sets it wants us not to write.
 */
export const UNUSUAL: Record<string, string> = {
  timezone: 'Asia/Kolkata',
  datestyle: 'SQL, DMY',
  intervalstyle: 'iso_8601',
  // To the tables of the other application.
  search_path: 'public',
  client_encoding: 'LATIN1',
  bytea_output: 'escape',
  extra_float_digits: '-15',
  standard_conforming_strings: 'off',
  backslash_quote: 'off',
  array_nulls: 'off',
  transform_null_equals: 'on',
  xmloption: 'document',
  default_transaction_isolation: 'serializable',
  default_transaction_deferrable: 'on',
  // Not so short that a busy machine cannot even say otherwise.
  statement_timeout: '3000',
  lock_timeout: '1000',
  idle_in_transaction_session_timeout: '3000',
  gin_fuzzy_search_limit: '1',
  exit_on_error: 'on',
  row_security: 'off',
  client_min_messages: 'debug1',
  plan_cache_mode: 'force_generic_plan',
  jit: 'on',
  jit_above_cost: '0',
  cursor_tuple_fraction: '1',
  random_page_cost: '1000000',
  seq_page_cost: '1000000',
  from_collapse_limit: '1',
  join_collapse_limit: '1',
  geqo_threshold: '2',
  enable_indexscan: 'off',
  enable_indexonlyscan: 'off',
  enable_bitmapscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  enable_hashagg: 'off',
  enable_sort: 'off',
  enable_material: 'off',
};

const loopback = { host: '127.0.0.1' };

/** Starts a PostgreSQL that takes connections over TLS alone, except from its superuser. */
export async function startTlsPostgres(): Promise<Service> {
  const programs = (await findPostgres()) as string;
  const user = unprivilegedUser();
  const directory = ownDirectory('postgres', user);
  const data = join(directory, 'data');
  const as = { ...user, cwd: directory, env: { ...process.env, LC_ALL: 'C' } };
  const initdb = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
  await run('initdb', join(programs, 'initdb'), initdb, as);
  ownCertificate(data, user);
  writeFileSync(
    join(data, 'pg_hba.conf'),
    'host all postgres 127.0.0.1/32 trust\nhostssl all all 127.0.0.1/32 trust\n',
  );
  const port = await freePort();
  const settings = {
    ...{ port, listen_addresses: loopback.host, unix_socket_directories: '', max_connections: 100 },
    ...{ fsync: 'off', full_page_writes: 'off' },
    ...{ ssl: 'on', ssl_cert_file: 'server.pem', ssl_key_file: 'server.key' },
  };
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  return startService(
    directory,
    url,
    'SIGQUIT',
    () => spawn(join(programs, 'postgres'), ['-D', data, ...args], { ...as, stdio: 'ignore' }),
    () => answers(url),
  );
}

/** Starts a PgBouncer before it, as Debian configures it but for the mode; over TLS on both sides. */
export async function startPgbouncer(server: string, mode: 'transaction' | 'session'): Promise<Service> {
  const user = unprivilegedUser();
  const directory = ownDirectory('pgbouncer', user);
  ownCertificate(directory, user);
  const port = await freePort();
  const settings = {
    ...{ listen_addr: loopback.host, listen_port: port, unix_socket_dir: '' },
    ...{ auth_type: 'trust', auth_file: join(directory, 'users'), pool_mode: mode, default_pool_size: 10 },
    ...{ client_tls_sslmode: 'allow', server_tls_sslmode: 'verify-full' },
    client_tls_cert_file: join(directory, 'server.pem'),
    client_tls_key_file: join(directory, 'server.key'),
    server_tls_ca_file: certificate('authority.pem'),
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
  const target = `* = host=127.0.0.1 port=${new URL(server).port}`;
  const file = join(directory, 'pgbouncer.ini');
  writeFileSync(file, ['[databases]', target, '[pgbouncer]', ...lines, ''].join('\n'));
  writeFileSync(join(directory, 'users'), `"postgres" ""\n"${ROLE}" ""\n`);
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  return startService(
    directory,
    url,
    'SIGINT',
    () => spawn(findPgbouncer() as string, [file], { ...user, cwd: directory, stdio: 'ignore' }),
    () => answers(url),
  );
}

type User = ReturnType<typeof unprivilegedUser>;

function ownDirectory(name: string, user: User): string {
  const directory = mkdtempSync(join(tmpdir(), `signalbox-environment-${name}-`));
  if (user) chownSync(directory, user.uid, user.gid);
  return directory;
}

/** PostgreSQL takes no key that others may read. */
function ownCertificate(directory: string, user: User): void {
  for (const name of ['server.pem', 'server.key']) {
    const copy = join(directory, name);
    copyFileSync(certificate(name), copy);
    if (user) chownSync(copy, user.uid, user.gid);
    chmodSync(copy, 0o600);
  }
}

async function answers(url: string): Promise<void> {
  await onServer(url, 'SELECT 1');
}

/** Runs statements by a connection of their own. */
export async function onServer(url: string, ...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end().catch(() => undefined);
  }
}
