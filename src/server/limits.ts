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
    const complexity = fixedCosts.get(operation) ?? costOf(args, operation);
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

/** Costs of operations that have the same whatever their variables; documents are kept, and so are their nodes. */
const fixedCosts = new WeakMap<OperationDefinitionNode, number>();

function costOf(args: ExecutionArgs, operation: OperationDefinitionNode): number {
  const document = withoutOtherOperations(args.document, operation);
  const { complexity } = complexityFromQuery(document, {
    schema,
    ctx: args.contextValue as object,
    variables: (args.variableValues ?? {}) as Record<string, unknown>,
  });
  if (!dependsOnArguments(document)) fixedCosts.set(operation, complexity);
  return complexity;
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
