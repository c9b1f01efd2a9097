/**
 * Operations from within the process: through the pipeline that the sockets use, without a connection, limits of rate
 * or a size. Whoever calls has said as whom; what it may do is judged as for everybody.
 */
import type { ExecutionArgs, ExecutionResult, FormattedExecutionResult, GraphQLError } from 'graphql';
import { isAsyncIterable } from 'graphql-yoga';
import type { Viewer } from '../domain/access.ts';
import type { CredentialExpiry } from './auth/credential-expiry.ts';
import type { Caller } from './graphql/caller.ts';
import type { OperationParams } from './graphql/known-operations.ts';
import { enveloped, prepare } from './graphql/prepare.ts';
import type { Pipeline } from './graphql/yoga.ts';
import type { MaskError } from './mask.ts';
import { withoutHttp } from './subscriptions/encode.ts';
import type { ResultSink } from './subscriptions/sink.ts';

/** Takes the results of one subscription. */
export interface LocalSink {
  next(result: FormattedExecutionResult): void;
  /** The last call, with what the subscription was refused for or broken by. */
  end(errors?: FormattedExecutionResult['errors']): void;
  /** The last call of a consumer that is too slow: it may come again. */
  abandon(why: string): void;
}

export interface LocalCalls {
  /** Runs a query or mutation; never rejects. */
  execute(
    viewer: Viewer,
    params: OperationParams,
    signal: AbortSignal | undefined,
  ): Promise<FormattedExecutionResult>;
  /** Runs a subscription; the returned function ends it without a further call of the sink. */
  subscribe(viewer: Viewer, params: OperationParams, sink: LocalSink): () => void;
}

export interface LocalCallsOptions extends Pipeline {
  mask: MaskError;
  credentialExpiry: CredentialExpiry;
}

export function createLocalCalls({ yoga, runKnown, mask, credentialExpiry }: LocalCallsOptions): LocalCalls {
  async function run(params: OperationParams, caller: Caller): Promise<ExecutionResult> {
    const known = runKnown(params, caller);
    if (known) return known;
    const prepared = await prepare(yoga, params, caller);
    if (isRefused(prepared)) return { errors: prepared };
    return (await enveloped(prepared).execute(prepared)) as ExecutionResult;
  }

  async function deliver(viewer: Viewer, params: OperationParams, sink: LocalSink, ending: Ending) {
    const openSink = () => openResultSink(sink);
    const caller: Caller = { viewer, traceparent: params.extensions?.['traceparent'], whenGone, openSink };
    const prepared = await prepare(yoga, params, caller);
    if (isRefused(prepared)) return sink.end(shown(prepared));
    const results: unknown = await enveloped(prepared).subscribe(prepared);
    if (!isAsyncIterable(results)) return sink.end(shown((results as ExecutionResult).errors));
    const iterator = results[Symbol.asyncIterator]();
    ending.stop = () => void iterator.return?.();
    if (ending.isOver) return ending.stop();
    await iterator.next();
    sink.end();
  }

  return {
    async execute(viewer, params, signal) {
      const caller: Caller = {
        viewer,
        traceparent: params.extensions?.['traceparent'],
        whenGone(leave) {
          signal?.addEventListener('abort', leave, { once: true });
          return () => signal?.removeEventListener('abort', leave);
        },
        openSink: noSubscription,
      };
      if (isOver(viewer)) return { errors: [OVER] };
      try {
        const { data, errors } = await run(params, caller);
        return asJson({
          ...(data !== undefined && { data }),
          ...(errors && { errors: withoutHttp(errors) }),
        });
      } catch (error) {
        return { errors: withoutHttp([mask(error)]) };
      }
    },
    subscribe(viewer, params, sink) {
      const ending: Ending = { isOver: false, stop: () => {} };
      const own = untilOver(sink, ending);
      const leave = credentialExpiry.watch(viewer, () => own.end([OVER]));
      ending.leave = leave;
      deliver(viewer, params, own, ending).catch((error: unknown) => own.end(shown([mask(error)])));
      return () => {
        ending.isOver = true;
        leave();
        ending.stop();
      };
    },
  };
}

/** One subscription's end, which comes once whoever is faster. */
interface Ending {
  isOver: boolean;
  stop(): void;
  leave?(): void;
}

function untilOver(sink: LocalSink, ending: Ending): LocalSink {
  const last = (call: () => void) => {
    if (ending.isOver) return;
    ending.isOver = true;
    ending.leave?.();
    call();
    ending.stop();
  };
  return {
    next: (result) => void (ending.isOver || sink.next(result)),
    end: (errors) => last(() => sink.end(errors)),
    abandon: (why) => last(() => sink.abandon(why)),
  };
}

function openResultSink(sink: LocalSink): ResultSink {
  return {
    ready: true,
    send: ({ bytes }) => sink.next(JSON.parse(bytes.toString())),
    whenReady: () => () => {},
    abandon: () => sink.abandon('The reader was too slow'),
  };
}

const OVER = { message: 'The sign-in has ended.', extensions: { code: 'UNAUTHENTICATED' } };

function isOver({ expiresAt }: Viewer): boolean {
  return expiresAt !== null && expiresAt.getTime() <= Date.now();
}

/** Nobody but the reader of a subscription leaves, and that ends its iterator. */
const whenGone = () => () => {};

const noSubscription = () => {
  throw new Error('A query or mutation opens no stream.');
};

function isRefused(prepared: ExecutionArgs | readonly GraphQLError[]): prepared is readonly GraphQLError[] {
  return Array.isArray(prepared);
}

/** What callers get is theirs: nothing of it is shared with what the server keeps. */
function asJson(result: ExecutionResult | FormattedExecutionResult): FormattedExecutionResult {
  return JSON.parse(JSON.stringify(result));
}

function shown(errors: readonly GraphQLError[] | undefined): FormattedExecutionResult['errors'] {
  return errors && withoutHttp(errors);
}
