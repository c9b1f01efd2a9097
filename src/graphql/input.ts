/** Validation at the edge: what zod refuses becomes InvalidInput with a path for each issue. */
import { z } from 'zod';
import { inexactReason } from '../domain/exact-numbers.ts';
import { depthOf } from '../domain/json-schema.ts';
import { type InputIssue, InvalidInput, InvalidRoomId } from '../domain/problems.ts';
import { isValidRoom } from '../domain/rooms.ts';
import { isStorable } from '../domain/storable.ts';

/** Levels that JSON in an input may be nested at most. */
const MAX_JSON_DEPTH = 64;
/** Labels of a task at most. */
const MAX_LABELS = 64;
/** Issues in an answer at most: a large input can have very many. */
const MAX_ISSUES = 100;

const UNSTORABLE = 'must not contain the character U+0000 or an unpaired surrogate';

function whyUnstorable(text: unknown): string {
  return (typeof text === 'string' && inexactReason(text)) || UNSTORABLE;
}

/** Text of min to max characters that a database takes. */
export function text(min: number, max: number) {
  return z
    .string()
    .min(min)
    .max(max)
    .refine(isStorable, { error: ({ input }) => whyUnstorable(input) });
}

/** A JSON Pointer to a part of a payload. */
export function jsonPointer() {
  return text(1, 256).regex(/^(\/([^~/]|~[01])+)+$/, 'must be a JSON Pointer, as /customer/id');
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
      if (isStorableJson(value, MAX_JSON_DEPTH)) return;
      if (depthOf(value) > MAX_JSON_DEPTH) {
        context.addIssue({ code: 'custom', message: `may be nested ${MAX_JSON_DEPTH} levels deep at most` });
        return;
      }
      for (const issue of unstorableParts(value)) context.addIssue({ code: 'custom', ...issue });
    })
    .optional();
}

/** A JSON object whose text has so many bytes at most. */
export function jsonObject(maxBytes: number) {
  return json()
    .refine(
      (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
      'must be a JSON object',
    )
    .refine(
      // What is nested too deep is reported already, and cannot be written.
      (value) => depthOf(value) > MAX_JSON_DEPTH || Buffer.byteLength(JSON.stringify(value)) <= maxBytes,
      `must have ${maxBytes} bytes at most`,
    );
}

/** Labels: a flat map of strings. */
export function labelMap() {
  return (
    z
      .unknown()
      // Objects are copied without this key: it would be lost without a word.
      .refine((labels) => !Object.hasOwn(Object(labels), '__proto__'), 'must not have the label "__proto__"')
      .pipe(z.record(text(1, 128), text(0, 1_024)))
      .refine((labels) => Object.keys(labels).length <= MAX_LABELS, `${MAX_LABELS} labels at most`)
  );
}

/** The schema's output, or InvalidInput with every issue. `at` goes in front of the paths. */
export function parseInput<T>(schema: z.ZodType<T>, input: unknown, at: readonly string[] = []): T {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const { issues } = result.error;
  const listed = issues.slice(0, MAX_ISSUES).map((issue): InputIssue => {
    // What is wrong with the key of a map stands inside the issue.
    const { message } = (issue.code === 'invalid_key' && issue.issues[0]) || issue;
    return { path: [...at, ...issue.path.map(String)], message: lowerFirst(message) };
  });
  const more = issues.length - listed.length;
  throw new InvalidInput(more > 0 ? [...listed, { path: [...at], message: `… and ${more} more` }] : listed);
}

/** The room itself, when it is one. */
export function parseRoom(room: string): string {
  if (!isValidRoom(room)) throw new InvalidRoomId(room);
  return room;
}

/** Whether it has no issue, as nearly always: found out without allocating anything. */
function isStorableJson(value: unknown, levels: number): boolean {
  if (typeof value === 'string') return isStorable(value);
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return true;
  if (levels === 0) return false;
  if (Array.isArray(value)) return value.every((inner) => isStorableJson(inner, levels - 1));
  return Object.entries(value).every(([key, inner]) => isStorable(key) && isStorableJson(inner, levels - 1));
}

function unstorableParts(value: unknown, path: string[] = []): { path: string[]; message: string }[] {
  if (typeof value === 'string') return isStorable(value) ? [] : [{ path, message: whyUnstorable(value) }];
  // 1e400 is a number in JSON and none in JavaScript: it would become null without a word.
  if (typeof value === 'number') return Number.isFinite(value) ? [] : [{ path, message: 'is too large' }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    isStorable(key) ? unstorableParts(inner, [...path, key]) : [{ path, message: UNSTORABLE }],
  );
}

function lowerFirst(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1);
}
