/** A row of the table of problems. */
import { expect } from 'vitest';

/** How to provoke a problem, what its detail says, and its own fields; or why nothing can. */
export type Row = readonly [provoke: () => Promise<unknown>, detail: RegExp, own?: object] | string;

/** The own field of InvalidInput, with the one place that is wrong. */
export const issue = (...path: string[]) => ({ issues: [{ path, message: expect.any(String) }] });
