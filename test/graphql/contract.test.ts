/** The schema keeps the contract, and says what its parts mean. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CriticalityLevel, diff } from '@graphql-inspector/core';
import {
  astFromValue,
  buildSchema,
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
  isUnionType,
  print,
  printSchema,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';

const read = (path: string) => readFileSync(fileURLToPath(new URL(path, import.meta.url)), 'utf8');
const CONTRACT = read('./contract.graphql');
/** schema.graphql as it was released last; a release writes it anew. */
const RELEASED = read('./released.graphql');

/** Arguments that the contract asks for and that may be left out by now, which breaks nobody. */
const LOOSENED: Record<string, string> = {
  'Query.jobs(room:)': 'String!',
  'Subscription.roomEvents(room:)': 'String!',
};

async function breakingChanges(contract: string, next: GraphQLSchema): Promise<string[]> {
  const changes = await diff(buildSchema(contract), next);
  return changes
    .filter(({ criticality }) => criticality.level === CriticalityLevel.Breaking)
    .map(({ message }) => message);
}

/** Every coordinate of a schema with its exact type and default: `Query.node(id:)` → `ID!`. */
function coordinates(of: GraphQLSchema): Map<string, string> {
  const found = new Map<string, string>();
  const typed = (of: GraphQLArgument | GraphQLInputField) => {
    const value = of.defaultValue === undefined ? undefined : astFromValue(of.defaultValue, of.type);
    return value ? `${of.type} = ${print(value)}` : String(of.type);
  };
  for (const type of Object.values(of.getTypeMap())) {
    if (isIntrospectionType(type) || isSpecifiedScalarType(type)) continue;
    found.set(type.name, type.constructor.name);
    if (isEnumType(type)) for (const { name } of type.getValues()) found.set(`${type}.${name}`, 'value');
    if (isUnionType(type)) for (const member of type.getTypes()) found.set(`${type} | ${member}`, 'member');
    if (isInputObjectType(type)) {
      for (const field of Object.values(type.getFields())) found.set(`${type}.${field.name}`, typed(field));
    }
    if (isObjectType(type) || isInterfaceType(type)) {
      for (const parent of type.getInterfaces()) found.set(`${type} implements ${parent}`, 'interface');
      for (const field of Object.values(type.getFields())) {
        found.set(`${type}.${field.name}`, String(field.type));
        for (const argument of field.args) {
          found.set(`${type}.${field.name}(${argument.name}:)`, typed(argument));
        }
      }
    }
  }
  return found;
}

/** What the contract has and the schema has not, or has otherwise. */
function departures(contract: string, next: GraphQLSchema): string[] {
  const present = coordinates(next);
  return [...coordinates(buildSchema(contract))]
    .filter(([coordinate, type]) => present.get(coordinate) !== type && LOOSENED[coordinate] !== type)
    .map(([coordinate, type]) => `${coordinate}: ${type} is ${present.get(coordinate) ?? 'missing'}`);
}

describe('the schema', () => {
  it('is the one that schema.graphql shows', () => {
    expect(read('../../schema.graphql').trim()).toBe(printSchema(schema).trim());
  });

  it('breaks nothing of the contract', async () => {
    expect(await breakingChanges(CONTRACT, schema)).toEqual([]);
  });

  it('breaks nothing of the last release', async () => {
    expect(await breakingChanges(RELEASED, schema)).toEqual([]);
  });

  it('has everything of the contract with exactly its type, nullability and default', () => {
    expect(departures(CONTRACT, schema)).toEqual([]);
  });
});

