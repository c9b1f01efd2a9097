/** Programs that are started again whenever they end, as whoever runs servers does. */
import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Program {
  child: ChildProcess;
  /** Started again when it ends. */
  kept: boolean;
  /** How often it ended though nobody had ended it. */
  crashes: number;
  /** Its end is asked for. */
  ending: boolean;
}

const programs: Program[] = [];

/** Starts a program, and starts it again whenever it ends. */
export function keep(start: () => ChildProcess): Program {
  const program: Program = { child: start(), kept: true, crashes: 0, ending: false };
  const watch = () =>
    program.child.once('exit', () => {
      if (!program.kept) return;
      if (!program.ending) program.crashes++;
      program.ending = false;
      program.child = start();
      watch();
    });
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
