import { describe, expect, it } from 'vitest';
import { batchesOf } from '../../../src/client/submit.ts';

describe('many submissions', () => {
  it('go in requests of so many items, in order', () => {
    expect([...batchesOf([1, 2, 3, 4, 5], 2)]).toEqual([[1, 2], [3, 4], [5]]);
  });

  it('go in requests of so many bytes, counted as they are sent', () => {
    // Each is 4 bytes in UTF-8 with its quotes, though one character.
    expect([...batchesOf(['é', 'é', 'é'], 10, 8)]).toEqual([['é', 'é'], ['é']]);
  });

  it('that are too large alone go alone', () => {
    const large = 'x'.repeat(20);
    expect([...batchesOf(['a', large, 'b'], 10, 10)]).toEqual([['a'], [large], ['b']]);
  });

  it('of nothing are no request', () => {
    expect([...batchesOf([])]).toEqual([]);
  });
});
