/**
 * Blocks of docs/sdk.md that are whole programs run as they stand there, against a server, and do what the page says. Those
 * of pages that need the package of the server: test/packages/server.test.ts.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Client, createClient } from '../../src/client/index.ts';
import { ADMIN_TOKEN, startApp, type TestApp } from '../support/app.ts';
import { createTestDatabase } from '../support/database.ts';
import { blocksOf } from './blocks.ts';
import { createUserProject, type UserProject } from './project.ts';

let app: TestApp;
let client: Client;
let project: UserProject;
const running: ChildProcess[] = [];

beforeAll(async () => {
  project = await createUserProject();
  app = await startApp({ database: (await createTestDatabase('pglite')).db });
  client = createClient({ url: app.url, token: ADMIN_TOKEN });
}, 600_000);

afterAll(async () => {
  for (const program of running) program.kill('SIGKILL');
  await client.close();
  await app.stop();
  await project.remove();
});

/** Starts the block of the page that has this text. */
async function start(page: string, text: string) {
  const found = blocksOf('ts', [`docs/${page}`]).find((block) => block.text.includes(text));
  if (!found) throw new Error(`docs/${page} has no block with ${text}`);
  const name = `${found.where.replaceAll(/\W/g, '-')}.mts`;
  await project.write(name, found.text.replaceAll('http://127.0.0.1:4000', app.url));
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), name], {
    cwd: project.directory,
    env: { ...process.env, TOKEN: ADMIN_TOKEN },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (more) => {
      output += more;
    });
  }
  const exited = once(child, 'close').then(([code]) => ({ code: code as number | null, output }));
  const printed = (words: string) =>
    expect.poll(() => output, { timeout: 60_000, interval: 50 }).toContain(words);
  return { child, exited, printed };
}

it('docs/sdk.md, one definition for both ends', { timeout: 120_000 }, async () => {
  const program = await start('sdk.md', "name: 'resize'");
  const output = /^Registered as [^\n]*\nhttps:\/\/pictures.example\/1.png\?w=100\n$/;
  expect(await program.exited).toEqual({ code: 0, output: expect.stringMatching(output) });
});

it('docs/sdk.md, the loop', { timeout: 120_000 }, async () => {
  const { child, exited, printed } = await start('sdk.md', 'rotator.listen(');
  await printed('Registered as');
  const submit = (degrees: number) =>
    client.submit({ room: 'gallery', job: 'gallery:general:rotate', payload: { degrees }, maxAttempts: 1 });
  expect(await (await submit(180)).result()).toEqual({ turned: 180 });
  await expect((await submit(17)).result()).rejects.toThrow('Only quarters.');
  child.kill();
  await exited;
});

it('docs/sdk.md, the schedules', { timeout: 120_000 }, async () => {
  const { child, exited, printed } = await start('sdk.md', "name: 'nightly'");
  await printed('Created the schedule report#nightly');
  await printed('Created the schedule report#weekly');
  child.kill();
  await exited;
});
