/** What one operation may cost: the same on every transport, and refused before anything of it runs. */
import { complexityFromQuery } from '@pothos/plugin-complexity';
import {
  type DocumentNode,
  type ExecutionArgs,
  GraphQLError,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
  type ParseOptions,
  parse,
  type Source,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { schema } from '../graphql/schema.ts';

const MAX_TOKENS = 2_000;
const MAX_DEPTH = 12;
const MAX_COMPLEXITY = 25_000;

export function useTokenLimit(): Plugin {
  return {
    onParse({ setParseFn }) {
      setParseFn((source: string | Source, options?: ParseOptions) =>
        parse(source, { ...options, maxTokens: MAX_TOKENS }),
      );
    },
  };
}

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
    const { depth, complexity } = complexityFromQuery(withoutOtherOperations(args.document, operation), {
      schema,
      ctx: args.contextValue as object,
      variables: (args.variableValues ?? {}) as Record<string, unknown>,
    });
    if (depth > MAX_DEPTH) return tooComplex(`It is ${depth} levels deep; ${MAX_DEPTH} are allowed.`);
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

/** The calculation takes the first operation that it finds. */
function withoutOtherOperations(document: DocumentNode, operation: OperationDefinitionNode): DocumentNode {
  const fragments = document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);
  return { kind: Kind.DOCUMENT, definitions: [operation, ...fragments] };
}

function tooComplex(why: string): GraphQLError {
  return new GraphQLError(`The operation is too large. ${why}`, {
    extensions: { code: 'QUERY_TOO_COMPLEX' },
  });
}

/** Only the schema is asked for; graphql-js bounds how deep. */
function isIntrospection({ selectionSet }: OperationDefinitionNode): boolean {
  return selectionSet.selections.every(
    (selection) => selection.kind === Kind.FIELD && selection.name.value.startsWith('__'),
  );
}
