/** How long tasks of the benchmark take. */
export type Durations = (random: () => number) => number;

/** In seconds. */
export const constant =
  (seconds: number): Durations =>
  () =>
    seconds;

export const exponential =
  (mean: number): Durations =>
  (random) =>
    -mean * Math.log(1 - random());

/** Mostly short, at times long. */
export const bimodal =
  (short: number, long: number, longPart: number): Durations =>
  (random) =>
    (random() < longPart ? long : short) * (0.9 + 0.2 * random());
