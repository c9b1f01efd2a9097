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

/** What was decided about an error, and by which words. */
export interface Classified {
  retryable: boolean;
  /** As `"invalid" in the message`; null when nothing in the error said so. */
  classifiedBy: string | null;
}

// A status stands alone, or behind what names it (HTTP_404, E404): not inside a number or a hash, and no quantity.
const status = (digits: string) =>
  String.raw`(?<![a-z\d#]|\d[.,:])(?:http|e)?(?:${digits})(?![a-z\d]|[.,:]\d|\s*(?:%|m?s\b|seconds?\b|minutes?\b|[kmgt]i?b\b|bytes?\b))`;

// Words stand alone as well, apart from the E of codes: what was invalidated is not invalid.
const words = (pattern: string) => `(?<![a-z])e?(?:${pattern})(?![a-z])`;

const PERMANENT = new RegExp(
  [words(String.raw`not[\s_-]?found|invalid|unsupported|permission[\s_-]?denied`), status('40[0134]')].join(
    '|',
  ),
  'i',
);

// A passing fault wins over a permanent word beside it: "429 invalid token bucket" is worth another attempt.
const PASSING = new RegExp(
  [
    words(
      String.raw`time[ds]?[\s_-]?outs?|connrefused|connreset|connection[\s_-]?(?:refused|reset)|rate[\s_-]?limit(?:ed|s|ing)?`,
    ),
    status('429|50[234]'),
  ].join('|'),
  'i',
);

/**
 * Whether another attempt may help, judged by the error's code, or its message where the code says nothing.
 * What nobody knows is tried again.
 */
export function classify(error: { code?: string | null | undefined; message: string }): Classified {
  for (const [where, text] of [
    ['code', error.code ?? ''],
    ['message', error.message],
  ] as const) {
    // NotFoundError is three words.
    const spaced = text.replace(/([a-z])([A-Z])/g, '$1 $2');
    for (const [pattern, retryable] of [
      [PASSING, true],
      [PERMANENT, false],
    ] as const) {
      const [said] = pattern.exec(spaced) ?? [];
      if (said !== undefined) return { retryable, classifiedBy: `"${said.toLowerCase()}" in the ${where}` };
    }
  }
  return { retryable: true, classifiedBy: null };
}
