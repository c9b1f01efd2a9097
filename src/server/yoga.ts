/** The GraphQL pipeline that HTTP, SSE and WebSocket share: schema, limits, masking, a fresh context for each event. */
import { randomUUID } from 'node:crypto';
import { complexityFromQuery } from '@pothos/plugin-complexity';
import {
  createSourceEventStream,
  type ExecutionArgs,
  execute,
  GraphQLError,
  type ParseOptions,
  parse,
  type Source,
} from 'graphql';
import { createYoga, isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { Logger } from 'pino';
import type { Viewer } from '../domain/access.ts';
import { type Context, contextForEvent, createContext, type Services } from '../graphql/context.ts';
import { tellableError } from '../graphql/errors.ts';
import { schema } from '../graphql/schema.ts';

/** What the transports know of a request before GraphQL does. */
export interface Caller {
  viewer: Viewer | null;
}

export const GRAPHQL_PATH = '/graphql';

const MAX_TOKENS = 2_000;
const MAX_DEPTH = 12;
const MAX_COMPLEXITY = 25_000;

export type Yoga = ReturnType<typeof createPipeline>;

export function createPipeline(services: Services, logger: Logger) {
  return createYoga<Caller, Context>({
    schema,
    graphqlEndpoint: GRAPHQL_PATH,
    context: ({ viewer }) => createContext(services, viewer),
    graphiql: false,
    landingPage: false,
    batching: false,
    cors: false,
    logging: false,
    maskedErrors: { maskError: (error) => maskError(error, logger) },
    // The order counts: what is too large is refused before anything of it runs.
    plugins: [useTokenLimit(), useComplexityLimit(), useEventContexts()],
  });
}

function useTokenLimit(): Plugin {
  return {
    onParse({ setParseFn }) {
      setParseFn((source: string | Source, options?: ParseOptions) =>
        parse(source, { ...options, maxTokens: MAX_TOKENS }),
      );
    },
  };
}

/** Judged when variables are known and on every transport: validation results are cached by document alone. */
function useComplexityLimit(): Plugin {
  const check = (args: ExecutionArgs) => {
    const { depth, complexity } = complexityFromQuery(args.document, {
      schema,
      ctx: args.contextValue as object,
      variables: (args.variableValues ?? {}) as Record<string, unknown>,
    });
    if (depth > MAX_DEPTH) return tooComplex(`It is ${depth} levels deep; ${MAX_DEPTH} are allowed.`);
    if (complexity > MAX_COMPLEXITY) {
      return tooComplex(
        `Its cost is ${Math.ceil(complexity)}; ${MAX_COMPLEXITY} is allowed. Ask for smaller pages.`,
      );
    }
    return undefined;
  };
  const judge = ({
    args,
    setResultAndStopExecution,
  }: {
    args: ExecutionArgs;
    setResultAndStopExecution: (result: { errors: GraphQLError[] }) => void;
  }) => {
    if (isIntrospection(args)) return;
    const error = check(args);
    if (error) setResultAndStopExecution({ errors: [error] });
  };
  return { onExecute: judge as never, onSubscribe: judge as never };
}

function tooComplex(why: string): GraphQLError {
  return new GraphQLError(`The operation is too large. ${why}`, {
    extensions: { code: 'QUERY_TOO_COMPLEX' },
  });
}

/** Only the schema is asked for; graphql-js bounds how deep. */
function isIntrospection({ document }: ExecutionArgs): boolean {
  return document.definitions.every(
    (definition) =>
      definition.kind !== 'OperationDefinition' ||
      definition.selectionSet.selections.every(
        (selection) => selection.kind === 'Field' && selection.name.value.startsWith('__'),
      ),
  );
}

/** One source event, one execution, one context: loaders and authorisation are not kept from event to event. */
function useEventContexts(): Plugin {
  return {
    onSubscribe({ setSubscribeFn }) {
      setSubscribeFn(async (args: ExecutionArgs) => {
        const source = await createSourceEventStream(args);
        if (!isAsyncIterable(source)) return source;
        const events = source[Symbol.asyncIterator]();
        return {
          async next() {
            const { value, done } = await events.next();
            if (done) return { value: undefined, done: true };
            const contextValue = contextForEvent(args.contextValue as Context);
            return { value: await execute({ ...args, rootValue: value, contextValue }), done: false };
          },
          // Not a generator: ending the source must not wait for its next event.
          return: async () => (await events.return?.()) ?? { value: undefined, done: true },
          throw: async (error: unknown) => (await events.throw?.(error)) ?? { value: undefined, done: true },
          [Symbol.asyncIterator]() {
            return this;
          },
        } as never;
      });
    },
  };
}

/** What a caller caused, it is told; anything else is logged under an id and told only that id. */
function maskError(error: unknown, logger: Logger): Error {
  const original = error instanceof GraphQLError ? error.originalError : error;
  const at = error instanceof GraphQLError ? { nodes: error.nodes, path: error.path } : {};
  const told = tellableError(original, at);
  if (told) return told;
  if (error instanceof GraphQLError && (!original || original instanceof GraphQLError)) return error;
  const requestId = randomUUID();
  logger.error({ err: original, requestId, path: at.path }, 'A request failed unexpectedly');
  return new GraphQLError('Something went wrong on our side. Quote the request id when you report it.', {
    ...at,
    extensions: { code: 'INTERNAL_SERVER_ERROR', requestId, http: { status: 500 } },
  });
}
