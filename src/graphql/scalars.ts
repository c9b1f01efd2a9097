/** The scalars of the contract. */
import { GraphQLError, Kind, type ValueNode } from 'graphql';
import { z } from 'zod';
import { isKept, markInexact } from '../domain/exact-numbers.ts';
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
  parseLiteral: (node, variables) => fromLiteral(node, variables ?? {}),
});

builder.scalarType('Long', {
  description: 'A whole number up to 2^53, where 2^31 may not be enough: a number in JSON.',
  serialize: (value) => value as never,
  parseValue: (value) => {
    if (Number.isSafeInteger(value)) return value as number;
    throw badInput('A Long is a whole number up to 2^53.');
  },
});

builder.scalarType('Labels', {
  description: 'A flat map of strings: { "album": "summer" }.',
  serialize: (value) => value as never,
  parseValue: (value) => value as never,
  parseLiteral: (node, variables) => fromLiteral(node, variables ?? {}) as never,
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

/** JSON that stands in the document itself; numbers that would be rounded are marked, as in variables. */
function fromLiteral(node: ValueNode, variables: Readonly<Record<string, unknown>>): unknown {
  switch (node.kind) {
    case Kind.NULL:
      return null;
    case Kind.INT:
    case Kind.FLOAT:
      return isKept(node.value) ? Number(node.value) : markInexact(node.value);
    case Kind.STRING:
    case Kind.BOOLEAN:
    case Kind.ENUM:
      return node.value;
    case Kind.LIST:
      return node.values.map((value) => fromLiteral(value, variables));
    case Kind.OBJECT:
      return Object.fromEntries(
        node.fields.map(({ name, value }) => [name.value, fromLiteral(value, variables)]),
      );
    case Kind.VARIABLE:
      return variables[node.name.value];
  }
}

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
