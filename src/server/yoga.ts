/** The GraphQL pipeline that HTTP, SSE and WebSocket share: schema, limits, masking, a fresh context for each event. */
import { createSourceEventStream, type ExecutionArgs, execute } from 'graphql';
import { createYoga, isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { Viewer } from '../domain/access.ts';
import { type Context, contextForEvent, createContext, type Services } from '../graphql/context.ts';
import { schema } from '../graphql/schema.ts';
import { eventCursor } from '../graphql/task/events.ts';
import { createDocumentCaches, useComplexityLimit, useDocumentLimits } from './limits.ts';
import type { MaskError } from './mask.ts';
import { useRules } from './rules.ts';
import { deliver } from './streams/delivery.ts';
import { createEncode, type Encode } from './streams/encode.ts';
import { useEventStreams } from './streams/event-stream.ts';
import type { Sink } from './streams/sink.ts';

/** What the transports know of a request before GraphQL does. */
export interface Caller {
  viewer: Viewer | null;
  /** Where the caller wants to go on, when it says so beside the operation: a cursor. */
  lastEventId?: string;
  /** Opens what the results are sent to, when the operation turns out to be a subscription. */
  openSink: () => Sink;
}

export const GRAPHQL_PATH = '/graphql';

export type Yoga = ReturnType<typeof createPipeline>;

export interface PipelineOptions {
  mask: MaskError;
  /** Whether the schema can be asked for. */
  introspection: boolean;
}

export function createPipeline(services: Services, { mask, introspection }: PipelineOptions) {
  const encode = createEncode(mask);
  return createYoga<Caller, Context>({
    schema,
    graphqlEndpoint: GRAPHQL_PATH,
    context: ({ viewer, lastEventId }) => createContext(services, viewer, lastEventId),
    graphiql: false,
    landingPage: false,
    batching: false,
    cors: false,
    logging: false,
    parserAndValidationCache: createDocumentCaches(),
    maskedErrors: { maskError: mask },
    // The order counts: what is too large is refused before anything of it runs.
    plugins: [
      useDocumentLimits(),
      useRules(introspection),
      useComplexityLimit(),
      useDelivery(encode),
      useEventStreams(encode),
    ],
  });
}

/** One source event, one execution, one context: loaders and authorisation are not kept from event to event. */
function useDelivery(encode: Encode): Plugin<Caller> {
  return {
    onSubscribe({ setSubscribeFn }) {
      setSubscribeFn(async (args: ExecutionArgs) => {
        const source = await createSourceEventStream(args);
        if (!isAsyncIterable(source)) return source;
        const context = args.contextValue as Context & Caller;
        return deliver({
          source: source[Symbol.asyncIterator](),
          async execute(event) {
            const contextValue = contextForEvent(context);
            const bytes = encode(await execute({ ...args, rootValue: event, contextValue }));
            return { bytes, cursor: eventCursor(event, context) };
          },
          sink: context.openSink,
        });
      });
    },
  };
}
