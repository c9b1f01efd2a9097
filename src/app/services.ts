/** Third step: what resolvers call, and the maintenance that runs behind it. */
import { readFileSync } from 'node:fs';
import { LRUCache } from 'lru-cache';
import type { Logger } from 'pino';
import { createSchemaChecks, type SchemaChecks } from '../checks/schema-checks.ts';
import type { Config } from '../config.ts';
import type { TaskTokens } from '../domain/task-token.ts';
import {
  AUDIT_CHANNEL,
  JOBS_CHANNEL,
  jobChannel,
  RUNS_CHANNEL,
  SCHEDULES_CHANNEL,
  WORKERS_CHANNEL,
} from '../events/messages/message.ts';
import { bulkChannel, watchBulkRun } from '../events/streams/bulk-runs.ts';
import { subscribeToChannel } from '../events/transports/channel-subscription.ts';
import type { Services } from '../graphql/context.ts';
import { createJobDirectory } from '../graphql/job/directory.ts';
import { createRateLimitStates } from '../graphql/viewer/rate-limit-states.ts';
import { createWorkerNames } from '../graphql/worker/names.ts';
import { checkLimitsRoutine } from '../maintenance/check-limits.ts';
import { cleanUpEventsOperation } from '../maintenance/clean-up-events.ts';
import { continueCascadesRoutine } from '../maintenance/continue-cascades.ts';
import type { MaintenanceOperation } from '../maintenance/operation.ts';
import { createMaintenanceOperations, type MaintenanceOperations } from '../maintenance/operations.ts';
import { removeRoomOperation } from '../maintenance/remove-room.ts';
import { removeTasksOfCreatorOperation } from '../maintenance/remove-tasks.ts';
import { retireJobsOperation } from '../maintenance/retire-jobs.ts';
import { rollUpStatisticsRoutine, trimStatisticsRoutine } from '../maintenance/roll-up-statistics.ts';
import { rollUpStatisticsOperation } from '../maintenance/roll-up-statistics-operation.ts';
import { RUN_BULK, runBulkRoutine } from '../maintenance/run-bulk.ts';
import {
  isEndOfScheduledTask,
  RUN_SCHEDULES,
  runSchedulesRoutine,
  trimScheduleRunsRoutine,
} from '../maintenance/run-schedules.ts';
import { createRunner, type Routine, type Runner } from '../maintenance/runner.ts';
import { startScheduledOperation } from '../maintenance/start-scheduled-operation.ts';
import { sweepWorkersOperation } from '../maintenance/sweep-workers.ts';
import { takeSqlSubmissionsRoutine } from '../maintenance/take-sql-submissions.ts';
import { timeOutTasksRoutine } from '../maintenance/time-out-tasks.ts';
import { createDeliverer } from '../maintenance/webhooks/deliver.ts';
import { createWebhookRegistry } from '../maintenance/webhooks/registry.ts';
import { createWebhooks, DELIVER_WEBHOOKS, type Webhooks } from '../maintenance/webhooks/routine.ts';
import type { Store } from '../store/store.ts';
import type { Events } from './events.ts';
import type { Resources } from './resources.ts';
import { hearSqlSubmissions } from './sql-submissions.ts';
import type { Storage } from './storage.ts';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

/** How long the transport is waited for before changed schedules are only noticed by the beat. */
const CHANNEL_MS = 1_000;
const WORKER_OWNERS_KEPT = 10_000;

export interface ServicesOptions {
  config: Config;
  logger: Logger;
  resources: Resources;
  storage: Storage;
  events: Events;
  taskTokens: TaskTokens;
  /** Of the application, beside those of the server. */
  ownOperations: readonly MaintenanceOperation[];
}

export interface OpenedServices {
  services: Services;
  /** Runs nothing until it is started. */
  runner: Runner;
}

export async function openServices(options: ServicesOptions): Promise<OpenedServices> {
  const { config, logger, resources, storage, events } = options;
  const { database, store, commits } = storage;
  const runner = createRunner(logger);
  const operations = await resources.open(
    createMaintenanceOperations({
      database,
      runs: store.operationRuns,
      operations: [...operationsOf(store, config, events), ...options.ownOperations],
      onRunChange: () => {
        void events.publisher.announce(RUNS_CHANNEL);
        void events.publisher.announce(AUDIT_CHANNEL);
      },
      logger,
    }),
  );
  const webhooks = await resources.open(
    createWebhooks({
      ...{ store, logger },
      deliverer: createDeliverer({ allowPrivate: config.webhookAllowPrivate }),
      wake: () => runner.wake(DELIVER_WEBHOOKS),
    }),
  );
  const announceRun = (id: string) => void events.publisher.announce(bulkChannel(id));
  runner.add([
    ...routinesOf(store, operations, config, logger),
    webhooks.routine,
    runBulkRoutine(store, announceRun),
  ]);
  await resources.open(runner);
  await hearSqlSubmissions({ storage, resources, events, runner, logger });
  const wakeSchedules = () => runner.wake(RUN_SCHEDULES);
  commits.onOperationDue((due) => {
    void startScheduledOperation({ operations, store, logger, onEnd: wakeSchedules }, due);
  });
  // The next run of a schedule may wait for the end of this one.
  commits.onCommit((changes) => {
    if (changes.some(isEndOfScheduledTask)) wakeSchedules();
  });
  const { transport } = events;
  for (const [channel, wake] of [
    [AUDIT_CHANNEL, () => runner.wake(DELIVER_WEBHOOKS)],
    [SCHEDULES_CHANNEL, wakeSchedules],
  ] as const) {
    const { unsubscribe } = subscribeToChannel(transport, channel, wake, { timeoutMs: CHANNEL_MS, logger });
    await resources.open({ close: unsubscribe });
  }
  const checks = await resources.open(createSchemaChecks());
  const bulkRuns: Services['bulkRuns'] = {
    watch: (id) => watchBulkRun({ transport, read: store.findBulk, logger }, id),
    announce(id) {
      announceRun(id);
      runner.wake(RUN_BULK);
    },
  };
  return { services: { ...servicesOf(options, operations, webhooks, checks), bulkRuns }, runner };
}

