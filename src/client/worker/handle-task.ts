/** One attempt in a worker, from the claimed task to the acknowledged report. */

import type { Connection } from '../connection/connection.ts';
import { messageOf } from '../errors.ts';
import type { ClaimedTaskFragment } from '../generated/graphql.ts';
import type { Logger } from '../logger.ts';
import { type OpenTelemetry, traceAttempt } from '../tracing.ts';
import { attachAsset, type NewAsset } from './assets.ts';
import { type AttemptOptions, type AttemptOutcome, attempt } from './attempt.ts';
import { type EndedDependency, readDependencies } from './dependencies.ts';
import { ReportProgress } from './documents.ts';
import type { ServedJob } from './job.ts';
import { createProgress } from './progress.ts';
import type { Reports } from './reports.ts';
import type { RunningAttempt, RunningAttempts } from './running.ts';
import { submitWithin } from './submit-within.ts';

export interface TaskHandlerOptions extends AttemptOptions {
  connection: Connection;
  logger: Logger;
  reports: Reports;
  running: Pick<RunningAttempts, 'stop'>;
  /** The job of a full name, where this worker serves it. */
  jobOf(fullName: string): ServedJob | undefined;
  opentelemetry?: OpenTelemetry | undefined;
  /** A handler has ended, or its report is acknowledged: another task may be claimed. */
  onSlotFreed(): void;
}

export interface TaskHandler {
  /** Handlers that run now; attempts that are only being reported do not count. */
  readonly size: number;
  /** Runs the handler of the task and reports how it ended. Never rejects. */
  handle(task: ClaimedTaskFragment, entry: RunningAttempt): Promise<void>;
}

export function createTaskHandler(options: TaskHandlerOptions): TaskHandler {
  const { connection, logger, reports, running, onSlotFreed } = options;
  let handling = 0;

  async function runHandler(task: ClaimedTaskFragment, entry: RunningAttempt): Promise<AttemptOutcome> {
    const { fullName } = task.job;
    const job = options.jobOf(fullName);
    if (!job) {
      return {
        kind: 'fail',
        error: { code: 'JOB_NOT_SERVED', message: `This worker does not serve ${fullName}.` },
      };
    }
    const { holder, controller } = entry;
    const progress = createProgress(
      holder,
      async (input) => (await connection.send(ReportProgress, { input })).reportProgress.__typename,
      (refusal) => running.stop(holder.taskId, holder.attempt, `The attempt is over: ${refusal}`),
    );
    const { payload, dependencies: _first, dependencyCount, ...handled } = task;
    let dependencies: EndedDependency[] = [];
    try {
      // Nearly always there are none, and nothing is waited for.
      if (dependencyCount > 0) dependencies = await readDependencies(connection, task, controller.signal);
    } catch (thrown) {
      progress.close();
      const message = `What it depends on could not be read: ${messageOf(thrown)}`;
      return { kind: 'fail', error: { code: 'DEPENDENCIES_NOT_READ', message, retryable: true }, thrown };
    }
    const context = {
      task: handled,
      dependencies,
      attempt: task.attempt,
      // Made when a handler looks at it: it costs as much as all else here.
      get signal() {
        return controller.signal;
      },
      progress: progress.report,
      asset: (asset: NewAsset) => attachAsset(connection, holder, asset, controller.signal),
      submit: submitWithin(connection, handled, controller),
    };
    const outcome = await attempt(job, payload, context, options);
    progress.close();
    return outcome;
  }

  return {
    get size() {
      return handling;
    },
    async handle(task, entry) {
      const traced = { ...entry.holder, job: task.job.fullName, traceparent: task.traceparent };
      await traceAttempt(options.opentelemetry, traced, async ({ failed, outside }) => {
        handling++;
        const outcome = await runHandler(task, entry);
        handling--;
        entry.handled = true;
        if (outcome.kind === 'fail') failed(outcome.error.message);
        // The report goes before the claim of the next task: the server then never counts more than the capacity.
        const reported = report(reports, logger, task, entry, outcome);
        outside(onSlotFreed);
        await reported;
      });
      onSlotFreed();
    },
  };
}

async function report(
  reports: Reports,
  logger: Logger,
  task: ClaimedTaskFragment,
  { holder, controller, abandoned }: RunningAttempt,
  outcome: AttemptOutcome,
): Promise<void> {
  const { fullName } = task.job;
  if (abandoned || outcome.kind === 'release') {
    const delaySeconds = outcome.kind === 'release' ? outcome.delaySeconds : undefined;
    if (delaySeconds !== undefined) {
      logger.info(`${task.id} (${fullName}) is left to workers that know its newer schemas`);
    } else {
      logger.debug(`No outcome is reported of ${task.id}`, { reason: messageOf(controller.signal.reason) });
    }
    // Refused, and by that the server knows that the handler has stopped.
    await reports.release(holder, delaySeconds);
  } else if (outcome.kind === 'complete') {
    await reports.complete({ ...holder, outcome: outcome.outcome, result: outcome.result });
  } else {
    // The console and most loggers show the stack of an error, and those of its causes.
    const details = { job: fullName, taskId: task.id, attempt: task.attempt, error: outcome.thrown };
    logger.warn(
      `Attempt ${task.attempt} of ${task.id} (${fullName}) failed: ${outcome.error.message}`,
      details,
    );
    await reports.fail(holder, outcome.error);
  }
}
