/** What resolvers get: the services of the process, and what belongs to one operation or one event. */
import DataLoader from 'dataloader';
import { GraphQLError } from 'graphql';
import type { LRUCache } from 'lru-cache';
import type { SchemaChecks } from '../checks/schema-checks.ts';
import type { Viewer } from '../domain/access.ts';
import type { AuditEntry } from '../domain/audit.ts';
import type { WaitFacts } from '../domain/blocked.ts';
import type { BulkRow } from '../domain/bulk.ts';
import type { TaskEstimate } from '../domain/estimates/estimate.ts';
import type { RunRow } from '../domain/operation-run.ts';
import type { TaskRow } from '../domain/task.ts';
import type { TaskTokens } from '../domain/task-token.ts';
import type { Tiers } from '../domain/tiers.ts';
import type { DeliveryRow, WebhookRow, WebhookSettings } from '../domain/webhook.ts';
import type { Hub, WatchScope } from '../events/hub/hub.ts';
import type { Watch } from '../events/hub/subscriber-queue.ts';
import type { BlockedReasons } from '../events/streams/blocked-reasons.ts';
import type { Estimates } from '../events/streams/estimates.ts';
import type { Feed } from '../events/streams/feed.ts';
import type { FilteredCountsFeed } from '../events/streams/filtered-counts.ts';
import type { LiveCounts } from '../events/streams/live-counts.ts';
import type { LiveStatistics } from '../events/streams/live-statistics.ts';
import type { Judge } from '../events/streams/stream.ts';
import type { WatchedList } from '../events/streams/watched-list.ts';
import type { DeliveryLists } from '../events/streams/webhook-deliveries.ts';
import type { SignalSource } from '../events/workers/signals.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';
import type { MaintenanceOperations } from '../maintenance/operations.ts';
import type { JobView } from '../store/jobs/job-views.ts';
import type { JobRow } from '../store/jobs/jobs.ts';
import type { PauseRow } from '../store/jobs/pauses.ts';
import type { TransitionLog } from '../store/log/log.ts';
import type { ScheduleRunRow } from '../store/schedules/schedule-runs.ts';
import type { ScheduleView } from '../store/schedules/schedule-views.ts';
import type { Store } from '../store/store.ts';
import type { DependencyPage, DependencyRow } from '../store/tasks/dependencies/find-dependencies.ts';
import type { WorkerView } from '../store/workers/worker-views.ts';
import type { WorkerRow } from '../store/workers/workers.ts';
import type { JobDirectory } from './job/directory.ts';
import type { ServerFacts } from './server/facts.ts';
import type { RateLimitStates } from './viewer/rate-limit-states.ts';
import type { WorkerNames } from './worker/names.ts';

/** One set for each server process. */
export interface Services {
  store: Store;
  log: TransitionLog;
  prisma: PrismaClient;
  hub: Hub;
  signals: SignalSource;
  /** Why tasks wait, live. */
  blockedReasons: BlockedReasons;
  /** When tasks will run, live. */
  estimates: Estimates;
  /** How many tasks there are, live. */
  liveCounts: LiveCounts;
  /** The same with the points of their series that are moving. */
  liveStatistics: LiveStatistics;
  /** A run over many tasks, live; and that one was begun or stopped, for every server. */
  bulkRuns: { watch(id: string): AsyncIterableIterator<BulkRow>; announce(id: string): void };
  /** How many tasks match a filter, live. */
  filteredCounts: FilteredCountsFeed;
  jobs: JobDirectory;
  /** Schemas and values, checked without keeping other callers waiting. */
  checks: SchemaChecks;
  /**
   * Who owns which worker. An owner never changes and ids are never used again, so an answer stays right; that a worker
   * was removed since is noticed by the statement that uses it.
   */
  workerOwners: LRUCache<string, string>;
  operations: MaintenanceOperations;
  operationRuns: {
    find(ids: readonly string[]): Promise<RunRow[]>;
    running(): Promise<RunRow[]>;
    feed: Feed<RunRow>;
  };
  webhooks: {
    find(id: string): Promise<WebhookRow | null>;
    /** The secret is not shown again. */
    create(settings: WebhookSettings, actor: string): Promise<{ webhook: WebhookRow; secret: string }>;
    update(
      id: string,
      settings: WebhookSettings,
      rotateSecret: boolean,
      actor: string,
    ): Promise<{ webhook: WebhookRow; secret: string | null } | null>;
    delete(id: string, actor: string): Promise<boolean>;
    /** Queues a test delivery; its id, or null when there is no such webhook. */
    test(id: string, actor: string): Promise<string | null>;
    /** Queues a delivery that has ended once more; the delivery, or null when there is none. */
    redeliver(id: string): Promise<DeliveryRow | null>;
  };
  events: {
    find(ids: readonly string[]): Promise<AuditEntry[]>;
    feed: Feed<AuditEntry>;
  };
  /** What workers are called. */
  workerNames: WorkerNames;
  /** Lists of all rooms, watched. */
  watchedLists: {
    workers: WatchedList<WorkerView>;
    jobs: WatchedList<JobView>;
    schedules: WatchedList<ScheduleView>;
    deliveries: DeliveryLists;
  };
  /** Notifies every server that workers have come, changed or gone. */
  announceWorkers: () => void;
  /** Notifies every server that jobs have come, changed or gone. */
  announceJobs: () => void;
  /** The job categories that may be registered; `*` for any word. */
  categories: readonly string[] | '*';
  /** The schemes that URLs of assets may have, without the colon. */
  assetUrlSchemes: readonly string[];
  /** Notifies every server that the worker serves further jobs now. */
  announceWorkerJobs: (workerId: string, jobIds: readonly string[]) => void;
  /** Signals the workers of the job, on every server, that there may be work. */
  announceJob: (jobId: string) => void;
  /** Notifies every server that a schedule was changed, so that it looks when the next one is due. */
  announceSchedules: () => void;
  /** Gives out tokens for tasks. */
  taskTokens: TaskTokens;
  /** The rate limits that there are. */
  tiers: Tiers;
  /** Of a MEMBER or USER whose credential names none. */
  defaultTier: string;
  /** How callers that have a rate limit stand. */
  rateLimitStates: RateLimitStates;
  /** Facts about the server that every caller may see. */
  server: ServerFacts;
  /** Notifies every server that the API key was revoked: what it has opened ends. */
  announceRevokedKey: (keyId: string) => void;
}

