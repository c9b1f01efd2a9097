/** Writes the progress and the end of one run into the table of runs. */
import type { RunRow, RunStatus } from '../domain/operation-run.ts';
import { newUuid, toTypeId } from '../domain/typeid.ts';
import type { OperationRunVerbs } from '../store/operations/operation-run-verbs.ts';
import type { RunMetrics } from './operation.ts';

/** How a run has ended. */
export interface RunEnding {
  status: Exclude<RunStatus, 'RUNNING'>;
  metrics: RunMetrics;
  /** Why it failed or was skipped. */
  error: string | null;
}

export interface RecordedRun {
  operation: string;
  room: string | null;
  dryRun: boolean;
  parameters: Record<string, unknown>;
  triggeredBy: string;
  /** Left out: the run's own id. */
  correlationId?: string | null | undefined;
}

const PROGRESS_EVERY_MS = 1_000;
const MAX_WARNINGS = 20;
const MAX_WARNING_LENGTH = 500;

export class RunRecorder {
  /** What the run has reported last. */
  latest: RunMetrics = {};
  readonly #warnings: string[] = [];
  readonly #id = newUuid();
  readonly #runs: OperationRunVerbs;
  readonly #run: RecordedRun;
  readonly #onChange: () => void;
  readonly #startedAt = performance.now();
  #writtenAt = performance.now();
  #begun: Promise<RunRow> | undefined;

  constructor(runs: OperationRunVerbs, run: RecordedRun, onChange: () => void) {
    this.#runs = runs;
    this.#run = run;
    this.#onChange = onChange;
  }

  /** Writes that the run is RUNNING, once. */
  begin(): Promise<RunRow> {
    this.#begun ??= this.#runs
      .start({
        ...this.#run,
        id: this.#id,
        correlationId: this.#run.correlationId ?? toTypeId('run', this.#id),
        sinceMs: performance.now() - this.#startedAt,
      })
      .then((run) => {
        this.#onChange();
        return run;
      });
    return this.#begun;
  }

  /** Keeps what has been done so far; written once a second at most, and only when it is something. */
  async progress(metrics: RunMetrics): Promise<void> {
    this.latest = metrics;
    if (!didSomething(metrics) || performance.now() - this.#writtenAt < PROGRESS_EVERY_MS) return;
    this.#writtenAt = performance.now();
    await this.begin();
    await this.#runs.report(this.#id, metrics);
    this.#onChange();
  }

  /** Keeps a warning for the end of the run; further ones than there is room for are dropped. */
  warn(message: string): void {
    if (this.#warnings.length < MAX_WARNINGS) this.#warnings.push(message.slice(0, MAX_WARNING_LENGTH));
  }

  /** Null when somebody else has closed the run. */
  async end(outcome: RunEnding): Promise<RunRow | null> {
    await this.begin();
    const run = await this.#runs.finish({ id: this.#id, ...outcome, warnings: this.#warnings });
    this.#onChange();
    return run;
  }
}

/** Whether any of the counts is more than none. */
export function didSomething(metrics: RunMetrics): boolean {
  return Object.values(metrics).some((count) => count > 0);
}
