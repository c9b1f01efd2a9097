import { expect, it } from 'vitest';
import { backoffMs, pause } from '../../../src/client/connection/backoff.ts';

it('pauses of many calls end with their signal, or by themselves, and Node warns of nothing', async () => {
  const warnings: string[] = [];
  const note = ({ message }: Error) => warnings.push(message);
  process.on('warning', note);
  const ending = new AbortController();
  const short = Array.from({ length: 50 }, () => pause(1, ending.signal));
  const long = Array.from({ length: 50 }, () => pause(600_000, ending.signal));
  await Promise.all(short);
  ending.abort();
  await Promise.all(long);
  await pause(600_000, ending.signal);
  process.off('warning', note);
  expect(warnings).toEqual([]);
});

it('never lasts so long that a server which is back would be waited for longer than five seconds', () => {
  for (let failures = 0; failures < 60; failures++) {
    // By chance, within bounds.
    const longest = Math.max(...Array.from({ length: 200 }, () => backoffMs(failures)));
    expect(longest).toBeLessThanOrEqual(4_000);
    expect(longest).toBeGreaterThan(0);
  }
});
