/** What rows of the transition log count for: the same for the roll-up and for what is not rolled up yet. */
import { CELLS_PER_DOUBLING, LAST_CELL } from '../../domain/histogram.ts';
import { TERMINAL_STATUSES, TRANSITIONS } from '../../domain/transitions.ts';
import { sqlStatuses } from '../tasks/rows.ts';

/** Columns of the log that `measuredOf` needs of its source. */
export const MEASURED_COLUMNS =
  'logged.task_id, logged.version, logged.room, logged.job_id, logged.from_status, logged.to_status, logged.reason, logged.at';

const { claim, start, fail, scheduleRetry, timeOut, loseRunning } = TRANSITIONS;
const FAILED_ATTEMPTS = [fail, scheduleRetry, timeOut, loseRunning].map(({ reason }) => `'${reason}'`).join();

const MEASURE = `CASE logged.to_status WHEN '${claim.to}' THEN 'WAIT'::statistic_measure ELSE 'RUN' END`;
// In floating point: of numbers as EXTRACT gives them a logarithm takes 30 µs. A little more, for the ends of cells.
const CELL = `least(${LAST_CELL}, floor(1e-9 + ${CELLS_PER_DOUBLING} / ln(2::float8)
    * ln(greatest(1, EXTRACT(EPOCH FROM logged.at - before.since)::float8 * 1000)))::int)`;

/** Further columns of the log, of attempts that have failed: which errors were alike, and what they said. */
export const ERROR_COLUMNS = `logged.error->>'fingerprint' AS fingerprint, logged.error->>'code' AS code,
  left(logged.error->>'message', 500) AS message`;

/** Of a row of the log with those columns: whether it is an attempt that failed, of whose error a fingerprint is known. */
export const FAILED_ALIKE = `fingerprint IS NOT NULL AND from_status = '${start.to}'`;

/** Of a row of the log: whether it takes the task from one status to another, as an update does not. */
const MOVES = 'from_status IS DISTINCT FROM to_status';
/** Whether the time of what comes next counts from it: from a move, or from where it was made due at another time. */
const BEGINS_ANEW = `(${MOVES} OR updates ? 'runAt')`;

/**
 * CTEs that end with `measured` (at, room, job_id, measure, cell, count): what the rows of a source count for. Most rows
 * are alike, as those of one statement are, and so they are counted before they are distinguished; only of how long
 * something took each is looked at.
 */
export const measuredOf = (source: string) => `alike AS MATERIALIZED (
    SELECT at, room, job_id, from_status, to_status, reason, count(*) AS count
    FROM ${source} GROUP BY at, room, job_id, from_status, to_status, reason
  ), measured AS (
    SELECT at, room, job_id, 'SUBMITTED'::statistic_measure AS measure, 0 AS cell, count
    FROM alike WHERE from_status IS NULL
    UNION ALL
    SELECT at, room, job_id, to_status::text::statistic_measure, 0, count
    FROM alike WHERE to_status IN (${sqlStatuses(TERMINAL_STATUSES)}) AND ${MOVES}
    UNION ALL
    SELECT at, room, job_id, 'ATTEMPT_FAILED', 0, count
    FROM alike WHERE from_status = '${start.to}' AND reason IN (${FAILED_ATTEMPTS})
    UNION ALL
    SELECT logged.at, logged.room, logged.job_id, ${MEASURE}, ${CELL}, count(*)
    FROM ${source} logged CROSS JOIN LATERAL (
      SELECT CASE logged.to_status WHEN '${claim.to}' THEN GREATEST(at, due_at) ELSE at END AS since
      FROM task_transition WHERE task_id = logged.task_id AND version < logged.version AND ${BEGINS_ANEW}
      ORDER BY version DESC LIMIT 1
    ) before
    WHERE (logged.to_status = '${claim.to}' OR logged.from_status = '${start.to}') AND ${MOVES}
    GROUP BY logged.at, logged.room, logged.job_id, ${MEASURE}, ${CELL}
  )`;
