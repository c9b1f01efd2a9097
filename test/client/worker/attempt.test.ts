import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { AnySchema } from '../../../src/client/schema.ts';
import { attempt } from '../../../src/client/worker/attempt.ts';
import {
  type HandledTask,
  type JobDefinition,
  partial,
  toServedJob,
} from '../../../src/client/worker/job.ts';
import { TaskError } from '../../../src/client/worker/task-error.ts';
import { compileSchema } from '../../../src/domain/json-schema.ts';

const defineJob = <TPayload extends AnySchema, TResult extends AnySchema>({
  handler,
  ...options
}: JobDefinition<TPayload, TResult>) => toServedJob(options, handler);

const context = {
  task: { id: 'task_1' } as HandledTask,
  attempt: 1,
  dependencies: [],
  signal: new AbortController().signal,
  progress: () => {},
  asset: async () => 'asset_1',
  submit: async () => {
    throw new Error('not here');
  },
};

const base = { category: 'general', name: 'test', payload: z.object({ n: z.int(), by: z.int().default(2) }) };

describe('an attempt', () => {
  it('gives the handler the parsed payload, and reports what it returns', async () => {
    const job = defineJob({ ...base, handler: ({ payload }) => payload.n * payload.by });
    expect(await attempt(job, { n: 21 }, context)).toEqual({
      kind: 'complete',
      outcome: 'COMPLETED',
      result: 42,
    });
  });

  it('is partial when the handler says so', async () => {
    const job = defineJob({
      ...base,
      result: z.number(),
      handler: async ({ payload }) => partial(payload.n),
    });
    expect(await attempt(job, { n: 1 }, context)).toEqual({
      kind: 'complete',
      outcome: 'PARTIAL',
      result: 1,
    });
  });

  it('has the result null when the handler returns nothing', async () => {
    const job = defineJob({ ...base, handler: () => {} });
    expect(await attempt(job, { n: 1 }, context)).toMatchObject({ kind: 'complete', result: null });
  });

  it('leaves a task of newer schemas that it cannot read to others, longer each time', async () => {
    const job = { ...defineJob({ ...base, handler: () => 'done' }), schemaVersion: 1 };
    const delayOf = async (attempts: number, failures: number) => {
      const task = { ...context.task, schemaVersion: 2, attempt: attempts, failures } as HandledTask;
      const outcome = await attempt(job, { n: 'new' }, { ...context, task });
      expect(outcome.kind).toBe('release');
      return outcome.kind === 'release' ? outcome.delaySeconds : undefined;
    };
    for (const [attempts, failures, most] of [
      [1, 0, 0],
      [4, 0, 0],
      [8, 4, 0],
      [5, 0, 0.5],
      [8, 0, 2],
      [400, 2, 60],
    ] as const) {
      const delay = await delayOf(attempts, failures);
      expect(delay).toBeLessThanOrEqual(most);
      expect(delay).toBeGreaterThanOrEqual(most / 2);
    }
    // What it can read it does.
    const task = { ...context.task, schemaVersion: 2, attempt: 1, failures: 0 } as HandledTask;
    expect(await attempt(job, { n: 1 }, { ...context, task })).toMatchObject({ kind: 'complete' });
    // Of its own schemas, or older ones, another worker would fare no better.
    const known = { ...task, schemaVersion: 1 };
    expect(await attempt(job, { n: 'new' }, { ...context, task: known })).toMatchObject({
      kind: 'fail',
      error: { code: 'INVALID_PAYLOAD', retryable: false },
    });
  });

  it('fails for good on a payload that does not fit, without calling the handler', async () => {
    const job = defineJob({
      ...base,
      handler() {
        throw new Error('called');
      },
    });
    const outcome = await attempt(job, { n: 'one' }, context);
    expect(outcome).toMatchObject({ kind: 'fail', error: { code: 'INVALID_PAYLOAD', retryable: false } });
    expect(outcome).toMatchObject({
      error: { message: expect.stringMatching(/expected number[\s\S]*at n/) },
    });
  });

  it.each([
    ['violates the schema', z.object({ a: z.number() }), { a: 'x' }, /expected number/],
    ['has no JSON', undefined, () => {}, /a function has no JSON/],
    ['is a circle', undefined, circle(), /circular/],
    ['is a bigint', undefined, 1n, /BigInt/],
  ])('fails for good on a result that %s', async (_what, result, value, message) => {
    const job = defineJob({ ...base, result, handler: () => value as never });
    const outcome = await attempt(job, { n: 1 }, context);
    expect(outcome).toMatchObject({ kind: 'fail', error: { code: 'INVALID_RESULT', retryable: false } });
    expect(outcome).toMatchObject({ error: { message: expect.stringMatching(message) } });
  });

  it('reports the result as its schema gives it', async () => {
    const result = z.object({ a: z.number().default(7) });
    const job = defineJob({ ...base, result, handler: () => ({}) });
    expect(await attempt(job, { n: 1 }, context)).toMatchObject({ result: { a: 7 } });
  });

  it('fails with code, retryable and context of a TaskError', async () => {
    const error = new TaskError('no such file', {
      code: 'NO_FILE',
      retryable: false,
      context: { file: 'a' },
    });
    const job = defineJob({ ...base, handler: () => Promise.reject(error) });
    expect(await attempt(job, { n: 1 }, context)).toEqual({
      kind: 'fail',
      error: { message: 'no such file', code: 'NO_FILE', retryable: false, context: { file: 'a' } },
      thrown: error,
    });
  });

  it('fails with the code of any error, and lets the server judge whether to retry', async () => {
    const error = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', errno: -111 });
    const job = defineJob({ ...base, handler: () => Promise.reject(error) });
    expect(await attempt(job, { n: 1 }, context)).toEqual({
      kind: 'fail',
      error: {
        message: 'connect ECONNREFUSED',
        code: 'ECONNREFUSED',
        retryable: undefined,
        context: undefined,
      },
      thrown: error,
    });
  });

  it.each([
    ['a string', 'boom', 'boom'],
    ['nothing', undefined, 'undefined'],
    ['an error without a message', new Error(''), 'The handler failed without a message.'],
  ])('fails on a handler that throws %s', async (_what, thrown, message) => {
    const job = defineJob({
      ...base,
      handler() {
        throw thrown;
      },
    });
    expect(await attempt(job, { n: 1 }, context)).toMatchObject({ kind: 'fail', error: { message } });
  });

  it('leaves out a context that cannot be reported', async () => {
    const error = new TaskError('x', { context: circle() });
    const job = defineJob({ ...base, handler: () => Promise.reject(error) });
    expect(await attempt(job, { n: 1 }, context)).toMatchObject({ error: { context: undefined } });
  });

  it('survives a schema whose own code throws', async () => {
    const payload = z.unknown().transform(() => {
      throw new Error('broken transform');
    });
    const job = { ...defineJob({ ...base, handler: () => 1 }), payload };
    expect(await attempt(job, { n: 1 }, context)).toMatchObject({
      kind: 'fail',
      error: { code: 'INVALID_PAYLOAD', message: expect.stringContaining('broken transform') },
    });
  });
});

