/** The examples of tests, as users run them: one with node:test in a process of its own, one here. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import '../../examples/testing/resize.vitest.ts';

const NODE_TEST = fileURLToPath(new URL('../../examples/testing/resize.node.ts', import.meta.url));

it('passes with node:test', async () => {
  const { NODE_OPTIONS: _, VITEST: __, ...env } = process.env;
  const args = ['--import', 'tsx', '--test', '--test-reporter', 'tap', NODE_TEST];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env });
  expect(stdout).toContain('# pass 2');
  expect(stdout).toContain('# fail 0');
}, 120_000);
