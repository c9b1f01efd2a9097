/** The metrics of this server, as Prometheus reads them. */
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { TaskChange, TaskStatus } from '../domain/task.ts';
import type { RoutineStats } from '../maintenance/runner.ts';
import type { InstrumentStatement } from '../store/database/instrument.ts';
import type { QueueMeasures } from '../store/tasks/read/measure-queue.ts';
import { createOperationMetrics, type OperationMetrics } from './operations.ts';
import { registerQueueMetrics } from './queue.ts';
import { rememberNames } from './series.ts';
import { createStatementMetrics } from './statements.ts';
import { register } from './tally.ts';
import { createTaskMetrics } from './tasks.ts';

const PREFIX = 'signalbox_';

/** What is asked when somebody looks. */
export interface MetricsSources {
  findJobs: (ids: readonly string[]) => Promise<{ id: string; fullName: string }[]>;
  measureQueue: () => Promise<QueueMeasures>;
  /** Seconds for which one transaction has held back the horizon of the log. */
  watermarkLagSeconds: () => number;
  streams: () => StreamMeasures;
  sockets: () => number;
  /** Claims that wait for work. */
  claimsWaiting: () => number;
  transportIsHealthy: () => boolean;
  countersAreHealthy: () => boolean;
  routines: () => Record<string, RoutineStats>;
  /** The queue could not be read; its metrics are left out of that scrape. */
  onError: (error: unknown) => void;
}

/** Of the subscriptions of this server; what grows counts from its start. */
export interface StreamMeasures {
  rooms: number;
  subscribers: number;
  groups: number;
  sharedExecutions: number;
  ownExecutions: number;
  droppedChanges: number;
  droppedBytes: number;
  consumersClosed: number;
}

export interface Metrics extends OperationMetrics {
  /** Counts what was committed; on the hot path. */
  changes(changes: readonly TaskChange[]): void;
  /** Counts what applications have submitted by SQL, by the status that it has begun with. */
  sqlSubmissions(submitted: Partial<Record<TaskStatus, number>>): void;
  statement: InstrumentStatement;
  /** From then on the sources can be asked. */
  watch(sources: MetricsSources): void;
  /** All of it in the text format of Prometheus, with its media type. */
  text(): Promise<{ type: string; body: string }>;
}

// Of the process, however many servers are in it: what watches the event loop and the garbage collector never ends.
const ofProcess = new Registry();
let watchesProcess = false;

export function createMetrics(): Metrics {
  const registry = new Registry();
  let findJobs: MetricsSources['findJobs'] = async () => [];
  if (!watchesProcess) collectDefaultMetrics({ register: ofProcess, prefix: PREFIX });
  watchesProcess = true;
  const { changes, sqlSubmissions } = createTaskMetrics(
    registry,
    PREFIX,
    rememberNames((ids) => findJobs(ids)),
  );
  const statement = createStatementMetrics(registry, PREFIX);

  return {
    changes,
    sqlSubmissions,
    statement,
    ...createOperationMetrics(registry, PREFIX),
    watch(sources) {
      findJobs = sources.findJobs;
      registerQueueMetrics(registry, PREFIX, sources.measureQueue, sources.onError);
      registerState(registry, sources);
    },
    async text() {
      const body = `${await registry.metrics()}\n${await ofProcess.metrics()}`;
      return { type: registry.contentType, body };
    },
  };
}

function registerState(registry: Registry, sources: MetricsSources): void {
  const gauge = (name: string, help: string, value: () => number) =>
    new Gauge({
      name: `${PREFIX}${name}`,
      help,
      registers: [registry],
      collect() {
        this.set(value());
      },
    });
  gauge('stream_subscribers', 'Subscriptions that are served now.', () => sources.streams().subscribers);
  gauge(
    'stream_groups',
    'Groups of subscribers that share one execution for each event.',
    () => sources.streams().groups,
  );
  gauge('stream_rooms', 'Rooms that somebody watches through this server.', () => sources.streams().rooms);
  gauge('sockets', 'Open WebSockets.', sources.sockets);
  gauge('claims_waiting', 'Claims of workers that wait for work.', sources.claimsWaiting);
  gauge('transport_healthy', '1 while changes travel at once, 0 while streams read the log.', () =>
    sources.transportIsHealthy() ? 1 : 0,
  );
  gauge(
    'counters_healthy',
    '1 while rate limits and failed sign-ins are counted for all servers together, 0 while this one counts alone.',
    () => (sources.countersAreHealthy() ? 1 : 0),
  );
  gauge(
    'watermark_lag_seconds',
    'Seconds for which one transaction has held back the watermark of the log: what resumes read again grows with it.',
    sources.watermarkLagSeconds,
  );
  const grows = (name: string, help: string, value: (streams: StreamMeasures) => number) =>
    register(registry, { name: `${PREFIX}${name}`, help, type: 'counter' }, () => [
      { labels: {}, value: value(sources.streams()) },
    ]);
  grows('stream_shared_executions_total', 'Events executed for a group.', (of) => of.sharedExecutions);
  grows('stream_own_executions_total', 'Events executed for one subscriber.', (of) => of.ownExecutions);
  grows(
    'stream_dropped_changes_total',
    'Changes thrown out of queues of slow subscribers.',
    (of) => of.droppedChanges,
  );
  grows('stream_dropped_bytes_total', 'Bytes of these changes.', (of) => of.droppedBytes);
  grows(
    'stream_consumers_closed_total',
    'Connections ended since they did not keep up.',
    (of) => of.consumersClosed,
  );
  register(
    registry,
    {
      name: `${PREFIX}limit_leaks_total`,
      help: 'Limits that counted other slots than were held, and were repaired. More than 0 is a bug of the server.',
      type: 'counter',
    },
    () => [{ labels: {}, value: sources.routines()['check_limits']?.total['leaks'] ?? 0 }],
  );
  const routines = (name: string, help: string, value: (stats: RoutineStats) => number) =>
    register(registry, { name: `${PREFIX}${name}`, help, type: 'counter' }, () =>
      Object.entries(sources.routines()).map(([routine, stats]) => ({
        labels: { routine },
        value: value(stats),
      })),
    );
  routines('maintenance_runs_total', 'Runs of maintenance routines on this server.', ({ runs }) => runs);
  routines('maintenance_failures_total', 'Those of them that failed.', ({ failures }) => failures);
}
