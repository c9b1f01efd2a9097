/** How a subscription runs: where its events come from, who executes them, and where the results go. */
import { createSourceEventStream, type ExecutionArgs, type ExecutionResult } from 'graphql';
import { isAsyncIterable } from 'graphql-yoga';
import type { Payload } from '../../events/hub/subscriber-queue.ts';
import { type Context, contextForEvent } from '../../graphql/context.ts';
import { eventCursor } from '../../graphql/task/events.ts';
import { execute } from '../graphql/execution/execute.ts';
import { deliver, type Source } from './delivery.ts';
import type { Encode } from './encode.ts';
import { createGroups, type ExecuteEvent } from './execution-registry.ts';
import type { ResultSink } from './sink.ts';
import type { StreamCounts } from './stats.ts';

/** Subscriptions share what they can, and send their results by themselves. */
export function createSubscribe(encode: Encode, counts: StreamCounts) {
  // One source event, one execution: what was read and granted for it is not kept for the next.
  const executeEvent: ExecuteEvent = (args, event, context) => {
    const payloadOf = (result: ExecutionResult): Payload => ({
      bytes: encode(result),
      cursor: eventCursor(event, context),
    });
    const result = execute({ ...args, rootValue: event, contextValue: context });
    return result instanceof Promise ? result.then(payloadOf) : payloadOf(result);
  };
  const groups = createGroups(executeEvent, counts);

  return async (args: ExecutionArgs): Promise<ExecutionResult | AsyncIterable<ExecutionResult>> => {
    const context = args.contextValue as Context & { openSink: () => ResultSink };
    context.watch = (scope) => groups.join(args, scope);
    const source = await createSourceEventStream(args);
    if (!isAsyncIterable(source)) return source;
    return deliver({
      source: source as unknown as Source<unknown>,
      execute(event) {
        counts.ownExecutions++;
        return executeEvent(args, event, contextForEvent(context));
      },
      openSink: context.openSink,
      counts,
    });
  };
}
