import { describe, expect, it } from 'vitest';
import { isTemporary } from '../../src/client/connection/temporary.ts';
import { ConnectionError, RequestError } from '../../src/client/errors.ts';
import { ProblemError, successOf } from '../../src/client/problems.ts';

const problem = { type: '/problems/x', title: 'X', status: 409, detail: 'It is so.' };

describe('a problem as an error', () => {
  it('has the fields of every problem, and its type as name', () => {
    const error = new ProblemError({ __typename: 'JobNotFound', ...problem });
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: 'JobNotFound', message: 'It is so.', ...problem });
    expect(error).toMatchObject({ issues: [], allowed: [], from: undefined, existing: undefined });
  });

  it('names every issue with its path', () => {
    const issues = [
      { path: ['payload', 'files', '0'], message: 'must be string' },
      { path: ['job'], message: 'is too long' },
    ];
    const error = new ProblemError({ __typename: 'InvalidInput', ...problem, issues });
    expect(error.issues).toEqual(issues);
    expect(error.message).toBe('It is so. /payload/files/0 must be string; /job is too long');
  });

  it('tells nothing twice where the detail is the first of the issues', () => {
    const width = { path: ['payload', 'width'], message: 'must be integer' };
    const one = { ...problem, detail: 'payload.width: must be integer', issues: [width] };
    expect(new ProblemError({ __typename: 'InvalidInput', ...one }).message).toBe(one.detail);
    const job = { path: ['job'], message: 'is too long' };
    const two = { ...one, detail: `${one.detail} (and 1 more)`, issues: [width, job] };
    expect(new ProblemError({ __typename: 'InvalidInput', ...two }).message).toBe(
      'payload.width: must be integer; job: is too long',
    );
    const whole = { ...problem, detail: 'is too large', issues: [{ path: [], message: 'is too large' }] };
    expect(new ProblemError({ __typename: 'InvalidInput', ...whole }).message).toBe('is too large');
  });

  it('carries what only some problems have', () => {
    const transition = {
      __typename: 'InvalidTransition',
      ...problem,
      from: 'FAILED',
      allowedStatuses: ['PENDING'],
    };
    expect(new ProblemError(transition as never)).toMatchObject({ from: 'FAILED', allowed: ['PENDING'] });
    const category = { __typename: 'InvalidCategory', ...problem, allowed: ['analysis'] };
    expect(new ProblemError(category)).toMatchObject({ allowed: ['analysis'] });
    const stale = { __typename: 'StaleAttempt', ...problem, currentAttempt: 3 };
    expect(new ProblemError(stale)).toMatchObject({ currentAttempt: 3 });
  });

  it('is thrown for every member of a union but success', () => {
    type Result = { __typename: 'Success'; value: number } | { __typename: 'Forbidden' };
    const success = { __typename: 'Success', value: 1 } as Result;
    expect(successOf(success, 'Success').value).toBe(1);
    expect(() => successOf({ __typename: 'Forbidden', ...problem } as Result, 'Success')).toThrow(
      ProblemError,
    );
  });
});

describe('what passes by itself', () => {
  it.each([
    ['a lost connection', new ConnectionError('lost'), true],
    ['a refused token', new ConnectionError('no', { retriable: false, closeCode: 4401 }), false],
    ['an expired token', new ConnectionError('old', { closeCode: 4403 }), true],
    ['a fault of the server', new RequestError('x', { code: 'INTERNAL_SERVER_ERROR' }), true],
    ['a database that is away', new RequestError('x', { code: 'DATABASE_UNAVAILABLE' }), true],
    ['a server with too much to do', new RequestError('x', { code: 'OVERLOADED' }), true],
    ['a code of a later server', new RequestError('x', { code: 'NEW', status: 503 }), true],
    ['a page in the place of an answer', new RequestError('x', { status: 200 }), true],
    ['a limit', new RequestError('x', { code: 'RATE_LIMITED', status: 429 }), true],
    ['a proxy without a server behind it', new RequestError('x', { status: 502 }), true],
    ['something that is not there', new RequestError('x', { code: 'NOT_FOUND' }), false],
    ['a malformed operation', new RequestError('x', { status: 400 }), false],
    ['a problem', new ProblemError({ __typename: 'Forbidden' }), false],
    ['an error of the caller', new TypeError('x'), false],
  ])('%s: is it', (_what, error, expected) => {
    expect(isTemporary(error)).toBe(expected);
  });
});
