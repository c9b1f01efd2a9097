/**
 * An array as PostgreSQL reads it in text. The driver's own way quotes and escapes every element; most of what lists of
 * tasks are made of (ids, numbers, names) needs neither, and a statement for a thousand tasks has ten thousand elements.
 */

/** @param values texts, numbers, dates and nulls */
export function arrayLiteral(values: readonly unknown[]): string {
  let literal = '';
  // Often the same again: the job, the room, the worker.
  let last: unknown;
  let element = 'NULL';
  for (const value of values) {
    if (value !== last) {
      element = elementOf(value);
      last = value;
    }
    literal += literal === '' ? element : `,${element}`;
  }
  return `{${literal}}`;
}

const PLAIN = /^[\w-]+$/;
const NULL = /^null$/i;

function elementOf(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  const text = value instanceof Date ? value.toISOString() : String(value);
  return PLAIN.test(text) && !NULL.test(text) ? text : `"${text.replace(/["\\]/g, '\\$&')}"`;
}
