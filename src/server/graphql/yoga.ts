/** The GraphQL pipeline that HTTP, SSE and WebSocket share: schema, limits, masking, subscriptions. */

import { createYoga, type YogaServerInstance } from 'graphql-yoga';
import { traceparentOf } from '../../domain/traceparent.ts';
import { type Context, createContext, type Services } from '../../graphql/context.ts';
import { schema } from '../../graphql/schema.ts';
import type { InstrumentOperation } from '../instrument.ts';
import { useSettlement } from '../limits/rate-limit-operations.ts';
import type { MaskError } from '../mask.ts';
import { createEncode } from '../subscriptions/encode.ts';
import { useEventStreams } from '../subscriptions/sse.ts';
import type { StreamCounts } from '../subscriptions/stats.ts';
import { createSubscribe } from '../subscriptions/subscribe.ts';
import type { Caller } from './caller.ts';
import { createDocumentCache, useDocumentCache } from './document-cache.ts';
import { createRunKnown, type RunKnown } from './known-operations.ts';
import { createGraphqlOperations, useOperations } from './operations.ts';
import { useRules } from './rules.ts';
import { type Documents, useDocuments } from './trusted-documents.ts';

export const GRAPHQL_PATH = '/graphql';

export interface Pipeline {
  yoga: Yoga;
  /** The short way, see known-operations.ts. */
  runKnown: RunKnown;
}

export type Yoga = YogaServerInstance<Caller, Context>;

export interface PipelineOptions {
  mask: MaskError;
  /** Whether the schema can be asked for. */
  introspection: boolean;
  /** Which documents are taken. */
  documents: Documents;
  /** Instruments every operation. */
  instrument: InstrumentOperation;
  /** Where subscriptions are counted. */
  counts: StreamCounts;
}

export function createPipeline(
  services: Services,
  { mask, introspection, documents, instrument, counts }: PipelineOptions,
): Pipeline {
  const encode = createEncode(mask);
  const operations = createGraphqlOperations({
    mask,
    instrument,
    subscribe: createSubscribe(encode, counts),
  });
  const cache = createDocumentCache();
  const contextOf = ({ viewer, traceparent, lastEventId, whenGone }: Caller) =>
    createContext(services, viewer, {
      traceparent: traceparentOf(traceparent),
      resumeFrom: lastEventId,
      whenGone,
    });
  const yoga = createYoga<Caller, Context>({
    schema,
    graphqlEndpoint: GRAPHQL_PATH,
    context: contextOf,
    graphiql: false,
    landingPage: false,
    batching: false,
    cors: false,
    logging: false,
    // Its own cache keeps errors, see useDocumentCache.
    parserAndValidationCache: false,
    maskedErrors: { maskError: (error) => mask(error) },
    extraParamNames: ['documentId'],
    // The order counts: what is too large is refused before anything of it runs.
    plugins: [
      useDocuments(documents),
      useRules(introspection),
      useDocumentCache(cache),
      useOperations(operations),
      useSettlement(),
      useEventStreams(encode),
    ],
  });
  return { yoga, runKnown: createRunKnown({ documents: cache, contextOf, operations, mask }) };
}
