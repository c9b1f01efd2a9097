/** The retry policy as SQL, over the locked task `t` and its `job`: the database's clock and state decide. */
import { BACKOFF_JITTER } from '../../../domain/retry.ts';
import { NOW } from '../../database/statement.ts';

/** Whether a failure of this attempt leaves another one. */
export const HAS_ATTEMPTS_LEFT = 't.failures + 1 < t.max_attempts';

/** Seconds until the next attempt: the n-th of the list after the n-th failure, the last one repeating. */
export const BACKOFF_SECONDS = `job.backoff_seconds[LEAST(t.failures + 1, cardinality(job.backoff_seconds))]
  * (1 + ${BACKOFF_JITTER} * (2 * random() - 1))`;

/** When a task that goes back to the queue may be claimed; `x.delay` holds the seconds. */
export const NEXT_RUN_AT = `${NOW} + x.delay * interval '1 second'`;
