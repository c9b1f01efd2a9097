/** The transport of a single process. */
import { type ServerLogger, silentServerLogger } from '../logger.ts';
import { Channels } from './channels.ts';
import type { Transport } from './transport.ts';

/**
 * A transport that stays within this process: nothing is ever lost, so it is always healthy and never interrupted.
 * Messages are delivered in the order of publication, after the publisher's own work: a subscriber never runs
 * within a publisher's call.
 */
export function createMemoryTransport({
  logger = silentServerLogger,
}: {
  logger?: ServerLogger;
} = {}): Transport {
  const acknowledge = { subscribe: async () => {}, unsubscribe: async () => {} };
  const channels = new Channels(acknowledge, logger);
  let queue: { channel: string; message: string }[] = [];
  let closed = false;

  function deliverQueued(): void {
    const due = queue;
    queue = [];
    for (const { channel, message } of due) channels.deliver(channel, message);
  }

  return {
    async publish(channel, message) {
      if (closed) return undefined;
      const listeners = channels.listeners(channel);
      if (listeners === 0) return 0;
      if (queue.length === 0) setImmediate(deliverQueued);
      queue.push({ channel, message });
      return listeners;
    },
    subscribe: (channel, onMessage, signal) => channels.subscribe(channel, onMessage, signal),
    onInterruption: () => () => {},
    healthy: () => !closed,
    channelCount: () => channels.size,
    async close() {
      closed = true;
      queue = [];
      channels.close();
    },
  };
}