function servicesOf(
  { config, storage, events, taskTokens }: ServicesOptions,
  operations: MaintenanceOperations,
  webhooks: Webhooks,
  checks: SchemaChecks,
): Omit<Services, 'bulkRuns'> {
  const { store, log, prisma } = storage;
  const { hub, liveCounts, liveStatistics, filteredCounts, signals, publisher, transport, revocations } =
    events;
  const { blockedReasons, estimates } = events;
  return {
    ...{ blockedReasons, estimates },
    ...{ store, log, prisma, hub, liveCounts, liveStatistics, filteredCounts, signals, operations, checks },
    jobs: createJobDirectory(store, checks),
    workerNames: createWorkerNames(store),
    watchedLists: events.watchedLists,
    announceWorkers: () => {
      void publisher.announce(WORKERS_CHANNEL);
      // A job shows how many workers it has.
      void publisher.announce(JOBS_CHANNEL);
    },
    announceJobs: () => void publisher.announce(JOBS_CHANNEL),
    webhooks: {
      ...createWebhookRegistry(store, () => void publisher.announce(AUDIT_CHANNEL)),
      test: webhooks.test,
      redeliver: webhooks.redeliver,
    },
    operationRuns: {
      find: store.operationRuns.find,
      running: store.operationRuns.findRunning,
      feed: events.runFeed,
    },
    events: { find: store.audit.find, feed: events.auditFeed },
    workerOwners: new LRUCache({ max: WORKER_OWNERS_KEPT }),
    categories: config.categories,
    assetUrlSchemes: config.assetUrlSchemes,
    announceWorkerJobs: (workerId, jobIds) => void publisher.publishWorkerJobs(workerId, jobIds),
    announceJob: (jobId) => void publisher.announce(jobChannel(jobId)),
    announceSchedules: () => void transport.publish(SCHEDULES_CHANNEL, '1'),
    tiers: config.rateLimits,
    defaultTier: config.defaultTier,
    rateLimitStates: createRateLimitStates(),
    server: {
      version,
      isEmbedded: !config.databaseUrl,
      spreading: config.redisUrl ? 'REDIS' : config.databaseUrl ? 'POSTGRESQL' : 'PROCESS',
      retentionDays: config.retentionDays,
      workerTimeoutSeconds: config.workerTimeoutSeconds,
      dashboardIsReadOnly: config.dashboard === 'read-only',
    },
    taskTokens,
    announceRevokedKey: (keyId) => revocations.announce(keyId),
  };
}

/** Every operation: what stands here is in the API, in schedules and in the metrics. */
function operationsOf(store: Store, config: Config, { publisher }: Events): MaintenanceOperation[] {
  const onRemoved = (rooms: readonly string[]) => void publisher.askToRead(rooms);
  const { sweepIntervalSeconds, jobIdleSeconds } = config;
  return [
    sweepWorkersOperation(store, {
      intervalSeconds: sweepIntervalSeconds,
      nameDays: longestRetention(config),
    }),
    retireJobsOperation(store, { intervalSeconds: sweepIntervalSeconds, idleSeconds: jobIdleSeconds }),
    rollUpStatisticsOperation(store),
    cleanUpEventsOperation(store, config.retentionDays),
    removeRoomOperation(store, onRemoved),
    removeTasksOfCreatorOperation(store, onRemoved),
  ];
}

/** Days after which no task is kept. */
function longestRetention({ retentionDays: { completed, failed, deadLetter } }: Config): number {
  return Math.max(completed, failed, deadLetter);
}

function routinesOf(
  store: Store,
  operations: MaintenanceOperations,
  config: Config,
  logger: Logger,
): Routine[] {
  return [
    timeOutTasksRoutine(store),
    continueCascadesRoutine(store),
    takeSqlSubmissionsRoutine(store),
    checkLimitsRoutine(store, { intervalSeconds: config.sweepIntervalSeconds, logger }),
    runSchedulesRoutine(store),
    trimScheduleRunsRoutine(store),
    ...operations.routines(config.sweepIntervalSeconds),
    rollUpStatisticsRoutine(store),
    trimStatisticsRoutine(store),
  ];
}
