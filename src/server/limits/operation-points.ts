/**
 * What an operation costs in points: a query or a subscription one; a mutation one for each of its fields, and a batch
 * one for each of its items.
 */
import {
  type ArgumentNode,
  type DocumentNode,
  type GraphQLArgument,
  getNullableType,
  getOperationAST,
  isInputObjectType,
  isListType,
  isNonNullType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { schema } from '../../graphql/schema.ts';

export interface PointedOperation {
  document: DocumentNode;
  operationName?: string | null | undefined;
  variableValues?: Readonly<Record<string, unknown>> | null | undefined;
}

/** Of a valid operation; one for anything else. */
export function pointsOf({ document, operationName, variableValues }: PointedOperation): number {
  const operation = getOperationAST(document, operationName);
  if (operation?.operation !== 'mutation') return 1;
  const scope = { document, operation, variables: variableValues ?? {}, fragments: new Set<string>() };
  return Math.max(1, pointsOfFields(operation.selectionSet, scope));
}

interface Scope {
  document: DocumentNode;
  operation: OperationDefinitionNode;
  variables: Readonly<Record<string, unknown>>;
  /** Those that were looked at: spread again they add nothing, and would take for ever. */
  fragments: Set<string>;
}

// What @skip and @include leave out is counted as well: nobody needs it in a mutation, and it cannot hide anything.
function pointsOfFields({ selections }: SelectionSetNode, scope: Scope): number {
  let cost = 0;
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) {
      cost += pointsOfField(selection.name.value, selection.arguments ?? [], scope);
    } else if (selection.kind === Kind.INLINE_FRAGMENT) {
      cost += pointsOfFields(selection.selectionSet, scope);
    } else if (!scope.fragments.has(selection.name.value)) {
      scope.fragments.add(selection.name.value);
      const fragment = scope.document.definitions.find(
        (one) => one.kind === Kind.FRAGMENT_DEFINITION && one.name.value === selection.name.value,
      );
      if (fragment?.kind === Kind.FRAGMENT_DEFINITION) cost += pointsOfFields(fragment.selectionSet, scope);
    }
  }
  return cost;
}

function pointsOfField(name: string, given: readonly ArgumentNode[], scope: Scope): number {
  const batches = (schema.getMutationType()?.getFields()[name]?.args ?? []).filter(isBatch);
  const items = batches.map((batch) =>
    lengthOf(
      given.find(({ name }) => name.value === batch.name),
      scope,
    ),
  );
  return Math.max(1, ...items);
}

/** A required list of inputs is a batch; a list that may be left out only says more about one thing. */
function isBatch({ type }: GraphQLArgument): boolean {
  if (!isNonNullType(type) || !isListType(type.ofType)) return false;
  return isInputObjectType(getNullableType(type.ofType.ofType));
}

function lengthOf(argument: ArgumentNode | undefined, { operation, variables }: Scope): number {
  const value = argument?.value;
  if (value?.kind === Kind.LIST) return value.values.length;
  if (value?.kind !== Kind.VARIABLE) return 1;
  const name = value.name.value;
  const list = Object.hasOwn(variables, name) ? variables[name] : undefined;
  if (list !== undefined) return Array.isArray(list) ? list.length : 1;
  const definition = operation.variableDefinitions?.find(({ variable }) => variable.name.value === name);
  return definition?.defaultValue?.kind === Kind.LIST ? definition.defaultValue.values.length : 1;
}
