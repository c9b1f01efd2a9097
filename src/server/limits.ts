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
import type { Plugin } from 'graphql-yoga';
import { LRUCache } from 'lru-cache';
import { schema } from '../graphql/schema.ts';
import { tooComplex } from './document-limits.ts';

const MAX_COMPLEXITY = 25_000;

interface Judged {
  args: ExecutionArgs;
  setResultAndStopExecution: (result: { errors: GraphQLError[] }) => void;
}

/** Judged when variables are known and on every transport: validation results are cached by document alone. */
export function useComplexityLimit(): Plugin {
  const judge = ({ args, setResultAndStopExecution }: Judged) => {
    const operation = getOperationAST(args.document, args.operationName);
    // Without one, execution says what is wrong with the name.
    if (!operation || isIntrospection(operation)) return;
    const error = check(args, operation);
    if (error) setResultAndStopExecution({ errors: [error] });
  };
  return { onExecute: judge as never, onSubscribe: judge as never };
}

function check(args: ExecutionArgs, operation: OperationDefinitionNode): GraphQLError | undefined {
  try {
    const complexity = costOf(args, operation);
    if (complexity > MAX_COMPLEXITY) {
      const cost = Math.ceil(complexity);
      return tooComplex(`Its cost is ${cost}; ${MAX_COMPLEXITY} is allowed. Ask for smaller pages.`);
    }
  } catch (error) {
    // Variables or arguments of a wrong type: thrown out of here they would close a socket.
    if (error instanceof GraphQLError) return error;
    throw error;
  }
}

/**
 * What is known of an operation's cost: that it is the same whatever its variables, or else the key under which costs
 * that were calculated are kept. Documents are kept, and so are their nodes.
 */
const known = new WeakMap<OperationDefinitionNode, { fixed: number } | { key: number }>();
/** Costs of calls that come again and again with the same short variables, as the claims of a worker do. */
const costs = new LRUCache<string, number>({ max: 1_000 });
const MAX_KEY_LENGTH = 300;
let keys = 0;

function costOf(args: ExecutionArgs, operation: OperationDefinitionNode): number {
  const of = known.get(operation);
  if (!of) return firstCostOf(args, operation);
  if ('fixed' in of) return of.fixed;
  const key = `${of.key} ${JSON.stringify(args.variableValues)}`;
  const before = costs.get(key);
  if (before !== undefined) return before;
  const cost = calculate(args, withoutOtherOperations(args.document, operation));
  if (key.length <= MAX_KEY_LENGTH) costs.set(key, cost);
  return cost;
}

function firstCostOf(args: ExecutionArgs, operation: OperationDefinitionNode): number {
  const document = withoutOtherOperations(args.document, operation);
  const cost = calculate(args, document);
  known.set(operation, dependsOnArguments(document) ? { key: keys++ } : { fixed: cost });
  return cost;
}

function calculate({ contextValue, variableValues }: ExecutionArgs, document: DocumentNode): number {
  const variables = (variableValues ?? {}) as Record<string, unknown>;
  return complexityFromQuery(document, { schema, ctx: contextValue as object, variables }).complexity;
}

/** Whether a field is selected whose cost is calculated from its arguments, as that of a page. */
function dependsOnArguments(document: DocumentNode): boolean {
  const types = new TypeInfo(schema);
  let depends = false;
  const visitor = {
    Field() {
      if (typeof types.getFieldDef()?.extensions.complexity === 'function') depends = true;
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
