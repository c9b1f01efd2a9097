/** How many of something each may have at a time. */

/** Takes a place and gives the way to leave it, once; undefined when there is none left. */
export type TakePlace = (whose: string) => (() => void) | undefined;

/** @param max for each one */
export function createPlaces(max: number): TakePlace {
  // Whoever has none left is forgotten: the map is no larger than what is open.
  const taken = new Map<string, number>();
  return (whose) => {
    const before = taken.get(whose) ?? 0;
    if (before >= max) return undefined;
    taken.set(whose, before + 1);
    let left = false;
    return () => {
      if (left) return;
      left = true;
      const now = (taken.get(whose) ?? 1) - 1;
      if (now === 0) taken.delete(whose);
      else taken.set(whose, now);
    };
  };
}
