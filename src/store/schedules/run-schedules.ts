/**
 * What becomes of the ticks of schedules: each leaves one row in schedule_run, and starts one thing at most.
 *
 *   due ─┬─ too late, or an earlier run unfinished (SKIP) ──────────▶ SKIPPED
 *        ├─ an earlier run unfinished (QUEUE) ──▶ QUEUED ──┐
 *        ├─ the job is gone, the payload does not fit ─────┼────────▶ FAILED
 *        └─────────────────────────────────────────────────▼
 *                                                       RUNNING ──▶ SUCCEEDED | FAILED | CANCELLED
 *
 * Exactly once: the schedule's row is locked, its next tick moves on, and the run and its task are written, all in one
 * transaction. Other servers skip a row that is locked. Should a tick come again nevertheless, because a clock went
 * back, its row is there already (unique by schedule and tick), and so is the task (idempotency key).
 */
import type { RunStatus } from '../../domain/operation-run.ts';
import type { TransitionChange } from '../../domain/task.ts';
import { TERMINAL_STATUSES } from '../../domain/transitions.ts';
import { toTypeId } from '../../domain/typeid.ts';
import type { Database, DatabaseSession } from '../database/database.ts';
import { NOW, statement } from '../database/statement.ts';
import { sqlStatuses } from '../tasks/rows.ts';
import { type Submission, submitTasks } from '../tasks/submit/submit.ts';
import {
  type ClaimedSchedule,
  type OpenRuns,
  planByHand,
  planStart,
  planTick,
  type RunPlan,
} from './schedule-plan.ts';
import { SCHEDULE_COLUMNS } from './schedules.ts';

/** An operation whose run is written, and which is to be started now that this is committed. */
export interface DueOperation {
  /** Of the run of the schedule. */
  runId: string;
  scheduleId: string;
  operation: string;
  room: string | null;
  parameters: unknown;
  dryRun: boolean;
}

/** What is to be done once the transaction has been committed. */
export interface StartedRuns {
  /** The tasks that were submitted. */
  changes: TransitionChange[];
  operations: DueOperation[];
}

/** What one transaction did. */
export interface ScheduleOutcome extends StartedRuns {
  /** Schedules that were due, or runs that could leave the queue. */
  handled: number;
}

const NOTHING: ScheduleOutcome = { handled: 0, changes: [], operations: [] };

/** Runs at most `limit` schedules whose tick has come; `now` is the database's clock unless another one is given. */
export function runDueSchedules(
  database: Database,
  limit: number,
  now: Date | null = null,
): Promise<ScheduleOutcome> {
  return database.transaction(async (session) => {
    const due = await session.query<ClaimedSchedule>(CLAIM_DUE, [now?.toISOString() ?? null, limit]);
    if (due.length === 0) return NOTHING;
    const open = await findOpenRuns(session, due);
    const planned = due.map((schedule) => planTick(schedule, open.get(schedule.id)));
    const started = await record(
      session,
      planned.map(({ plan }) => plan),
    );
    await session.query(MOVE_ON, [
      planned.map(({ plan }) => plan.schedule.id),
      planned.map(({ next }) => next?.toISOString() ?? null),
    ]);
    return { handled: due.length, ...started };
  });
}

/** Runs a schedule at once, paused or not, by its overlap policy. @returns null when there is no such schedule */
export function runScheduleNow(
  database: Database,
  scheduleId: string,
  actor: string,
): Promise<({ runId: string } & StartedRuns) | null> {
  return database.transaction(async (session) => {
    const [schedule] = await session.query<ClaimedSchedule>(CLAIM_ONE, [scheduleId]);
    if (!schedule) return null;
    const open = await findOpenRuns(session, [schedule]);
    const plan = planByHand(schedule, open.get(schedule.id), actor);
    return { runId: plan.runId, ...(await record(session, [plan])) };
  });
}

