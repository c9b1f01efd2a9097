import { describe, expect, it } from 'vitest';
import { pullIterator } from '../../src/async/pull-iterator.ts';
import { deferred } from '../events/inbox.ts';

function iteratorOver(pulls: (() => Promise<number | undefined>)[]) {
  let closed = 0;
  const iterator = pullIterator({
    pull: async () => pulls.shift()?.(),
    close: () => {
      closed++;
    },
  });
  return { iterator, closed: () => closed };
}

describe('an iterator that pulls', () => {
  it('gives values in order, also to calls that do not wait for each other, and closes at the end', async () => {
    const slow = deferred<number>();
    const { iterator, closed } = iteratorOver([() => slow.promise, async () => 2]);
    const calls = [iterator.next(), iterator.next(), iterator.next(), iterator.next()];
    slow.resolve(1);
    expect((await Promise.all(calls)).map(({ value, done }) => (done ? 'done' : value))).toEqual([
      1,
      2,
      'done',
      'done',
    ]);
    expect(closed()).toBe(1);
  });

  it('ends every pending call at once when it is returned, though a pull never ends', async () => {
    const { iterator, closed } = iteratorOver([() => new Promise(() => {})]);
    const calls = [iterator.next(), iterator.next()];
    expect(await iterator.return?.()).toEqual({ done: true, value: undefined });
    expect((await Promise.all(calls)).every(({ done }) => done)).toBe(true);
    expect((await iterator.next()).done).toBe(true);
    expect(closed()).toBe(1);
  });

  it('rejects the call whose pull failed, closes, and ends the others', async () => {
    const { iterator, closed } = iteratorOver([() => Promise.reject(new Error('broken'))]);
    const [failing, waiting] = [iterator.next(), iterator.next()];
    await expect(failing).rejects.toThrow('broken');
    expect((await waiting).done).toBe(true);
    expect(closed()).toBe(1);
  });

  it('does not tell a failure that comes after it was returned', async () => {
    const late = deferred();
    const { iterator } = iteratorOver([() => late.promise.then(() => Promise.reject(new Error('late')))]);
    const pending = iterator.next();
    await iterator.return?.();
    late.resolve();
    expect((await pending).done).toBe(true);
  });
});
