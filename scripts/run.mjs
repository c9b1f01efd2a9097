// How the scripts start other programs, and how they end when one of them fails.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The repository's root directory. */
export const root = fileURLToPath(new URL('..', import.meta.url));

/** An expected way to fail: its message is all that a person needs to read. */
export class StepError extends Error {
  /** @param {string} message @param {string} [output] what the failing program printed */
  constructor(message, output = '') {
    super(message);
    this.output = output;
  }
}

/**
 * Runs a program and resolves with what it printed; rejects with a StepError when it does not exit with 0.
 * @param {string} what what the program was to do, for the error message
 * @param {string} command
 * @param {string[]} args
 * @param {{ env?: Record<string, string>, cwd?: string, uid?: number, gid?: number, input?: string }} [options]
 * @returns {Promise<string>}
 */
export function run(what, command, args, options = {}) {
  const { env, cwd = root, uid, gid } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      uid,
      gid,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
      output += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
    child.on('error', (error) => {
      const reason = error.code === 'ENOENT' ? `${command} was not found` : error.message;
      reject(new StepError(`${what} failed: ${reason}.`));
    });
    child.on('close', (code, signal) => {
      if (code === 0) resolve(stdout);
      else reject(new StepError(`${what} failed (${signal ?? `exit code ${code}`}).`, output.trim()));
    });
  });
}

/**
 * Runs a program on this terminal and resolves with its exit code. A Ctrl-C reaches the program by itself
 * (same process group); ours waits for it to end.
 * @param {string} command
 * @param {string[]} args
 * @param {Record<string, string>} [env]
 * @returns {Promise<number>}
 */
export function runOnTerminal(command, args, env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, env: { ...process.env, ...env }, stdio: 'inherit' });
    const wait = () => {};
    const pass = () => child.kill('SIGTERM');
    process.on('SIGINT', wait).on('SIGTERM', pass).on('SIGHUP', pass);
    const done = () => process.off('SIGINT', wait).off('SIGTERM', pass).off('SIGHUP', pass);
    child.on('error', (error) => {
      done();
      reject(new StepError(`${command} could not be started: ${error.message}`));
    });
    child.on('close', (code, signal) => {
      done();
      resolve(code ?? (signal === 'SIGINT' ? 130 : 1));
    });
  });
}

/**
 * Runs the body of a script: a failure prints one clear line after the failing program's output, and exits
 * with 1.
 * @param {() => Promise<number | void>} body resolves with the exit code, 0 when it gives none
 */
export async function runScript(body) {
  try {
    const code = await body();
    if (code) process.exitCode = code;
  } catch (error) {
    if (error instanceof StepError) {
      if (error.output) process.stderr.write(`${error.output}\n`);
      process.stderr.write(`${error.message}\n`);
    } else {
      console.error(error);
    }
    process.exitCode = 1;
  }
}

/** The program of an installed package, for `node`. @param {string} path below node_modules */
export function installed(path) {
  return `${root}node_modules/${path}`;
}
