/** Retries: the default policy, and which errors are worth another attempt. */

/** How often and after which delays a failed task is tried again. */
export interface RetryPolicy {
  /** 1 to 100; 1 means no retry. */
  maxAttempts: number;
  /** Seconds before attempts 2, 3, …; the last one repeats. */
  backoffSeconds: number[];
}

export const DEFAULT_RETRY_POLICY: RetryPolicy = { maxAttempts: 5, backoffSeconds: [60, 300, 900, 3600] };

/** Each delay is multiplied by a random number between 1 - JITTER and 1 + JITTER. */
export const BACKOFF_JITTER = 0.1;

// A status stands alone, or behind what names it (HTTP_404, E404); never inside a number or a hash.
const PERMANENT =
  /not[\s_-]?found|invalid|unsupported|permission[\s_-]?denied|(?<![a-z\d])(?:http|e)?40[0134](?![a-z\d])/i;

// A passing fault wins over a permanent word beside it: "429 invalid token bucket" is worth another attempt.
const PASSING =
  /time[ds]?[\s_-]?out|econnrefused|econnreset|connection[\s_-]?(?:refused|reset)|rate[\s_-]?limit|(?<![a-z\d])(?:http|e)?(?:429|50[234])(?![a-z\d])/i;

/**
 * Whether another attempt may help, judged by the error's code, or its message where the code tells nothing.
 * What nobody knows is tried again.
 */
export function isRetryable(error: { code?: string | null; message: string }): boolean {
  for (const text of [error.code ?? '', error.message]) {
    if (PASSING.test(text)) return true;
    if (PERMANENT.test(text)) return false;
  }
  return true;
}
