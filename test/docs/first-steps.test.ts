/** The first steps of the README, one after the other as they stand there, on one server. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ADMIN_TOKEN, startApp, type TestApp } from '../support/app.ts';
import { createTestDatabase } from '../support/database.ts';
import { blocksOf } from './blocks.ts';
import { createUserProject, type UserProject } from './project.ts';

const hasCurl =
  spawnSync('curl', ['--version']).status === 0 && spawnSync('bash', ['--version']).status === 0;

let app: TestApp;
let project: UserProject;
const running: ChildProcess[] = [];

beforeAll(async () => {
  project = await createUserProject();
  const { db } = await createTestDatabase('pglite');
  app = await startApp({ database: db });
});

afterAll(async () => {
  for (const { pid, exitCode, signalCode } of running) {
    // With whatever it has started: it leads a group of its own.
    if (pid && exitCode === null && signalCode === null) process.kill(-pid, 'SIGKILL');
  }
  await app.stop();
  await project.remove();
});

/** The block of the README that has this text, meant for the server of the test. */
function blockWith(language: string, text: string): string {
  const found = blocksOf(language, ['README.md']).find((block) => block.text.includes(text));
  if (!found) throw new Error(`The README has no block with ${text}`);
  return found.text.replaceAll('http://127.0.0.1:4000', app.url);
}

/** Runs a program; `printed` resolves with all that it has printed once that has the text. */
function run(command: string, args: string[]) {
  const child = spawn(command, args, {
    cwd: project.directory,
    env: { ...process.env, TOKEN: ADMIN_TOKEN },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  running.push(child);
  const exited = once(child, 'close').then(([code]) => code as number | null);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
  }
  async function printed(text: string): Promise<string> {
    await expect.poll(() => output, { timeout: 30_000, interval: 50 }).toContain(text);
    return output;
  }
  return { child, exited, printed, output: () => output };
}

it.runIf(hasCurl)('by curl: a job is defined, a task is submitted, and the stream shows it', async () => {
  const script = blockWith('sh', 'api()').replace(/^TOKEN=….*$/m, `TOKEN=${ADMIN_TOKEN}`);
  // The stream goes on in the background until the shell's group ends.
  const { printed } = run('bash', ['-c', `${script}\nwait`]);
  await printed('"to":"PENDING"');
  const output = await printed('"status":"PENDING"');
  expect(output).toContain('"fullName":"@global:general:hello"');
  expect(output).not.toContain('"detail"');
  expect(output).not.toContain('"errors"');
});

it('by the SDK: a worker serves a job, and a program sees its task from the submission to the result', async () => {
  await project.write('worker.mjs', blockWith('ts', 'worker.run()'));
  await project.write('submit.mjs', blockWith('ts', 'signalbox.submit('));
  const worker = run(process.execPath, ['worker.mjs']);
  expect(await worker.printed('@global:general:greet')).toMatch(/Registered as worker_/);

  const submitter = run(process.execPath, ['submit.mjs']);
  expect({ code: await submitter.exited, output: submitter.output() }).toEqual({
    code: 0,
    output: expect.stringMatching(
      /^(transition PENDING\n)?transition CLAIMED\ntransition RUNNING\n(progress \n)?transition COMPLETED\n\{ greeting: 'Hello, Ada' \}\n$/,
    ),
  });
  worker.child.kill('SIGTERM');
  expect(await worker.exited).toBe(0);
});
