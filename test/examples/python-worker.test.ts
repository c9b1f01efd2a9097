/** The worker in Python, with the standard library alone, against a server. */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findPython } from '../../scripts/services/programs.mjs';
import { type Client, defineJob, jsonSchema } from '../../src/client/index.ts';
import { type ClientFixture, openClientFixture } from '../client/client-fixture.ts';
import { ADMIN_TOKEN } from '../support/app.ts';

const WORKER = fileURLToPath(new URL('../../examples/python-worker/worker.py', import.meta.url));
// Where it is not, scripts/test.mjs has said so.
const python = await findPython();

/** As its submitter knows it. */
const countWords = defineJob({
  room: 'texts',
  name: 'count-words',
  payload: jsonSchema<{ text: string }>({}),
  result: jsonSchema<{ words: number }>({}),
});

describe.skipIf(!python)('the worker in Python', () => {
  let fixture: ClientFixture;
  let client: Client;
  let worker: ChildProcess;
  let printed = '';

  beforeAll(async () => {
    fixture = await openClientFixture('pglite');
    client = fixture.client();
    const env = { PATH: process.env['PATH'], SIGNALBOX_URL: fixture.url, SIGNALBOX_TOKEN: ADMIN_TOKEN };
    worker = spawn(python as string, [WORKER], { env });
    await new Promise<void>((resolve, reject) => {
      for (const stream of [worker.stdout, worker.stderr]) {
        stream?.setEncoding('utf8').on('data', (text) => {
          printed += text;
          if (printed.includes('Registered as worker_')) resolve();
        });
      }
      worker.once('close', (code) => reject(new Error(`The worker has ended with ${code}: ${printed}`)));
    });
  }, 60_000);

  afterAll(async () => {
    worker?.kill('SIGKILL');
    await fixture?.close();
  });

  it('does tasks', async () => {
    const handle = await client.submit(countWords, { payload: { text: 'to be or not to be' } });
    expect(await handle.result({ timeoutMs: 30_000 })).toEqual({ words: 6 });
    expect(await client.task(handle.id)).toMatchObject({ status: 'COMPLETED', attempt: 1, failures: 0 });
  });

  it('fails with code and without another attempt where its handler says so', async () => {
    const handle = await client.submit(countWords, { payload: { text: ' ' } });
    await expect(handle.result()).rejects.toMatchObject({
      name: 'TaskFailedError',
      error: { message: 'There is no text', code: 'EMPTY', retryable: false },
    });
  });

  it('ends when it is told to, and is not known any more', async () => {
    const [, id] = /Registered as (\S+)/.exec(printed) ?? [];
    const ended = new Promise((resolve) => worker.once('close', resolve));
    worker.kill('SIGTERM');
    expect(await ended, printed).toBe(0);
    expect(await client.request(`{ worker(id: "${id}") { id } }`)).toEqual({ worker: null });
  });
});