/** Starts at most `limit` runs that waited for an earlier one, which has finished. */
export function startQueuedRuns(database: Database, limit: number): Promise<ScheduleOutcome> {
  return database.transaction(async (session) => {
    const rows = await session.query<
      ClaimedSchedule & Pick<RunPlan, 'runId' | 'tick' | 'triggeredBy' | 'detail'>
    >(CLAIM_QUEUED, [limit]);
    if (rows.length === 0) return NOTHING;
    const plans = rows.map(({ runId, tick, triggeredBy, detail, ...schedule }): RunPlan => {
      return { runId, schedule, tick, triggeredBy, ...planStart(schedule, detail) };
    });
    return { handled: rows.length, ...(await start(session, plans)) };
  });
}

async function findOpenRuns(
  session: DatabaseSession,
  schedules: readonly ClaimedSchedule[],
): Promise<Map<string, OpenRuns>> {
  // A statement of its own, after the locks: it sees what whoever held them before has written.
  const rows = await session.query<OpenRuns & { id: string }>(FIND_OPEN, [schedules.map(({ id }) => id)]);
  return new Map(rows.map((row) => [row.id, row]));
}

/** Writes the runs, and starts those that are to be started; a tick that has its run already is left alone. */
async function record(session: DatabaseSession, plans: readonly RunPlan[]): Promise<StartedRuns> {
  const rows = await session.query<{ id: string }>(INSERT_RUNS, [
    plans.map(({ runId }) => runId),
    plans.map(({ schedule }) => schedule.id),
    plans.map(({ tick }) => tick?.toISOString() ?? null),
    plans.map(({ status }) => status),
    plans.map(({ detail }) => detail),
    plans.map(({ triggeredBy }) => triggeredBy),
  ]);
  const written = new Set(rows.map(({ id }) => id));
  return start(
    session,
    plans.filter(({ runId, status }) => status === 'RUNNING' && written.has(runId)),
  );
}

/** Submits the tasks of runs, notes what became of each, and gives the operations that are to be started. */
async function start(session: DatabaseSession, plans: readonly RunPlan[]): Promise<StartedRuns> {
  if (plans.length === 0) return { changes: [], operations: [] };
  const started = plans.filter(({ status }) => status === 'RUNNING');
  const submitted = started.filter(({ schedule }) => schedule.jobId !== null);
  const results = submitted.length > 0 ? await submitTasks(session, submitted.map(submissionOf)) : [];
  const resultOf = new Map(submitted.map(({ runId }, index) => [runId, results[index]]));
  const noted = plans.map(({ runId, status, detail }) => {
    const result = resultOf.get(runId);
    if (!result) return { runId, status, detail, taskId: null };
    if (result.kind === 'created') return { runId, status, detail, taskId: result.change.task.id };
    if (result.kind === 'duplicate') return { runId, status, detail, taskId: result.task.id };
    // Checked once more at the next beat, as what waits for its turn.
    const moment = 'Its job got other schemas at this moment.';
    return result.kind === 'other-schema'
      ? { runId, status: 'QUEUED', detail: moment, taskId: null }
      : { runId, status: 'FAILED', detail: 'Its job does not exist any more.', taskId: null };
  });
  await session.query(NOTE, [
    noted.map(({ runId }) => runId),
    noted.map(({ status }) => status),
    noted.map(({ detail }) => detail),
    noted.map(({ taskId }) => taskId),
  ]);
  return {
    changes: results.flatMap((result) => (result.kind === 'created' ? [result.change] : [])),
    operations: started.flatMap(operationOf),
  };
}

function operationOf({ runId, schedule }: RunPlan): DueOperation[] {
  const { id: scheduleId, operation, room, parameters, dryRun } = schedule;
  return operation === null ? [] : [{ runId, scheduleId, operation, room, parameters, dryRun }];
}

function submissionOf({ schedule, runId, tick }: RunPlan): Submission {
  const createdBy = toTypeId('schedule', schedule.id);
  return {
    jobId: schedule.jobId as string,
    schemaVersion: schedule.schemaVersion as number,
    room: schedule.room as string,
    payload: schedule.payload,
    priority: schedule.priority,
    labels: schedule.labels,
    limitKey: schedule.limitKey,
    runAt: null,
    idempotencyKey: tick ? `${createdBy} ${tick.toISOString()}` : toTypeId('schedulerun', runId),
    // Nobody can take it in advance.
    keyOwner: createdBy,
    correlationId: toTypeId('schedulerun', runId),
    entityType: null,
    entityId: null,
    createdBy,
  };
}

