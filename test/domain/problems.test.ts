import { describe, expect, it } from 'vitest';
import * as problems from '../../src/domain/problems.ts';
import { Problem } from '../../src/domain/problems.ts';
import { TASK_STATUSES } from '../../src/domain/task.ts';
import { allowedFrom } from '../../src/domain/transitions.ts';

const DIFFERENCE = { path: '/properties/n/type', registered: 'integer', sent: undefined };
const JOB = 'lab:analysis:index';
const issue = (message: string, ...path: string[]) => ({ path, message });

/** Every problem, with the status and names that it must have. */
const EXAMPLES: [problem: Problem, status: number, type: string, code: string][] = [
  [new problems.JobNotFound(JOB), 404, '/problems/job-not-found', 'JOB_NOT_FOUND'],
  [new problems.TaskNotFound('task_1'), 404, '/problems/task-not-found', 'TASK_NOT_FOUND'],
  [new problems.JobInUse('a:b:c', 1, 2), 409, '/problems/job-in-use', 'JOB_IN_USE'],
  [new problems.WorkerNotFound('worker_1'), 404, '/problems/worker-not-found', 'WORKER_NOT_FOUND'],
  [new problems.ScheduleNotFound('schedule_1'), 404, '/problems/schedule-not-found', 'SCHEDULE_NOT_FOUND'],
  [new problems.WebhookNotFound('webhook_1'), 404, '/problems/webhook-not-found', 'WEBHOOK_NOT_FOUND'],
  [new problems.ViewNotFound('view_1'), 404, '/problems/view-not-found', 'VIEW_NOT_FOUND'],
  [new problems.DeliveryNotFound('delivery_1'), 404, '/problems/delivery-not-found', 'DELIVERY_NOT_FOUND'],
  [new problems.StaleVersion('schedule', 2), 409, '/problems/stale-version', 'STALE_VERSION'],
  [
    new problems.AlreadyRunning('sweep_workers', null, null),
    409,
    '/problems/already-running',
    'ALREADY_RUNNING',
  ],
  [new problems.ApiKeyNotFound('key_1'), 404, '/problems/api-key-not-found', 'API_KEY_NOT_FOUND'],
  [new problems.BulkNotFound('bulk_1'), 404, '/problems/bulk-not-found', 'BULK_NOT_FOUND'],
  [new problems.InvalidRoomId('a b'), 400, '/problems/invalid-room-id', 'INVALID_ROOM_ID'],
  [new problems.InvalidCategory('x', ['general']), 400, '/problems/invalid-category', 'INVALID_CATEGORY'],
  [new problems.InvalidInput([issue('is wrong', 'name')]), 400, '/problems/invalid-input', 'INVALID_INPUT'],
  [
    new problems.SchemaConflict({}, JOB, 'payload', DIFFERENCE),
    409,
    '/problems/schema-conflict',
    'SCHEMA_CONFLICT',
  ],
  [
    new problems.InvalidTransition('started', 'COMPLETED'),
    409,
    '/problems/invalid-transition',
    'INVALID_TRANSITION',
  ],
  [new problems.StaleAttempt(1, 2), 409, '/problems/stale-attempt', 'STALE_ATTEMPT'],
  [new problems.Forbidden('You may not.'), 403, '/problems/forbidden', 'FORBIDDEN'],
];

describe('every problem', () => {
  it.each(EXAMPLES)('has its type, status and code: %s', (problem, status, type, code) => {
    expect(problem).toBeInstanceOf(Problem);
    expect(problem).toBeInstanceOf(Error);
    expect({ status: problem.status, type: problem.type, code: problem.code }).toEqual({
      status,
      type,
      code,
    });
    expect(problem.title).toMatch(/^(API|[A-Z][a-z]+)( [a-z]+)*$/);
    expect(problem.detail).toBe(problem.message);
    expect(problem.detail).toMatch(/\.$|is wrong$/);
  });

  it('is among the examples', () => {
    const classes = Object.values(problems).filter((value) => value !== Problem);
    expect(EXAMPLES.map(([problem]) => problem.constructor)).toEqual(expect.arrayContaining(classes));
    expect(EXAMPLES).toHaveLength(classes.length);
  });
});

describe('a problem tells', () => {
  it('what was asked for, in quotes, escaped and shortened', () => {
    expect(new problems.TaskNotFound('a"\n\u202e').detail).toContain('"a\\"\\n');
    expect(new problems.InvalidRoomId('x'.repeat(100_000)).detail.length).toBeLessThan(400);
  });

  it('which categories there are', () => {
    const allowed = ['analysis', 'general'];
    const problem = new problems.InvalidCategory('other', allowed);
    expect(problem.allowed).toEqual(allowed);
    expect(problem.detail).toContain('analysis, general');
  });

  it('every issue, the first one in the detail', () => {
    const issues = [issue('must be string', 'payload', 'name'), issue('is required', 'room')];
    const problem = new problems.InvalidInput(issues);
    expect(problem.issues).toEqual(issues);
    expect(problem.detail).toBe('payload.name: must be string (and 1 more)');
    expect(new problems.InvalidInput([issue('is empty')]).detail).toBe('is empty');
    expect(new problems.InvalidInput([]).detail).toBe('The input is not valid.');
    expect(new problems.InvalidInput(issues, 'Too many.').detail).toBe('Too many.');
  });

  it('how the name of a job is written, where it is not', () => {
    expect(new problems.JobNotFound('greet').detail).toContain('has the form room:category:name.');
    expect(new problems.JobNotFound('a:general:greet').detail).not.toContain('form');
  });

  it('the job that already has the name, and which schema differs', () => {
    const existing = { id: '1' };
    const problem = new problems.SchemaConflict(existing, JOB, 'result', DIFFERENCE);
    expect(problem.existing).toBe(existing);
    expect(problem.detail).toContain(
      `${JOB} is already registered with another result schema. They differ at /properties/n/type: "integer" is registered, nothing was sent.`,
    );
    const long = { path: '', registered: true, sent: { enum: ['x'.repeat(500)] } };
    expect(new problems.SchemaConflict(existing, JOB, 'result', long).detail).toMatch(
      /They differ as a whole: true is registered, {"enum":\["x{80,100}… was sent/,
    );
  });

  it.each(TASK_STATUSES)('where a task that is %s can go instead', (from) => {
    const problem = new problems.InvalidTransition('started', from);
    expect(problem.from).toBe(from);
    expect(problem.allowed).toEqual(allowedFrom(from));
    expect(problem.detail).toContain(`A task that is ${from} cannot be started.`);
    expect(problem.detail).toContain(problem.allowed.join(', ') || 'never changes again');
  });

  it('which attempt is the current one', () => {
    const problem = new problems.StaleAttempt(2, 5);
    expect(problem.currentAttempt).toBe(5);
    expect(problem.detail).toMatch(/attempt 2 .* current attempt is 5/);
  });
});
