import { describe, expect, it, vi } from 'vitest';
import { createBatchSize } from '../../../src/client/worker/batch-size.ts';
import { createClaims } from '../../../src/client/worker/claims.ts';

/** Claims of numbered tasks, answered by hand. */
function play(slots: number, maxLimit?: () => number) {
  const asked: {
    limit: number;
    waitSeconds: number;
    answer: (tasks: number[]) => void;
    fail: (error: unknown) => void;
  }[] = [];
  const started: number[] = [];
  const errors: unknown[] = [];
  const claims = createClaims<number>({
    free: () => slots - started.length,
    claim: (limit, waitSeconds) =>
      new Promise((answer, fail) => asked.push({ limit, waitSeconds, answer, fail })),
    start: (task) => started.push(task),
    onError: async (error) => void errors.push(error),
    ...(maxLimit && { maxLimit }),
  });
  /** Lets everything run that can run without a further answer. */
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  return { claims, asked, started, errors, settle };
}

describe('claiming', () => {
  it('asks for as many tasks as there are free slots, and waits with each claim for the next', async () => {
    const { claims, asked, started, settle } = play(4);
    claims.wake();
    await settle();
    asked[0]?.answer([1, 2]);
    await settle();
    expect(started).toEqual([1, 2]);
    expect(asked.map(({ limit }) => limit)).toEqual([4, 2]);
    expect(asked.every(({ waitSeconds }) => waitSeconds > 0)).toBe(true);
    asked[1]?.answer([3]);
    await settle();
    expect(asked.map(({ limit }) => limit)).toEqual([4, 2, 1]);
  });

  it('asks nothing while all slots are taken, and again when one is free', async () => {
    const { claims, asked, started, settle } = play(2);
    claims.wake();
    await settle();
    asked[0]?.answer([1, 2]);
    await settle();
    expect(asked).toHaveLength(1);
    started.pop();
    claims.slotFreed();
    await settle();
    expect(asked.map(({ limit }) => limit)).toEqual([2, 1]);
  });

  it('asks nothing after a claim that was not let wait, until there is a reason', async () => {
    const { claims, asked, started, settle } = play(2);
    claims.wake();
    await settle();
    asked[0]?.answer([1]);
    await settle();
    asked[1]?.answer([]);
    await settle();
    started.pop();
    claims.slotFreed();
    await settle();
    expect(asked).toHaveLength(2);
    claims.wake();
    await settle();
    expect(asked).toHaveLength(3);
  });

  it('asks again after a claim that has waited for nothing', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    try {
      const { claims, asked, settle } = play(2);
      claims.wake();
      await settle();
      vi.advanceTimersByTime((asked[0]?.waitSeconds ?? 0) * 1_000);
      asked[0]?.answer([]);
      await settle();
      expect(asked).toHaveLength(2);
    } finally {
      vi.useRealTimers();
    }
  });

  it('asks once more when a signal comes during a claim, which may not have seen what it tells of', async () => {
    const { claims, asked, settle } = play(2);
    claims.wake();
    await settle();
    claims.wake();
    claims.wake();
    await settle();
    expect(asked).toHaveLength(1);
    asked[0]?.answer([]);
    await settle();
    expect(asked).toHaveLength(2);
    asked[1]?.answer([]);
    await settle();
    expect(asked).toHaveLength(2);
  });

  it('asks together for slots that become free in the same turn', async () => {
    const { claims, asked, started, settle } = play(3);
    claims.wake();
    await settle();
    asked[0]?.answer([1, 2, 3]);
    await settle();
    for (let i = 0; i < 3; i++) {
      started.pop();
      claims.slotFreed();
    }
    await settle();
    expect(asked.map(({ limit }) => limit)).toEqual([3, 3]);
  });

  it('asks again after an error', async () => {
    const { claims, asked, errors, settle } = play(1);
    claims.wake();
    await settle();
    asked[0]?.fail(new Error('lost'));
    await settle();
    expect(errors).toHaveLength(1);
    expect(asked).toHaveLength(2);
  });

  it('stops with the claim that is under way, and starts what that brings', async () => {
    const { claims, asked, started, settle } = play(2);
    claims.wake();
    await settle();
    const stopped = claims.stop();
    asked[0]?.answer([1, 2]);
    await stopped;
    expect(started).toEqual([1, 2]);
    started.length = 0;
    claims.wake();
    claims.slotFreed();
    await settle();
    expect(asked).toHaveLength(1);
  });

  it('asks for a second batch beside the first only after a full one, where there are slots for a whole one', async () => {
    const { claims, asked, started, settle } = play(13, () => 4);
    claims.wake();
    await settle();
    // There may be no more than one task.
    expect(asked.map(({ limit }) => limit)).toEqual([4]);
    asked[0]?.answer([1, 2, 3, 4]);
    await settle();
    // The thirteenth slot waits: two claims are under way. The second does not wait for work: the first does.
    expect(asked.map(({ limit }) => limit)).toEqual([4, 4, 4]);
    expect(asked[2]?.waitSeconds).toBe(0);
    asked[1]?.answer([5, 6, 7, 8]);
    await settle();
    expect(asked).toHaveLength(3);
    asked[2]?.answer([9, 10, 11, 12]);
    await settle();
    expect(asked.map(({ limit }) => limit)).toEqual([4, 4, 4, 1]);
    expect(started).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  });

  it('never asks for more than there are slots, whatever is under way', async () => {
    const { claims, asked, started, settle } = play(8, () => 4);
    claims.wake();
    await settle();
    asked[0]?.answer([1, 2, 3, 4]);
    await settle();
    expect(asked).toHaveLength(2);
    claims.slotFreed();
    await settle();
    expect(asked).toHaveLength(2);
    started.splice(0, 4);
    claims.slotFreed();
    await settle();
    expect(asked.map(({ limit }) => limit)).toEqual([4, 4, 4]);
  });
});

describe('the size of a batch', () => {
  it('grows to what servers give while payloads are small, and shrinks at once when they are large', () => {
    const size = createBatchSize();
    const first = size.limit;
    for (let n = 0; n < 20; n++) size.observe([{ payload: { n } }]);
    expect(size.limit).toBe(500);
    expect(first).toBeLessThan(size.limit);
    size.observe([{ payload: 'x'.repeat(50_000) }]);
    expect(size.limit).toBeLessThan(20);
    size.observe([]);
    size.observe([{ payload: 'x'.repeat(5_000_000) }]);
    expect(size.limit).toBe(10);
  });

  it('is halved, and stays so, when a server refuses it as too large an operation', () => {
    const size = createBatchSize();
    for (let n = 0; n < 20; n++) size.observe([{ payload: { n } }]);
    size.refused(500);
    expect(size.limit).toBe(250);
    size.observe([{ payload: { n: 1 } }]);
    expect(size.limit).toBe(250);
    for (const limit of [250, 5, 1]) size.refused(limit);
    expect(size.limit).toBe(1);
  });
});