/** Reads that are collected within one turn and kept for one operation or event. */
export interface Loaders {
  /** Whole tasks, with payload and result. */
  task: DataLoader<string, TaskRow | null>;
  job: DataLoader<string, JobRow | null>;
  /** What decides why a task waits. */
  waitFacts: DataLoader<string, WaitFacts | null>;
  /** How many tasks stand in front of it; null where it is not in the order of the claim. */
  ahead: DataLoader<string, number | null>;
  /** When it will run; null where it has ended. */
  estimate: DataLoader<string, TaskEstimate | null>;
  worker: DataLoader<string, WorkerRow | null>;
  /** With what it does now; none of the server's own. */
  workerView: DataLoader<string, WorkerView | null>;
  workerIsAlive: DataLoader<string, boolean>;
  workerCount: DataLoader<string, number>;
  /** Where a job is paused. */
  pauses: DataLoader<string, PauseRow[]>;
  servedJobIds: DataLoader<string, string[]>;
  /** When the worker of a task said that it stopped. */
  stoppedAt: DataLoader<string, Date | null>;
  dependencies: DataLoader<DependencyPage, DependencyRow[], string>;
  /** Ids of the tasks that a task depends on, the first thousand of them. */
  parentIds: DataLoader<string, string[]>;
  /** By the schedule's id. */
  lastScheduleRun: DataLoader<string, ScheduleRunRow | null>;
  operationRun: DataLoader<string, RunRow | null>;
}

export interface Context {
  /** Null for the anonymous, whom nothing is served. */
  viewer: Viewer | null;
  /** The trace that the operation belongs to, as in W3C Trace Context. */
  traceparent: string | null;
  services: Services;
  loaders: Loaders;
  /**
   * Ids of tasks and jobs that this operation may show although the rules alone would not: a worker is answered about
   * the task that it has just given out of its hands, and whoever sees a task sees its job.
   */
  granted: Set<string>;
  /** Calls back when nobody waits for the answer any more; gives what takes that back. */
  whenGone: WhenGone;
  /** Milliseconds for which the operation has waited for others to do something. */
  waitedMs: number;
  /** Where a subscription goes on, whatever its arguments say: `Last-Event-ID` of an event stream. */
  resumeFrom?: string | undefined;
  /** Watches rooms or a task for a subscription; may share what it delivers with others who are shown the same. */
  watch: (scope: StreamScope) => Promise<Watch>;
}

export type WhenGone = (leave: () => void) => () => void;

/** What a subscription watches, and by which rights. */
export interface StreamScope extends WatchScope {
  /** A viewer with the rights that the stream is seen by, and no others: nobody is shown more than it may see. */
  viewer: Viewer;
  judge: Judge;
}

/** @param from what the request says beside its operation */
export function createContext(
  services: Services,
  viewer: Viewer | null,
  {
    traceparent = null,
    resumeFrom,
    whenGone = () => () => {},
  }: Partial<Pick<Context, 'traceparent' | 'resumeFrom' | 'whenGone'>> = {},
): Context {
  return {
    viewer,
    traceparent,
    services,
    loaders: createLoaders(services),
    granted: new Set(),
    whenGone,
    waitedMs: 0,
    resumeFrom,
    watch: (scope) => services.hub.watch(scope),
  };
}

