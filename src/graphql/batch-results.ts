/** How the items of long lists are worked on: without a promise for each of those that can be answered at once. */
import { Problem } from '../domain/problems.ts';

/** Waits for what is a promise, and for nothing where nothing is. */
export async function settled<T>(values: (T | Promise<T>)[]): Promise<T[]> {
  return values.some((value) => value instanceof Promise) ? Promise.all(values) : (values as T[]);
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
