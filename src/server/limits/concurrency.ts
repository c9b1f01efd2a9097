/** Per-key concurrency limits: how many of something each caller has open at a time. */

/** Acquires a slot of the key and returns its idempotent release, or undefined at the limit. */
export type AcquireSlot = (key: string) => (() => void) | undefined;

/** @param max open at a time for each key */
export function createConcurrencyLimit(max: number): AcquireSlot {
  // A key without slots is forgotten: the map is no larger than what is open.
  const taken = new Map<string, number>();
  return (key) => {
    const before = taken.get(key) ?? 0;
    if (before >= max) return undefined;
    taken.set(key, before + 1);
    let released = false;
    return () => {
      if (released) return;
      released = true;
      const now = (taken.get(key) ?? 1) - 1;
      if (now === 0) taken.delete(key);
      else taken.set(key, now);
    };
  };
}
