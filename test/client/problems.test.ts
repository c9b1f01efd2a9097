import { describe, expect, it } from 'vitest';
import { ConnectionError, RequestError, retryChance } from '../../src/client/errors.ts';
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

describe('the chance that another try helps', () => {
  it.each([
    ['a lost connection', new ConnectionError('lost'), 'in time'],
    ['a refused token', new ConnectionError('no', { retriable: false, closeCode: 4401 }), 'never'],
    ['an expired token', new ConnectionError('old', { closeCode: 4403 }), 'perhaps'],
    ['a fault of the server', new RequestError('x', { code: 'INTERNAL_SERVER_ERROR' }), 'perhaps'],
    ['a limit', new RequestError('x', { code: 'RATE_LIMITED', status: 429 }), 'perhaps'],
    ['a proxy without a server behind it', new RequestError('x', { status: 502 }), 'perhaps'],
    ['something that is not there', new RequestError('x', { code: 'NOT_FOUND' }), 'never'],
    ['a malformed operation', new RequestError('x', { status: 400 }), 'never'],
    ['a problem', new ProblemError({ __typename: 'Forbidden' }), 'never'],
    ['an error of the caller', new TypeError('x'), 'never'],
  ])('of %s', (_what, error, chance) => {
    expect(retryChance(error)).toBe(chance);
  });
});
