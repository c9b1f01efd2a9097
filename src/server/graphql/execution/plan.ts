/** Operations, made ready to be run many times: which fields there are, of which type, and how each is completed. */
import {
  BREAK,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLAbstractType,
  type GraphQLField,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isAbstractType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  TypeNameMetaFieldDef,
  visit,
} from 'graphql';
import { type CoerceVariables, variablesCoercer } from './coerce.ts';

export interface Plan {
  schema: GraphQLSchema;
  operation: OperationDefinitionNode;
  fragments: Record<string, FragmentDefinitionNode>;
  rootType: GraphQLObjectType;
  rootFields: readonly FieldPlan[];
  coerceVariables: CoerceVariables;
}

/** A type, taken apart. */
export type Shape = { isNonNull: boolean } & (
  | { kind: 'leaf'; type: GraphQLLeafType }
  | { kind: 'list'; of: Shape }
  | { kind: 'object'; type: GraphQLObjectType }
  | { kind: 'abstract'; type: GraphQLAbstractType }
);

/** A field of an object type, as an operation asks for it. */
export interface FieldPlan {
  /** Its name in the answer. */
  key: string;
  parentType: GraphQLObjectType;
  definition: GraphQLField<unknown, unknown>;
  nodes: readonly [FieldNode, ...FieldNode[]];
  shape: Shape;
  /** The variables that its arguments are, in the order of the arguments; undefined where some are something else. */
  variables: readonly (readonly [argument: string, variable: string])[] | undefined;
  /** A leaf that is read from the object as it stands there, without a resolver. */
  isPlain: boolean;
  /** What is asked of an object of this type that the field leads to. */
  fieldsOf(type: GraphQLObjectType): readonly FieldPlan[];
}

/** Undefined for an operation that is better left to graphql-js. */
export function planOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): Plan | undefined {
  const rootType = schema.getRootType(operation.operation);
  if (!rootType || isUncommon(document)) return undefined;
  const fragments: Plan['fragments'] = Object.create(null);
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;
  }
  return {
    schema,
    operation,
    fragments,
    rootType,
    rootFields: fieldsOf({ schema, fragments }, rootType, [operation.selectionSet]),
    coerceVariables: variablesCoercer(schema, operation.variableDefinitions ?? []),
  };
}

/** What depends on variables, what is asked of the schema itself, and a name that no object can be given. */
function isUncommon(document: DocumentNode): boolean {
  let found = false;
  const stop = () => {
    found = true;
    return BREAK;
  };
  visit(document, {
    Directive: ({ name }) => (name.value === 'skip' || name.value === 'include' ? stop() : undefined),
    Field: ({ name, alias }) =>
      name.value === '__schema' || name.value === '__type' || alias?.value === '__proto__'
        ? stop()
        : undefined,
  });
  return found;
}

type Scope = Pick<Plan, 'schema' | 'fragments'>;

function fieldsOf(scope: Scope, type: GraphQLObjectType, sets: readonly SelectionSetNode[]): FieldPlan[] {
  const nodes = new Map<string, FieldNode[]>();
  const spread = new Set<string>();
  for (const set of sets) collect(scope, type, set, nodes, spread);
  const plans: FieldPlan[] = [];
  for (const [key, [first, ...others]] of nodes) {
    const plan = first && planField(scope, type, key, [first, ...others]);
    if (plan) plans.push(plan);
  }
  return plans;
}

/** The fields that are asked of an object of this type, by their names in the answer. */
function collect(
  scope: Scope,
  type: GraphQLObjectType,
  { selections }: SelectionSetNode,
  nodes: Map<string, FieldNode[]>,
  spread: Set<string>,
): void {
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) {
      const key = selection.alias?.value ?? selection.name.value;
      const same = nodes.get(key);
      if (same) same.push(selection);
      else nodes.set(key, [selection]);
      continue;
    }
    let fragment: FragmentDefinitionNode | typeof selection | undefined = selection;
    if (selection.kind === Kind.FRAGMENT_SPREAD) {
      if (spread.has(selection.name.value)) continue;
      spread.add(selection.name.value);
      fragment = scope.fragments[selection.name.value];
    }
    if (
      !fragment ||
      !('selectionSet' in fragment) ||
      !applies(scope, fragment.typeCondition?.name.value, type)
    )
      continue;
    collect(scope, type, fragment.selectionSet, nodes, spread);
  }
}

function applies({ schema }: Scope, condition: string | undefined, type: GraphQLObjectType): boolean {
  if (condition === undefined || condition === type.name) return true;
  const wanted = schema.getType(condition);
  return isAbstractType(wanted) && schema.isSubType(wanted, type);
}

function planField(
  scope: Scope,
  parentType: GraphQLObjectType,
  key: string,
  nodes: readonly [FieldNode, ...FieldNode[]],
): FieldPlan | undefined {
  const name = nodes[0].name.value;
  const definition = name === TypeNameMetaFieldDef.name ? TypeNameMetaFieldDef : parentType.getFields()[name];
  if (!definition) return undefined;
  const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
  const byType = new Map<GraphQLObjectType, FieldPlan[]>();
  const shape = shapeOf(definition.type);
  return {
    key,
    parentType,
    definition,
    nodes,
    shape,
    variables: variablesOf(definition, nodes[0]),
    isPlain: !definition.resolve && definition.args.length === 0 && shape.kind === 'leaf',
    fieldsOf(type) {
      let fields = byType.get(type);
      if (!fields) {
        fields = fieldsOf(scope, type, sets);
        byType.set(type, fields);
      }
      return fields;
    },
  };
}

function variablesOf(
  { args }: GraphQLField<unknown, unknown>,
  { arguments: given = [] }: FieldNode,
): FieldPlan['variables'] {
  const variables: [string, string][] = [];
  for (const { name } of args) {
    const value = given.find((node) => node.name.value === name)?.value;
    if (value?.kind !== Kind.VARIABLE) return undefined;
    variables.push([name, value.name.value]);
  }
  return variables;
}

function shapeOf(type: GraphQLOutputType, isNonNull = false): Shape {
  if (isNonNullType(type)) return shapeOf(type.ofType, true);
  if (isListType(type)) return { kind: 'list', isNonNull, of: shapeOf(type.ofType) };
  if (isAbstractType(type)) return { kind: 'abstract', isNonNull, type };
  return isObjectType(type) ? { kind: 'object', isNonNull, type } : { kind: 'leaf', isNonNull, type };
}