const CLAIMED = `${SCHEDULE_COLUMNS}, job.full_name AS "jobName", job.payload_schema AS "payloadSchema",
  job.schema_version AS "schemaVersion"`;

const CLAIM_DUE = statement(
  'claim_due_schedules',
  `SELECT ${CLAIMED}, COALESCE($1::timestamptz, now()) AS now
  FROM schedule LEFT JOIN job ON job.id = schedule.job_id
  WHERE schedule.next_run_at <= COALESCE($1::timestamptz, now())
  ORDER BY schedule.next_run_at, schedule.id LIMIT $2 FOR NO KEY UPDATE OF schedule SKIP LOCKED`,
);

const CLAIM_ONE = statement(
  'claim_schedule',
  `SELECT ${CLAIMED}, now() AS now FROM schedule LEFT JOIN job ON job.id = schedule.job_id
  WHERE schedule.id = $1::uuid FOR NO KEY UPDATE OF schedule`,
);

/** Whether what the run has started, or is about to start, goes on: what is gone has ended. */
const GOES_ON = `(run.status = 'RUNNING' AND (
  EXISTS (
    SELECT 1 FROM task WHERE task.id = run.task_id AND task.status NOT IN (${sqlStatuses(TERMINAL_STATUSES)})
  ) OR EXISTS (
    SELECT 1 FROM operation_run o WHERE o.id = run.operation_run_id AND o.status = '${'RUNNING' satisfies RunStatus}'
  ) OR (run.task_id IS NULL AND run.operation_run_id IS NULL)
))`;

const FIND_OPEN = statement(
  'find_open_schedule_runs',
  `SELECT run.schedule_id AS id, bool_or(${GOES_ON}) AS running, bool_or(run.status = 'QUEUED') AS queued
  FROM schedule_run run
  WHERE run.schedule_id = ANY($1::uuid[]) AND run.status IN ('QUEUED', 'RUNNING')
  GROUP BY run.schedule_id`,
);

// The schedule is locked as well: whoever runs its next tick at this moment has decided by what is queued.
const CLAIM_QUEUED = statement(
  'claim_queued_schedule_runs',
  `SELECT ${CLAIMED}, now() AS now, queued.id AS "runId", queued.tick, queued.triggered_by AS "triggeredBy",
    queued.detail
  FROM schedule_run queued JOIN schedule ON schedule.id = queued.schedule_id
  LEFT JOIN job ON job.id = schedule.job_id
  WHERE queued.status = 'QUEUED' AND NOT EXISTS (
    SELECT 1 FROM schedule_run run WHERE run.schedule_id = queued.schedule_id AND ${GOES_ON}
  )
  ORDER BY queued.id LIMIT $1 FOR NO KEY UPDATE OF queued, schedule SKIP LOCKED`,
);

const INSERT_RUNS = statement(
  'insert_schedule_runs',
  `INSERT INTO schedule_run (id, schedule_id, tick, status, detail, triggered_by, started_at, finished_at)
  SELECT i.id, i.schedule_id, i.tick, i.status::schedule_run_status, i.detail, i.triggered_by,
    CASE i.status WHEN 'RUNNING' THEN ${NOW} END, CASE WHEN i.status IN ('SKIPPED', 'FAILED') THEN ${NOW} END
  FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::text[], $5::text[], $6::text[])
    AS i (id, schedule_id, tick, status, detail, triggered_by)
  ON CONFLICT (schedule_id, tick) DO NOTHING
  RETURNING id`,
);

const NOTE = statement(
  'note_schedule_runs',
  `UPDATE schedule_run run SET status = i.status::schedule_run_status, detail = i.detail, task_id = i.task_id,
    started_at = CASE i.status WHEN 'RUNNING' THEN ${NOW} END,
    finished_at = CASE i.status WHEN 'FAILED' THEN ${NOW} END
  FROM unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[]) AS i (id, status, detail, task_id)
  WHERE run.id = i.id`,
);

const MOVE_ON = statement(
  'move_schedules_on',
  `UPDATE schedule SET next_run_at = i.next
  FROM unnest($1::uuid[], $2::timestamptz[]) AS i (id, next) WHERE schedule.id = i.id`,
);
