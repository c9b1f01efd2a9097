/** How a subscription runs: where its events come from, who executes them, and where the results go. */
import { createSourceEventStream, type ExecutionArgs } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { Payload } from '../../events/watch.ts';
import { type Context, contextForEvent } from '../../graphql/context.ts';
import { eventCursor } from '../../graphql/task/events.ts';
import { execute } from '../execution/execute.ts';
import { deliver, type Source } from './delivery.ts';
import type { Encode } from './encode.ts';
import { createGroups } from './groups.ts';
import type { Sink } from './sink.ts';
import type { StreamCounts } from './stats.ts';

/** Subscriptions share what they can, and send their results by themselves. */
export function useSubscriptions(
  encode: Encode,
  counts: StreamCounts,
): Plugin<Context & { openSink: () => Sink }> {
  // One source event, one execution, one context: loaders and authorisation are not kept from event to event.
  async function executeEvent(args: ExecutionArgs, event: unknown, context: Context): Promise<Payload> {
    const bytes = encode(await execute({ ...args, rootValue: event, contextValue: context }));
    return { bytes, cursor: eventCursor(event, context) };
  }
  const groups = createGroups(executeEvent, counts);

  return {
    onSubscribe({ setSubscribeFn }) {
      setSubscribeFn(async (args: ExecutionArgs) => {
        const context = args.contextValue as Context & { openSink: () => Sink };
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
      });
    },
  };
}
