/** How the items of long lists are worked on: without a promise for each of those that can be answered at once. */
import { Problem } from '../domain/problems.ts';
import { type Context, viewerOf } from './context.ts';

/** Waits for what is a promise, and for nothing where nothing is. */
export async function settled<T>(values: (T | Promise<T>)[]): Promise<T[]> {
  return values.some((value) => value instanceof Promise) ? Promise.all(values) : (values as T[]);
}

const AT_ONCE = 50;

/** Works on each item, and lets others have their turn in between: a long list can take seconds. */
export async function inTurns<Item, Result>(
  context: Context,
  items: readonly Item[],
  work: (item: Item, index: number) => Result | Promise<Result>,
): Promise<Result[]> {
  const { eventLoopShare } = context.services.checks;
  const caller = viewerOf(context).id;
  const results: (Result | Promise<Result>)[] = [];
  let begun = 0;
  for (const [index, item] of items.entries()) {
    const turn = eventLoopShare.next(caller);
    if (turn) await turn;
    const result = eventLoopShare.run(() => work(item, index));
    results.push(result);
    if (!(result instanceof Promise)) continue;
    // It may be refused while the next one waits for its turn, when nobody listens yet; the list gets it at its end.
    result.catch(() => undefined);
    // What is worked on elsewhere does not pile up.
    if (++begun % AT_ONCE === 0) await Promise.all(results);
  }
  return settled(results);
}

export function isRight<T>(value: T | Problem): value is T {
  return !(value instanceof Problem);
}

/** One item's problem is its answer; whatever else is thrown ends the whole list. */
export function keepProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  throw error;
}

/** What is made at once or later, with the problem where one is thrown. */
export function orProblem<T>(make: () => T | Promise<T>): T | Problem | Promise<T | Problem> {
  try {
    const made = make();
    return made instanceof Promise ? made.catch(keepProblem) : made;
  } catch (error) {
    return keepProblem(error);
  }
}
