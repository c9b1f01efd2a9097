/** Programs that are started again whenever they end, as whoever runs servers does. */
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Program {
  child: ChildProcess;
  /** Started again when it ends. */
  kept: boolean;
  /** What it said before it ended though it was up and nobody had ended it; one entry each time. */
  crashes: string[];
  /** Lines in which it says that it has found a bug of its own. */
  bugs: string[];
  /** It has said that it is up. */
  isUp: boolean;
  /** Its end is asked for. */
  ending: boolean;
}

const programs: Program[] = [];

const SAID_BYTES = 4_000;
const BUG = 'This is a bug';

/** Starts a program, and starts it again whenever it ends. It is up when it says so, or sends a message. */
export function keep(start: () => ChildProcess): Program {
  const program: Program = { child: start(), kept: true, crashes: [], bugs: [], isUp: false, ending: false };
  const watch = () => {
    let said = '';
    program.isUp = false;
    program.child.once('message', () => {
      program.isUp = true;
    });
    const { stdout } = program.child;
    if (stdout) createInterface(stdout).on('line', (line) => line.includes(BUG) && program.bugs.push(line));
    for (const output of [stdout, program.child.stderr]) {
      output?.on('data', (chunk) => {
        said = (said + String(chunk)).slice(-SAID_BYTES);
        program.isUp ||= said.includes('Signalbox is ready');
      });
    }
    program.child.once('exit', () => {
      if (!program.kept) return;
      if (!program.ending && program.isUp) program.crashes.push(said);
      program.ending = false;
      program.child = start();
      watch();
    });
  };
  watch();
  programs.push(program);
  return program;
}

/** Ends it once; it comes again. */
export async function end(program: Program, signal: NodeJS.Signals): Promise<void> {
  const ended = new Promise((resolve) => program.child.once('exit', resolve));
  program.ending = true;
  program.child.kill(signal);
  await ended;
}

/** Ends all for good. */
export function endAll(): void {
  for (const program of programs) {
    program.kept = false;
    program.child.kill('SIGKILL');
  }
}

/** Resolves when a server answers there. */
export async function untilLive(url: string): Promise<void> {
  while (
    !(await fetch(`${url}/health/live`).then(
      ({ ok }) => ok,
      () => false,
    ))
  ) {
    await sleep(50);
  }
}
