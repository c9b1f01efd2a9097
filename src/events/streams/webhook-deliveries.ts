/** The newest deliveries of each webhook that somebody watches. */
import type { DeliveryRow } from '../../domain/webhook.ts';
import type { ServerLogger } from '../logger.ts';
import { AUDIT_CHANNEL } from '../messages/message.ts';
import type { Transport } from '../transports/transport.ts';
import { createWatchedList, type WatchedList, type WatchedListItem } from './watched-list.ts';

export interface DeliveryLists {
  watch(webhookId: string): Promise<AsyncIterableIterator<WatchedListItem<DeliveryRow>>>;
  close(): void;
}

export interface DeliveryListsOptions {
  transport: Transport;
  /** The newest deliveries of the webhook. */
  read: (webhookId: string, limit: number) => Promise<DeliveryRow[]>;
  logger?: ServerLogger;
}

/** Deliveries of a webhook that are watched. */
export const WATCHED_DELIVERIES = 100;

export function createDeliveryLists({ transport, read, logger }: DeliveryListsOptions): DeliveryLists {
  // A list without watchers holds nothing but its name, and goes when the next one is made.
  const lists = new Map<string, WatchedList<DeliveryRow>>();

  function listOf(webhookId: string): WatchedList<DeliveryRow> {
    for (const [id, list] of lists) if (id !== webhookId && list.watchers() === 0) lists.delete(id);
    const present = lists.get(webhookId);
    if (present) return present;
    const list = createWatchedList<DeliveryRow>({
      // What is recorded of attempts is seen by the beat; new events make new deliveries.
      ...{ transport, logger, channel: AUDIT_CHANNEL },
      read: () => read(webhookId, WATCHED_DELIVERIES),
      keyOf: ({ id }) => id,
      stateOf: (row) => JSON.stringify(row),
    });
    lists.set(webhookId, list);
    return list;
  }

  return {
    watch: (webhookId) => listOf(webhookId).watch(() => true),
    close() {
      for (const list of lists.values()) list.close();
    },
  };
}
