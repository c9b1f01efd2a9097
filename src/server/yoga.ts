/** The GraphQL pipeline that HTTP, SSE and WebSocket share: schema, limits, masking, a fresh context for each event. */
import { randomUUID } from 'node:crypto';
import { createSourceEventStream, type ExecutionArgs, execute, GraphQLError } from 'graphql';
import { createYoga, isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { Logger } from 'pino';
import type { Viewer } from '../domain/access.ts';
import { type Context, contextForEvent, createContext, type Services } from '../graphql/context.ts';
import { tellableError } from '../graphql/errors.ts';
import { schema } from '../graphql/schema.ts';
import { createDocumentCaches, useComplexityLimit, useDocumentLimits } from './limits.ts';
import { subscriptionRootRule } from './subscription-root.ts';

/** What the transports know of a request before GraphQL does. */
export interface Caller {
  viewer: Viewer | null;
  /** Told when the operation turns out to be a subscription, whose answer has no end of its own. */
  onStream?: () => void;
}

export const GRAPHQL_PATH = '/graphql';

export type Yoga = ReturnType<typeof createPipeline>;

/** Makes of any error one that callers may be told. */
export type MaskError = (error: unknown) => GraphQLError;

export function createPipeline(services: Services, mask: MaskError) {
  return createYoga<Caller, Context>({
    schema,
    graphqlEndpoint: GRAPHQL_PATH,
    context: ({ viewer }) => createContext(services, viewer),
    graphiql: false,
    landingPage: false,
    batching: false,
    cors: false,
    logging: false,
    parserAndValidationCache: createDocumentCaches(),
    maskedErrors: { maskError: mask },
    // The order counts: what is too large is refused before anything of it runs.
    plugins: [useDocumentLimits(), useRules(), useComplexityLimit(), useEventContexts()],
  });
}

function useRules(): Plugin {
  return { onValidate: ({ addValidationRule }) => addValidationRule(subscriptionRootRule) };
}

/** One source event, one execution, one context: loaders and authorisation are not kept from event to event. */
function useEventContexts(): Plugin {
  return {
    onSubscribe({ setSubscribeFn }) {
      setSubscribeFn(async (args: ExecutionArgs) => {
        const source = await createSourceEventStream(args);
        if (!isAsyncIterable(source)) return source;
        const context = args.contextValue as Context & Partial<Caller> & { request?: Request };
        context.onStream?.();
        const events = source[Symbol.asyncIterator]();
        const last = { value: undefined, done: true };
        let failed = false;
        return {
          async next() {
            try {
              const { value, done } = failed ? last : await events.next();
              if (done) return last;
              const contextValue = contextForEvent(context);
              return { value: await execute({ ...args, rootValue: value, contextValue }), done: false };
            } catch (error) {
              // On a socket the protocol has a message for it; SSE can tell it only as the last event.
              if (!context.request) throw error;
              failed = true;
              return { value: { errors: [error] }, done: false };
            }
          },
          // Not a generator: ending the source must not wait for its next event.
          return: async () => (await events.return?.()) ?? last,
          throw: async (error: unknown) => (await events.throw?.(error)) ?? last,
          [Symbol.asyncIterator]() {
            return this;
          },
        } as never;
      });
    },
  };
}

/** What a caller caused, it is told; anything else is logged under an id and told only that id. */
export function createMask(logger: Logger): MaskError {
  return (error) => {
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
  };
}
