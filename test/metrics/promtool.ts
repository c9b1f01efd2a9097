/** promtool of Debian's package prometheus, where it is installed. */
import { spawnSync } from 'node:child_process';

/** Whether there is one. */
export const promtool = spawnSync('promtool', ['--version']).status === 0;

/** What it says against it; empty when it has nothing to say. */
export function runPromtool(args: string[], input?: string): string {
  const { status, stdout, stderr } = spawnSync('promtool', args, { input, encoding: 'utf8' });
  return status === 0 ? '' : `${stdout}${stderr}`;
}
