/** Pseudo-random numbers that come again with their seed, so that an estimate changes only when what it is made from does. */

/** A number from 0 to below 1. */
export type Random = () => number;

/** mulberry32. */
export function createRandom(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Exponential with mean 1. */
export function exponential(random: Random): number {
  return -Math.log(1 - random());
}

/** Standard normal, by Box and Muller. */
export function normal(random: Random): number {
  return Math.sqrt(2 * exponential(random)) * Math.cos(2 * Math.PI * random());
}

/** Gamma with the shape of a whole number, and the mean of the same; beyond 20 nearly so, by a sum of four. */
export function gamma(shape: number, random: Random): number {
  if (shape > 20) {
    const spread = Math.sqrt(3) * (random() + random() + random() + random() - 2);
    return shape + Math.sqrt(shape) * spread;
  }
  let product = 1;
  for (let n = 0; n < shape; n++) product *= 1 - random();
  return -Math.log(product);
}
