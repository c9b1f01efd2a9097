/** Random input for a server, the same for the same seed: documents, variables, headers, frames. */
import {
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  getNamedType,
  getNullableType,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isListType,
  isObjectType,
} from 'graphql';
import { schema } from '../../src/graphql/schema.ts';

export interface Random {
  /** A whole number from 0 to below the limit. */
  below(limit: number): number;
  pick<T>(from: readonly T[]): T;
  /** True once in so many times. */
  oneIn(times: number): boolean;
}

/** Mulberry32: small, and good enough to be surprised by. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const below = (limit: number) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  };
  return { below, pick: (from) => from[below(from.length)] as never, oneIn: (times) => below(times) === 0 };
}

const NASTY: unknown[] = [
  null,
  true,
  0,
  -1,
  0.5,
  2 ** 31,
  -(2 ** 53),
  1e308,
  '',
  'a',
  '@global',
  '@global:general:fuzz',
  'a:b:c',
  '\0',
  '\ud800',
  '\u202e\u0000',
  "'; DROP TABLE task; --",
  '__proto__',
  'constructor',
  'task_01h455vb4pex5vsknk084sn02q',
  'worker_zzzzzzzzzzzzzzzzzzzzzzzzzz',
  '2026-02-30T00:00:00Z',
  '9999-12-31T23:59:59.999Z',
  'x'.repeat(3_000),
  [],
  {},
  [[[[]]]],
  { __proto__: null, a: { a: { a: {} } } },
  JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1}'),
];

const TEXTS = NASTY.filter((value) => typeof value === 'string');

/** Any JSON, nasty at its leaves. */
function json(random: Random, depth = 3): unknown {
  if (depth === 0 || random.oneIn(2)) return random.pick(NASTY);
  const size = random.below(4);
  if (random.oneIn(2)) return Array.from({ length: size }, () => json(random, depth - 1));
  return Object.fromEntries(
    Array.from({ length: size }, () => [random.pick(TEXTS), json(random, depth - 1)]),
  );
}

/** Mostly what the type wants, to get behind the checks of types. */
function valueFor(random: Random, type: GraphQLInputType, depth = 4): unknown {
  if (random.oneIn(12) || depth === 0) return json(random, 2);
  const inner = getNullableType(type);
  if (isListType(inner)) {
    return Array.from({ length: random.below(4) }, () => valueFor(random, inner.ofType, depth - 1));
  }
  if (isEnumType(inner)) return random.pick(inner.getValues()).name;
  if (isInputObjectType(inner)) {
    const fields = Object.values(inner.getFields()).filter(() => !random.oneIn(4));
    return Object.fromEntries(fields.map(({ name, type }) => [name, valueFor(random, type, depth - 1)]));
  }
  switch (String(inner)) {
    case 'Int':
      return random.pick([0, 1, 2, 50, 100, 101, -1, 2 ** 31 - 1]);
    case 'Float':
      return random.pick([0, 50.5, 100, 101, -1, 1e300]);
    case 'Boolean':
      return random.oneIn(2);
    case 'DateTime':
      return random.pick(['2026-01-01T00:00:00Z', '1970-01-01T00:00:00.000+14:00', '0001-01-01T00:00:00Z']);
    case 'JSON':
      return json(random);
    default:
      return random.pick(TEXTS);
  }
}

export interface FuzzOperation {
  query: unknown;
  variables?: unknown;
  operationName?: unknown;
  extensions?: unknown;
}

/** An operation on the schema, and often one that has been damaged. */
export function operation(random: Random, kinds = ['query', 'mutation', 'subscription']): FuzzOperation {
  const kind = random.pick(kinds);
  const root = {
    query: schema.getQueryType(),
    mutation: schema.getMutationType(),
    subscription: schema.getSubscriptionType(),
  };
  const type = root[kind as keyof typeof root] as GraphQLObjectType;
  const field = random.pick(Object.values(type.getFields()));
  const declared = field.args.map(({ name, type }) => `$${name}: ${type}`).join(', ');
  const given = field.args.map(({ name }) => `${name}: $${name}`).join(', ');
  const args = field.args.length > 0 ? [`(${declared})`, `(${given})`] : ['', ''];
  const query = `${kind} Fuzz${args[0]} { ${field.name}${args[1]}${selection(random, field, 4)} }`;
  const variables = Object.fromEntries(field.args.map(({ name, type }) => [name, valueFor(random, type)]));
  return {
    query: random.oneIn(3) ? damage(random, query) : query,
    variables: random.oneIn(20) ? json(random) : variables,
    ...(random.oneIn(10) ? { operationName: random.pick(['Fuzz', 'Other', '', 5, null]) } : {}),
    ...(random.oneIn(20) ? { extensions: json(random) } : {}),
  };
}

