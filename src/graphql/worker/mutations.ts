/** registerWorker, heartbeat and deregisterWorker. */
import { z } from 'zod';
import { canRegisterWorkers } from '../../domain/access.ts';
import { Forbidden, InvalidInput, WorkerNotFound } from '../../domain/problems.ts';
import { fromTypeId, toTypeId } from '../../domain/typeid.ts';
import type { PendingStop, WorkerRow } from '../../store/workers/workers.ts';
import { builder } from '../builder.ts';
import { viewerOf } from '../context.ts';
import { parseInput, text } from '../input.ts';
import { asWorker, WorkerType } from './type.ts';
import { findUsableWorker } from './usable.ts';

const RegisterWorkerInput = builder.inputType('RegisterWorkerInput', {
  fields: (t) => ({
    name: t.string({ required: true, description: 'For people: 1 to 200 characters, not unique.' }),
    capacity: t.int({
      defaultValue: 1,
      description: 'Tasks that it works on at the same time: 1 to 10,000.',
    }),
    host: t.string({ description: 'Where it runs, for people: 1 to 200 characters.' }),
    version: t.string({ description: 'The version of its program, for people: 1 to 200 characters.' }),
  }),
});

const registration = z.object({
  name: text(1, 200),
  capacity: z.int().min(1).max(10_000).nullish(),
  host: text(1, 200).nullish(),
  version: text(1, 200).nullish(),
});

const RegisterWorkerSuccess = builder.objectRef<{ worker: WorkerRow }>('RegisterWorkerSuccess').implement({
  fields: (t) => ({ worker: t.field({ type: WorkerType, resolve: ({ worker }) => asWorker(worker) }) }),
});

const HeartbeatSuccess = builder
  .objectRef<{ worker: WorkerRow; stops: PendingStop[] }>('HeartbeatSuccess')
  .implement({
    fields: (t) => ({
      worker: t.field({ type: WorkerType, resolve: ({ worker }) => asWorker(worker) }),
      stop: t.idList({
        description: 'Tasks of this worker that it should stop.',
        resolve: ({ stops }) => [...new Set(stops.map(({ taskId }) => toTypeId('task', taskId)))],
      }),
    }),
  });

const DeregisterWorkerSuccess = builder.objectRef<{ released: number }>('DeregisterWorkerSuccess').implement({
  fields: (t) => ({ released: t.exposeInt('released', { description: 'Tasks given back to the queue.' }) }),
});

const RegisterWorkerResult = builder.errorUnion('RegisterWorkerResult', {
  types: [RegisterWorkerSuccess, InvalidInput, Forbidden],
  resolveType: () => RegisterWorkerSuccess,
});
const HeartbeatResult = builder.errorUnion('HeartbeatResult', {
  types: [HeartbeatSuccess, WorkerNotFound, Forbidden],
  resolveType: () => HeartbeatSuccess,
});
const DeregisterWorkerResult = builder.errorUnion('DeregisterWorkerResult', {
  types: [DeregisterWorkerSuccess, WorkerNotFound, Forbidden],
  resolveType: () => DeregisterWorkerSuccess,
});

builder.mutationField('registerWorker', (t) =>
  t.field({
    type: RegisterWorkerResult,
    description:
      'Registers a worker, which belongs to the caller. Register its jobs next, then send a heartbeat every 10 seconds.',
    args: { input: t.arg({ type: RegisterWorkerInput, required: true }) },
    resolve: async (_root, { input }, context) => {
      const viewer = viewerOf(context);
      if (!canRegisterWorkers(viewer)) {
        throw new Forbidden(`The role ${viewer.role} cannot register workers; a WORKER or an ADMIN can.`);
      }
      const { capacity, ...said } = parseInput(registration, input);
      const { store, announceWorkers } = context.services;
      const worker = await store.registerWorker({ ...said, capacity: capacity ?? 1, owner: viewer.id });
      announceWorkers();
      return { worker };
    },
  }),
);

const DrainWorkerInput = builder.inputType('DrainWorkerInput', {
  fields: (t) => ({ workerId: t.id({ required: true }) }),
});

const DrainWorkerSuccess = builder.objectRef<{ worker: WorkerRow }>('DrainWorkerSuccess').implement({
  fields: (t) => ({ worker: t.field({ type: WorkerType, resolve: ({ worker }) => asWorker(worker) }) }),
});

const DrainWorkerResult = builder.errorUnion('DrainWorkerResult', {
  types: [DrainWorkerSuccess, WorkerNotFound, Forbidden],
  resolveType: () => DrainWorkerSuccess,
});

builder.mutationField('drainWorker', (t) =>
  t.field({
    type: DrainWorkerResult,
    description:
      'Gives the worker no more tasks. It learns this from its next heartbeat (`drainingSince`), finishes the tasks that it holds and deregisters. This cannot be undone; repeating it changes nothing.',
    args: { input: t.arg({ type: DrainWorkerInput, required: true }) },
    resolve: async (_root, { input: { workerId } }, context) => {
      const { id } = await findUsableWorker(context, workerId);
      const { store, announceWorkers } = context.services;
      const worker = await store.drainWorker(id, viewerOf(context).id);
      if (!worker) throw new WorkerNotFound(workerId);
      announceWorkers();
      return { worker };
    },
  }),
);

const HeldAttemptInput = builder.inputType('HeldAttemptInput', {
  fields: (t) => ({ taskId: t.id({ required: true }), attempt: t.int({ required: true }) }),
});

const MAX_HELD = 10_000;

builder.mutationField('heartbeat', (t) =>
  t.field({
    type: HeartbeatResult,
    description: 'Reports that the worker is alive. The answer names the tasks that it should stop.',
    args: {
      workerId: t.arg.id({ required: true }),
      holding: t.arg({
        type: [HeldAttemptInput],
        description:
          'Every attempt that the worker knows it holds; may be empty. Other attempts of the worker were claimed by a call whose answer was lost, and go back to the queue, uncounted. Left out: nothing is compared.',
      }),
    },
    resolve: async (_root, { workerId, holding }, context) => {
      const saidAt = performance.now();
      const { id } = await findUsableWorker(context, workerId);
      const { store } = context.services;
      const beat = await store.beat(id);
      if (!beat) throw new WorkerNotFound(workerId);
      if (holding && holding.length <= MAX_HELD) {
        const attempts = holding.flatMap(({ taskId, attempt }) => {
          const uuid = fromTypeId('task', taskId);
          return uuid === null ? [] : [{ taskId: uuid, attempt }];
        });
        const ageSeconds = (performance.now() - saidAt) / 1_000;
        await store.releaseUnknown({ workerId: id, attempts, ageSeconds });
      }
      return beat;
    },
  }),
);

builder.mutationField('deregisterWorker', (t) =>
  t.field({
    type: DeregisterWorkerResult,
    description: 'Removes the worker; what it holds goes back to the queue, not counted as a failure.',
    args: { workerId: t.arg.id({ required: true }) },
    resolve: async (_root, { workerId }, context) => {
      const { id } = await findUsableWorker(context, workerId);
      const released = await context.services.store.deregisterWorker(id, viewerOf(context).id);
      if (released === null) throw new WorkerNotFound(workerId);
      context.services.announceWorkers();
      return { released };
    },
  }),
);
