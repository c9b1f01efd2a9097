/** The GraphQL pipeline that HTTP, SSE and WebSocket share: schema, limits, masking, a fresh context for each event. */
import { createSourceEventStream, type ExecutionArgs, execute } from 'graphql';
import { createYoga, isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { Viewer } from '../domain/access.ts';
import { traceparentOf } from '../domain/traceparent.ts';
import { type Context, contextForEvent, createContext, type Services } from '../graphql/context.ts';
import { schema } from '../graphql/schema.ts';
import { eventCursor } from '../graphql/task/events.ts';
import { useCharge } from './charge.ts';
import { createDocumentCaches, useComplexityLimit } from './limits.ts';
import { type MaskError, useRequestId } from './mask.ts';
import { type AroundOperation, useAround } from './observe.ts';
import type { Meter } from './rate-limits.ts';
import { useRules } from './rules.ts';
import { deliver } from './streams/delivery.ts';
import { createEncode, type Encode } from './streams/encode.ts';
import { useEventStreams } from './streams/event-stream.ts';
import type { Sink } from './streams/sink.ts';
import { type Documents, useDocuments } from './trusted-documents.ts';

/** What the transports know of a request before GraphQL does. */
export interface Caller {
  /** The id of the request, which an unexpected error is told and logged with. */
  requestId?: string;
  viewer: Viewer | null;
  /** The trace that the request belongs to, as it says. */
  traceparent?: unknown;
  /** Counts the request; there is none for a caller without a limit. */
  meter?: Meter;
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
  /** Which documents are taken. */
  documents: Documents;
  /** What stands around every operation. */
  around: AroundOperation;
}

export function createPipeline(
  services: Services,
  { mask, introspection, documents, around }: PipelineOptions,
) {
  const encode = createEncode(mask);
  return createYoga<Caller, Context>({
    schema,
    graphqlEndpoint: GRAPHQL_PATH,
    context: ({ viewer, traceparent, lastEventId }) =>
      createContext(services, viewer, {
        traceparent: traceparentOf(traceparent),
        resumeFrom: lastEventId,
      }),
    graphiql: false,
    landingPage: false,
    batching: false,
    cors: false,
    logging: false,
    parserAndValidationCache: createDocumentCaches(),
    maskedErrors: { maskError: (error) => mask(error) },
    extraParamNames: ['documentId'],
    // The order counts: what is too large is refused before anything of it runs.
    plugins: [
      useRequestId(mask),
      useDocuments(documents),
      useRules(introspection),
      useCharge(),
      useComplexityLimit(),
      useDelivery(encode),
      useEventStreams(encode),
      useAround(around),
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
