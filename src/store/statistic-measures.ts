/** What rows of the transition log count for: the same for the roll-up and for what is not rolled up yet. */
import { CELLS_PER_DOUBLING, LAST_CELL } from '../domain/histogram.ts';
import { TERMINAL_STATUSES, TRANSITIONS } from '../domain/transitions.ts';
import { sqlStatuses } from './rows.ts';

/** Columns of the log that `measured` needs of its source. */
export const MEASURED_COLUMNS =
  'logged.task_id, logged.version, logged.room, logged.job_id, logged.from_status, logged.to_status, logged.reason, logged.at';

const { claim, start, fail, scheduleRetry, timeOut, loseRunning } = TRANSITIONS;
const FAILED_ATTEMPTS = [fail, scheduleRetry, timeOut, loseRunning].map(({ reason }) => `'${reason}'`).join();

// In floating point: of numbers as EXTRACT gives them a logarithm takes 30 µs. A little more, for the ends of cells.
const cellOf = (since: string) =>
  `least(${LAST_CELL}, floor(1e-9 + ${CELLS_PER_DOUBLING} / ln(2::float8)
    * ln(greatest(1, EXTRACT(EPOCH FROM logged.at - ${since})::float8 * 1000)))::int)`;

/** A query that gives (room, job_id, at, measure, cell) for each thing that rows of the source count for. */
export const measured = (source: string) => `
  SELECT logged.room, logged.job_id, logged.at, 'SUBMITTED'::statistic_measure AS measure, 0 AS cell
  FROM ${source} logged WHERE logged.from_status IS NULL
  UNION ALL
  SELECT logged.room, logged.job_id, logged.at, logged.to_status::text::statistic_measure, 0
  FROM ${source} logged WHERE logged.to_status IN (${sqlStatuses(TERMINAL_STATUSES)})
  UNION ALL
  SELECT logged.room, logged.job_id, logged.at, 'ATTEMPT_FAILED', 0
  FROM ${source} logged WHERE logged.from_status = '${start.to}' AND logged.reason IN (${FAILED_ATTEMPTS})
  UNION ALL
  SELECT logged.room, logged.job_id, logged.at, 'WAIT', ${cellOf('GREATEST(before.at, before.due_at)')}
  FROM ${source} logged
  JOIN task_transition before ON before.task_id = logged.task_id AND before.version = logged.version - 1
  WHERE logged.to_status = '${claim.to}'
  UNION ALL
  SELECT logged.room, logged.job_id, logged.at, 'RUN', ${cellOf('before.at')}
  FROM ${source} logged
  JOIN task_transition before ON before.task_id = logged.task_id AND before.version = logged.version - 1
  WHERE logged.from_status = '${start.to}'`;
