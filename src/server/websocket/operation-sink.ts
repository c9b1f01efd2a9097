/** One subscription of a WebSocket: its results, as messages of graphql-transport-ws. */
import type { Payload } from '../../events/hub/subscriber-queue.ts';
import type { ResultSink } from '../subscriptions/sink.ts';
import type { SocketWriter } from './socket-writer.ts';
import { textFrame } from './text-frame.ts';

const AFTER = Buffer.from('}');

// The last frame that was made of a payload: clients that number their operations are sent the same bytes.
const lastFrames = new WeakMap<Payload, { id: string; frame: Buffer }>();

/** @param id of the operation, as the client has named it */
export function openOperationSink(writer: SocketWriter, id: string): ResultSink {
  const before = Buffer.from(`{"id":${JSON.stringify(id)},"type":"next","payload":`);
  return {
    get ready() {
      return writer.ready;
    },
    send(payload) {
      let last = lastFrames.get(payload);
      if (last?.id !== id) {
        last = { id, frame: textFrame(before, payload.bytes, AFTER) };
        lastFrames.set(payload, last);
      }
      writer.write(last.frame);
    },
    whenReady: (resume) => writer.whenReady(resume),
    abandon: () => writer.abandon(),
  };
}
