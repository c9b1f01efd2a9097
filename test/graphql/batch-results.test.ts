import { expect, it } from 'vitest';
import { createEventLoopShare } from '../../src/async/event-loop-share.ts';
import { inTurns } from '../../src/graphql/batch-results.ts';
import type { Context } from '../../src/graphql/context.ts';

it('ends a list with what an item was refused for, also while the next one waits for its turn', async () => {
  // Without a slice of time there is a wait before each item.
  const context = {
    viewer: { id: 'ann' },
    services: { checks: { eventLoopShare: createEventLoopShare(0) } },
  } as Context;
  const unheard: unknown[] = [];
  const hear = (error: unknown) => unheard.push(error);
  process.on('unhandledRejection', hear);
  const list = inTurns(context, [1, 2, 3], (item) => Promise.reject(new Error(`refused: ${item}`)));
  await expect(list).rejects.toThrow('refused: 1');
  await new Promise(setImmediate);
  process.off('unhandledRejection', hear);
  expect(unheard).toEqual([]);
});
