/**
 * Traces by OpenTelemetry, from a submission to the end of its task: requests, operations, batches, statements, what is
 * published. Nothing of it is loaded unless an exporter is configured.
 *
 * Each span belongs to the one that it runs within. A batch serves calls of many traces at once: it belongs to the trace
 * of its first call and links to the others'. What belongs to no trace, as maintenance does, is not traced, and neither
 * is what a subscription does after it was accepted: it may go on for days.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Context, Link, Span, SpanOptions, Tracer } from '@opentelemetry/api';
import { traceparentOf } from '../domain/traceparent.ts';
import type { InstrumentOperation, InstrumentRequest } from '../server/instrument.ts';
import type { InstrumentBatch } from '../store/database/batcher.ts';
import type { InstrumentStatement } from '../store/database/instrument.ts';

export interface TracingOptions {
  /** Base URL of the collector's OTLP over HTTP, as http://127.0.0.1:4318. */
  endpoint: string;
  serviceName: string;
  /** The path whose requests are traced; probes and the like are not. */
  tracedRoute: string;
}

export interface Tracing {
  request: InstrumentRequest;
  operation: InstrumentOperation;
  statement: InstrumentStatement;
  batch: InstrumentBatch;
  /** Runs what hands so many changes to the transport. */
  publish(changes: number, run: () => Promise<void>): Promise<void>;
  /** Sends what has ended. */
  close(): Promise<void>;
}

type OpenTelemetryApi = typeof import('@opentelemetry/api');

/** Where the present work belongs; `live` until its span has ended. */
interface Place {
  context: Context;
  live: boolean;
}

/** The context of a span elsewhere. */
function contextOf({ trace, ROOT_CONTEXT }: OpenTelemetryApi, traceparent: unknown): Context | undefined {
  const [, traceId, spanId, flags] = traceparentOf(traceparent)?.split('-') ?? [];
  if (!traceId || !spanId || !flags) return undefined;
  const traceFlags = Number.parseInt(flags, 16);
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true });
}

/** Loaded when it is needed: most servers are not traced. */
async function openProvider(endpoint: string, serviceName: string) {
  const [sdk, { OTLPTraceExporter }, resources] = await Promise.all([
    import('@opentelemetry/sdk-trace-node'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ]);
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces` });
  return new sdk.NodeTracerProvider({
    resource: resources.resourceFromAttributes({ 'service.name': serviceName }),
    spanProcessors: [new sdk.BatchSpanProcessor(exporter)],
  });
}

/** Spans of this server, and the one that the present work belongs to. */
interface Spans {
  /** The context of the present work, while its span has not ended. */
  here(): Context | undefined;
  begin(name: string, options: SpanOptions, parent: Context): Begun;
  /** Runs it as a span, which ends with it. */
  within<T>(name: string, options: SpanOptions, parent: Context, run: (span: Span) => Promise<T>): Promise<T>;
  /** Runs it outside of any span. */
  outside<T>(run: () => T): T;
  fail(span: Span, error?: unknown): void;
}

/** A span that was begun. */
interface Begun {
  span: Span;
  /** Runs it with what belongs to it. */
  run<T>(work: () => T): T;
  end(): void;
}

function createSpans({ trace, SpanStatusCode }: OpenTelemetryApi, tracer: Tracer): Spans {
  const places = new AsyncLocalStorage<Place | undefined>();

  function begin(name: string, options: SpanOptions, parent: Context): Begun {
    const span = tracer.startSpan(name, options, parent);
    const place = { context: trace.setSpan(parent, span), live: true };
    return {
      span,
      run: (work) => places.run(place, work),
      end() {
        place.live = false;
        span.end();
      },
    };
  }

  function fail(span: Span, error?: unknown): void {
    if (error instanceof Error) span.recordException(error);
    span.setStatus({ code: SpanStatusCode.ERROR });
  }

  return {
    here() {
      const place = places.getStore();
      return place?.live ? place.context : undefined;
    },
    begin,
    async within(name, options, parent, run) {
      const begun = begin(name, options, parent);
      try {
        return await begun.run(() => run(begun.span));
      } catch (error) {
        fail(begun.span, error);
        throw error;
      } finally {
        begun.end();
      }
    },
    outside: (run) => places.run(undefined, run),
    fail,
  };
}

export async function createTracing({
  endpoint,
  serviceName,
  tracedRoute,
}: TracingOptions): Promise<Tracing> {
  const api = await import('@opentelemetry/api');
  const { ROOT_CONTEXT, SpanKind, trace } = api;
  const provider = await openProvider(endpoint, serviceName);
  const { here, begin, within, outside, fail } = createSpans(api, provider.getTracer('signalbox'));

  return {
    request(request, response, route, run) {
      if (route !== tracedRoute) return run();
      const attributes = { 'http.request.method': request.method, 'http.route': route };
      const {
        span,
        run: runWithin,
        end,
      } = begin(
        `${request.method} ${route}`,
        { kind: SpanKind.SERVER, attributes },
        contextOf(api, request.headers['traceparent']) ?? ROOT_CONTEXT,
      );
      response.once('close', () => {
        span.setAttribute('http.response.status_code', response.statusCode);
        if (response.statusCode >= 500) fail(span);
        end();
      });
      return runWithin(run);
    },

    operation({ transport, type, name, context }, run) {
      const kind = transport === 'socket' ? SpanKind.SERVER : SpanKind.INTERNAL;
      const attributes = {
        'graphql.operation.type': type,
        'signalbox.transport': transport,
        ...(name === undefined ? {} : { 'graphql.operation.name': name }),
      };
      const parent = here() ?? contextOf(api, context.traceparent) ?? ROOT_CONTEXT;
      return within(name ? `${type} ${name}` : type, { kind, attributes }, parent, async (span) => {
        const { traceId, spanId, traceFlags } = span.spanContext();
        // What is submitted goes on from here.
        context.traceparent = `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
        const result = await run();
        if (result.failed) fail(span);
        return result;
      });
    },

    statement({ verb, items }, run) {
      const parent = here();
      if (!parent) return run();
      const attributes = {
        'db.system.name': 'postgresql',
        'db.operation.name': verb,
        ...(items === undefined ? {} : { 'db.operation.batch.size': items }),
      };
      return within(`SQL ${verb}`, { kind: SpanKind.CLIENT, attributes }, parent, run);
    },

    batch: {
      capture: here,
      run(captured, work) {
        const [parent, ...others] = new Set((captured as (Context | undefined)[]).filter((one) => !!one));
        if (!parent) return outside(work);
        const links = others.flatMap((context): Link[] => {
          const spanContext = trace.getSpanContext(context);
          return spanContext ? [{ context: spanContext }] : [];
        });
        const attributes = { 'signalbox.batch.calls': captured.length };
        return within('batch', { links, attributes }, parent, work);
      },
    },

    publish(changes, run) {
      const parent = here();
      if (!parent) return run();
      const attributes = { 'messaging.batch.message_count': changes };
      return within('publish', { kind: SpanKind.PRODUCER, attributes }, parent, run);
    },

    close: () => provider.shutdown(),
  };
}