/**
 * A subscription outlives what loaders may keep: each of its events gets a context of its own. Events that are executed
 * in the same turn share their loaders, so that what many of them ask for is one read; it begins when the turn is over,
 * and so sees what each of them says.
 */
export function contextForEvent(context: Context): Context {
  return { ...context, loaders: loadersOfTurn(context.services), granted: new Set(context.granted) };
}

let turn: { services: Services; loaders: Loaders } | undefined;

/** The loaders of all events of this turn of the event loop. */
export function loadersOfTurn(services: Services): Loaders {
  if (turn?.services !== services) {
    turn = { services, loaders: createLoaders(services) };
    setImmediate(() => {
      turn = undefined;
    });
  }
  return turn.loaders;
}

/** The fields of a mutation run one after the other: what one has changed, the next must not answer from memory. */
export function forgetReads(context: Context): void {
  context.loaders = createLoaders(context.services);
}

/** The authenticated caller; the transports let nobody else through. */
export function viewerOf(context: Context): Viewer {
  if (context.viewer) return context.viewer;
  throw new GraphQLError('Send a token: Authorization: Bearer ….', {
    extensions: { code: 'UNAUTHENTICATED' },
  });
}

/** Each loader is made when it is first used: most operations need none. */
function createLoaders(services: Services): Loaders {
  const made: Partial<Loaders> = {};
  return new Proxy(made as Loaders, {
    get: (loaders, name: keyof Loaders) => (loaders[name] ??= LOADERS[name](services) as never),
  });
}

const LOADERS: { [Name in keyof Loaders]: (services: Services) => Loaders[Name] } = {
  operationRun: ({ operationRuns }) => byId((ids) => operationRuns.find(ids)),
  task: ({ store }) => byId((ids) => store.findTasks(ids)),
  job: ({ store }) => byId((ids) => store.findJobs(ids)),
  waitFacts: ({ store }) => byKey((ids) => store.findWaitFacts(ids)),
  ahead: ({ store }) => byKey((ids) => store.countAhead(ids)),
  estimate: ({ store }) => byKey((ids) => store.estimateTasks(ids)),
  worker: ({ store }) => byId((ids) => store.findWorkers(ids)),
  workerView: ({ store }) => byId((ids) => store.findWorkerViews(ids)),
  workerIsAlive: ({ store }) =>
    new DataLoader(async (ids) => {
      const living = await store.findLivingWorkers(ids);
      return ids.map((id) => living.has(id));
    }),
  workerCount: ({ store }) =>
    new DataLoader(async (jobIds) => {
      const counts = await store.countWorkers(jobIds);
      return jobIds.map((id) => counts.get(id) ?? 0);
    }),
  pauses: ({ store }) =>
    new DataLoader(async (jobIds) => {
      const pauses = await store.findPauses(jobIds);
      return jobIds.map((id) => pauses.filter(({ jobId }) => jobId === id));
    }),
  servedJobIds: ({ store }) =>
    new DataLoader(async (workerIds) => {
      const served = await store.findServedJobs(workerIds);
      return workerIds.map((id) => served.get(id) ?? []);
    }),
  stoppedAt: ({ store }) =>
    new DataLoader(async (taskIds) => {
      const stopped = await store.findStoppedAt(taskIds);
      return taskIds.map((id) => stopped.get(id) ?? null);
    }),
  dependencies: ({ store }) =>
    new DataLoader<DependencyPage, DependencyRow[], string>((pages) => store.findDependencies(pages), {
      cacheKeyFn: ({ taskId, first, after }) => `${taskId} ${first} ${after}`,
    }),
  parentIds: ({ store }) => new DataLoader((taskIds) => store.findParentIds(taskIds, 1_000)),
  lastScheduleRun: ({ store }) =>
    new DataLoader(async (scheduleIds) => {
      const runs = new Map((await store.findLastRuns(scheduleIds)).map((run) => [run.scheduleId, run]));
      return scheduleIds.map((id) => runs.get(id) ?? null);
    }),
};

function byKey<Value>(
  find: (keys: readonly string[]) => Promise<Map<string, Value>>,
): DataLoader<string, Value | null> {
  return new DataLoader(async (keys) => {
    const found = await find(keys);
    return keys.map((key) => found.get(key) ?? null);
  });
}

function byId<Row extends { id: string }>(
  find: (ids: readonly string[]) => Promise<Row[]>,
): DataLoader<string, Row | null> {
  return new DataLoader(async (ids) => {
    const rows = new Map((await find(ids)).map((row) => [row.id, row]));
    return ids.map((id) => rows.get(id) ?? null);
  });
}
