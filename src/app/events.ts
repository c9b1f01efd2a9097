/** Second step: how commits travel to every server, and what subscribers and workers are served from. */
import { randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import type { EventRow } from '../domain/events.ts';
import type { RunRow } from '../domain/operation-run.ts';
import type { TaskChange } from '../domain/task.ts';
import { logFailures } from '../events/failure-log.ts';
import { type HorizonWatch, monitorHorizon } from '../events/horizon-monitor.ts';
import { createHub, type Hub } from '../events/hub/hub.ts';
import { EVENTS_CHANNEL } from '../events/messages/message.ts';
import { createPublisher, type Publisher } from '../events/publishing/publisher.ts';
import { createRevocations, type Revocations } from '../events/publishing/revocations.ts';
import { createEventFeed, createRunFeed } from '../events/streams/audit-feeds.ts';
import type { Feed } from '../events/streams/feed.ts';
import { createLiveCounts, type LiveCounts } from '../events/streams/live-counts.ts';
import { createMemoryTransport } from '../events/transports/memory.ts';
import { connectRedisTransport } from '../events/transports/redis.ts';
import { redisTlsOptions } from '../events/transports/redis-tls.ts';
import type { Transport } from '../events/transports/transport.ts';
import { createSignals, type WorkerSignals } from '../events/workers/signals.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { readEvents } from '../store/audit/events.ts';
import { readRuns } from '../store/operations/operation-runs.ts';
import type { Tracing } from '../tracing/tracing.ts';
import { orUnavailable } from './errors.ts';
import type { Parts } from './parts.ts';
import type { Storage } from './storage.ts';

export interface Events {
  /** Prefix of this database's keys and channels on a Redis that several servers may share. */
  prefix: string;
  transport: Transport;
  horizon: HorizonWatch;
  publisher: Publisher;
  revocations: Revocations;
  hub: Hub;
  liveCounts: LiveCounts;
  signals: WorkerSignals;
  auditFeed: Feed<EventRow>;
  runFeed: Feed<RunRow>;
}

export interface EventsOptions {
  config: Config;
  logger: Logger;
  parts: Parts;
  metrics: Metrics;
  tracing: Tracing | undefined;
  storage: Storage;
}

export async function openEvents(options: EventsOptions): Promise<Events> {
  const { config, logger, parts, metrics, tracing, storage } = options;
  const { database, log, store, commits } = storage;
  // The epoch of the log: servers on different databases may share a Redis.
  const prefix = `sb:${log.epoch.slice(0, 8)}:`;
  const transport = await parts.open(openTransport(config, prefix, logger));
  const horizon = await parts.open(monitorHorizon({ log, logger }));
  // Names this server in its messages about work: it has acted on them before they come back.
  const origin = randomBytes(9).toString('base64url');
  const publisher = createPublisher({ transport, logger, origin });
  const publish = tracing
    ? (changes: readonly TaskChange[]) => tracing.publish(changes.length, () => publisher.publish(changes))
    : publisher.publish;
  const revocations = await parts.open(createRevocations({ transport, logger }));
  const hub = await parts.open(createHub({ transport, log, logger }));
  const signals = await parts.open(
    createSignals({
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
  commits.onCommit((changes) => logFailures(logger, changes));
  commits.onCommit((changes) => void publish(changes));
  commits.onAuditEntries(() => void publisher.announce(EVENTS_CHANNEL));
  const liveCounts = await parts.open(createLiveCounts({ hub, read: store.countTasks, logger }));
  const feedOptions = { transport, logger, horizon: log.horizon };
  const runFeed = await parts.open(
    createRunFeed({ ...feedOptions, read: (after, limit) => readRuns(database, after, limit) }),
  );
  const auditFeed = await parts.open(
    createEventFeed({ ...feedOptions, read: (after, limit) => readEvents(database, after, limit) }),
  );
  const streams = { hub, liveCounts, signals, auditFeed, runFeed };
  return { prefix, transport, horizon, publisher, revocations, ...streams };
}

async function openTransport(config: Config, prefix: string, logger: Logger): Promise<Transport> {
  const { redisUrl: url, redisTls } = config;
  if (!url) return createMemoryTransport({ logger });
  return orUnavailable(async () =>
    connectRedisTransport({ url, tls: redisTlsOptions(redisTls), prefix, logger }),
  );
}
