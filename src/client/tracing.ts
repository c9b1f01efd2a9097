/**
 * Traces of the application go on through the server and into the handlers, when the application passes its
 * OpenTelemetry: `createClient({ …, opentelemetry })` with `import * as opentelemetry from '@opentelemetry/api'`. Nothing
 * is imported here, so that whoever has none needs none.
 */

/** What is used of the module `@opentelemetry/api`, which is to be passed as it is. */
export interface OpenTelemetry {
  context: {
    active(): TraceContext;
    with<Result>(context: TraceContext, run: () => Result): Result;
  };
  propagation: {
    inject(context: TraceContext, carrier: Record<string, string>): void;
    extract(context: TraceContext, carrier: Record<string, string>): TraceContext;
  };
  trace: {
    getTracer(name: string): {
      startSpan(
        name: string,
        options: { kind?: number; attributes?: Attributes },
        context: TraceContext,
      ): Span;
    };
    getSpan(context: TraceContext): Span | undefined;
    setSpan(context: TraceContext, span: Span): TraceContext;
  };
}

interface TraceContext {
  getValue(key: symbol): unknown;
  setValue(key: symbol, value: unknown): TraceContext;
  deleteValue(key: symbol): TraceContext;
}

type Attributes = Record<string, string | number>;

interface Span {
  recordException(error: Error): void;
  setStatus(status: { code: number; message?: string }): unknown;
  end(): void;
}

// SpanKind and SpanStatusCode of OpenTelemetry.
const CLIENT = 2;
const CONSUMER = 4;
const ERROR = 2;

/** What a request says of its trace; empty where it belongs to none. */
export type TraceCarrier = Record<string, string>;

/** Sends an operation as a span, within a trace of the application; where there is none, just sends it. */
export async function traceOperation<T>(
  opentelemetry: OpenTelemetry | undefined,
  document: string,
  send: (carrier: TraceCarrier) => Promise<T>,
): Promise<T> {
  const context = opentelemetry?.context.active();
  if (!opentelemetry || !context || !opentelemetry.trace.getSpan(context)) return send({});
  const name = /^\s*(?:query|mutation)\s+(\w+)/.exec(document)?.[1] ?? 'operation';
  return within(opentelemetry, { name, kind: CLIENT, context }, (inner) => {
    const carrier: TraceCarrier = {};
    opentelemetry.propagation.inject(inner, carrier);
    return send(carrier);
  });
}

/** The attempt that a handler is called for. */
interface TracedAttempt {
  taskId: string;
  job: string;
  attempt: number;
  traceparent: string | null | undefined;
}

/** What an attempt does with its span. */
interface AttemptSpan {
  failed(message: string): void;
  /** Runs what does not belong to the attempt. */
  outside(run: () => void): void;
}

/** Runs an attempt, to its report, as a span of the trace that its task was submitted in. */
export async function traceAttempt(
  opentelemetry: OpenTelemetry | undefined,
  { taskId, job, attempt, traceparent }: TracedAttempt,
  run: (attempt: AttemptSpan) => Promise<void>,
): Promise<void> {
  if (!opentelemetry) return run({ failed: () => {}, outside: (work) => work() });
  const around = opentelemetry.context.active();
  const carrier: TraceCarrier = traceparent ? { traceparent } : {};
  const context = opentelemetry.propagation.extract(around, carrier);
  const attributes = { 'signalbox.task.id': taskId, 'signalbox.job': job, 'signalbox.attempt': attempt };
  await within(opentelemetry, { name: job, kind: CONSUMER, attributes, context }, (_context, span) =>
    run({
      failed: (message) => span.setStatus({ code: ERROR, message }),
      outside: (work) => opentelemetry.context.with(around, work),
    }),
  );
}

/** Runs something later, in the trace that there is now. */
export type Bound = <T>(run: () => T) => T;

/** Keeps hold of the trace that there is now. */
export function bindTrace(opentelemetry: OpenTelemetry | undefined): Bound {
  if (!opentelemetry) return (run) => run();
  const context = opentelemetry.context.active();
  return (run) => opentelemetry.context.with(context, run);
}

async function within<T>(
  { context: contexts, trace }: OpenTelemetry,
  {
    name,
    context,
    ...options
  }: { name: string; kind: number; attributes?: Attributes; context: TraceContext },
  run: (context: TraceContext, span: Span) => Promise<T>,
): Promise<T> {
  const span = trace.getTracer('signalbox').startSpan(name, options, context);
  const inner = trace.setSpan(context, span);
  try {
    return await contexts.with(inner, () => run(inner, span));
  } catch (error) {
    if (error instanceof Error) span.recordException(error);
    span.setStatus({ code: ERROR });
    throw error;
  } finally {
    span.end();
  }
}
