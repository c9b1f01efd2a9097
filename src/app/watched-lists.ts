/** The lists that are watched: how each is read, and where its changes are hinted at. */
import type { Logger } from 'pino';
import { JOBS_CHANNEL, SCHEDULES_CHANNEL, WORKERS_CHANNEL } from '../events/messages/message.ts';
import { createWatchedList } from '../events/streams/watched-list.ts';
import { createDeliveryLists } from '../events/streams/webhook-deliveries.ts';
import type { Transport } from '../events/transports/transport.ts';
import type { Services } from '../graphql/context.ts';
import type { JobView } from '../store/jobs/job-views.ts';
import type { ScheduleView } from '../store/schedules/schedule-views.ts';
import type { Store } from '../store/store.ts';
import type { WorkerView } from '../store/workers/worker-views.ts';
import type { Resources } from './resources.ts';

export type WatchedLists = Services['watchedLists'];

/** Rows of a list that are watched at most. */
const WATCHED_ROWS = 2_000;
/** Jobs change seldom, and nearly always with a hint. */
const JOBS_BEAT_MS = 5_000;
const EVERY_WORKER = { visible: null, room: null, job: null, owner: null, alive: null };

export async function openWatchedLists({
  transport,
  store,
  resources,
  logger,
}: {
  transport: Transport;
  store: Store;
  resources: Resources;
  logger: Logger;
}): Promise<WatchedLists> {
  const shared = { transport, logger, keyOf: ({ id }: { id: string }) => id };
  const workers = await resources.open(
    createWatchedList<WorkerView>({
      ...{ ...shared, channel: WORKERS_CHANNEL, stateOf: (row) => JSON.stringify(row) },
      read: () => store.listWorkers(EVERY_WORKER, { newestFirst: false, limit: WATCHED_ROWS }),
    }),
  );
  const deliveries = await resources.open(
    createDeliveryLists({ transport, read: store.listDeliveries, logger }),
  );
  const jobs = await resources.open(
    createWatchedList<JobView>({
      ...{ ...shared, channel: JOBS_CHANNEL, stateOf: (row) => JSON.stringify(row), beatMs: JOBS_BEAT_MS },
      read: () => store.findJobViews(WATCHED_ROWS),
    }),
  );
  const schedules = await resources.open(
    createWatchedList<ScheduleView>({
      ...{ transport, logger, channel: SCHEDULES_CHANNEL, keyOf: ({ key }) => key },
      stateOf: (row) => JSON.stringify(row.kind === 'run' ? row.run : row.schedule),
      // Older runs make room for newer ones; that they have ended was published.
      leavesInSilence: ({ kind }) => kind === 'run',
      read: () => store.findScheduleViews(WATCHED_ROWS),
    }),
  );
  return { workers, jobs, schedules, deliveries };
}
