import { describe, expect, it } from 'vitest';
import { silentServerLogger } from '../../src/events/logger.ts';
import { createRunner, type Routine } from '../../src/maintenance/runner.ts';

/** A routine whose runs are told one by one, and end when the test says so. */
function observed(name = 'routine') {
  const waiting: (() => void)[] = [];
  const runs: { finish: (result: Record<string, number> | Error) => void }[] = [];
  const routine: Routine = {
    name,
    intervalMs: 1,
    runOnce: () =>
      new Promise((resolve, reject) => {
        runs.push({ finish: (result) => (result instanceof Error ? reject(result) : resolve(result)) });
        waiting.shift()?.();
      }),
  };
  return {
    routine,
    runs,
    /** Resolves when the n-th run has begun. */
    async began(count: number): Promise<void> {
      while (runs.length < count) await new Promise<void>((resolve) => waiting.push(resolve));
    },
  };
}

describe('the maintenance runner', () => {
  it('runs a routine again and again, one run at a time', async () => {
    const { routine, runs, began } = observed();
    const runner = createRunner(silentServerLogger);
    runner.add([routine]);
    runner.start();
    await began(1);
    // Many intervals pass while the first run goes on.
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(runs).toHaveLength(1);
    runs[0]?.finish({ done: 3 });
    await began(2);
    expect(runner.stats()['routine']).toMatchObject({ runs: 2, failures: 0, last: { done: 3 } });
    runs[1]?.finish({});
    await runner.close();
  });

  it('goes on after an error, and tells and counts it', async () => {
    const { routine, runs, began } = observed();
    const errors: object[] = [];
    const logger = { ...silentServerLogger, error: (details: object) => errors.push(details) };
    const runner = createRunner(logger);
    runner.add([routine]);
    runner.start();
    await began(1);
    runs[0]?.finish(new Error('the database is gone'));
    await began(2);
    expect(runner.stats()['routine']).toMatchObject({ runs: 2, failures: 1 });
    expect(errors).toMatchObject([{ routine: 'routine' }]);
    runs[1]?.finish({});
    await runner.close();
  });

  it('waits for a run under way when it is closed, and begins no other', async () => {
    const { routine, runs, began } = observed();
    const runner = createRunner(silentServerLogger);
    runner.add([routine]);
    runner.start();
    await began(1);
    let closed = false;
    const closing = runner.close().then(() => {
      closed = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(closed).toBe(false);
    runs[0]?.finish({});
    await closing;
    expect(runs).toHaveLength(1);
  });

  it('runs a routine when the routine says, and when it is woken, once more if it is just running', async () => {
    const { routine, runs, began } = observed();
    let next = 0;
    const runner = createRunner(silentServerLogger);
    runner.add([{ ...routine, nextInMs: () => next }]);
    runner.wake('routine');
    expect(runs).toHaveLength(0);
    runner.start();
    await began(1);
    next = 2 ** 31 - 1;
    runner.wake('routine');
    runner.wake('routine');
    runner.wake('another');
    runs[0]?.finish({});
    await began(2);
    runs[1]?.finish({});
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(runs).toHaveLength(2);
    runner.wake('routine');
    await began(3);
    runs[2]?.finish({});
    await runner.close();
    runner.wake('routine');
    expect(runs).toHaveLength(3);
  });

  it('does not let one routine hold up another', async () => {
    const slow = observed('slow');
    const quick = observed('quick');
    const runner = createRunner(silentServerLogger);
    runner.add([slow.routine, quick.routine]);
    runner.start();
    await Promise.all([slow.began(1), quick.began(1)]);
    quick.runs[0]?.finish({});
    await quick.began(2);
    expect(slow.runs).toHaveLength(1);
    for (const { finish } of [...slow.runs, ...quick.runs]) finish({});
    await runner.close();
  });
});
