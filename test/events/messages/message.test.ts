import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  TASK_STATUSES,
  type TaskChange,
  type TaskRow,
  TRANSITION_REASONS,
} from '../../../src/domain/task.ts';
import {
  decodeChanges,
  decodeWorkerMessage,
  encodeChanges,
  encodeWorkerMessage,
} from '../../../src/events/messages/message.ts';
import { progress, taskRow, transition } from '../changes.ts';
import { recordingLogger } from '../inbox.ts';

describe('the message of a batch of changes', () => {
  it('gives back what was put in, dates as dates, without payload and result', () => {
    const error = { message: 'no ü', code: null, retryable: true, context: { deep: [1, null] } };
    const full = transition('a', 2, { xid: '18446744073709551615', id: '9223372036854775807' }, { error });
    full.task = taskRow({
      ...full.task,
      error,
      labels: { sha: 'abc' },
      startedAt: new Date(0),
      finishedAt: new Date(8.64e15),
      payload: { large: 'x' },
      result: ['y'],
    });
    const { payload: _payload, result: _result, ...small } = full.task;
    const logger = recordingLogger();
    expect(decodeChanges(encodeChanges([full, progress('b', 3, 0.5)]), logger)).toEqual([
      { ...full, task: small },
      progress('b', 3, 0.5),
    ]);
    expect(encodeChanges([full])).not.toContain('large');
    expect(logger.lines).toEqual([]);
  });

  const text = fc.string();
  const optional = fc.option(text);
  const bigint = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String);
  const count = fc.nat(2 ** 31 - 1);
  const date = fc.date({ noInvalidDate: true });
  const status = fc.constantFrom(...TASK_STATUSES);
  const error = fc.option(
    fc.record({ message: text, code: optional, retryable: fc.boolean(), context: fc.jsonValue() }),
  );
  const anyTask: fc.Arbitrary<TaskRow> = fc.record({
    ...{ id: text, jobId: text, room: text, status, version: count.map((n) => n + 1), attempt: count },
    ...{ failures: count, maxAttempts: count, priority: fc.integer(), runAt: date, workerId: optional },
    ...{ progress: fc.double({ min: 0, max: 100, noNaN: true }), progressMessage: optional, createdBy: text },
    ...{ correlationId: optional, entityType: optional, entityId: optional, idempotencyKey: optional },
    ...{ labels: fc.dictionary(text, text, { noNullPrototype: true }), error },
    ...{ createdAt: date, startedAt: fc.option(date), finishedAt: fc.option(date) },
    ...{
      discardedAt: fc.option(date),
      discardedBy: optional,
      lastWorkerId: optional,
      dependencyCount: fc.nat(),
    },
    updatedAt: date,
  });
  const anyTransition = fc.record({
    ...{ id: bigint, xid: bigint, horizon: bigint, from: fc.option(status), at: date, error },
    ...{ reason: fc.constantFrom(...TRANSITION_REASONS), workerId: optional, actor: text, note: optional },
    updates: fc.constantFrom(null, { priority: [0, 7] as [unknown, unknown] }),
  });
  const anyChange: fc.Arbitrary<TaskChange> = fc.oneof(
    fc.tuple(anyTask, anyTransition).map(([task, own]) => {
      const { id: taskId, version, room, jobId, status: to, attempt } = task;
      const shared = { taskId, version, room, jobId, to, attempt };
      return {
        kind: 'transition' as const,
        task: { ...task, updatedAt: own.at },
        transition: { ...own, ...shared },
      };
    }),
    fc.record({
      ...{ kind: fc.constant('progress' as const), task: anyTask, at: date },
      ...{ percent: fc.double({ noNaN: true, noDefaultInfinity: true }), message: optional },
    }),
  );

  it('gives back whatever there can be', () => {
    fc.assert(
      fc.property(fc.array(anyChange, { maxLength: 5 }), (changes) => {
        const logger = recordingLogger();
        const decoded = decodeChanges(encodeChanges(changes), logger);
        // JSON knows no negative zero.
        expect(decoded?.map(withoutNegativeZero)).toEqual(changes.map(withoutNegativeZero));
        expect(logger.lines).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  const withoutNegativeZero = (change: TaskChange) =>
    JSON.parse(JSON.stringify(change, (_, value) => (Object.is(value, -0) ? 0 : value)));

  it('may have more in its rows, as of a newer server', () => {
    const changes = [transition('a', 1), progress('b', 2, 50)];
    const message = JSON.parse(encodeChanges(changes));
    for (const change of message.changes)
      for (const row of Object.values(change)) (row as unknown[]).push('red');
    message.color = 'blue';
    expect(decodeChanges(JSON.stringify(message), recordingLogger())).toEqual(changes);
  });

  it('is dropped with a warning when it is of another version', () => {
    const message = JSON.parse(encodeChanges([transition('a', 1)]));
    const logger = recordingLogger();
    expect(decodeChanges(JSON.stringify({ ...message, v: 1 }), logger)).toBeNull();
    expect(logger.lines.map(({ level }) => level)).toEqual(['warn']);
  });

  it('is dropped when any value in it is of another kind', () => {
    const error = {
      message: 'timeout',
      code: null,
      retryable: true,
      context: null,
      classifiedBy: '"timeout" in the message',
    };
    const full = transition('a', 2, {}, { error });
    full.task = taskRow({ ...full.task, error, labels: { sha: 'abc' } });
    const whole = JSON.parse(encodeChanges([full, progress('b', 3, 50)]));
    const isRefused = (change: number, row: string, index: number, by: unknown) => {
      const message = structuredClone(whole);
      message.changes[change][row][index] = by;
      return decodeChanges(JSON.stringify(message), recordingLogger()) === null;
    };
    const accepted = whole.changes.flatMap((change: Record<string, unknown[]>, n: number) =>
      Object.entries(change).flatMap(([row, values]) =>
        values.flatMap((_, index) => (isRefused(n, row, index, { a: 1 }) ? [] : [`${row}[${index}]`])),
      ),
    );
    expect(accepted).toEqual([]);
    for (const index of [0, 1, 2]) expect(isRefused(0, 'transition', index, '1x')).toBe(true);
    for (const by of ['ODD', null]) expect(isRefused(0, 'task', 3, by)).toBe(true);
    for (const by of [0, 1.5, null]) expect(isRefused(0, 'task', 4, by)).toBe(true);
    for (const by of [1e20, '2026-01-02T03:04:05.678Z', null]) expect(isRefused(0, 'task', 9, by)).toBe(true);
    for (const by of [['no', null, 'yes', null], []]) expect(isRefused(0, 'task', 19, by)).toBe(true);
  });

  it('is dropped with a warning when any part of it is broken, and never throws', () => {
    const whole = encodeChanges([transition('a', 1), progress('b', 2, 50)]);
    const mutate = (value: unknown, path: number[], by: unknown): unknown => {
      const [step, ...rest] = path;
      if (step === undefined || typeof value !== 'object' || value === null) return by;
      const keys = Object.keys(value);
      const key = keys[step % keys.length] as string;
      return Object.assign(Array.isArray(value) ? [...value] : { ...value }, {
        [key]: mutate((value as Record<string, unknown>)[key], rest, by),
      });
    };
    const anyMessage = fc.oneof(
      fc.string(),
      fc.json(),
      fc.nat(whole.length - 1).map((length) => whole.slice(0, length)),
      fc
        .tuple(fc.array(fc.nat(100), { minLength: 1, maxLength: 5 }), fc.jsonValue())
        .map(([path, by]) => JSON.stringify(mutate(JSON.parse(whole), path, by))),
    );
    fc.assert(
      fc.property(anyMessage, (message) => {
        const logger = recordingLogger();
        const decoded = decodeChanges(message, logger);
        expect(logger.lines).toHaveLength(decoded ? 0 : 1);
        for (const change of decoded ?? []) {
          expect(change.task.createdAt.getTime()).not.toBeNaN();
          expect(change.task.version).toBeGreaterThan(0);
          if (change.kind === 'transition') expect(change.transition.xid).toMatch(/^\d{1,20}$/);
          expect(Object.values(change.task.labels).every((label) => typeof label === 'string')).toBe(true);
        }
        decodeWorkerMessage(message, logger);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('the message to a worker', () => {
  it('gives back what was put in', () => {
    const logger = recordingLogger();
    const stop = { kind: 'stop', taskId: 'a', attempt: 3, reason: 'CANCELLED' } as const;
    const jobs = { kind: 'jobs', jobIds: ['j'] } as const;
    expect(decodeWorkerMessage(encodeWorkerMessage(stop), logger)).toEqual(stop);
    expect(decodeWorkerMessage(encodeWorkerMessage({ ...jobs, jobIds: ['j'] }), logger)).toEqual(jobs);
    expect(decodeWorkerMessage('{"v":1,"signal":{"kind":"explode"}}', logger)).toBeNull();
    expect(logger.lines.map(({ level }) => level)).toEqual(['warn']);
  });
});