function selection(random: Random, { type }: GraphQLField<unknown, unknown>, depth: number): string {
  const named = getNamedType(type);
  if (isAbstractType(named)) {
    const parts = schema.getPossibleTypes(named).filter(() => !random.oneIn(3));
    return ` { __typename ${parts.map((part) => `... on ${part}${fieldsOf(random, part, depth)}`).join(' ')} }`;
  }
  return isObjectType(named) ? fieldsOf(random, named, depth) : '';
}

function fieldsOf(random: Random, type: GraphQLObjectType, depth: number): string {
  const fields = Object.values(type.getFields()).filter((field) => {
    const isLeaf = !isObjectType(getNamedType(field.type)) && !isAbstractType(getNamedType(field.type));
    return isLeaf ? !random.oneIn(3) : depth > 0 && random.oneIn(2);
  });
  const told = fields.map((field) => {
    const alias = random.oneIn(12) ? `${random.pick(['a', 'id', '__typename'])}: ` : '';
    const directive = random.oneIn(20)
      ? ` @${random.pick(['skip(if: true)', 'include(if: false)', 'stream', 'x'])}`
      : '';
    return `${alias}${field.name}${directive}${selection(random, field, depth - 1)}`;
  });
  return ` { __typename ${told.join(' ')} }`;
}

const SCRAPS = [
  '{',
  '}',
  '(',
  ')',
  '[',
  ']',
  '$',
  '@',
  '...',
  '!',
  '"',
  '"""',
  '#',
  '\u0000',
  '\ufeff',
  '{a}',
  'on',
  '1e999',
  '__schema { types { name } }',
  '...F',
  'fragment F on Task { ...F }',
  'query',
];

/** A text with parts left out, doubled, exchanged or put in. */
export function damage(random: Random, text: string): string {
  let parts = text.split(/\b/);
  for (let wounds = 1 + random.below(4); wounds > 0; wounds--) {
    const at = random.below(parts.length);
    const size = 1 + random.below(8);
    switch (random.below(4)) {
      case 0:
        parts.splice(at, size);
        break;
      case 1:
        parts.splice(at, 0, ...parts.slice(at, at + size));
        break;
      case 2:
        parts.splice(at, 0, random.pick(SCRAPS));
        break;
      default:
        parts = [...parts.slice(at), ...parts.slice(0, at)];
    }
    if (parts.length === 0) parts = [''];
  }
  return parts.join('');
}

/** Lines of a request that may be one, without the end of its head. */
export function head(random: Random, token: string): string[] {
  const target = random.pick([
    '/graphql',
    '/graphql?query={viewer{id}}',
    '/',
    '/health/ready',
    '/problems/x',
    '//',
    '/%',
    '/graphql?variables=%7b&query=x',
  ]);
  const method = random.pick(['POST', 'GET', 'OPTIONS', 'HEAD', 'PUT', 'TRACE', 'G\0T', '']);
  const possible = [
    `Authorization: Bearer ${token}`,
    'Authorization: Basic x',
    'Content-Type: application/json',
    `Content-Type: ${random.pick(['text/plain', 'application/json; charset=x', 'multipart/form-data', ''])}`,
    `Accept: ${random.pick(['text/event-stream', '*/*', 'application/graphql-response+json', 'multipart/mixed', ',;q='])}`,
    `Content-Length: ${random.pick(['0', '5', '-1', '1e9', '999999999'])}`,
    'Transfer-Encoding: chunked',
    `Origin: ${random.pick(['null', 'http://x', 'http://127.0.0.1', '\u00ff'])}`,
    `X-Request-Id: ${random.pick(['a', 'x'.repeat(500), '"'])}`,
    `Last-Event-ID: ${random.pick(['a', '', '1:2:3', '\u00ff'])}`,
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    'Sec-WebSocket-Protocol: graphql-transport-ws',
    `X-Filler: ${'x'.repeat(random.below(20_000))}`,
    'Expect: 100-continue',
    'Host: y',
    'no header',
  ];
  const chosen = possible.filter(() => random.oneIn(3));
  return [`${method} ${target} HTTP/${random.pick(['1.1', '1.1', '1.0', '2'])}`, 'Host: x', ...chosen];
}

/** What a client of the protocol would never say. */
export function frame(random: Random): string | Buffer {
  const message = {
    type: random.pick([
      'subscribe',
      'subscribe',
      'subscribe',
      'complete',
      'ping',
      'pong',
      'connection_init',
      'next',
      5,
    ]),
    id: random.pick(['1', '2', '3', '', 7, null]),
    payload: random.oneIn(8) ? json(random) : operation(random),
  };
  const text = JSON.stringify(message);
  if (random.oneIn(20)) return Buffer.from(damage(random, text));
  return random.oneIn(8) ? damage(random, text) : text;
}
