/**
 * GraphQL over Server-Sent Events, in distinct connections, written straight to the response:
 *
 *     retry: 1500          how long EventSource waits before it connects again, different for each
 *
 *     event: next
 *     id: <cursor>         comes back as Last-Event-ID, and then the stream goes on from there
 *     data: {"data":{…}}
 *
 *     :                    a comment now and then, so that nobody takes the connection for dead
 *
 *     event: complete
 *     id: end              comes back from an EventSource that does not know the end: answered by 204, it stays away
 *     data:
 */
import type { ServerResponse } from 'node:http';
import type { ExecutionResult } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { Payload } from '../../events/hub/subscriber-queue.ts';
import type { Encode } from './encode.ts';
import type { ResultSink } from './sink.ts';

/** The `Last-Event-ID` of a stream that has come to its end. */
export const END_ID = 'end';

const HEARTBEAT_MS = 12_000;
const RETRY_MS = { least: 1_000, most: 3_000 };

const HEADERS = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-cache',
  connection: 'keep-alive',
  'content-encoding': 'none',
  // Proxies would collect events otherwise.
  'x-accel-buffering': 'no',
};

const COMPLETE = `event: complete\nid: ${END_ID}\ndata:\n\n`;

/** Begins the answer. */
export function openEventSink(response: ServerResponse): ResultSink {
  response.writeHead(200, HEADERS);
  const { least, most } = RETRY_MS;
  // Servers that stop cut thousands at once: they need not come again at once. Sent first, since browsers wait for it.
  response.write(`retry: ${Math.round(least + Math.random() * (most - least))}\n\n`);
  const heartbeat = setInterval(() => {
    if (!response.writableNeedDrain) response.write(':\n\n');
  }, HEARTBEAT_MS).unref();
  response.once('close', () => clearInterval(heartbeat));
  return {
    get ready() {
      return !response.writableNeedDrain;
    },
    send: (payload) => write(response, payload),
    whenReady(resume) {
      response.once('drain', resume);
      return () => response.off('drain', resume);
    },
    // Cut, and not ended: EventSource takes it for a lost connection, and resumes.
    abandon: () => response.destroy(),
  };
}

const blocks = new WeakMap<Payload, Buffer>();

function write(response: ServerResponse, payload: Payload): void {
  let block = blocks.get(payload);
  if (!block) {
    const id = payload.cursor === null ? '' : `id: ${payload.cursor}\n`;
    block = Buffer.concat([Buffer.from(`event: next\n${id}data: `), payload.bytes, Buffer.from('\n\n')]);
    blocks.set(payload, block);
  }
  response.write(block);
}

/** Lets subscriptions write to the response by themselves, instead of through a stream of the Fetch API. */
export function useEventStreams(encode: Encode): Plugin<object, { res: ServerResponse }> {
  return {
    onResultProcess({ result, resultProcessor, setResultProcessor, serverContext }) {
      if (!isAsyncIterable<ExecutionResult>(result)) return;
      if (!resultProcessor) {
        // Nothing is accepted that a subscription could be sent as.
        void result[Symbol.asyncIterator]().return?.();
        return;
      }
      const send = async (_result: unknown, { Response }: { Response: typeof globalThis.Response }) => {
        await follow(result, serverContext.res, encode);
        // Has been sent: whoever gets it finds the response at its end.
        return new Response(null);
      };
      setResultProcessor(send as typeof resultProcessor, 'text/event-stream');
    },
  };
}

async function follow(
  results: AsyncIterable<ExecutionResult>,
  response: ServerResponse,
  encode: Encode,
): Promise<void> {
  const iterator = results[Symbol.asyncIterator]();
  const leave = () => void iterator.return?.();
  if (response.closed) leave();
  response.once('close', leave);
  // What breaks the subscription comes as a last result.
  for (let item = await iterator.next(); !item.done; item = await iterator.next()) {
    write(response, { bytes: encode(item.value), cursor: null });
  }
  response.end(COMPLETE);
  if (!response.closed) await new Promise<void>((resolve) => response.once('close', () => resolve()));
}