describe('the check of the contract', () => {
  const without = (pattern: RegExp | string, replacement: string) => {
    const source = printSchema(schema);
    const broken = source.replace(pattern, replacement);
    expect(broken).not.toBe(source);
    return buildSchema(broken);
  };

  it.each([
    ['a field that is missing', 'streamCursor: Cursor!', 'position: Cursor!', 'streamCursor'],
    ['a field that may be null', 'failures: Int!', 'failures: Int', 'Task.failures'],
    ['a field of another type', 'progress: Float!', 'progress: Int!', 'Task.progress'],
    ['an argument that is missing', '    follow: Boolean! =', '    onwards: Boolean! =', 'follow'],
    [
      'an argument that must be given',
      /^(type Query \{(?:\n(?!\}).*)*?\n {2}tasks\((?:\n(?! {2}\)).*)*?\n {4}room: String)$/m,
      '$1!',
      'Query.tasks',
    ],
    ['an enum value that is missing', /^ {2}PARTIAL$/gm, '  PARTLY', 'PARTIAL'],
    ['a member of a union that is missing', /(TaskResult = .*) \| StaleAttempt/, '$1', 'StaleAttempt'],
    ['an interface that is missing', 'type Worker implements Node', 'type Worker', 'Worker'],
    [
      'a further input that must be given',
      /^(input CancelTaskInput \{(?:\n(?!\}).*)*?\n {2}reason: String)$/m,
      '$1!',
      'CancelTaskInput',
    ],
  ])('reports %s', async (_what, pattern, replacement, named) => {
    const broken = without(pattern, replacement);
    expect((await breakingChanges(CONTRACT, broken)).join('\n')).toContain(named);
    expect(departures(CONTRACT, broken).join('\n')).toContain(named);
  });

  it.each([
    ['an input that may be left out', 'percent: Float!', 'percent: Float', 'ReportProgressInput.percent'],
    ['another default', 'limit: Int! = 1', 'limit: Int! = 2', 'ClaimTasksInput.limit'],
  ])('reports %s, which breaks nobody', async (_what, pattern, replacement, named) => {
    const loosened = without(pattern, replacement);
    expect(await breakingChanges(CONTRACT, loosened)).toEqual([]);
    expect(departures(CONTRACT, loosened)).toEqual([expect.stringContaining(named)]);
  });

  it('lets the schema grow', async () => {
    const grown = buildSchema(`${printSchema(schema)}\nextend type Query { more(of: Int): String }`);
    expect(await breakingChanges(CONTRACT, grown)).toEqual([]);
    expect(departures(CONTRACT, grown)).toEqual([]);
  });
});

describe('the descriptions', () => {
  const described = (of: { description?: string | null | undefined }) => Boolean(of.description?.trim());

  it('tell what every operation does', () => {
    const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
    const silent = roots.flatMap((root) =>
      Object.values(root?.getFields() ?? {})
        .filter((field) => !described(field))
        .map((field) => `${root}.${field.name}`),
    );
    expect(silent).toEqual([]);
  });

  it('stand wherever the contract explains something', () => {
    // A comment or a description of the contract is there because the name alone does not say it.
    const explained = explainedCoordinates(CONTRACT);
    expect(explained.length).toBeGreaterThan(40);
    expect(explained.filter((coordinate) => !described(partOf(coordinate)))).toEqual([]);
  });

  function partOf(coordinate: string): { description?: string | null | undefined } {
    const [typeName = '', part] = coordinate.split('.');
    const type = schema.getType(typeName);
    if (part === undefined || !type) return type ?? {};
    if (isEnumType(type)) return type.getValue(part) ?? {};
    return 'getFields' in type ? (type.getFields()[part] ?? {}) : {};
  }
});

/** Types, fields and enum values that have a description, or a comment on their line, in the SDL. */
function explainedCoordinates(sdl: string): string[] {
  const found: string[] = [];
  let type = '';
  let pending = false;
  for (const line of sdl.split('\n')) {
    const comment = /\S\s*#/.test(line) && !/#\s*\d+$/.test(line);
    const opened = /^(?:type|input|enum|interface|scalar|union) (\w+)/.exec(line)?.[1];
    const part = /^ {2}(\w+)/.exec(line)?.[1];
    if (opened) {
      type = opened;
      if (pending || comment) found.push(opened);
    } else if (part && /^[a-z]/.test(part) !== /^enum/.test(kindOf(sdl, type)) && (pending || comment)) {
      found.push(`${type}.${part}`);
    }
    pending = /^\s*"/.test(line);
  }
  return found;
}

function kindOf(sdl: string, type: string): string {
  return new RegExp(`^(\\w+) ${type}\\b`, 'm').exec(sdl)?.[1] ?? '';
}
