/** The program as its users run it: built, in a process and a directory of its own. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface Program {
  process: ChildProcess;
  /** Everything that it has printed so far. */
  stdout: string;
  stderr: string;
  /** Where it serves; rejects when it ends before it does. */
  ready: Promise<string>;
  /** Resolves when it has ended and all that it printed has been read. */
  exited: Promise<Exit>;
  /** Resolves when it has printed this to stdout. */
  printed(text: string): Promise<void>;
  /** Sends the signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<Exit>;
}

const running = new Set<Program>();
const directories: string[] = [];

/** Builds what is to be run; quick when nothing has changed. Call it once per test file. */
export async function buildProgram(): Promise<void> {
  await promisify(execFile)(process.execPath, [join(ROOT, 'scripts/build.mjs')]);
}

/** A directory that is removed by `cleanUp`. */
export async function newDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'signalbox-program-'));
  directories.push(directory);
  return directory;
}

/** Ends, at once, whatever a failed test has left running, and removes the directories. Call it after each test file. */
export async function cleanUp(): Promise<void> {
  await Promise.all([...running].map((program) => program.end('SIGKILL')));
  await Promise.all(directories.splice(0).map((path) => rm(path, { recursive: true, force: true })));
}

/**
 * Starts it with these settings and nothing else of ours in the environment, on a free port unless told otherwise.
 * @param directory to run in, where it would look for `.env` and keep its data; a new one when left out
 */
export async function startProgram(
  settings: Record<string, string>,
  directory?: string,
  args: string[] = ['serve'],
): Promise<Program> {
  const { PATH = '', HOME = '', TMPDIR = tmpdir() } = process.env;
  const child = spawn(process.execPath, [join(ROOT, 'dist/main.js'), ...args], {
    cwd: directory ?? (await newDirectory()),
    env: { PATH, HOME, TMPDIR, PORT: '0', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const program: Program = {
    process: child,
    stdout: '',
    stderr: '',
    ready: undefined as never,
    exited: once(child, 'close').then(([code, signal]) => {
      running.delete(program);
      return { code, signal };
    }),
    async printed(text) {
      while (!program.stdout.includes(text)) {
        const ended = program.exited.then(() => true);
        const more = once(child.stdout, 'data').then(() => false);
        if (await Promise.race([ended, more])) break;
      }
      if (!program.stdout.includes(text)) throw new Error(`It ended instead: ${program.stderr}`);
    },
    async end(signal) {
      child.kill(signal);
      return program.exited;
    },
  };
  running.add(program);
  child.stdout.setEncoding('utf8').on('data', (text) => {
    program.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    program.stderr += text;
  });
  program.ready = program.printed('Signalbox is ready').then(() => {
    const line = program.stdout.split('\n').find((entry) => entry.includes('Signalbox is ready')) ?? '';
    return JSON.parse(line).url;
  });
  program.ready.catch(() => {});
  return program;
}
