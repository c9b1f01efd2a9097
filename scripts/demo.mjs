// `npm run demo [-- [--kill-worker] DIR]`: indexes a directory of source files with a server, a worker and a submitter, each
// a process of its own; see USAGE.
import { fork, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBuilt, ensureInstalled } from './prepare.mjs';
import { root, runScript, StepError } from './run.mjs';

const EXAMPLE = join(root, 'examples/index-source');
const DEFAULT_URL = 'http://127.0.0.1:4000';
const USAGE = `Usage: npm run demo [-- [--kill-worker] DIR]

Indexes the source files of a directory, this repository where none is given: one task for each of its
parts, worked on by one worker and watched over one subscription.

  --kill-worker   kills the worker in the middle of its work; another one takes its place
  --help          shows this

The demo starts a server of its own on a free port, with a database that goes with it. It uses one that
runs where SIGNALBOX_ADMIN_TOKEN is set, at SIGNALBOX_URL (by default ${DEFAULT_URL}).`;
const START_TIMEOUT_MS = 60_000;
/** How long a process has to end by itself before it is killed. */
const END_TIMEOUT_MS = 20_000;
/** A lost worker is noticed within seconds instead of a minute. */
const QUICK_TO_NOTICE = { SIGNALBOX_WORKER_TIMEOUT_SECONDS: '2', SIGNALBOX_SWEEP_INTERVAL_SECONDS: '1' };
const KILLED_AT_FILE = 12;

/** What is undone at the end, in reverse order. */
const cleanups = [];

await runScript(async () => {
  const { values, positionals } = readArguments();
  if (values.help) return console.log(USAGE);
  const directory = resolve(process.env.INIT_CWD ?? '.', positionals[0] ?? root);
  requireDirectory(directory);
  const running = await findServer(values['kill-worker']);
  // Before a Ctrl-C is ours: what this starts ends by itself.
  await (running ? ensureInstalled() : ensureBuilt());
  const interrupted = untilInterrupted();
  try {
    return await Promise.race([demonstrate(directory, running, values['kill-worker']), interrupted]);
  } finally {
    for (const cleanup of cleanups.reverse()) await cleanup();
  }
});

