// Servers for one test run, on free ports, in directories of their own.
import { spawn } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { run, StepError } from '../run.mjs';
import { answersPostgres, answersRedis } from './answers.mjs';
import { unprivilegedUser } from './programs.mjs';

const READY_WITHIN_MS = 60_000;

/** What undoes each start, by the directory that it uses. @type {Map<string, () => Promise<void>>} */
const undo = new Map();

/** Ends every server that was started here and removes its directory. */
export async function stopServers() {
  await Promise.all([...undo.values()].map((step) => step()));
  undo.clear();
}

/**
 * Starts a PostgreSQL that survives no crash but is fast.
 * @param {string} programs the directory of initdb and postgres
 * @returns {Promise<string>} its URL
 */
export async function startPostgres(programs) {
  const user = unprivilegedUser();
  const directory = temporaryDirectory('postgres', user);
  const port = await freePort();
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  const data = join(directory, 'data');
  const options = { ...user, cwd: directory, env: { LC_ALL: 'C' } };
  const initdb = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
  await run('Creating a PostgreSQL for the tests', join(programs, 'initdb'), initdb, options);
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: 200,
    fsync: 'off',
    full_page_writes: 'off',
  };
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  await startServer({
    name: 'PostgreSQL',
    command: join(programs, 'postgres'),
    args: ['-D', data, ...args],
    options,
    directory,
    // Immediate shutdown: there is nothing to keep.
    signal: 'SIGQUIT',
    answers: () => answersPostgres(url),
  });
  return url;
}

/**
 * Starts a Redis that keeps nothing.
 * @param {string} program
 * @returns {Promise<string>} its URL
 */
export async function startRedis(program) {
  const directory = temporaryDirectory('redis');
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  const settings = { port, bind: '127.0.0.1', save: '', appendonly: 'no', daemonize: 'no', dir: directory };
  await startServer({
    name: 'Redis',
    command: program,
    args: Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]),
    options: { cwd: directory },
    directory,
    signal: 'SIGKILL',
    answers: () => answersRedis(url),
  });
  return url;
}

async function startServer({ name, command, args, options, directory, signal, answers }) {
  let output = '';
  // A process group of its own: a Ctrl-C ends the tests first, and then we end the server.
  const child = spawn(command, args, {
    ...options,
    env: { ...process.env, ...options.env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output = (output + text).slice(-20_000);
    });
  }
  let ended = false;
  const end = new Promise((resolve) => {
    child.once('close', resolve).once('error', (error) => {
      output += error.message;
      resolve();
    });
  }).then(() => {
    ended = true;
  });
  undo.set(directory, async () => {
    child.kill(signal);
    await end;
    remove(directory);
  });

  const deadline = Date.now() + READY_WITHIN_MS;
  while (!ended && Date.now() < deadline) {
    if (
      await answers().then(
        () => true,
        () => false,
      )
    )
      return;
    await sleep(50);
  }
  throw new StepError(`The ${name} for the tests did not start.`, output.trim());
}

function temporaryDirectory(name, user) {
  const directory = mkdtempSync(join(tmpdir(), `signalbox-test-${name}-`));
  if (user) chownSync(directory, user.uid, user.gid);
  undo.set(directory, async () => remove(directory));
  return directory;
}

function remove(directory) {
  rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
