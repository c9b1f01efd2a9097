/** Publishing without ever rejecting. */
import type { ServerLogger } from '../logger.ts';

// A Redis that takes in nothing must not fill our memory: beyond this, messages are dropped.
const MAX_WAITING_CHARACTERS = 64 * 1024 * 1024;

/**
 * Sends by `publish`, which throws or rejects where it cannot, and gives what it gives; undefined for what is dropped.
 * Logs once when it begins to drop messages and once when it no longer does.
 * `isRefused`: Redis answered last that its user may not publish.
 */
export function createPublishPipeline(
  publish: (channel: string, message: string) => Promise<number>,
  logger: ServerLogger,
) {
  let waiting = 0;
  let dropped = 0;
  let refused = false;

  function drop(channel: string, reason: unknown): undefined {
    refused = reason instanceof Error && reason.message.startsWith('NOPERM');
    if (dropped++ === 0)
      logger.warn({ err: reason, channel }, 'Messages cannot be published and are dropped');
  }

  async function send(channel: string, message: string): Promise<number | undefined> {
    if (waiting + message.length > MAX_WAITING_CHARACTERS) return drop(channel, new Error('Too much waits'));
    waiting += message.length;
    try {
      const reached = await publish(channel, message);
      if (dropped > 0) logger.info({ dropped }, 'Messages are published again');
      dropped = 0;
      refused = false;
      return reached;
    } catch (error) {
      return drop(channel, error);
    } finally {
      waiting -= message.length;
    }
  }

  return { send, isRefused: () => refused };
}
