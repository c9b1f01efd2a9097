import { afterEach, describe, expect, it } from 'vitest';
import { type CheckingThread, createCheckingThread } from '../../src/checks/checking-thread.ts';
import { CheckTimeUsedUp, createSchemaChecks } from '../../src/checks/schema-checks.ts';

const DEAR = {
  items: {
    anyOf: Array.from({ length: 600 }, (_, n) => ({ properties: { a: { const: n } }, required: ['a'] })),
  },
};

const threads: CheckingThread[] = [];
afterEach(() => Promise.all(threads.splice(0).map((thread) => thread.close())));

function newThread(options?: Parameters<typeof createCheckingThread>[0]): CheckingThread {
  const thread = createCheckingThread(options);
  threads.push(thread);
  return thread;
}

/** A thread that answers when it is told to, and says who has asked. */
function tamedThread(ms: number): CheckingThread & { asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    async ask(caller) {
      asked.push(caller);
      return { refusal: null, issues: [], ms };
    },
    close: async () => {},
  };
}

describe('the checking thread', () => {
  it('compiles and checks what the main thread gives up, with the same words', async () => {
    const checks = createSchemaChecks(newThread());
    expect(await checks.refusalOf(DEAR, 'ann')).toBeNull();
    const { validate } = checks.validatorOf(DEAR);
    expect(await validate([{ a: 599 }], 'ann')).toEqual([]);
    const issues = await validate([{ a: 600 }], 'ann');
    expect(issues).toHaveLength(101);
    expect(await validate(Array(5_000).fill({}), 'ann')).toEqual([
      { path: [], message: 'takes too long to check with its schema' },
    ]);
    expect(await checks.refusalOf({ ...DEAR, type: 'thing' }, 'ann')).toMatch(/at \/type must be equal/);
  });

  it('gives up what does not come to an end, and what is left when it is closed', async () => {
    const thread = newThread({ timeoutMs: 60_000 });
    const schema = JSON.stringify(DEAR);
    const asked = thread.ask('ann', { schema, value: Array(5_000).fill({}) });
    const queued = thread.ask('bob', { schema: '{}', value: 1 });
    await thread.close();
    expect(await Promise.all([asked, queued])).toEqual(['gave-up', 'gave-up']);
    // So soon that it has not even started.
    const hasty = newThread({ timeoutMs: -59_999 });
    expect(await hasty.ask('ann', { schema: '{}', value: 1 })).toBe('gave-up');
  });

  it('ends when it is not needed, and starts again', async () => {
    const thread = newThread({ idleMs: 1 });
    for (let time = 0; time < 2; time++) {
      expect(await thread.ask('ann', { schema: '{"type":"string"}', value: 'a' })).toMatchObject({
        issues: [],
      });
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  });
});

describe('the time of a caller', () => {
  it('is used up by what has run, and by nobody else; then nothing runs', async () => {
    const thread = tamedThread(11_000);
    const checks = createSchemaChecks(thread);
    for (let time = 0; time < 3; time++) await checks.refusalOf(DEAR, 'ann');
    const refused = await checks.refusalOf(DEAR, 'ann').catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(CheckTimeUsedUp);
    expect(refused).toMatchObject({ retryAfterSeconds: expect.any(Number) });
    await expect(async () => checks.validatorOf(DEAR).validate([], 'ann')).rejects.toThrow(CheckTimeUsedUp);
    expect(thread.asked).toEqual(['ann', 'ann', 'ann']);
    expect(await checks.refusalOf(DEAR, 'bob')).toBeNull();
    // What is small costs no time of the thread.
    expect(await checks.refusalOf({ type: 'string' }, 'ann')).toBeNull();
    expect(checks.validatorOf({ type: 'string' }).validate(1, 'ann')).toHaveLength(1);
  });

  it('is counted before the next of many questions that are asked at once', async () => {
    const thread = tamedThread(31_000);
    const checks = createSchemaChecks(thread);
    const { validate } = checks.validatorOf(DEAR);
    const answers = await Promise.allSettled(Array.from({ length: 50 }, () => validate([], 'ann')));
    expect(thread.asked).toEqual(['ann']);
    expect(answers.filter(({ status }) => status === 'rejected')).toHaveLength(49);
  });
});
