/** What is to become of one tick of a schedule, decided while its row is locked. */

import { LRUCache } from 'lru-cache';
import { compileSchema, type SchemaValidator, TOO_MUCH, type TooMuch } from '../../domain/json-schema.ts';
import type { InputIssue } from '../../domain/problems.ts';
import { decideDue, type ScheduleRunStatus } from '../../domain/schedule.ts';
import { SMALL_EFFORT } from '../../domain/schema-work.ts';
import { errorMessage } from '../../domain/thrown.ts';
import { newUuid, toTypeId } from '../../domain/typeid.ts';
import type { ScheduleRow } from './schedules.ts';

/** A schedule that is due, locked, with its job. */
export interface ClaimedSchedule extends ScheduleRow {
  /** The database's clock. */
  now: Date;
  /** Null for a schedule of operations. */
  jobName: string | null;
  payloadSchema: unknown;
  schemaVersion: number | null;
}

/** What of a schedule has not come to an end. */
export interface OpenRuns {
  running: boolean;
  queued: boolean;
}

/** A run that is to be written; RUNNING: to be started. */
export interface RunPlan {
  runId: string;
  schedule: ClaimedSchedule;
  /** Null for a run by hand. */
  tick: Date | null;
  triggeredBy: string;
  status: Exclude<ScheduleRunStatus, 'SUCCEEDED' | 'CANCELLED'>;
  detail: string | null;
}

type Decision = Pick<RunPlan, 'status' | 'detail'>;

/** The run of the latest tick that has come, and the schedule's next tick. */
export function planTick(
  schedule: ClaimedSchedule,
  open: OpenRuns | undefined,
): { plan: RunPlan; next: Date | null } {
  const { nextRunAt, now, catchUpSeconds } = schedule;
  const dueAt = nextRunAt as Date; // that is what it was claimed by
  const run = { runId: newUuid(), schedule, triggeredBy: toTypeId('schedule', schedule.id) };
  try {
    const { tick, next, isTooLate, missedEarlier } = decideDue(schedule, dueAt, now, catchUpSeconds);
    if (isTooLate) {
      const detail = `The tick could only be noticed after the catch-up window of ${catchUpSeconds} s.`;
      return { plan: { ...run, tick, status: 'SKIPPED', detail }, next };
    }
    const note = missedEarlier ? `Stands for every tick since ${dueAt.toISOString()}.` : null;
    return { plan: { ...run, tick, ...decide(schedule, open, note) }, next };
  } catch (error) {
    // Another version of the server, or of its time zones, knew better: no reason to hold up the others.
    const detail = `The cron line cannot be followed any more: ${errorMessage(error)}`;
    return { plan: { ...run, tick: dueAt, status: 'FAILED', detail }, next: null };
  }
}

/** A run that somebody asks for, by the same policies. */
export function planByHand(
  schedule: ClaimedSchedule,
  open: OpenRuns | undefined,
  triggeredBy: string,
): RunPlan {
  return { runId: newUuid(), schedule, tick: null, triggeredBy, ...decide(schedule, open, null) };
}

/** Of a run whose turn it is: to be started, or failed with the reason. */
export function planStart(schedule: ClaimedSchedule, note: string | null): Decision {
  const problem = targetProblem(schedule);
  return problem === null ? { status: 'RUNNING', detail: note } : { status: 'FAILED', detail: problem };
}

function decide(schedule: ClaimedSchedule, open: OpenRuns | undefined, note: string | null): Decision {
  const isOpen = open !== undefined && (open.running || open.queued);
  if (schedule.overlap === 'ALLOW' || !isOpen) return planStart(schedule, note);
  if (schedule.overlap === 'SKIP') {
    return { status: 'SKIPPED', detail: 'The run before it had not finished.' };
  }
  return open.queued
    ? { status: 'SKIPPED', detail: 'A run was already waiting for the one before it.' }
    : { status: 'QUEUED', detail: note };
}

/** Why what the schedule does cannot be done now, in a sentence; null when it can. */
function targetProblem({ jobId, jobName, schemaVersion, payloadSchema, payload }: ClaimedSchedule) {
  if (jobId === null) return null;
  if (jobName === null) return 'Its job does not exist any more.';
  const issues = payloadValidator(`${jobId} ${schemaVersion}`, payloadSchema)(payload);
  // What takes longer was checked when the schedule was made, and does not hold up everybody again.
  const issue = issues === TOO_MUCH ? undefined : issues[0];
  if (!issue) return null;
  return `The payload does not fit the schema of ${jobName}: ${[...issue.path, issue.message].join(' ')}.`;
}

// A version of a job's schemas never changes.
const MAX_VALIDATOR_BYTES = 67_108_864;
type Verdict = InputIssue[] | TooMuch;
const validators = new LRUCache<string, SchemaValidator<Verdict>>({ maxSize: MAX_VALIDATOR_BYTES });

function payloadValidator(key: string, schema: unknown): SchemaValidator<Verdict> {
  const known = validators.get(key);
  if (known) return known;
  const compiled = compileSchema(schema, SMALL_EFFORT);
  if (compiled === TOO_MUCH) return () => TOO_MUCH;
  if (!compiled.ok) return () => [{ path: [], message: compiled.message }];
  validators.set(key, compiled.validate, { size: compiled.bytes });
  return compiled.validate;
}
