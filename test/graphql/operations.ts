/** One operation for each root field of the schema, with all its arguments as variables: none can be forgotten. */
import {
  astFromValue,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  getNamedType,
  isCompositeType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
  print,
} from 'graphql';
import { schema } from '../../src/graphql/schema.ts';

export interface Operation {
  kind: 'query' | 'mutation' | 'subscription';
  name: string;
  document: string;
  /** Every place in the variables where a scalar or an enum value stands, with the name of its type. */
  leaves: { path: (string | number)[]; type: string }[];
}

/** All root fields. They select of the answer what tells refusals apart, or the selection that is given for them. */
export function operations(selections: Record<string, string> = {}): Operation[] {
  const roots = {
    query: schema.getQueryType(),
    mutation: schema.getMutationType(),
    subscription: schema.getSubscriptionType(),
  };
  return Object.entries(roots).flatMap(([kind, root]) =>
    Object.values(root?.getFields() ?? {}).map((field) =>
      operation(kind as Operation['kind'], field, selections[field.name]),
    ),
  );
}

function operation(
  kind: Operation['kind'],
  field: GraphQLField<unknown, unknown>,
  selection = tellingFields(field),
): Operation {
  const { name, args } = field;
  const declared = args.map((one) => `$${one.name}: ${one.type}${defaultOf(one)}`).join(', ');
  const passed = args.map((one) => `${one.name}: $${one.name}`).join(', ');
  const inBrackets = (text: string) => (text ? `(${text})` : '');
  return {
    kind,
    name,
    document: `${kind} ${inBrackets(declared)} { ${name}${inBrackets(passed)} ${selection && `{ ${selection} }`} }`,
    leaves: args.flatMap((one) => leavesOf(one.type, [one.name])),
  };
}

function defaultOf({ defaultValue, type }: GraphQLArgument): string {
  const value = defaultValue === undefined ? undefined : astFromValue(defaultValue, type);
  return value ? ` = ${print(value)}` : '';
}

function tellingFields({ type }: GraphQLField<unknown, unknown>): string {
  const named = getNamedType(type);
  if (!isCompositeType(named)) return '';
  if (isUnionType(named) && named.getTypes().some((member) => 'title' in member.getFields())) {
    return '__typename ... on Problem { title status detail }';
  }
  if ((isObjectType(named) || isInterfaceType(named)) && 'nodes' in named.getFields()) {
    return '__typename nodes { __typename }';
  }
  return '__typename';
}

function leavesOf(type: GraphQLInputType, path: (string | number)[]): Operation['leaves'] {
  if (isNonNullType(type)) return leavesOf(type.ofType, path);
  if (isListType(type)) return leavesOf(type.ofType, [...path, 0]);
  if (!isInputObjectType(type)) return [{ path, type: type.name }];
  return Object.values(type.getFields()).flatMap((field) => leavesOf(field.type, [...path, field.name]));
}

/** A copy of the variables with another value at the path; what is missing on the way is made. */
export function changed(
  variables: Record<string, unknown>,
  path: (string | number)[],
  value: unknown,
): Record<string, unknown> {
  const copy = structuredClone(variables);
  // biome-ignore lint/suspicious/noExplicitAny: lists and objects alike
  let at: any = copy;
  for (const [index, step] of path.slice(0, -1).entries()) {
    at[step] ??= typeof path[index + 1] === 'number' ? [] : {};
    at = at[step];
  }
  at[path.at(-1) as string] = value;
  return copy;
}
