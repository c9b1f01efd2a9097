import { describe, expect, it, vi } from 'vitest';
import { EventQueue } from '../../../src/client/streams/event-queue.ts';

describe('the queue between a stream and its reader', () => {
  it('gives what was pushed in order, whether it waits or the reader does', async () => {
    const queue = new EventQueue<number>(() => {});
    queue.push(1);
    queue.push(2);
    const read = [queue.next(), queue.next(), queue.next()];
    queue.push(3);
    expect(await Promise.all(read)).toEqual([1, 2, 3].map((value) => ({ done: false, value })));
  });

  it('ends after what waits', async () => {
    const queue = new EventQueue<number>(() => {});
    queue.push(1);
    queue.end();
    queue.push(2);
    expect(await queue.next()).toEqual({ done: false, value: 1 });
    expect(await queue.next()).toEqual({ done: true, value: undefined });
  });

  it('throws the error once, after what waits', async () => {
    const queue = new EventQueue<number>(() => {});
    queue.push(1);
    queue.end(new Error('lost'));
    expect(await queue.next()).toEqual({ done: false, value: 1 });
    await expect(queue.next()).rejects.toThrow('lost');
    expect(await queue.next()).toEqual({ done: true, value: undefined });
  });

  it('throws the error to a reader that waits', async () => {
    const queue = new EventQueue<number>(() => {});
    const reads = [queue.next(), queue.next()];
    queue.end(new Error('lost'));
    await expect(reads[0]).rejects.toThrow('lost');
    expect(await reads[1]).toEqual({ done: true, value: undefined });
    expect(await queue.next()).toEqual({ done: true, value: undefined });
  });

  it('drops what waits when it is aborted', async () => {
    const queue = new EventQueue<number>(() => {});
    queue.push(1);
    queue.abort(new Error('stop'));
    await expect(queue.next()).rejects.toThrow('stop');
  });

  it('lets a reader go although it waits for the next event, and says so once', async () => {
    const onReturn = vi.fn();
    const queue = new EventQueue<number>(onReturn);
    const pending = queue.next();
    await queue.return();
    await queue.return();
    expect(await pending).toEqual({ done: true, value: undefined });
    expect(onReturn).toHaveBeenCalledTimes(1);
  });

  it('does not call a reader gone who has read to the end', async () => {
    const onReturn = vi.fn();
    const queue = new EventQueue<number>(onReturn);
    queue.end();
    await queue.return();
    expect(onReturn).not.toHaveBeenCalled();
  });

  it('tells when its reader has caught up', async () => {
    const queue = new EventQueue<number>(() => {});
    queue.push(1);
    queue.push(2);
    let drained = false;
    const waiting = queue.drained().then(() => {
      drained = true;
    });
    await queue.next();
    await Promise.resolve();
    expect(drained).toBe(false);
    await queue.next();
    await waiting;
    expect(drained).toBe(true);
  });
});
