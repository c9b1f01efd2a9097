/**
 * Notifies every server process that an API key was revoked.
 *
 * A message can be lost like any other: who listens also hears of every interruption, and must then look for itself
 * what it has missed.
 */

import { type ServerLogger, silentServerLogger } from '../logger.ts';
import { subscribeToChannel } from '../transports/channel-subscription.ts';
import type { Transport } from '../transports/transport.ts';

export interface RevocationListener {
  /** The key with this UUID was revoked. */
  onRevoked(keyId: string): void;
  /** Revocations may have been missed: the connection was lost, or is back. */
  onInterruption(): void;
}

export interface Revocations {
  /** Notifies all servers, this one at once. Never throws. */
  announce(keyId: string): void;
  /** Resolves when revocations from now on are heard, or the transport is not to be had for the moment. */
  listen(listener: RevocationListener): Promise<void>;
  close(): void;
}

const CHANNEL = 'api-keys';
const ACKNOWLEDGEMENT_TIMEOUT_MS = 1_000;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function createRevocations({
  transport,
  logger = silentServerLogger,
}: {
  transport: Transport;
  logger?: ServerLogger;
}): Revocations {
  const listeners = new Set<RevocationListener>();
  const leaving: (() => void)[] = [];

  return {
    announce(keyId) {
      // Not by way of the transport: it may be down.
      for (const listener of listeners) listener.onRevoked(keyId);
      void transport.publish(CHANNEL, keyId);
    },
    async listen(listener) {
      listeners.add(listener);
      const hear = (message: string) => {
        if (UUID.test(message)) listener.onRevoked(message);
        else
          logger.warn(
            { length: message.length },
            'A message about API keys that is not understood was dropped',
          );
      };
      const subscription = subscribeToChannel(transport, CHANNEL, hear, {
        timeoutMs: ACKNOWLEDGEMENT_TIMEOUT_MS,
        logger,
      });
      leaving.push(
        subscription.unsubscribe,
        transport.onInterruption(() => listener.onInterruption()),
      );
      await subscription.acknowledged;
    },
    close() {
      listeners.clear();
      for (const leave of leaving.splice(0)) leave();
    },
  };
}
