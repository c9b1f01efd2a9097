/**
 * What every log of the server is written with: no secret goes into it. Nothing logs headers or tokens on purpose; this
 * is for what comes along with errors of drivers, which carry URLs and the arguments of a login, and for later mistakes.
 */
import { type LoggerOptions, stdSerializers } from 'pino';

const CENSORED = '[redacted]';

/** Options of pino that take secrets out; levels and destinations are the caller's. */
export const WITHOUT_SECRETS: Pick<LoggerOptions, 'redact' | 'serializers'> = {
  redact: {
    paths: ['authorization', '["x-admin-token"]', 'cookie', 'token', 'secret', 'password'].flatMap((name) => {
      const member = name.startsWith('[') ? name : `.${name}`;
      return [name, `*${member}`, `*.headers${member}`];
    }),
    censor: CENSORED,
  },
  serializers: {
    err: (error: Error) => (error instanceof Error ? tidy(stdSerializers.err(error)) : tidy(error)),
  },
};

// What drivers hang on their errors: the command of Redis with its arguments, the text that is no URL.
const UNTOLD = new Set(['args', 'input', 'parameters', 'raw']);
const MAX_DEPTH = 4;

function tidy(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return censor(value);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (depth >= MAX_DEPTH) return '…';
  if (Array.isArray(value)) return value.map((one) => tidy(one, depth + 1));
  const entries = Object.entries(value).map(([key, inner]) => [
    key,
    UNTOLD.has(key) ? CENSORED : tidy(inner, depth + 1),
  ]);
  return Object.fromEntries(entries);
}

/** Without logins in URLs, API keys, JSON Web Tokens and Bearer tokens. */
function censor(text: string): string {
  return text
    .replaceAll(/\/\/[^@/\s]+@/g, `//${CENSORED}@`)
    .replaceAll(/\bsb_([0-9A-Za-z]{8})_[0-9A-Za-z]+/g, `sb_$1_${CENSORED}`)
    .replaceAll(/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, CENSORED)
    .replaceAll(/\b(Bearer|Basic) +[^\s"']{8,}/gi, `$1 ${CENSORED}`);
}
