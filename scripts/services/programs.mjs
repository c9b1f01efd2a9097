// Finding programs on this machine, and installing them where that is possible.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run } from '../run.mjs';

const POSTGRES_HOME = '/usr/lib/postgresql';
const POLICY = '/usr/sbin/policy-rc.d';

/** The directory with initdb and postgres of the newest PostgreSQL from 15 on, or undefined. */
export async function findPostgres() {
  // Debian keeps the server's programs off the path, one directory a version.
  const versions = existsSync(POSTGRES_HOME) ? readdirSync(POSTGRES_HOME) : [];
  const directories = [
    ...versions.sort((a, b) => Number(b) - Number(a)).map((version) => join(POSTGRES_HOME, version, 'bin')),
    ...searchPath(),
  ];
  for (const directory of directories) {
    if (!['initdb', 'postgres'].every((program) => existsSync(join(directory, program)))) continue;
    const version = await run('Asking for the version', join(directory, 'postgres'), ['--version']).catch(
      () => '',
    );
    if (Number(/(\d+)/.exec(version)?.[1]) >= 15) return directory;
  }
  return undefined;
}

/** The Redis (or Valkey) server program, or undefined. */
export function findRedis() {
  for (const directory of [...searchPath(), '/usr/bin', '/usr/local/bin']) {
    for (const program of ['redis-server', 'valkey-server']) {
      if (existsSync(join(directory, program))) return join(directory, program);
    }
  }
  return undefined;
}

/** Chromium, or the Chrome made of it, or undefined. */
export function findChromium() {
  for (const directory of [...searchPath(), '/usr/bin']) {
    for (const program of ['chromium', 'chromium-browser', 'google-chrome']) {
      if (existsSync(join(directory, program))) return join(directory, program);
    }
  }
  return undefined;
}

/** PgBouncer, or undefined. */
export function findPgbouncer() {
  // Debian keeps it where only root's path leads.
  for (const directory of [...searchPath(), '/usr/sbin', '/usr/bin']) {
    if (existsSync(join(directory, 'pgbouncer'))) return join(directory, 'pgbouncer');
  }
  return undefined;
}

/**
 * A Python 3 that answers, by the path of its own: what stands on the search path may be a launcher that finds none, or that
 * needs more of the environment than a program which is started gets.
 */
export async function findPython() {
  for (const directory of [...searchPath(), '/usr/bin', '/usr/local/bin']) {
    const program = join(directory, 'python3');
    if (!existsSync(program)) continue;
    const path = await run('Asking for Python', program, [
      '-c',
      'import sys; print(sys.executable if sys.version_info >= (3, 9) else "")',
    ]).catch(() => '');
    if (path.trim()) return path.trim();
  }
  return undefined;
}

/** Whether missing programs can be installed here: root on Debian or a relative of it. */
export function canInstall() {
  return process.getuid?.() === 0 && searchPath().some((directory) => existsSync(join(directory, 'apt-get')));
}

/**
 * Installs Debian packages without starting the services that they bring.
 * @param {string[]} packages
 */
export async function install(packages) {
  console.log(`Installing ${packages.join(' and ')} from Debian's packages…`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get update', 'apt-get', ['update'], { env });
  await withoutStartingServices(() =>
    run('apt-get install', 'apt-get', ['install', '-y', '--no-install-recommends', ...packages], { env }),
  );
}

/**
 * The user to run PostgreSQL as, which refuses to run as root: undefined where we are not root.
 * @returns {{ uid: number, gid: number } | undefined}
 */
export function unprivilegedUser() {
  if (process.getuid?.() !== 0) return undefined;
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const user = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody');
  return user ? { uid: Number(user[2]), gid: Number(user[3]) } : { uid: 65534, gid: 65534 };
}

/** Debian starts a service that it installs, unless this program says no. */
async function withoutStartingServices(body) {
  const ours = !existsSync(POLICY);
  if (ours) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    await body();
  } finally {
    if (ours) rmSync(POLICY, { force: true });
  }
}

function searchPath() {
  return (process.env.PATH ?? '').split(delimiter).filter(Boolean);
}
