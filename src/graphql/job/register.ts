/** registerJob: define a job and say which worker serves it. */
import { z } from 'zod';
import { canRegisterJobIn, canRegisterWorkers } from '../../domain/access.ts';
import {
  Forbidden,
  InvalidCategory,
  InvalidInput,
  InvalidRoomId,
  SchemaConflict,
  WorkerNotFound,
} from '../../domain/problems.ts';
import { GLOBAL_ROOM } from '../../domain/rooms.ts';
import { sqlState } from '../../store/database/database.ts';
import type { JobRow } from '../../store/jobs/jobs.ts';
import { builder } from '../builder.ts';
import { type Context, viewerOf } from '../context.ts';
import { json, nameText, parseInput, parseRoom, text } from '../input.ts';
import { findUsableWorker } from '../worker/usable.ts';
import { asJob, JobType } from './type.ts';

const RetryPolicyInput = builder.inputType('RetryPolicyInput', {
  description: 'What is left out is taken from the defaults: 5 attempts; 60, 300, 900, 3600 seconds.',
  fields: (t) => ({
    maxAttempts: t.int({ description: '1 to 100; 1 for no retry.' }),
    backoffSeconds: t.floatList({ description: '1 to 100 delays of 0 seconds to a year.' }),
  }),
});

const RegisterJobInput = builder.inputType('RegisterJobInput', {
  fields: (t) => ({
    room: t.string({ required: true, defaultValue: GLOBAL_ROOM }),
    category: t.string({ required: true, description: 'One of the categories that the server allows.' }),
    name: t.string({ required: true, description: '1 to 128 characters without "@", ":" and white space.' }),
    description: t.string(),
    payloadSchema: t.field({
      type: 'JSON',
      description:
        'JSON Schema 2020-12, 64 KiB and 32 levels at most. Left out: any payload for a new job, the existing schema otherwise.',
    }),
    resultSchema: t.field({ type: 'JSON', description: 'Likewise, for results.' }),
    retryPolicy: t.field({ type: RetryPolicyInput }),
    timeoutSeconds: t.int({ description: 'Seconds that one attempt may run; left out for no limit.' }),
    workerId: t.id({ description: 'The worker that will serve it. Without one the job is only defined.' }),
  }),
});

const YEAR_SECONDS = 31_536_000;

const settings = z.object({
  category: text(1, 128),
  name: nameText(),
  description: text(0, 2_000).nullish(),
  payloadSchema: json(),
  resultSchema: json(),
  retryPolicy: z
    .object({
      maxAttempts: z.int().min(1).max(100).nullish(),
      backoffSeconds: z.array(z.number().min(0).max(YEAR_SECONDS)).min(1).max(100).nullish(),
    })
    .nullish(),
  timeoutSeconds: z.int().min(1).max(YEAR_SECONDS).nullish(),
});

const RegisterJobSuccess = builder
  .objectRef<{ job: JobRow; created: boolean }>('RegisterJobSuccess')
  .implement({
    fields: (t) => ({
      job: t.field({ type: JobType, resolve: ({ job }) => asJob(job) }),
      created: t.exposeBoolean('created', { description: 'False when it was already registered.' }),
    }),
  });

const RegisterJobResult = builder.errorUnion('RegisterJobResult', {
  types: [
    RegisterJobSuccess,
    InvalidRoomId,
    InvalidCategory,
    InvalidInput,
    SchemaConflict,
    WorkerNotFound,
    Forbidden,
  ],
  resolveType: () => RegisterJobSuccess,
});

builder.mutationField('registerJob', (t) =>
  t.field({
    type: RegisterJobResult,
    description:
      'Defines a job, or finds it defined the same way (key order and annotations in schemas do not matter). Description, retry policy and timeout of an existing job are brought up to date. Registering a job brings it back when it was retired.',
    args: { input: t.arg({ type: RegisterJobInput, required: true }) },
    resolve: (_root, { input }, context) => registerJob(context, input),
  }),
);

async function registerJob(context: Context, input: typeof RegisterJobInput.$inferInput) {
  const viewer = viewerOf(context);
  const { store, categories } = context.services;
  if (!canRegisterWorkers(viewer)) {
    throw new Forbidden(`The role ${viewer.role} cannot register jobs; a WORKER or an ADMIN can.`);
  }
  const room = parseRoom(input.room);
  if (!canRegisterJobIn(viewer, room)) {
    throw new Forbidden(
      `You cannot register jobs in ${room}: it is not among the rooms of your token. ${wayOut(viewer.rooms)}`,
    );
  }
  const { retryPolicy, ...job } = parseInput(settings, input);
  if (categories !== '*' && !categories.includes(job.category))
    throw new InvalidCategory(job.category, categories);
  const { payloadSchema, resultSchema } = job;
  await checkSchemas(context, { payloadSchema, resultSchema });
  const worker = input.workerId == null ? undefined : await findUsableWorker(context, input.workerId);

  const result = await store
    .registerJob({
      actor: viewerOf(context).id,
      ...job,
      room,
      description: job.description ?? undefined,
      payloadSchema: payloadSchema ?? undefined,
      resultSchema: resultSchema ?? undefined,
      maxAttempts: retryPolicy?.maxAttempts ?? undefined,
      backoffSeconds: retryPolicy?.backoffSeconds ?? undefined,
      timeoutSeconds: job.timeoutSeconds ?? undefined,
      workerId: worker?.id,
    })
    .catch((error: unknown) => {
      // The worker was removed between the check and the statement.
      if (sqlState(error) === FOREIGN_KEY_VIOLATION && input.workerId != null)
        throw new WorkerNotFound(input.workerId);
      throw error;
    });
  if (result.kind === 'conflict') {
    throw new SchemaConflict(result.existing, result.existing.fullName, result.schema, result.difference);
  }
  if (worker) context.services.announceWorkerJobs(worker.id, [result.job.id]);
  return { job: result.job, created: result.created };
}

function wayOut(rooms: readonly string[]): string {
  if (rooms.length === 0) return 'Use a token that names the room.';
  const named = rooms.slice(0, 5).join(', ') + (rooms.length > 5 ? ', …' : '');
  return `Set the job's room to one of them (${named}), or use a token that names this one as well.`;
}

const FOREIGN_KEY_VIOLATION = '23503';

async function checkSchemas(context: Context, schemas: Record<string, unknown>): Promise<void> {
  for (const [name, schema] of Object.entries(schemas)) {
    if (schema === undefined || schema === null) continue;
    const message = await context.services.checks.refusalOf(schema, viewerOf(context).id);
    if (message !== null) throw new InvalidInput([{ path: [name], message }]);
  }
}
