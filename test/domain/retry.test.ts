import { describe, expect, it } from 'vitest';
import { BACKOFF_JITTER, classify, DEFAULT_RETRY_POLICY } from '../../src/domain/retry.ts';

type Case = [message: string, code?: string | null];

const isRetryable = (error: Parameters<typeof classify>[0]) => classify(error).retryable;

const PERMANENT: Case[] = [
  ['Not found'],
  ['the file was not found'],
  ['NotFoundError: no such key'],
  ['Invalid input'],
  ['the schema is invalid'],
  ['Unsupported media type'],
  ['Permission denied'],
  ['HTTP 400'],
  ['401 Unauthorized'],
  ['status=403'],
  ['Request failed with status code 404'],
  ['it broke', 'NOT_FOUND'],
  ['it broke', 'not-found'],
  ['it broke', 'INVALID_PAYLOAD'],
  ['it broke', 'UNSUPPORTED'],
  ['it broke', 'PERMISSION_DENIED'],
  ['it broke', '404'],
  ['it broke', 'HTTP_404'],
  ['it broke', 'E404'],
  ['it broke', 'HTTP403'],
  ['404 page', null],
  ['it answered 404.'],
  ['(403)'],
  ['getaddrinfo ENOTFOUND files.example'],
  ['invalidArgument: n'],
  ['code=InvalidInput'],
  ['it broke', 'ERR_INVALID_URL'],
  ['it broke', 'permissionDenied'],
];

const PASSING: Case[] = [
  ['Timeout'],
  ['the request timed out'],
  ['connect ETIMEDOUT 10.0.0.1:443'],
  ['time-out while reading'],
  ['connect ECONNREFUSED 127.0.0.1:5432'],
  ['read ECONNRESET'],
  ['Connection refused'],
  ['connection reset by peer'],
  ['Rate limit exceeded'],
  ['rate-limited'],
  ['429 Too Many Requests'],
  ['502 Bad Gateway'],
  ['HTTP 503'],
  ['504'],
  ['it broke', 'ETIMEDOUT'],
  ['it broke', 'ECONNRESET'],
  ['it broke', 'RATE_LIMITED'],
  ['it broke', '503'],
  ['it broke', 'HTTP_503'],
];

const UNKNOWN: Case[] = [
  ['it broke'],
  [''],
  ['it broke', ''],
  ['it broke', null],
  ['it broke', 'E_SOMETHING'],
  ['HTTP 500'],
  ['out of memory'],
  ['took 1404 ms'],
  ['listening on port 4040'],
  ['commit 3f404ab'],
  ['Customer 4040 was not there'],
  ['the cache was invalidated'],
  ['invalidation is under way'],
  ['took 404 ms'],
  ['400ms'],
  ['404 seconds have passed'],
  ['needs 400 MB'],
  ['400 % of the quota'],
  ['1,404 rows'],
  ['400.5 degrees'],
  ['see #404'],
  ['at 10:404:3'],
  ['foundation'],
];

describe('an error is worth another attempt', () => {
  it.each(PASSING)('when it passes by itself: %s (%s)', (message, code) => {
    expect(isRetryable({ message, code })).toBe(true);
  });

  it.each(UNKNOWN)('when nobody knows: %j (%s)', (message, code) => {
    expect(isRetryable({ message, code })).toBe(true);
  });

  it.each(PERMANENT)('but not when it will come again: %s (%s)', (message, code) => {
    expect(isRetryable({ message, code })).toBe(false);
  });

  it('as the code says, whatever the message tells', () => {
    expect(isRetryable({ code: 'NOT_FOUND', message: 'timeout' })).toBe(false);
    expect(isRetryable({ code: 'ETIMEDOUT', message: 'the host was not found' })).toBe(true);
  });

  it('as the message says when the code tells nothing', () => {
    expect(isRetryable({ code: 'E_FETCH', message: '404' })).toBe(false);
    expect(isRetryable({ code: 'E_FETCH', message: 'timeout' })).toBe(true);
  });

  it.each([
    [{ message: 'Customer 4040 has an invalid invoice' }, false, '"invalid" in the message'],
    [{ code: 'HTTP_404', message: 'it broke' }, false, '"404" in the code'],
    [{ code: 'E_FETCH', message: 'NotFoundError: a' }, false, '"not found" in the message'],
    [{ message: 'read ECONNRESET' }, true, '"econnreset" in the message'],
    [{ message: 'it broke' }, true, null],
  ])('and it is told what decided: %j', (error, retryable, classifiedBy) => {
    expect(classify(error)).toEqual({ retryable, classifiedBy });
  });

  it('when a passing fault stands beside a permanent word', () => {
    expect(isRetryable({ message: '429 invalid token bucket' })).toBe(true);
  });
});

describe('the default policy', () => {
  it('is that of the design', () => {
    expect(DEFAULT_RETRY_POLICY).toEqual({ maxAttempts: 5, backoffSeconds: [60, 300, 900, 3600] });
    expect(BACKOFF_JITTER).toBe(0.1);
  });
});