describe('a job', () => {
  it('is registered with JSON Schema 2020-12, as the payload is before parsing and the result after', () => {
    const { registration } = defineJob({
      ...base,
      result: z.object({ a: z.number().default(1) }),
      handler: () => ({}),
    });
    expect(registration.payloadSchema).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      required: ['n'],
    });
    expect(registration.resultSchema).toMatchObject({ required: ['a'] });
  });

  it('leaves patterns that RE2 does not know to the worker', () => {
    const payload = z.object({ host: z.hostname(), code: z.string().regex(/^[A-Z]+$/) });
    const { payloadSchema } = defineJob({ ...base, payload, handler: () => 1 }).registration;
    expect(payloadSchema).toMatchObject({
      properties: { host: { type: 'string', format: 'hostname' }, code: { pattern: '^[A-Z]+$' } },
    });
    expect(JSON.stringify(payloadSchema)).not.toContain('(?=');
  });

  it.each([
    ['email', z.email()],
    ['url', z.url()],
    ['uuid', z.uuid()],
    ['guid', z.guid()],
    ['nanoid', z.nanoid()],
    ['cuid', z.cuid()],
    ['cuid2', z.cuid2()],
    ['ulid', z.ulid()],
    ['xid', z.xid()],
    ['ksuid', z.ksuid()],
    ['ipv4', z.ipv4()],
    ['ipv6', z.ipv6()],
    ['cidrv4', z.cidrv4()],
    ['cidrv6', z.cidrv6()],
    ['base64', z.base64()],
    ['base64url', z.base64url()],
    ['e164', z.e164()],
    ['emoji', z.emoji()],
    ['hostname', z.hostname()],
    ['date', z.iso.date()],
    ['time', z.iso.time()],
    ['datetime', z.iso.datetime()],
    ['duration', z.iso.duration()],
  ])('has a schema that servers take, with a %s', (_format, schema) => {
    const { payloadSchema } = defineJob({
      ...base,
      payload: z.object({ text: schema }),
      handler: () => 1,
    }).registration;
    expect(compileSchema(payloadSchema)).toMatchObject({ ok: true });
  });

  it('refuses a schema that JSON Schema cannot express, naming the job', () => {
    expect(() => defineJob({ ...base, payload: z.object({ at: z.date() }), handler: () => 1 })).toThrow(
      /^The payload schema of general:test cannot be written as JSON Schema/,
    );
  });
});

function circle(): unknown {
  const value: Record<string, unknown> = {};
  value['self'] = value;
  return value;
}
