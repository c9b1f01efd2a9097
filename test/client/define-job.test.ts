/** One definition of a job for worker and submitter. The types are checked by the compiler, with all others. */
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import {
  type Client,
  createClient,
  defineJob,
  jsonSchema,
  type StandardSchema,
} from '../../src/client/index.ts';
import { type ClientFixture, openClientFixture } from './client-fixture.ts';

const thumbnail = defineJob({
  room: 'lab',
  name: 'thumbnail',
  payload: z.strictObject({ picture: z.url(), width: z.int().default(100) }),
  result: z.object({ made: z.number(), at: z.iso.datetime().transform((text) => new Date(text)) }),
  registerSchemas: false,
});

const plain = defineJob({
  category: 'general',
  name: 'plain',
  payload: jsonSchema<{ n: number }>({
    type: 'object',
    properties: { n: { type: 'number' } },
    required: ['n'],
  }),
  result: jsonSchema<string>({ type: 'string' }),
});

let running = 0;
let most = 0;
const oneByOne = defineJob({
  room: 'lab',
  name: 'one-by-one',
  payload: z.object({ customer: z.string() }),
  limits: [{ name: 'customer', scope: 'KEY', maxRunning: 1 }],
});

describe('a defined job', () => {
  let fixture: ClientFixture;
  let client: Client;

  beforeAll(async () => {
    fixture = await openClientFixture('pglite');
    client = fixture.client();
    const worker = fixture.worker();
    worker.job(thumbnail, ({ payload }) => {
      expectTypeOf(payload).toEqualTypeOf<{ picture: string; width: number }>();
      return { made: payload.width, at: '2026-01-01T00:00:00Z' };
    });
    worker.job(plain, ({ payload }) => {
      expectTypeOf(payload).toEqualTypeOf<{ n: number }>();
      return 'x'.repeat(payload.n);
    });
    worker.job(oneByOne, async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running--;
      return null;
    });
    await worker.start();
  });

  afterAll(() => fixture.close());

  it('types what is submitted, and what comes of it', async () => {
    const handle = await client.submit(thumbnail, { payload: { picture: 'https://a.example/1.png' } });
    expectTypeOf(handle.result()).resolves.toEqualTypeOf<{ made: number; at: Date }>();
    expect(await handle.result({ parse: true, timeoutMs: 30_000 })).toEqual({
      made: 100,
      at: new Date('2026-01-01T00:00:00Z'),
    });
    const [first] = await client.submitMany(plain, [{ room: 'lab', payload: { n: 3 } }]);
    if (!first || first instanceof Error) throw first;
    expectTypeOf(first.result()).resolves.toBeString();
    expect(await first.result()).toBe('xxx');
  });

  it('has its limits: tasks of a key run one after the other', async () => {
    const handles = await client.submitMany(
      oneByOne,
      Array.from({ length: 5 }, () => ({ payload: { customer: 'acme' }, limitKey: 'acme' })),
    );
    for (const handle of handles) {
      if (handle instanceof Error) throw handle;
      await handle.result({ timeoutMs: 30_000 });
    }
    expect(most).toBe(1);
    // @ts-expect-error no such scope
    expect(() => defineJob({ ...oneByOne.options, limits: [{ name: 'a', scope: 'TABLE' }] })).not.toThrow();
  });

  it('is refused by the compiler with another payload, result or name', () => {
    const attempts = [
      // @ts-expect-error no number of pixels
      () => client.submit(thumbnail, { payload: { picture: 'https://a.example', width: 'wide' } }),
      // @ts-expect-error misspelt
      () => client.submit(thumbnail, { payload: { picture: 'https://a.example', widht: 3 } }),
      // @ts-expect-error no payload at all
      () => client.submit(thumbnail, {}),
      // @ts-expect-error not what the result schema takes
      () => fixture.worker().job(plain, () => 7),
    ];
    expect(attempts).toHaveLength(4);
  });

  it('asks for the room of a task whose job every room can run', async () => {
    await expect(client.submit(plain, { payload: { n: 1 } })).rejects.toThrow(
      '@global:general:plain can be run from every room: say which one the task belongs to.',
    );
  });

  it('stops waiting for a result after the time that it was given', async () => {
    const handle = await client.submit(plain, {
      room: 'lab',
      payload: { n: 1 },
      runAt: new Date(Date.now() + 3_600_000).toISOString(),
    });
    const tooLate = await handle.result({ timeoutMs: 1_000 }).catch((error: unknown) => error);
    expect(tooLate).toMatchObject({
      name: 'TaskTimeoutError',
      message: `Task ${handle.id} of @global:general:plain was still PENDING after 1000 ms. It goes on: estimate() says when it runs, a longer timeoutMs or another call of result() waits for it, and cancel() ends it.`,
      task: { id: handle.id, status: 'PENDING' },
    });
    const enough = new AbortController();
    const waiting = handle.result({ timeoutMs: 60_000, signal: enough.signal });
    enough.abort(new Error('The page is closed.'));
    await expect(waiting).rejects.toThrow('The page is closed.');
    await client.cancel(handle.id, 'enough');
    await expect(handle.result({ timeoutMs: 60_000 })).rejects.toMatchObject({ name: 'TaskCancelledError' });
  });

  it('says that nothing was heard of a task, and why, where the server is away', async () => {
    const away = createClient({ url: 'http://127.0.0.1:9', token: 'none' });
    await expect(away.result('task_01h455vb4pex5vsknk084sn02q', { timeoutMs: 500 })).rejects.toThrow(
      /^Nothing was heard of task task_01h455vb4pex5vsknk084sn02q within 500 ms: .*127\.0\.0\.1:9/,
    );
    await away.close();
  });

  it('takes the schemas of any library, and says when one does not write JSON Schema', () => {
    const even: StandardSchema<number> = {
      '~standard': {
        version: 1,
        vendor: 'evens',
        validate: (value) =>
          typeof value === 'number' && value % 2 === 0 ? { value } : { issues: [{ message: 'odd' }] },
      },
    };
    const job = defineJob({ name: 'even', payload: even });
    expect(() => fixture.worker().job(job, ({ payload }) => payload / 2)).toThrow(
      'The payload schema of general:even cannot be written as JSON Schema: this version of evens does not say how.',
    );
    fixture.worker().job(defineJob({ name: 'even', payload: even, registerSchemas: false }), () => 1);
  });
});
