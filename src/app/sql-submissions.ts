/** Applications may submit by SQL, where the database is not embedded: workers, streams and the server itself hear of it. */
import type { Logger } from 'pino';
import { listenToSqlSubmissions } from '../events/sql-submissions.ts';
import type { Runner } from '../maintenance/runner.ts';
import { TAKE_SQL_SUBMISSIONS } from '../maintenance/take-sql-submissions.ts';
import type { Events } from './events.ts';
import type { Resources } from './resources.ts';
import type { Storage } from './storage.ts';

export interface HearingOptions {
  storage: Storage;
  resources: Resources;
  events: Events;
  runner: Runner;
  logger: Logger;
}

export async function hearSqlSubmissions(options: HearingOptions): Promise<void> {
  const { storage, resources, events, runner, logger } = options;
  const { openNotices } = storage.database;
  if (!openNotices) return;
  const channel = await storage.store.sqlSubmissionsChannel();
  await resources.open(
    listenToSqlSubmissions({
      openSession: (listener) => openNotices(channel, listener),
      onJobs(jobIds) {
        events.signals.arrived(jobIds);
        runner.wake(TAKE_SQL_SUBMISSIONS);
      },
      onLog: events.hub.readLog,
      logger,
    }),
  );
}
