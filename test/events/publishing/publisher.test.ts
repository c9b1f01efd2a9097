import { beforeEach, describe, expect, it } from 'vitest';
import type { TransitionChange, TransitionRow } from '../../../src/domain/task.ts';
import { STOPPED_BECAUSE } from '../../../src/domain/transitions.ts';
import { decodeChanges, decodeWorkerMessage, HINT } from '../../../src/events/messages/message.ts';
import { createPublisher, type Publisher } from '../../../src/events/publishing/publisher.ts';
import { createMemoryTransport } from '../../../src/events/transports/memory.ts';
import { label, progress, transition } from '../changes.ts';
import { Inbox, recordingLogger } from '../inbox.ts';

const logger = recordingLogger();
let publisher: Publisher;
let inbox: Inbox<string>;

/** Publishes, and gives what arrived on the channels, as `channel message`; without hints. */
async function publish(changes: TransitionChange[], channels: string[]): Promise<string[]> {
  const transport = createMemoryTransport();
  for (const channel of channels)
    await transport.subscribe(channel, (text) => inbox.put(`${channel} ${text}`));
  await transport.subscribe('end', inbox.put);
  publisher = createPublisher({ transport, logger });
  await publisher.publish(changes);
  await transport.publish('end', 'end');
  const arrived = await inbox.takeUntil((text) => text === 'end');
  await transport.close();
  return arrived.slice(0, -1).filter((line) => !line.endsWith(HINT));
}

function inRoom(change: TransitionChange, room: string): TransitionChange {
  return { ...change, task: { ...change.task, room }, transition: { ...change.transition, room } };
}

function ofJob(change: TransitionChange, jobId: string, runAt = change.task.runAt): TransitionChange {
  return { ...change, task: { ...change.task, jobId, runAt }, transition: { ...change.transition, jobId } };
}

beforeEach(() => {
  inbox = new Inbox();
});

describe('the publisher', () => {
  it('sends one message per room and batch, with the changes in their order', async () => {
    const changes = [
      inRoom(transition('a', 1), 'x'),
      inRoom(transition('b', 1), 'y'),
      inRoom(transition('a', 2), 'x'),
    ];
    const arrived = await publish(changes, ['room:x', 'room:y']);
    const byRoom = arrived.map((line) => {
      const [room = ''] = line.split(' ', 1);
      return [room, decodeChanges(line.slice(room.length + 1), logger)?.map(label)];
    });
    expect(byRoom).toEqual([
      ['room:x', ['a v1', 'a v2']],
      ['room:y', ['b v1']],
    ]);
  });

  it('tells the workers of a job once per batch that tasks can be claimed, and not of tasks that are not due', async () => {
    const later = new Date(Date.now() + 60_000);
    const changes = [
      ofJob(transition('a', 1), 'due'),
      ofJob(transition('b', 3), 'due'),
      ofJob(transition('c', 1), 'later', later),
      ofJob(transition('d', 2, {}, { to: 'CLAIMED' }), 'claimed'),
    ];
    const arrived = await publish(changes, ['job:due', 'job:later', 'job:claimed']);
    expect(arrived.map((line) => line.split(' ')[0])).toEqual(['job:due']);
  });

  const ended = (details: Partial<TransitionRow>) =>
    transition('t', 4, {}, { workerId: 'w', attempt: 2, ...details });

  it.each([
    ['cancelled while it ran', { from: 'RUNNING', to: 'CANCELLED', reason: 'CANCELLED' }],
    ['cancelled while it was claimed', { from: 'CLAIMED', to: 'CANCELLED', reason: 'CANCELLED' }],
    ['timed out, to be tried again', { from: 'RUNNING', to: 'PENDING', reason: 'TIMED_OUT' }],
    ['timed out for good', { from: 'RUNNING', to: 'FAILED', reason: 'TIMED_OUT' }],
    ['taken from a lost worker', { from: 'RUNNING', to: 'PENDING', reason: 'WORKER_LOST' }],
  ] as const)('tells the worker to stop a task that was %s', async (_, details) => {
    const [line = ''] = await publish([ended(details)], ['worker:w']);
    const told = decodeWorkerMessage(line.replace('worker:w ', ''), logger);
    expect(told).toEqual({ kind: 'stop', taskId: 't', attempt: 2, reason: STOPPED_BECAUSE });
  });

  it('tells the worker why: what the caller noted, or the error', async () => {
    const cancelled = { from: 'RUNNING', to: 'CANCELLED', reason: 'CANCELLED', note: 'wrong file' } as const;
    const error = { message: 'Took longer than 5 s.', code: 'TIMEOUT', retryable: true, context: null };
    const timedOut = { from: 'RUNNING', to: 'FAILED', reason: 'TIMED_OUT', error } as const;
    const lines = await publish([ended(cancelled), ended(timedOut)], ['worker:w']);
    const told = lines.map((line) => decodeWorkerMessage(line.replace('worker:w ', ''), logger));
    expect(told).toMatchObject([{ reason: 'wrong file' }, { reason: 'Took longer than 5 s.' }]);
  });

  it.each([
    [
      'cancelled before it was claimed',
      { from: 'PENDING', to: 'CANCELLED', reason: 'CANCELLED', workerId: null },
    ],
    ['completed by it', { from: 'RUNNING', to: 'COMPLETED', reason: 'COMPLETED' }],
    ['failed by it', { from: 'RUNNING', to: 'FAILED', reason: 'FAILED' }],
    ['given back by it', { from: 'CLAIMED', to: 'PENDING', reason: 'RELEASED' }],
    ['claimed by it', { from: 'PENDING', to: 'CLAIMED', reason: 'CLAIMED' }],
  ] as const)('tells no worker of a task that was %s', async (_, details) => {
    expect(await publish([ended(details)], ['worker:w', 'worker:null'])).toEqual([]);
  });

  it('never rejects, whatever the transport does', async () => {
    const transport = createMemoryTransport();
    const broken = { ...transport, publish: () => Promise.reject(new Error('broken')) };
    const lines = recordingLogger();
    await createPublisher({ transport: broken, logger: lines }).publish([transition('a', 1)]);
    expect(lines.lines).toHaveLength(1);
    const circular: { self?: unknown } = {};
    circular.self = circular;
    const error = { message: '', code: null, retryable: false, context: circular };
    await transport.subscribe('room:room-1', () => {});
    await createPublisher({ transport, logger: lines }).publish([
      transition('a', 1, {}, { error }),
      progress('b', 1, 1),
    ]);
    expect(lines.lines).toHaveLength(2);
    await transport.close();
  });
});
