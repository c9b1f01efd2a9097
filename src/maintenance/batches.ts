/** Bounded statements, repeated until there is no more to do. */
const BATCH = 500;

/** Repeats a step that handles at most so many and returns how many it was; one that is not full is the last. */
export async function eachBatch(
  signal: AbortSignal | undefined,
  run: (limit: number) => Promise<number>,
): Promise<void> {
  for (;;) {
    signal?.throwIfAborted();
    if ((await run(BATCH)) < BATCH) return;
  }
}