function readArguments() {
  try {
    return parseArgs({
      options: {
        'kill-worker': { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
      allowPositionals: true,
    });
  } catch (error) {
    throw new StepError(`${error.message}\n\n${USAGE}`);
  }
}

async function demonstrate(directory, running, killWorker) {
  const server = running ?? (await startServer(killWorker ? QUICK_TO_NOTICE : {}));
  const env = { SIGNALBOX_URL: server.url, SIGNALBOX_ADMIN_TOKEN: server.token };
  const worker = killWorker ? await startMortalWorker(directory, env) : await startWorker(directory, env);
  const code = await Promise.race([submit(directory, env), worker.failed]);
  if (code === 0) tellHowToGoOn(server);
  return code;
}

/** Resolves with the exit code when the demo is told to end, so that everything it started is ended first. */
function untilInterrupted() {
  return new Promise((done) => {
    for (const [signal, code] of [
      ['SIGINT', 130],
      ['SIGTERM', 143],
      ['SIGHUP', 129],
    ]) {
      process.on(signal, () => done(code));
    }
  });
}

/** Before anything is installed, built or started for nothing. */
function requireDirectory(directory) {
  const found = statSync(directory, { throwIfNoEntry: false });
  if (!found) throw new StepError(`There is no directory ${directory}.`);
  if (!found.isDirectory()) throw new StepError(`${directory} is a file; the demo wants a directory.`);
  if (isEmpty(directory)) throw new StepError(`There is nothing to index in ${directory}: it is empty.`);
}

function isEmpty(directory) {
  try {
    return readdirSync(directory).length === 0;
  } catch (error) {
    throw new StepError(
      `Cannot read ${directory}: ${error.code === 'EACCES' ? 'permission denied' : error.message}.`,
    );
  }
}

/** The server that the environment names; nothing where it names none, or the demo needs one of its own. */
async function findServer(killWorker) {
  const { SIGNALBOX_URL, SIGNALBOX_ADMIN_TOKEN } = process.env;
  const url = SIGNALBOX_URL ?? DEFAULT_URL;
  if (killWorker) {
    if (SIGNALBOX_URL) {
      throw new StepError(
        '--kill-worker starts a server of its own, which notices within seconds: leave SIGNALBOX_URL out.',
      );
    }
    return undefined;
  }
  if (!SIGNALBOX_URL && !SIGNALBOX_ADMIN_TOKEN) return undefined;
  if (!(await answers(url, '/health/live'))) {
    if (SIGNALBOX_URL) throw new StepError(`No server answers at SIGNALBOX_URL=${SIGNALBOX_URL}.`);
    return undefined;
  }
  if (!SIGNALBOX_ADMIN_TOKEN) {
    throw new StepError(
      `The demo uses the server at ${url} when it knows its admin token:\n` +
        '  SIGNALBOX_URL=… SIGNALBOX_ADMIN_TOKEN=… npm run demo',
    );
  }
  if (!(await accepts(url, SIGNALBOX_ADMIN_TOKEN))) {
    throw new StepError(`The server at ${url} does not take the token in SIGNALBOX_ADMIN_TOKEN.`);
  }
  console.log(`Using the server at ${url}.`);
  return { url, token: SIGNALBOX_ADMIN_TOKEN, own: false };
}

/** A worker that is killed at its twelfth file; then another one, whose failure is the demo's. */
async function startMortalWorker(directory, env) {
  const beats = { ...env, SIGNALBOX_DEMO_HEARTBEAT_MS: '500' };
  const first = await startWorker(directory, { ...beats, SIGNALBOX_DEMO_LAST_FILE: String(KILLED_AT_FILE) });
  const second = first.failed.catch((error) => {
    if (first.process.signalCode !== 'SIGKILL') throw error;
    return startWorker(directory, beats).then(({ failed }) => failed);
  });
  second.catch(() => {});
  return { failed: second };
}

async function startServer(settings) {
  const dataDir = await mkdtemp(join(tmpdir(), 'signalbox-demo-'));
  cleanups.push(() => rm(dataDir, { recursive: true, force: true }));
  const token = randomBytes(24).toString('base64url');
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  console.log('Starting a server…');
  const server = start('The server', spawn, process.execPath, [join(root, 'dist/main.js'), 'serve'], {
    HOST: '127.0.0.1',
    PORT: String(port),
    // Whatever the environment or .env say: empty counts as not set.
    DATABASE_URL: '',
    REDIS_URL: '',
    SIGNALBOX_DATA_DIR: dataDir,
    SIGNALBOX_ADMIN_TOKEN: token,
    LOG_LEVEL: 'warn',
    ...settings,
  });
  await Promise.race([untilReady(url), server.failed]);
  return { url, token, own: true };
}

async function startWorker(directory, env) {
  const worker = start('The worker', fork, join(EXAMPLE, 'worker.ts'), [directory], env, {
    execArgv: ['--import', 'tsx'],
  });
  const ready = new Promise((done) => worker.process.once('message', done));
  await Promise.race([ready, worker.failed]);
  return worker;
}

/** Runs the submitter on this terminal; resolves with its exit code. */
async function submit(directory, env) {
  const child = spawn(process.execPath, ['--import', 'tsx', join(EXAMPLE, 'submit.ts'), directory], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: 'inherit',
  });
  const ended = new Promise((done) => child.once('close', done).once('error', done));
  cleanups.push(() => end(child, ended));
  await ended;
  return child.exitCode ?? 1;
}

/**
 * Starts a process that runs until the demo ends. What it prints is kept, for the message that `failed` rejects
 * with when it ends before.
 */
function start(what, how, command, args, env, options = {}) {
  const stdio = how === fork ? ['ignore', 'pipe', 'pipe', 'ipc'] : ['ignore', 'pipe', 'pipe'];
  // Of a group of its own, so that a Ctrl-C does not take it from under the submitter.
  const child = how(command, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio,
    detached: true,
    ...options,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output = (output + text).slice(-10_000);
    });
  }
  let ending = false;
  const ended = new Promise((done) => child.once('close', done).once('error', done));
  const failed = ended.then(() => {
    if (!ending) throw new StepError(`${what} ended unexpectedly.`, output.trim());
    return new Promise(() => {});
  });
  failed.catch(() => {});
  cleanups.push(async () => {
    ending = true;
    await end(child, ended);
  });
  return { process: child, failed };
}

async function end(child, ended) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), END_TIMEOUT_MS);
  await ended;
  clearTimeout(timer);
}

async function untilReady(url) {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!(await answers(url, '/health/ready'))) {
    if (Date.now() > deadline) throw new StepError(`The server did not become ready at ${url}.`);
    await new Promise((done) => setTimeout(done, 100));
  }
}

async function answers(url, path) {
  try {
    const response = await fetch(new URL(path, url), { signal: AbortSignal.timeout(2_000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

async function accepts(url, token) {
  const response = await fetch(new URL('/graphql', url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: '{ viewer { id } }' }),
  });
  await response.body?.cancel();
  return response.ok;
}

function freePort() {
  return new Promise((done, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

function tellHowToGoOn({ url, own }) {
  console.log(
    own
      ? '\nThe demo’s server ends here. One that stays: npm start'
      : `\nThe tasks and their history stay at ${url}/graphql`,
  );
}
