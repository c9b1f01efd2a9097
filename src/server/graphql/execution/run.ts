/** Runs a plan. What happens, and in which order, is that of graphql-js, function by function. */
import { inspect } from 'node:util';
import {
  defaultFieldResolver,
  defaultTypeResolver,
  type ExecutionArgs,
  type ExecutionResult,
  GraphQLError,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  getArgumentValues,
  locatedError,
  OperationTypeNode,
} from 'graphql';
import type { FieldPlan, Plan, Shape } from './plan.ts';

type Path = GraphQLResolveInfo['path'];
type Data = Record<string, unknown>;

/** One execution. */
interface Run {
  plan: Plan;
  rootValue: unknown;
  context: unknown;
  variableValues: Record<string, unknown>;
  errors: GraphQLError[];
  /** Where errors have left null; undefined: everywhere. */
  nulled: Set<Path | undefined>;
}

export function runPlan(
  plan: Plan,
  { rootValue, contextValue: context }: ExecutionArgs,
  variableValues: Record<string, unknown>,
): ExecutionResult | Promise<ExecutionResult> {
  const run: Run = { plan, rootValue, context, variableValues, errors: [], nulled: new Set() };
  const failed = (error: unknown) => {
    addError(run, error as GraphQLError, undefined);
    return resultOf(run, null);
  };
  try {
    const isMutation = plan.operation.operation === OperationTypeNode.MUTATION;
    const data = isMutation
      ? executeSerially(run, plan.rootFields, rootValue)
      : executeFields(run, plan.rootFields, rootValue, undefined);
    return isPromise(data) ? data.then((done) => resultOf(run, done as Data), failed) : resultOf(run, data);
  } catch (error) {
    return failed(error);
  }
}

function resultOf({ errors }: Run, data: Data | null): ExecutionResult {
  return errors.length === 0 ? { data } : { errors, data };
}

/** The fields of a mutation: each when the one before it is done. */
function executeSerially(run: Run, fields: readonly FieldPlan[], source: unknown): Data | Promise<Data> {
  const data: Data = {};
  let last: Promise<void> | undefined;
  const step = (field: FieldPlan): Promise<void> | undefined => {
    const value = executeField(run, field, source, undefined);
    if (!isPromise(value)) {
      data[field.key] = value;
      return undefined;
    }
    return value.then((done) => {
      data[field.key] = done;
    });
  };
  for (const field of fields) last = last ? last.then(() => step(field)) : step(field);
  return last ? last.then(() => data) : data;
}

function executeFields(
  run: Run,
  fields: readonly FieldPlan[],
  source: unknown,
  path: Path | undefined,
): Data | Promise<Data> {
  const data: Data = {};
  let hasPromises = false;
  try {
    for (const field of fields) {
      const value = field.isPlain
        ? readField(run, field, source, path)
        : executeField(run, field, source, path);
      data[field.key] = value;
      if (isPromise(value)) hasPromises = true;
    }
  } catch (error) {
    if (!hasPromises) throw error;
    // What is under way may fail as well.
    return allOf(data).finally(() => {
      throw error;
    });
  }
  return hasPromises ? allOf(data) : data;
}

async function allOf(data: Data): Promise<Data> {
  const values = await Promise.all(Object.values(data));
  for (const [index, key] of Object.keys(data).entries()) data[key] = values[index];
  return data;
}

/** A leaf that stands in the object: nothing is made for it, neither a path nor the arguments of a resolver. */
function readField(run: Run, field: FieldPlan, source: unknown, before: Path | undefined): unknown {
  const { definition, shape } = field;
  const finish = (value: unknown) => complete(run, field, shape, UNUSED, UNUSED, value);
  try {
    const value = isObject(source) ? source[definition.name] : undefined;
    if (typeof value === 'function') return executeField(run, field, source, before);
    if (!isPromise(value)) return finish(value);
    return value
      .then(finish)
      .then(undefined, (error) => settleError(run, field, shape, pathOf(field, before), error));
  } catch (error) {
    return settleError(run, field, shape, pathOf(field, before), error);
  }
}

/** Leaves are completed without. */
const UNUSED = undefined as never;

function executeField(run: Run, field: FieldPlan, source: unknown, before: Path | undefined): unknown {
  const { definition, nodes, shape } = field;
  const path = pathOf(field, before);
  const { plan, rootValue, variableValues } = run;
  const info: GraphQLResolveInfo = {
    fieldName: definition.name,
    fieldNodes: nodes,
    returnType: definition.type,
    parentType: field.parentType,
    path,
    schema: plan.schema,
    fragments: plan.fragments,
    rootValue,
    operation: plan.operation,
    variableValues,
  };
  try {
    const args =
      readArguments(field, variableValues) ?? getArgumentValues(definition, nodes[0], variableValues);
    const resolve = definition.resolve ?? defaultFieldResolver;
    const result: unknown = resolve(source, args, run.context, info);
    const completed = isPromise(result)
      ? result.then((value) => complete(run, field, shape, info, path, value))
      : complete(run, field, shape, info, path, result);
    return isPromise(completed)
      ? completed.then(undefined, (error) => settleError(run, field, shape, path, error))
      : completed;
  } catch (error) {
    return settleError(run, field, shape, path, error);
  }
}

