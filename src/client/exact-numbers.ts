/**
 * Numbers that JSON carries and its readers would round: integers beyond 2^53 − 1 in either direction. What has been
 * rounded cannot be distinguished from what was meant, so they are refused before they are sent.
 */

import { ProblemError } from './problems.ts';

/** Where the first number is that would be rounded. */
export interface RoundedNumber {
  path: string[];
  value: number | bigint;
}

/** @returns the first one in a value that is to be written as JSON; undefined where all are exact */
export function findRounded(value: unknown): RoundedNumber | undefined {
  switch (typeof value) {
    case 'number':
      return Number.isInteger(value) && !Number.isSafeInteger(value) ? { path: [], value } : undefined;
    case 'bigint':
      return { path: [], value };
    case 'object':
      return value === null ? undefined : findInside(value);
    default:
      return undefined;
  }
}

function findInside(value: object): RoundedNumber | undefined {
  if ('toJSON' in value && typeof value.toJSON === 'function') return findRounded(value.toJSON());
  for (const key in value) {
    const found = findRounded((value as Record<string, unknown>)[key]);
    if (found) return { ...found, path: [key, ...found.path] };
  }
  return undefined;
}

/** A sentence about it: `/user/id is 9007199254740993, …`. */
export function sentenceOf({ path, value }: RoundedNumber): string {
  return `/${path.join('/')} ${explanationOf(value)}`;
}

function explanationOf(value: number | bigint): string {
  return `is ${value}, and JSON carries integers exactly only up to ${Number.MAX_SAFE_INTEGER} in either direction. Send it as text.`;
}

/** The refusal of a submission whose payload would be rounded, as the server would give it; undefined where it would not. */
export function refusalOf(payload: unknown): ProblemError | undefined {
  const found = findRounded(payload);
  if (!found) return undefined;
  const issue = { path: ['payload', ...found.path], message: explanationOf(found.value) };
  return new ProblemError({
    __typename: 'InvalidInput',
    type: '/problems/invalid-input',
    title: 'Invalid input',
    status: 400,
    detail: `${issue.path.join('.')}: ${issue.message}`,
    issues: [issue],
  });
}
