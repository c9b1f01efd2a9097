/** Streams read by callbacks. */
import { describe, expect, it } from 'vitest';
import { follow } from '../../../src/client/index.ts';
import { gate } from '../client-fixture.ts';

/** A stream of these, which then ends or breaks off; `left` resolves when its reader leaves before. */
function streamOf(
  events: readonly number[],
  { error, stays = false }: { error?: Error; stays?: boolean } = {},
) {
  const left = gate();
  async function* read() {
    yield* events;
    if (error) throw error;
    if (stays) await left.promise;
  }
  const stream = read();
  const leave = stream.return.bind(stream);
  stream.return = (value) => {
    left.open();
    return leave(value);
  };
  return { stream, left: left.promise };
}

describe('a stream that is followed', () => {
  it('calls with each event in order, the next one after what the callback waits for, and once at its end', async () => {
    const log: string[] = [];
    const ended = gate();
    follow(streamOf([1, 2, 3]).stream, {
      async event(n) {
        log.push(`begins ${n}`);
        await new Promise((resolve) => setImmediate(resolve));
        log.push(`ends ${n}`);
      },
      end: () => ended.open(),
      error: (error) => log.push(String(error)),
    });
    await ended.promise;
    expect(log).toEqual([1, 2, 3].flatMap((n) => [`begins ${n}`, `ends ${n}`]));
  });

  it.each(['it breaks off', 'a callback throws'])(
    'calls with the error when %s, and not with an end',
    async (why) => {
      const broken = new Error('broken');
      const { stream, left } = streamOf([1], why === 'it breaks off' ? { error: broken } : { stays: true });
      const failed = gate<unknown>();
      let ends = 0;
      follow(stream, {
        event() {
          if (why === 'a callback throws') throw broken;
        },
        end: () => void ends++,
        error: failed.open,
      });
      expect(await failed.promise).toBe(broken);
      if (why === 'a callback throws') await left;
      expect(ends).toBe(0);
    },
  );

  it('is left when it is stopped, without a further call', async () => {
    const { stream, left } = streamOf([1, 2, 3], { stays: true });
    const calls: unknown[] = [];
    const stopped = gate();
    const stop = follow(stream, {
      event(n) {
        calls.push(n);
        if (n !== 2) return;
        stop();
        stopped.open();
      },
      end: () => calls.push('end'),
      error: (error) => calls.push(error),
    });
    await stopped.promise;
    await left;
    expect(await stream.next()).toMatchObject({ done: true });
    expect(calls).toEqual([1, 2]);
  });

  it('needs no callback for what does not matter', async () => {
    const { stream } = streamOf([1, 2]);
    follow(stream, {});
    await new Promise((resolve) => setImmediate(resolve));
    expect(await stream.next()).toMatchObject({ done: true });
  });
});
