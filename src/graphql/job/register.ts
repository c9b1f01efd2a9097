/** registerJob: define a job and say which worker serves it. */
import { canRegisterJobIn, canRegisterWorkers, canReplaceSchemasIn } from '../../domain/access.ts';
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
import { SCHEMA_CHANGES } from '../../store/store.ts';
import { builder } from '../builder.ts';
import { type Context, viewerOf } from '../context.ts';
import { describeValues } from '../enums.ts';
import { nameText, parseInput, parseRoom } from '../input.ts';
import { findUsableWorker } from '../worker/usable.ts';
import { FAIRNESS_DESCRIPTION, FAIRNESS_POINTER_DESCRIPTION, FairnessEnum, fairnessOf } from './fairness.ts';
import { jobSettings, RetryPolicyInput } from './input.ts';
import { JobLimitInput, LIMITS_DESCRIPTION } from './limits.ts';
import { asJob, JobType } from './type.ts';

const SchemaChangeEnum = builder.enumType('SchemaChange', {
  description: 'What to do with schemas that differ from those of the job.',
  values: describeValues(SCHEMA_CHANGES, {
    REFUSE: 'They are refused with SchemaConflict.',
    COMPATIBLE:
      'They become the next version if every payload that was accepted still is, and results still fit: new optional properties, wider types, fewer required ones. What cannot be shown to be compatible is refused.',
    REPLACE:
      'They become the next version, compatible or not; in @global only for ADMIN. Schemas of an earlier version make that version the present one again.',
  }),
});

const RegisterJobInput = builder.inputType('RegisterJobInput', {
  fields: (t) => ({
    room: t.string({ required: true, defaultValue: GLOBAL_ROOM }),
    category: t.string({
      required: true,
      description:
        'One of the categories that the server allows; where it allows any, 1 to 128 characters without "@", ":" and white space.',
    }),
    name: t.string({ required: true, description: '1 to 128 characters without "@", ":" and white space.' }),
    description: t.string(),
    payloadSchema: t.field({
      type: 'JSON',
      description:
        'JSON Schema 2020-12, 64 KiB and 32 levels at most. Left out: any payload for a new job, the existing schema otherwise.',
    }),
    resultSchema: t.field({
      type: 'JSON',
      description:
        'JSON Schema 2020-12 of results, with the same bounds. Left out: any result for a new job, the existing schema otherwise.',
    }),
    retryPolicy: t.field({ type: RetryPolicyInput }),
    timeoutSeconds: t.int({ description: 'Seconds that one attempt may run; left out for no limit.' }),
    limits: t.field({
      type: [JobLimitInput],
      description: `${LIMITS_DESCRIPTION} Left out: those that the job has; empty: none.`,
    }),
    fairness: t.field({
      type: FairnessEnum,
      description: `${FAIRNESS_DESCRIPTION} Left out: as the job has it, NONE for a new one.`,
    }),
    fairnessKeyPointer: t.string({ description: FAIRNESS_POINTER_DESCRIPTION }),
    workerId: t.id({ description: 'The worker that will serve it. Without one the job is only defined.' }),
    schemaChange: t.field({
      type: SchemaChangeEnum,
      required: true,
      defaultValue: 'REFUSE',
      description:
        'What to do when the job has other schemas. Those of an earlier version are always served as that.',
    }),
  }),
});

const RegisterJobSuccess = builder
  .objectRef<{ job: JobRow; created: boolean; schemaVersion: number }>('RegisterJobSuccess')
  .implement({
    fields: (t) => ({
      job: t.field({ type: JobType, resolve: ({ job }) => asJob(job) }),
      created: t.exposeBoolean('created', { description: 'False when it was already registered.' }),
      schemaVersion: t.exposeInt('schemaVersion', {
        description:
          'The version of the schemas that were sent: earlier than that of the job where they are earlier ones.',
      }),
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
      'Defines a job, or finds it defined the same way (key order and annotations in schemas do not matter; other annotations are taken over), or gives it the next version of its schemas, see `schemaChange`. Description, retry policy, timeout, limits and fairness of an existing job are brought up to date. Registering a job brings it back when it was retired.',
    args: { input: t.arg({ type: RegisterJobInput, required: true }) },
    resolve: (_root, { input }, context) => registerJob(context, input),
  }),
);

/** Where the server has no list of categories, a category is a word like other parts of the full name. */
const ofAnyCategory = jobSettings.extend({ category: nameText() });

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
  if (input.schemaChange === 'REPLACE' && !canReplaceSchemasIn(viewer, room)) {
    throw new Forbidden(
      'Only an ADMIN may replace the schemas of a job of @global. Ask for schemaChange COMPATIBLE.',
    );
  }
  const { retryPolicy, ...job } = parseInput(categories === '*' ? ofAnyCategory : jobSettings, input);
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
      schemaChange: input.schemaChange,
      payloadSchema: payloadSchema ?? undefined,
      resultSchema: resultSchema ?? undefined,
      maxAttempts: retryPolicy?.maxAttempts ?? undefined,
      backoffSeconds: retryPolicy?.backoffSeconds ?? undefined,
      timeoutSeconds: job.timeoutSeconds ?? undefined,
      limits: job.limits ?? undefined,
      fairness: fairnessOf(job),
      workerId: worker?.id,
    })
    .catch((error: unknown) => {
      // The worker was removed between the check and the statement.
      if (sqlState(error) === FOREIGN_KEY_VIOLATION && input.workerId != null)
        throw new WorkerNotFound(input.workerId);
      throw error;
    });
  if (result.kind === 'conflict') {
    const { existing, schema, difference, narrowings } = result;
    throw new SchemaConflict(existing, existing.fullName, schema, difference, narrowings);
  }
  context.services.announceJobs();
  if (worker) context.services.announceWorkerJobs(worker.id, [result.job.id]);
  const { job: registered, created, schemaVersion } = result;
  return { job: registered, created, schemaVersion };
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
