/** Projects as users have them: empty, with the packages installed by npm from their tarballs. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const OUT = join(ROOT, 'dist-packages');

const runFile = promisify(execFile);

/** The file of a package, which is packed where it is not up to date. */
export async function tarballOf(name: 'signalbox' | 'signalbox-server'): Promise<string> {
  await runFile(process.execPath, [join(ROOT, 'scripts/pack.mjs')]);
  const isIts = new RegExp(`^${name}-\\d.*\\.tgz$`);
  return join(OUT, (await readdir(OUT)).find((file) => isIts.test(file)) ?? 'none');
}

export interface Started {
  child: ChildProcess;
  /** Resolves with all that it has printed, once that has the text; fails when it ends before. */
  printed(text: string): Promise<string>;
  /** Resolves when it has ended. */
  exited: Promise<{ code: number | null; output: string }>;
}

export interface InstalledProject {
  directory: string;
  /** Writes a file, and the directories that it is in. */
  write(name: string, text: string): Promise<void>;
  /** Runs a program to its end; rejects with what it has printed where it fails. */
  run(command: string, args: string[], env?: object): Promise<{ stdout: string; stderr: string }>;
  /** Starts a program, which `remove` ends where it is still there. */
  start(command: string, args: string[], env?: object): Started;
  remove(): Promise<void>;
}

/** @param packages what npm installs: files, or names of the registry */
export async function installProject(packages: string[], manifest: object = {}): Promise<InstalledProject> {
  const directory = await mkdtemp(join(tmpdir(), 'signalbox-installed-'));
  const started: Started[] = [];

  async function write(name: string, text: string): Promise<void> {
    await mkdir(dirname(join(directory, name)), { recursive: true });
    await writeFile(join(directory, name), text);
  }

  /** Nothing of ours, but for what programs need to be found. */
  const environment = (env: object) => ({
    PATH: `${join(directory, 'node_modules/.bin')}${delimiter}${process.env['PATH']}`,
    HOME: process.env['HOME'],
    TMPDIR: tmpdir(),
    ...env,
  });

  function start(command: string, args: string[], env: object = {}): Started {
    const child = spawn(command, args, {
      cwd: directory,
      env: environment(env),
      stdio: ['ignore', 'pipe', 'pipe'],
      // With whatever it starts: it leads a group of its own.
      detached: true,
    });
    let output = '';
    /** Called when there is more, and at the end. */
    const looking = new Set<() => void>();
    const look = () => {
      for (const one of looking) one();
    };
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
        look();
      });
    }
    child.once('close', look);
    const exited = once(child, 'close').then(([code]) => ({ code: code as number | null, output }));
    const program: Started = {
      child,
      exited,
      printed: (text) =>
        new Promise((resolve, reject) => {
          function see(): void {
            if (output.includes(text)) resolve(output);
            else if (child.exitCode === null && child.signalCode === null) return;
            else reject(new Error(`It ended with ${child.exitCode}: ${output}`));
            looking.delete(see);
          }
          looking.add(see);
          see();
        }),
    };
    started.push(program);
    return program;
  }

  await write('package.json', JSON.stringify({ private: true, ...manifest }));
  await runFile('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', ...packages], {
    cwd: directory,
  });
  return {
    directory,
    write,
    start,
    run: (command, args, env = {}) =>
      runFile(command, args, { cwd: directory, env: environment(env), maxBuffer: 10_000_000 }),
    async remove() {
      for (const { child, exited } of started) {
        if (!child.pid || child.exitCode !== null || child.signalCode !== null) continue;
        process.kill(-child.pid, 'SIGKILL');
        await exited;
      }
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** As npm would choose them for somebody who uses what we do: the versions that are locked here. */
export async function lockedVersions(...names: string[]): Promise<string[]> {
  const { packages } = JSON.parse(await readFile(join(ROOT, 'package-lock.json'), 'utf8'));
  return names.map((name) => `${name}@${packages[`node_modules/${name}`].version}`);
}
