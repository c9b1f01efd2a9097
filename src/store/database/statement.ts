/** What every module with SQL needs: named statements, the time of now, JSON for parameters. */
import { createHash } from 'node:crypto';
import type { Statement } from './database.ts';

/** A statement named after its verb and its text, so that two versions of a program never share a prepared one. */
export function statement(verb: string, text: string): Statement {
  return { name: `${verb}_${createHash('sha256').update(text).digest('hex').slice(0, 12)}`, text };
}

/** Now as a column holds it: never rounded up, so that what is due now is due for the very next statement. */
export const NOW = "date_trunc('milliseconds', now())";

/** JSON for a jsonb parameter; undefined becomes NULL. */
export function toJson(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value);
}
