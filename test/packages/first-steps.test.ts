/** The first steps of the README and of docs/sdk.md, as they stand there and by the commands that stand there, everywhere. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blocksOf, textOf } from '../docs/blocks.ts';
import { ADMIN_TOKEN, startApp, type TestApp } from '../support/app.ts';
import { createTestDatabase } from '../support/database.ts';
import { type InstalledProject, installProject, lockedVersions, tarballOf } from './installed.ts';
import { hasRuntimes, installRuntimes, type Runtimes } from './runtimes.ts';

let app: TestApp;
let project: InstalledProject;
let runtimes: Runtimes | undefined;

beforeAll(async () => {
  app = await startApp({ database: (await createTestDatabase('pglite')).db });
  // As the pages say, beside the file: npm install … zod, npm install --save-dev typescript @types/node.
  const beside = await lockedVersions('zod', 'typescript', '@types/node');
  project = await installProject([await tarballOf('signalbox'), ...beside]);
  if (hasRuntimes) runtimes = await installRuntimes();
}, 600_000);

afterAll(async () => {
  await project?.remove();
  await runtimes?.remove();
  await app?.stop();
});

/** The block of a page that has this text, for the server of the test. */
function blockWith(page: string, text: string): string {
  const found = blocksOf('ts', [page]).find((block) => block.text.includes(text));
  if (!found) throw new Error(`${page} has no block with ${text}`);
  return found.text.replaceAll('http://127.0.0.1:4000', app.url);
}

/** What docs/sdk.md says to type for the worker, in its table of commands. */
function commandsFor(what: string): string[][] {
  const row = new RegExp(`^\\| ${what} \\| (.*) \\|$`, 'm').exec(textOf('docs/sdk.md'))?.[1] ?? '';
  return [...row.matchAll(/`([^`]+)`/g)].map(([, command = '']) => command.split(' '));
}

const env = () => ({ TOKEN: ADMIN_TOKEN });
/** Programs that are not on the path of the project. */
const programOf = (name: string) =>
  ({ node: process.execPath, bun: runtimes?.bun, deno: runtimes?.deno })[name] ?? name;

describe.each([
  ['Node.js', 'mjs', true],
  ['TypeScript', 'mts', true],
  ['Bun', 'ts', hasRuntimes],
  ['Deno', 'ts', hasRuntimes],
])('%s', (what, extension, isThere) => {
  it.runIf(isThere)('serves the job of the README, and sees its task to the result', async () => {
    await project.write(`worker.${extension}`, blockWith('README.md', 'worker.run()'));
    await project.write(`submit.${extension}`, blockWith('README.md', 'signalbox.submit('));
    const begin = async (file: string) => {
      const commands = commandsFor(what).map((parts) =>
        parts.map((part) => part.replace('worker.', `${file}.`)),
      );
      const [command = '', ...args] = commands.pop() ?? [];
      for (const [first = '', ...rest] of commands) await project.run(programOf(first), rest);
      return project.start(programOf(command), args, env());
    };
    const worker = await begin('worker');
    expect(await worker.printed('@global:general:greet')).toMatch(/^Registered as worker_/);
    const submitter = await begin('submit');
    const { code, output } = await submitter.exited;
    expect({ code, output }).toEqual({
      code: 0,
      output: expect.stringMatching(
        /^(transition PENDING\n)?transition CLAIMED\ntransition RUNNING\n(progress \n)?transition COMPLETED\n\{\s+greeting: ['"]Hello, Ada['"],?\s+\}\n$/,
      ),
    });
    worker.child.kill('SIGTERM');
    expect((await worker.exited).code).toBe(0);
  });
});

describe('CommonJS', () => {
  const program = () => blockWith('docs/sdk.md', 'main().catch');
  const answer = {
    stdout: expect.stringMatching(/^Registered as worker_[^\n]*\n\{ greeting: 'Hello, Ada' \}\n$/),
    stderr: '',
  };

  it('does the same in JavaScript', async () => {
    const required = program().replace(/^import (.*) from (.*);$/gm, 'const $1 = require($2);');
    await project.write('common.cjs', required);
    expect(await project.run(process.execPath, ['common.cjs'], env())).toEqual(answer);
  });

  it('does the same in TypeScript', async () => {
    await project.write('typed.cts', program());
    const [[command = '', ...args] = []] = commandsFor('TypeScript');
    await project.run(
      command,
      args.map((part) => part.replace('worker.mts', 'typed.cts')),
    );
    expect(await project.run(process.execPath, ['typed.cjs'], env())).toEqual(answer);
  });
});
