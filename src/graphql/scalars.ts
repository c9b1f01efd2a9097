/** The scalars of the contract. */
import { GraphQLError, Kind, valueFromASTUntyped } from 'graphql';
import { z } from 'zod';
import { builder } from './builder.ts';

const rfc3339 = z.iso.datetime({ offset: true });

// What both JavaScript and PostgreSQL hold.
const LATEST_YEAR = 9999;

builder.scalarType('DateTime', {
  description: 'RFC 3339, in answers in UTC with milliseconds: 2026-11-22T09:30:00.000Z.',
  specifiedByURL: 'https://scalars.graphql.org/andimarek/date-time.html',
  serialize: (value) => writeDateTime(value instanceof Date ? value : new Date(value as string)) as never,
  parseValue: parseDateTime,
});

builder.scalarType('JSON', {
  description: 'Any JSON value.',
  serialize: (value) => value,
  parseValue: (value) => value,
  parseLiteral: (node, variables) => valueFromASTUntyped(node, variables ?? undefined),
});

builder.scalarType('Labels', {
  description: 'A flat map of strings: { "album": "summer" }.',
  serialize: (value) => value as never,
  parseValue: (value) => value as never,
  parseLiteral: (node, variables) => valueFromASTUntyped(node, variables ?? undefined) as never,
});

builder.scalarType('Cursor', {
  description: 'Opaque position in the transition log; compare for equality only.',
  serialize: (value) => value,
  parseValue: (value) => {
    if (typeof value === 'string') return value;
    throw badInput('A Cursor is a string.');
  },
  parseLiteral: (node) => {
    if (node.kind === Kind.STRING) return node.value;
    throw badInput('A Cursor is a string.');
  },
});

let last = { time: Number.NaN, text: '' };

/** What one statement has written has one time: it is put into words once. */
function writeDateTime(date: Date): string {
  const time = date.getTime();
  if (time !== last.time) last = { time, text: date.toISOString() };
  return last.text;
}

function parseDateTime(value: unknown): Date {
  const parsed = rfc3339.safeParse(value);
  const date = new Date(parsed.success ? parsed.data : Number.NaN);
  if (Number.isNaN(date.getTime()) || date.getUTCFullYear() > LATEST_YEAR || date.getUTCFullYear() < 1) {
    throw badInput('A DateTime is written as in RFC 3339, with a time zone: 2026-11-22T09:30:00Z.');
  }
  return date;
}

function badInput(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });
}