/** Arguments that are variables alone, where all of these are given; undefined for what has to be looked at. */
function readArguments(
  { variables }: FieldPlan,
  values: Record<string, unknown>,
): Record<string, unknown> | undefined {
  if (!variables) return undefined;
  const args: Record<string, unknown> = {};
  for (const [name, variable] of variables) {
    const value = Object.hasOwn(values, variable) ? values[variable] : undefined;
    if (value === undefined || value === null) return undefined;
    args[name] = value;
  }
  return args;
}

/** Null in the place of what has failed, where null may stand. */
function settleError(run: Run, { nodes }: FieldPlan, { isNonNull }: Shape, path: Path, error: unknown): null {
  const located = locatedError(error, nodes, keysOf(path));
  if (isNonNull) throw located;
  addError(run, located, path);
  return null;
}

/** Not where null stands already. */
function addError({ errors, nulled }: Run, error: GraphQLError, path: Path | undefined): void {
  for (let at = path; at !== undefined; at = at.prev) if (nulled.has(at)) return;
  if (nulled.has(undefined)) return;
  nulled.add(path);
  errors.push(error);
}

function complete(
  run: Run,
  field: FieldPlan,
  shape: Shape,
  info: GraphQLResolveInfo,
  path: Path,
  value: unknown,
): unknown {
  if (value instanceof Error) throw value;
  if (value === null || value === undefined) {
    if (!shape.isNonNull) return null;
    throw new Error(
      `Cannot return null for non-nullable field ${field.parentType.name}.${field.definition.name}.`,
    );
  }
  switch (shape.kind) {
    case 'leaf':
      return completeLeaf(shape, value);
    case 'object':
      return completeObject(run, field, shape.type, info, path, value);
    case 'list':
      return completeList(run, field, shape, info, path, value);
    case 'abstract':
      return completeAbstract(run, field, shape, info, path, value);
  }
}

function completeLeaf({ type }: Extract<Shape, { kind: 'leaf' }>, value: unknown): unknown {
  const serialized = type.serialize(value);
  if (serialized !== null && serialized !== undefined) return serialized;
  throw new Error(
    `Expected \`${type}.serialize(${inspect(value)})\` to return non-nullable value, returned: ${serialized}`,
  );
}

function completeList(
  run: Run,
  field: FieldPlan,
  { of }: Extract<Shape, { kind: 'list' }>,
  info: GraphQLResolveInfo,
  path: Path,
  value: unknown,
): unknown[] | Promise<unknown[]> {
  if (!isObject(value) || typeof (value as Partial<Iterable<unknown>>)[Symbol.iterator] !== 'function') {
    throw new GraphQLError(
      `Expected Iterable, but did not find one for field "${field.parentType.name}.${field.definition.name}".`,
    );
  }
  const items: unknown[] = [];
  let hasPromises = false;
  for (const item of value as unknown as Iterable<unknown>) {
    const at: Path = { prev: path, key: items.length, typename: undefined };
    let completed: unknown;
    try {
      completed = isPromise(item)
        ? item.then((done) => complete(run, field, of, info, at, done))
        : complete(run, field, of, info, at, item);
      if (isPromise(completed)) {
        hasPromises = true;
        completed = completed.then(undefined, (error) => settleError(run, field, of, at, error));
      }
    } catch (error) {
      // What is under way may fail as well, and nobody will hear of it.
      if (hasPromises && of.isNonNull) void Promise.allSettled(items);
      completed = settleError(run, field, of, at, error);
    }
    items.push(completed);
  }
  return hasPromises ? Promise.all(items) : items;
}

function completeAbstract(
  run: Run,
  field: FieldPlan,
  { type }: Extract<Shape, { kind: 'abstract' }>,
  info: GraphQLResolveInfo,
  path: Path,
  value: unknown,
): unknown {
  const resolveType = type.resolveType ?? defaultTypeResolver;
  const name = resolveType(value, run.context, info, type);
  const completeAs = (resolved: string | undefined) => {
    const { schema } = run.plan;
    const runtimeType = resolved === undefined ? undefined : schema.getType(resolved);
    if (runtimeType && schema.isSubType(type, runtimeType as GraphQLObjectType)) {
      return completeObject(run, field, runtimeType as GraphQLObjectType, info, path, value);
    }
    throw new GraphQLError(`"${type.name}" was resolved to "${resolved}", which is none of its types.`, {
      nodes: field.nodes,
    });
  };
  return isPromise(name) ? name.then(completeAs as (name: unknown) => unknown) : completeAs(name as string);
}

function completeObject(
  run: Run,
  field: FieldPlan,
  type: GraphQLObjectType,
  info: GraphQLResolveInfo,
  path: Path,
  value: unknown,
): unknown {
  const completeAs = (is: boolean) => {
    if (is) return executeFields(run, field.fieldsOf(type), value, path);
    throw new GraphQLError(`Expected value of type "${type.name}" but got: ${inspect(value)}.`, {
      nodes: field.nodes,
    });
  };
  const is = type.isTypeOf ? type.isTypeOf(value, run.context, info) : true;
  return isPromise(is) ? is.then(completeAs as (is: unknown) => unknown) : completeAs(is as boolean);
}

function pathOf({ key, parentType }: FieldPlan, prev: Path | undefined): Path {
  return { prev, key, typename: parentType.name };
}

function keysOf(path: Path): (string | number)[] {
  const keys: (string | number)[] = [];
  for (let at: Path | undefined = path; at !== undefined; at = at.prev) keys.push(at.key);
  return keys.reverse();
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof (value as PromiseLike<unknown> | null | undefined)?.then === 'function';
}
