/** The rules of dependencies: what a list of submissions may look like whose items wait for each other. */

/** Edges of one submission, or of a whole list, at most. */
export const MAX_DEPENDENCIES = 10_000;

/** Tasks that can depend on one task, at most: its end moves all of them in one transaction. */
export const MAX_DEPENDENTS = 10_000;

/** What a task waits for. */
export interface Dependency {
  /** A task by its UUID, or another item of the same list by its place. */
  parent: string | number;
  /** Whether the task runs all the same when the parent does not end well. */
  runsOnFailure: boolean;
}

/** The items of a list, each behind those that it depends on; or a cycle, whose last item depends on its first. */
export type Ordered = { order: number[] } | { cycle: number[] };

/**
 * Orders items behind what they depend on; otherwise they stay in the order of the list.
 * @param parentsOf for each item the places of those that it depends on
 */
export function orderByDependencies(parentsOf: readonly (readonly number[])[]): Ordered {
  const order: number[] = [];
  const state = new Uint8Array(parentsOf.length);
  const [OPEN, DONE] = [1, 2];
  // Without recursion: a chain can be as long as the list.
  for (let first = 0; first < parentsOf.length; first++) {
    const path: { item: number; next: number }[] = [{ item: first, next: 0 }];
    if (state[first] === DONE) continue;
    state[first] = OPEN;
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const parent = parentsOf[top.item]?.[top.next++];
      if (parent === undefined) {
        state[top.item] = DONE;
        order.push(top.item);
        path.pop();
      } else if (state[parent] === OPEN) {
        return {
          cycle: path
            .slice(path.findIndex(({ item }) => item === parent))
            .map(({ item }) => item)
            .reverse(),
        };
      } else if (state[parent] !== DONE) {
        state[parent] = OPEN;
        path.push({ item: parent, next: 0 });
      }
    }
  }
  return { order };
}
