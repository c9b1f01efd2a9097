import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeChanges,
  decodeWorkerMessage,
  encodeChanges,
  encodeWorkerMessage,
} from '../../src/events/message.ts';
import { progress, taskRow, transition } from './changes.ts';
import { recordingLogger } from './inbox.ts';

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

  it('passes on what a newer server adds', () => {
    const message = JSON.parse(encodeChanges([transition('a', 1)]));
    message.changes[0].task.color = 'red';
    expect(decodeChanges(JSON.stringify(message), recordingLogger())?.[0]?.task).toMatchObject({
      color: 'red',
    });
  });

  it('is dropped with a warning when it is of another version', () => {
    const message = JSON.parse(encodeChanges([transition('a', 1)]));
    const logger = recordingLogger();
    expect(decodeChanges(JSON.stringify({ ...message, v: 2 }), logger)).toBeNull();
    expect(logger.lines.map(({ level }) => level)).toEqual(['warn']);
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
