/** A process that is told to end, ends, whatever its handlers do. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Client, defineJob, jsonSchema } from '../../../src/client/index.ts';
import { ADMIN_TOKEN } from '../../support/app.ts';
import { type ClientFixture, openClientFixture } from '../client-fixture.ts';

const PROGRAM = fileURLToPath(new URL('stuck-worker.ts', import.meta.url));
const stuck = defineJob({ room: 'lab', name: 'stuck', payload: jsonSchema<object>({ type: 'object' }) });

let fixture: ClientFixture;
let client: Client;
const started: ChildProcess[] = [];
beforeAll(async () => {
  fixture = await openClientFixture('pglite');
  client = fixture.client();
});
afterAll(async () => {
  for (const worker of started) worker.kill('SIGKILL');
  await fixture.close();
});

/** A worker in a process of its own, and all that it says. */
function start() {
  const worker = fork(PROGRAM, [fixture.url, ADMIN_TOKEN], { execArgv: ['--import', 'tsx'] });
  started.push(worker);
  const said: { line: string; details?: { tasks: string[] } }[] = [];
  const until = async (words: string) => {
    for (;;) {
      const found = said.find(({ line }) => line.includes(words));
      if (found) return found;
      await Promise.race([once(worker, 'message'), once(worker, 'exit')]);
      if (worker.exitCode !== null) throw new Error(`It has ended with ${worker.exitCode}.`);
    }
  };
  worker.on('message', (message) => said.push(message as (typeof said)[number]));
  return { worker, until };
}

it('by SIGTERM, though a handler ignores its signal, whose task goes to others', {
  timeout: 60_000,
}, async () => {
  const { worker, until } = start();
  await until('Registered as');
  const { id } = await client.submit(stuck, { payload: {} });
  await until('stuck');
  const exited = once(worker, 'exit');
  worker.kill('SIGTERM');
  expect(await until('Waiting for 1 handlers')).toMatchObject({
    details: { tasks: [`${id} (lab:general:stuck)`] },
  });
  expect(await until('go on although')).toMatchObject({
    line: '1 handlers go on although their signal is aborted: the process ends in 5000 ms. Pass `signal` on to what they wait for.',
    details: { tasks: [`${id} (lab:general:stuck)`] },
  });
  // What the program does after `run` is done.
  await until('returned');
  expect(await client.task(id)).toMatchObject({ status: 'PENDING', failures: 0 });
  expect(await exited).toEqual([0, null]);
});

it('by SIGINT, at once where nothing is under way', { timeout: 60_000 }, async () => {
  await client.cancel((await client.tasks('lab')).tasks[0]?.id as string);
  const { worker, until } = start();
  await until('Registered as');
  const exited = once(worker, 'exit');
  worker.kill('SIGINT');
  expect(await exited).toEqual([0, null]);
});
