/** One run of a maintenance operation, as every layer passes it on. */

export const RUN_STATUSES = ['RUNNING', 'COMPLETED', 'FAILED', 'SKIPPED'] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

export interface RunRow {
  /** UUIDv7. */
  id: string;
  /** With `xid` its position: bigints as decimal text. */
  serial: string;
  xid: string;
  /** Raised by one with every change. */
  version: number;
  operation: string;
  /** Null: all rooms. */
  room: string | null;
  status: RunStatus;
  dryRun: boolean;
  parameters: Record<string, unknown>;
  metrics: Record<string, unknown>;
  /** Why it failed or was skipped: 1,000 characters at most. */
  error: string | null;
  /** What somebody should know of it, also where it has ended well. */
  warnings: string[];
  triggeredBy: string;
  correlationId: string;
  startedAt: Date;
  updatedAt: Date;
  finishedAt: Date | null;
}

const STALE_AFTER_MS = 3_600_000;

/** Whether the run is RUNNING and has been silent for an hour. */
export function isStale({ status, updatedAt }: Pick<RunRow, 'status' | 'updatedAt'>, now: Date): boolean {
  return status === 'RUNNING' && now.getTime() - updatedAt.getTime() > STALE_AFTER_MS;
}
