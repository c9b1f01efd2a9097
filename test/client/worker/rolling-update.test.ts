/** A rolling update in processes of their own: workers of an old and a new version of a job, side by side. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Api, type Caller, startApi } from '../../support/api.ts';

const PROGRAM = fileURLToPath(new URL('rolling-worker.ts', import.meta.url));
const running: ChildProcess[] = [];

let api: Api;
let owner: Caller;
beforeAll(async () => {
  api = await startApi('pglite');
  owner = await api.caller('wim', 'WORKER', ['lab']);
});
afterAll(async () => {
  for (const worker of running) worker.kill('SIGKILL');
  await api?.close();
});

async function start(version: 'old' | 'new'): Promise<ChildProcess> {
  const worker = fork(PROGRAM, [api.url, owner.token, version], { execArgv: ['--import', 'tsx'] });
  running.push(worker);
  const ended = once(worker, 'exit').then(([code]) => {
    throw new Error(`The ${version} worker has ended with ${code}`);
  });
  ended.catch(() => {});
  await Promise.race([once(worker, 'message'), ended]);
  return worker;
}
async function stop(worker: ChildProcess): Promise<void> {
  const exited = once(worker, 'exit');
  worker.kill('SIGTERM');
  await exited;
}
const submit = (payload: object) => owner.submit({ room: 'lab', job: 'lab:general:rolling', payload });
interface Done {
  status: string;
  failures: number;
  result: { by: string; size: string };
}

const LAST = `subscription ($id: ID!) { taskEvents(taskId: $id) {
  ... on TaskSnapshot { task { status } } ... on TaskTransitioned { task { status } }
} }`;
const ENDS = ['COMPLETED', 'PARTIAL', 'FAILED', 'CANCELLED'];

/** The tasks when each has ended. */
async function finished(ids: string[]): Promise<Done[]> {
  const done: Done[] = [];
  for (const id of ids) {
    const events = owner.subscribe('WebSocket', LAST, { id });
    for (let status = ''; !ENDS.includes(status); ) {
      const event = (await events.event(60_000)) as { task?: { status: string } };
      status = event.task?.status ?? status;
    }
    events.close();
    done.push(await owner.task(id));
  }
  return done;
}

it('does all tasks of both versions, whichever workers are there', async () => {
  const first = await start('old');
  const submitted = [await submit({ size: 'small', name: 'one' })];
  expect(await submit({ size: 'huge', name: 'one' })).toMatchObject({ __typename: 'InvalidInput' });
  const second = await start('new');
  // Both are there: an old worker that starts again now does not take the update back.
  for (let n = 0; n < 8; n++) submitted.push(await submit({ size: 'huge', name: `${n}`, colour: 'red' }));
  const again = await start('old');
  for (let n = 0; n < 20; n++) submitted.push(await submit({ size: n % 2 ? 'huge' : 'small', name: `${n}` }));
  const tasks = await finished(submitted.map(({ task }) => task.id));
  expect(tasks.filter(({ status }) => status !== 'COMPLETED')).toEqual([]);
  // What was left to others has failed nowhere.
  expect(tasks.filter(({ failures }) => failures > 0)).toEqual([]);
  for (const { result } of tasks) if (result.size === 'huge') expect(result.by).toBe('new');
  const { schemaVersions } = await owner.ask(
    '{ job(fullName: "lab:general:rolling") { schemaVersions { version } } }',
  );
  expect(schemaVersions).toEqual([{ version: 2 }, { version: 1 }]);
  await Promise.all([stop(first), stop(again)]);
  const late = await finished([(await submit({ size: 'huge', name: 'late' })).task.id]);
  expect(late).toMatchObject([{ status: 'COMPLETED', result: { by: 'new' } }]);
  await stop(second);
}, 240_000);
