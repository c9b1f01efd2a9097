/** What readers paste: every TypeScript block of the documentation compiles in a project that has the package. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { blocksOf, ROOT } from './blocks.ts';
import { createUserProject, type UserProject } from './project.ts';

/** What a block that does not make it may use. */
const MADE_BEFORE = `
import type { Client } from 'signalbox/client';
import type { Worker } from 'signalbox/worker';
declare global {
  const signalbox: Client;
  const worker: Worker;
}
`;

const CONFIG = {
  compilerOptions: {
    target: 'ES2023',
    module: 'NodeNext',
    types: ['node'],
    strict: true,
    noUncheckedIndexedAccess: true,
    noEmit: true,
  },
  include: ['*.ts'],
};

let project: UserProject;

beforeAll(async () => {
  project = await createUserProject();
  await project.write('tsconfig.json', JSON.stringify(CONFIG));
  await project.write('made-before.d.ts', MADE_BEFORE);
});

afterAll(() => project.remove());

it('all of them compile', async () => {
  const blocks = blocksOf('ts');
  expect(blocks.length).toBeGreaterThanOrEqual(10);
  // Each a module of its own, with as many empty lines in front that errors name its line on the page.
  for (const { where, text } of blocks) {
    const [page = '', line = ''] = where.split(':');
    const name = `${page.replaceAll('/', '.')}.${line}.ts`;
    await project.write(name, `${'\n'.repeat(Number(line) - 1)}${text}\nexport {};\n`);
  }
  expect(await compile()).toBe('');
});

/** @returns what the compiler has to say */
async function compile(): Promise<string> {
  const compiler = spawn(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', '.'], {
    cwd: project.directory,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [compiler.stdout, compiler.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
  }
  const code = await new Promise<number | null>((resolve) => compiler.once('close', resolve));
  return code === 0 ? '' : output || `It ended with ${code}.`;
}
