/** What one operation may cost: the same on every transport, and refused before anything of it runs. */
import { complexityFromQuery } from '@pothos/plugin-complexity';
import {
  type DocumentNode,
  type ExecutionArgs,
  GraphQLError,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { withCode } from '../../graphql/errors.ts';
import { schema } from '../../graphql/schema.ts';
import { tooComplex } from './document-limits.ts';

const MAX_COMPLEXITY = 25_000;

/** The refusal of an operation that would cost too much. Judged when variables are known: validation results are cached by document alone. */
export function complexityErrorOf(args: ExecutionArgs): GraphQLError | undefined {
  const operation = getOperationAST(args.document, args.operationName);
  // Without one, execution says what is wrong with the name.
  return operation && !isIntrospection(operation) ? check(args, operation) : undefined;
}

function check(args: ExecutionArgs, operation: OperationDefinitionNode): GraphQLError | undefined {
  try {
    const complexity = complexityOf(args, operation);
    if (complexity > MAX_COMPLEXITY) {
      const cost = Math.ceil(complexity);
      return tooComplex(`Its cost is ${cost}; ${MAX_COMPLEXITY} is allowed. Ask for smaller pages.`);
    }
    return undefined;
  } catch (error) {
    // Variables or arguments of a wrong type: thrown out of here they would close a socket.
    if (error instanceof GraphQLError) return withCode(error);
    throw error;
  }
}

/** What is known of an operation before its variables are. Documents are kept, and so are their nodes. */
interface Outline {
  /** Where it is the same whatever the variables. */
  cost?: number | undefined;
  /** Under which costs that were calculated are kept. */
  key: number;
  /** The operation and its fragments. */
  typed: DocumentNode;
  /** The same, with variables that are taken as they come. */
  untyped: DocumentNode;
}

const outlines = new WeakMap<OperationDefinitionNode, Outline>();
/** Costs of calls that come again and again with the same variables, as the claims of a worker do. */
const costs = new LRUCache<string, number>({ max: 1_000 });
const MAX_KEY_LENGTH = 300;
let keys = 0;

function complexityOf(args: ExecutionArgs, operation: OperationDefinitionNode): number {
  let outline = outlines.get(operation);
  if (!outline) {
    outline = outlineOf(args.document, operation);
    outlines.set(operation, outline);
  }
  if (outline.cost !== undefined) return outline.cost;
  const variables = (args.variableValues ?? {}) as Record<string, unknown>;
  const key = keyOf(outline, variables);
  const before = costs.get(key);
  if (before !== undefined) return before;
  const cost = calculate(outline, variables, args.contextValue as object);
  if (key.length <= MAX_KEY_LENGTH) costs.set(key, cost);
  return cost;
}

function outlineOf(document: DocumentNode, operation: OperationDefinitionNode): Outline {
  const typed = withoutOtherOperations(document, operation);
  const untyped = withoutOtherOperations(document, {
    ...operation,
    ...(operation.variableDefinitions && {
      variableDefinitions: operation.variableDefinitions.map((variable) => ({ ...variable, type: ANYTHING })),
    }),
  });
  const cost = dependsOnArguments(typed) ? undefined : complexityFromQuery(untyped, { schema }).complexity;
  return { cost, key: keys++, typed, untyped };
}

const ANYTHING = { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: 'JSON' } } as const;

/** The variables as far as costs depend on them: of a list only its length does. */
function keyOf({ key }: Outline, variables: Record<string, unknown>): string {
  const parts = Object.entries(variables).map(([name, value]) =>
    Array.isArray(value)
      ? `${JSON.stringify(name)}#${value.length}`
      : `${JSON.stringify(name)}:${JSON.stringify(value)}`,
  );
  return `${key} ${parts.join()}`;
}

function calculate(outline: Outline, variables: Record<string, unknown>, ctx: object): number {
  try {
    // Counting is all that costs do with arguments: a long list is not coerced for it, which execution does anyway.
    const { complexity } = complexityFromQuery(outline.untyped, { schema, ctx, variables });
    // What is too much may be so for a wrong value, which is reported as such.
    if (complexity <= MAX_COMPLEXITY) return complexity;
  } catch {
    // Some are of a wrong type, or such that only coercion makes a list of them.
  }
  return complexityFromQuery(outline.typed, { schema, ctx, variables }).complexity;
}

/** Whether a field is selected whose cost is calculated from its arguments, as that of a page. */
function dependsOnArguments(document: DocumentNode): boolean {
  const types = new TypeInfo(schema);
  let depends = false;
  const visitor = {
    Field() {
      if (typeof types.getFieldDef()?.extensions['complexity'] === 'function') depends = true;
    },
  };
  visit(document, visitWithTypeInfo(types, visitor));
  return depends;
}

/** The calculation takes the first operation that it finds. */
function withoutOtherOperations(document: DocumentNode, operation: OperationDefinitionNode): DocumentNode {
  const fragments = document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);
  return { kind: Kind.DOCUMENT, definitions: [operation, ...fragments] };
}

/** Only the schema is asked for; graphql-js bounds how deep. */
function isIntrospection({ selectionSet }: OperationDefinitionNode): boolean {
  return selectionSet.selections.every(
    (selection) => selection.kind === Kind.FIELD && selection.name.value.startsWith('__'),
  );
}
