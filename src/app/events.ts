/** Second step: how commits travel to every server, and what subscribers and workers are served from. */
import { randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import type { AuditEntry } from '../domain/audit.ts';
import { blockedReason } from '../domain/blocked.ts';
import type { RunRow } from '../domain/operation-run.ts';
import { spansOf } from '../domain/statistics.ts';
import type { TaskChange } from '../domain/task.ts';
import { logFailures } from '../events/failure-log.ts';
import { type HorizonWatch, monitorHorizon } from '../events/horizon-monitor.ts';
import { createHub, type Hub } from '../events/hub/hub.ts';
import { AUDIT_CHANNEL, jobChannel } from '../events/messages/message.ts';
import { createPublisher, type Publisher } from '../events/publishing/publisher.ts';
import { createRevocations, type Revocations } from '../events/publishing/revocations.ts';
import { createAuditFeed, createRunFeed } from '../events/streams/audit-feeds.ts';
import { type BlockedReasons, createBlockedReasons } from '../events/streams/blocked-reasons.ts';
import { createEstimates, type Estimates } from '../events/streams/estimates.ts';
import type { Feed } from '../events/streams/feed.ts';
import { createFilteredCounts, type FilteredCountsFeed } from '../events/streams/filtered-counts.ts';
import { createLiveCounts, type LiveCounts } from '../events/streams/live-counts.ts';
import { createLiveStatistics, type LiveStatistics } from '../events/streams/live-statistics.ts';
import type { Transport } from '../events/transports/transport.ts';
import { createSignalSource, type SignalSource } from '../events/workers/signals.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { LogReplaced } from '../store/log/log.ts';
import type { Tracing } from '../tracing/tracing.ts';
import type { Resources } from './resources.ts';
import type { Storage } from './storage.ts';
import { openTransport } from './transport.ts';
import { openWatchedLists, type WatchedLists } from './watched-lists.ts';

export interface Events {
  transport: Transport;
  horizon: HorizonWatch;
  publisher: Publisher;
  revocations: Revocations;
  hub: Hub;
  liveCounts: LiveCounts;
  liveStatistics: LiveStatistics;
  filteredCounts: FilteredCountsFeed;
  signals: SignalSource;
  blockedReasons: BlockedReasons;
  estimates: Estimates;
  auditFeed: Feed<AuditEntry>;
  runFeed: Feed<RunRow>;
  watchedLists: WatchedLists;
}

export interface EventsOptions {
  config: Config;
  logger: Logger;
  resources: Resources;
  metrics: Metrics;
  tracing: Tracing | undefined;
  storage: Storage;
}

export async function openEvents(options: EventsOptions): Promise<Events> {
  const { config, logger, resources, metrics, tracing, storage } = options;
  const { log, store, commits } = storage;
  const transport = await resources.open(openTransport(config, storage, logger));
  const horizon = await resources.open(monitorHorizon({ log, logger }));
  // Names this server in its messages about work: it has acted on them before they come back.
  const origin = randomBytes(9).toString('base64url');
  const publisher = createPublisher({ transport, logger, origin });
  const publish = tracing
    ? (changes: readonly TaskChange[]) => tracing.publish(changes.length, () => publisher.publish(changes))
    : publisher.publish;
  const revocations = await resources.open(createRevocations({ transport, logger }));
  const hub = await resources.open(createHub({ transport, log, logger }));
  const signals = await resources.open(
    createSignalSource({
      ...{ transport, logger, origin, horizon: log.horizon },
      dueJobs: store.findJobsThatBecameDue,
      findArrivals: store.findArrivals,
    }),
  );
  const { waitFor, lookBehind } = signals.waitingClaims;
  commits.pipelineClaims({ waitFor, send: lookBehind });
  // In this order: claims that wait here come first, other servers last.
  commits.onCommit(signals.committed);
  commits.onCommit(metrics.changes);
  commits.onSqlSubmissions(metrics.sqlSubmissions);
  commits.onCommit((changes) => logFailures(logger, changes));
  commits.onCommit((changes) => void publish(changes));
  // Announced without the name of this server, they come back to its own workers, too.
  commits.onClaimable((jobIds) => {
    for (const jobId of jobIds) void publisher.announce(jobChannel(jobId));
  });
  commits.onAuditEntries(() => void publisher.announce(AUDIT_CHANNEL));
  const liveCounts = await resources.open(createLiveCounts({ hub, read: store.countTasks, logger }));
  const liveStatistics = await resources.open(
    createLiveStatistics({
      ...{ counts: liveCounts, logger },
      async readPoints(scope, grain) {
        const series = { grain, points: 2 };
        const [now, tallies] = await Promise.all([store.readNow(), store.readActivity(scope, series)]);
        return { now, points: spansOf(series, now, tallies) };
      },
    }),
  );
  const filteredCounts = await resources.open(createFilteredCounts({ hub, logger }));
  const { blockedReasons, estimates } = await openWaits(options);
  const feedOptions = { transport, logger, horizon: log.horizon };
  const runFeed = await resources.open(createRunFeed({ ...feedOptions, read: store.operationRuns.read }));
  const auditFeed = await resources.open(createAuditFeed({ ...feedOptions, read: store.audit.read }));
  const watchedLists = await openWatchedLists({ transport, store, resources, logger });
  const streams = {
    ...{
      hub,
      liveCounts,
      liveStatistics,
      filteredCounts,
      signals,
      blockedReasons,
      estimates,
      auditFeed,
      runFeed,
    },
    watchedLists,
  };
  log.onReplaced(() => {
    const how = 'The database was restored, or another server has taken over from it: streams begin anew';
    logger.warn({ restartNeeded: log.hasMoved }, how);
    signals.startOver();
    for (const feed of [auditFeed, runFeed]) feed.abandon(new LogReplaced());
  });
  return { transport, horizon, publisher, revocations, ...streams };
}

/** Why watched tasks wait, and for how long. */
async function openWaits({ storage: { store }, resources, logger }: EventsOptions) {
  const blockedReasons = createBlockedReasons({
    async read(taskIds) {
      const facts = await store.findWaitFacts(taskIds);
      return new Map([...facts].map(([id, found]) => [id, blockedReason(found)]));
    },
    logger,
  });
  await resources.open(blockedReasons);
  const estimates = createEstimates({ read: store.estimateTasks, logger });
  await resources.open(estimates);
  return { blockedReasons, estimates };
}
