/** The lists that are watched: how each is read, and where its changes are hinted at. */
import type { Logger } from 'pino';
import { WORKERS_CHANNEL } from '../events/messages/message.ts';
import { createLiveList, type LiveList } from '../events/streams/live-list.ts';
import { createDeliveryLists, type DeliveryLists } from '../events/streams/webhook-deliveries.ts';
import type { Transport } from '../events/transports/transport.ts';
import type { Store } from '../store/store.ts';
import type { WorkerView } from '../store/workers/worker-views.ts';
import type { Parts } from './parts.ts';

export interface LiveLists {
  workers: LiveList<WorkerView>;
  deliveries: DeliveryLists;
}

/** Rows of a list that are watched at most. */
const WATCHED_ROWS = 2_000;
const EVERY_WORKER = { visible: null, room: null, job: null, owner: null, alive: null };

export async function openLiveLists({
  transport,
  store,
  parts,
  logger,
}: {
  transport: Transport;
  store: Store;
  parts: Parts;
  logger: Logger;
}): Promise<LiveLists> {
  const shared = { transport, logger, keyOf: ({ id }: { id: string }) => id };
  const workers = await parts.open(
    createLiveList<WorkerView>({
      ...{ ...shared, channel: WORKERS_CHANNEL, stateOf: (row) => JSON.stringify(row) },
      read: () => store.listWorkers(EVERY_WORKER, { newestFirst: false, limit: WATCHED_ROWS }),
    }),
  );
  const deliveries = await parts.open(createDeliveryLists({ transport, read: store.listDeliveries, logger }));
  return { workers, deliveries };
}
