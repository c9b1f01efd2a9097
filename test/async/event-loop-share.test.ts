import { describe, expect, it } from 'vitest';
import { createEventLoopShare } from '../../src/async/event-loop-share.ts';

/** Keeps the thread busy. */
function burn(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

describe('turns', () => {
  it('let a caller go on until its slice is used up', async () => {
    const turns = createEventLoopShare(5);
    expect(turns.next('a')).toBeUndefined();
    turns.run(() => burn(1));
    expect(turns.next('a')).toBeUndefined();
    turns.run(() => burn(6));
    expect(turns.next('a')).toBeInstanceOf(Promise);
    expect(turns.next('b')).toBeInstanceOf(Promise);
  });

  it('begin anew when the event loop has turned', async () => {
    const turns = createEventLoopShare(5);
    turns.run(() => burn(6));
    await new Promise((resolve) => setTimeout(resolve, 1));
    await new Promise(setImmediate);
    expect(turns.next('a')).toBeUndefined();
  });

  it('go round the callers, however much one of them wants to do', async () => {
    const turns = createEventLoopShare(2);
    const order: string[] = [];
    const work = async (caller: string, pieces: number) => {
      for (let piece = 0; piece < pieces; piece++) {
        const turn = turns.next(caller);
        if (turn) await turn;
        turns.run(() => burn(3));
        order.push(caller);
      }
    };
    await Promise.all([...Array.from({ length: 10 }, () => work('greedy', 2)), work('modest', 2)]);
    // Behind one piece of the other for each of its own, not behind twenty.
    expect(order.lastIndexOf('modest')).toBeLessThan(8);
  });

  it('leave room for everything else, also when many wait', async () => {
    const turns = createEventLoopShare(4);
    let loops = 0;
    let done = false;
    const count = () => {
      loops++;
      if (!done) setImmediate(count);
    };
    setImmediate(count);
    await Promise.all(
      Array.from({ length: 30 }, async (_, caller) => {
        const turn = turns.next(`c${caller}`);
        if (turn) await turn;
        turns.run(() => burn(5));
      }),
    );
    done = true;
    expect(loops).toBeGreaterThanOrEqual(25);
  });

  it('count a piece that throws, and a piece of a piece once', () => {
    const turns = createEventLoopShare(5);
    expect(() =>
      turns.run(() => {
        burn(6);
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(turns.next('a')).toBeInstanceOf(Promise);
    const nested = createEventLoopShare(50);
    nested.run(() => nested.run(() => nested.run(() => burn(20))));
    expect(nested.next('a')).toBeUndefined();
  });
});
