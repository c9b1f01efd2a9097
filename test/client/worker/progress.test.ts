import { describe, expect, it } from 'vitest';
import { createProgress } from '../../../src/client/worker/progress.ts';

const holder = { taskId: 'task_1', workerId: 'worker_1', attempt: 1 };

function play() {
  const sent: {
    percent: number;
    message?: string | undefined;
    answer: (type: string) => void;
    fail: () => void;
  }[] = [];
  const over: string[] = [];
  const progress = createProgress(
    holder,
    ({ percent, message }) =>
      new Promise((answer, reject) =>
        sent.push({ percent, message, answer, fail: () => reject(new Error('lost')) }),
      ),
    (refusal) => over.push(refusal),
  );
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  return { progress, sent, over, settle };
}

describe('the progress of an attempt', () => {
  it('is sent at once, and while one report is under way only the latest waits', async () => {
    const { progress, sent, settle } = play();
    for (const percent of [1, 2, 3]) progress.report(percent, `file ${percent}`);
    expect(sent.map(({ percent }) => percent)).toEqual([1]);
    sent[0]?.answer('TaskSuccess');
    await settle();
    expect(sent.map(({ percent, message }) => [percent, message])).toEqual([
      [1, 'file 1'],
      [3, 'file 3'],
    ]);
  });

  it('goes on after a report that was lost', async () => {
    const { progress, sent, settle } = play();
    progress.report(1);
    sent[0]?.fail();
    await settle();
    progress.report(2);
    expect(sent.map(({ percent }) => percent)).toEqual([1, 2]);
  });

  it.each([
    [-5, 0],
    [Number.NaN, 0],
    [150, 100],
    [33.3, 33.3],
  ])('of %d is told as %d', (given, told) => {
    const { progress, sent } = play();
    progress.report(given);
    expect(sent[0]?.percent).toBe(told);
  });

  it.each(['StaleAttempt', 'InvalidTransition', 'TaskNotFound'])(
    'that is refused as %s ends the attempt, once',
    async (refusal) => {
      const { progress, sent, over, settle } = play();
      progress.report(1);
      progress.report(2);
      sent[0]?.answer(refusal);
      await settle();
      progress.report(3);
      await settle();
      expect(over).toEqual([refusal]);
      expect(sent).toHaveLength(1);
    },
  );

  it('is not sent after the attempt is over', async () => {
    const { progress, sent, over, settle } = play();
    progress.report(1);
    progress.report(2);
    progress.close();
    sent[0]?.answer('InvalidTransition');
    await settle();
    expect(sent).toHaveLength(1);
    expect(over).toEqual([]);
  });
});
