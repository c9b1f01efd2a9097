/** Holds answers against the schema: every value in the format of its type, and which fields were seen at all. */
import {
  buildSchema,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLOutputType,
  getNamedType,
  isAbstractType,
  isIntrospectionType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  parse,
  type SelectionSetNode,
} from 'graphql';
import { schema } from '../../src/graphql/schema.ts';

const TYPE_ID = /^(job|task|worker)_[0-7][0-9a-hjkmnp-tv-z]{25}$/;

/** What a value of the scalar looks like; enums and ids are checked against the schema. */
const FORMATS: Record<string, (value: unknown) => boolean> = {
  // RFC 3339 in UTC with milliseconds, and a date that exists.
  DateTime: (value) =>
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value as string) &&
    new Date(value as string).toISOString() === value,
  Cursor: (value) => /^[\w-]{20,200}$/.test(value as string),
  ID: (value) => TYPE_ID.test(value as string),
  String: (value) => typeof value === 'string',
  Int: Number.isInteger,
  Float: Number.isFinite,
  Boolean: (value) => typeof value === 'boolean',
  JSON: () => true,
};

export interface Inspection {
  /** What is wrong, one sentence each. */
  faults: string[];
  /** Fields that had a value at least once, as `Task.status`. */
  seen: Set<string>;
}

/** Looks at every value of an answer. Where a type is abstract, `__typename` must be selected. */
export function inspect(query: string, data: unknown, inspection: Inspection): void {
  const document = parse(query);
  const [operation] = document.definitions;
  if (operation?.kind !== 'OperationDefinition') throw new Error('An operation comes first.');
  const root = schema.getRootType(operation.operation);
  if (!root) throw new Error(`There is no ${operation.operation}.`);
  inspectObject(root.name, operation.selectionSet, data as Values, {
    ...inspection,
    fragments: fragmentsOf(document),
  });
}

/** Fields of the types in the SDL that have not been seen; those of the types that `leaveOut` names are left out. */
export function unseen(
  sdl: string,
  { seen }: Inspection,
  leaveOut: (type: GraphQLObjectType) => boolean,
): string[] {
  return Object.values(buildSchema(sdl).getTypeMap())
    .filter((type): type is GraphQLObjectType => isObjectType(type) && !isIntrospectionType(type))
    .filter((type) => !leaveOut(type))
    .flatMap((type) => Object.keys(type.getFields()).map((field) => `${type}.${field}`))
    .filter((field) => !seen.has(field));
}

type Values = Record<string, unknown>;
type Walk = Inspection & { fragments: Map<string, FragmentDefinitionNode> };

function fragmentsOf({ definitions }: DocumentNode): Map<string, FragmentDefinitionNode> {
  return new Map(
    definitions.flatMap((one) => (one.kind === 'FragmentDefinition' ? [[one.name.value, one]] : [])),
  );
}

function inspectObject(typeName: string, { selections }: SelectionSetNode, values: Values, walk: Walk): void {
  const type = schema.getType(typeName);
  if (!isObjectType(type)) throw new Error(`${typeName} is no object type: select __typename.`);
  for (const selection of selections) {
    if (selection.kind === 'Field') {
      const name = selection.name.value;
      if (name === '__typename') continue;
      const field = type.getFields()[name];
      const value = values[selection.alias?.value ?? name];
      if (!field || value === undefined) throw new Error(`${typeName}.${name} is missing in the answer.`);
      if (value !== null) walk.seen.add(`${typeName}.${name}`);
      inspectValue(field.type, selection.selectionSet, value, `${typeName}.${name}`, walk);
      continue;
    }
    const fragment =
      selection.kind === 'FragmentSpread' ? walk.fragments.get(selection.name.value) : selection;
    if (!fragment) throw new Error('A fragment is missing.');
    const condition = fragment.typeCondition && schema.getType(fragment.typeCondition.name.value);
    const applies =
      !condition || condition === type || (isAbstractType(condition) && schema.isSubType(condition, type));
    if (applies) inspectObject(typeName, fragment.selectionSet, values, walk);
  }
}

function inspectValue(
  type: GraphQLOutputType,
  selections: SelectionSetNode | undefined,
  value: unknown,
  where: string,
  walk: Walk,
): void {
  if (isNonNullType(type)) {
    if (value === null) walk.faults.push(`${where} is null.`);
    inspectValue(type.ofType, selections, value, where, walk);
  } else if (value === null) {
    return;
  } else if (isListType(type)) {
    if (!Array.isArray(value)) walk.faults.push(`${where} is no list.`);
    for (const one of value as unknown[]) inspectValue(type.ofType, selections, one, where, walk);
  } else if (isLeafType(type)) {
    if (!hasFormat(type.name, value)) walk.faults.push(`${where} is ${JSON.stringify(value)}.`);
  } else if (selections) {
    const { __typename } = value as { __typename?: string };
    inspectObject(__typename ?? getNamedType(type).name, selections, value as Values, walk);
  }
}

function hasFormat(typeName: string, value: unknown): boolean {
  const type = schema.getType(typeName);
  if (type && 'getValues' in type) return type.getValues().some(({ name }) => name === value);
  const format = FORMATS[typeName];
  if (!format) throw new Error(`${typeName} has no format here.`);
  return format(value);
}
