/** Bounded statements, repeated until there is no more to do. */
const BATCH = 500;

/** All that the batches gave; a batch that is not full is the last one. */
export async function inBatches<T>(run: (limit: number) => Promise<T[]>): Promise<T[]> {
  const all: T[] = [];
  for (;;) {
    const batch = await run(BATCH);
    all.push(...batch);
    if (batch.length < BATCH) return all;
  }
}
