/** Validation at the edge: what zod refuses becomes InvalidInput with a path for each issue. */
import { z } from 'zod';
import { depthOf } from '../domain/json-schema.ts';
import { type InputIssue, InvalidInput, InvalidRoomId } from '../domain/problems.ts';
import { isValidRoom } from '../domain/rooms.ts';

/** Levels that JSON in an input may be nested at most. */
const MAX_JSON_DEPTH = 64;

/** PostgreSQL takes neither NUL nor half a surrogate pair in text. */
function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

const UNSTORABLE = 'must not contain the character U+0000 or an unpaired surrogate';

/** Text of min to max characters that a database takes. */
export function text(min: number, max: number) {
  return z.string().min(min).max(max).refine(isStorable, UNSTORABLE);
}

/** A part of a job's full name. */
export function nameText() {
  return text(1, 128).regex(
    /^[^\s@:\p{C}]+$/u,
    'must not contain "@", ":", white space or control characters',
  );
}

/** Any JSON that a jsonb column takes; undefined stays undefined. */
export function json() {
  return z
    .unknown()
    .superRefine((value, context) => {
      if (depthOf(value) > MAX_JSON_DEPTH) {
        context.addIssue({ code: 'custom', message: `may be nested ${MAX_JSON_DEPTH} levels deep at most` });
        return;
      }
      for (const path of unstorablePaths(value))
        context.addIssue({ code: 'custom', path, message: UNSTORABLE });
    })
    .optional();
}

/** The schema's output, or InvalidInput with every issue. `at` goes in front of the paths. */
export function parseInput<T>(schema: z.ZodType<T>, input: unknown, at: readonly string[] = []): T {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw new InvalidInput(
    result.error.issues.map(
      ({ path, message }): InputIssue => ({
        path: [...at, ...path.map(String)],
        message: lowerFirst(message),
      }),
    ),
  );
}

/** The room itself, when it is one. */
export function parseRoom(room: string): string {
  if (!isValidRoom(room)) throw new InvalidRoomId(room);
  return room;
}

function unstorablePaths(value: unknown, path: string[] = []): string[][] {
  if (typeof value === 'string') return isStorable(value) ? [] : [path];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    isStorable(key) ? unstorablePaths(inner, [...path, key]) : [path],
  );
}

function lowerFirst(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1);
}
