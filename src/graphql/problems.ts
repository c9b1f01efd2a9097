/** The problems of the domain as GraphQL types. */

import * as problems from '../domain/problems.ts';
import type { JobRow } from '../store/jobs/jobs.ts';
import { builder } from './builder.ts';
import { TaskStatusEnum } from './enums.ts';
import { asJob, JobType } from './job/type.ts';
import { asOperationRun, OperationRunType } from './operation/type.ts';

const ProblemInterface = builder.interfaceRef<problems.Problem>('Problem').implement({
  description: 'An expected refusal, returned as data. The fields are those of RFC 9457.',
  fields: (t) => ({
    type: t.exposeString('type', { description: 'URI reference: /problems/<kebab-case-name>.' }),
    title: t.exposeString('title', { description: 'The same for every problem of this type.' }),
    status: t.exposeInt('status', { description: 'The HTTP status that a REST API would give.' }),
    detail: t.exposeString('detail', { description: 'What happened here, and the way out.' }),
    instance: t.string({
      nullable: true,
      description:
        'ID of the request, as in X-Request-Id, by which it is found in the log of the server. Null over a WebSocket.',
      resolve: (_problem, _args, context) => (context as { requestId?: string }).requestId ?? null,
    }),
  }),
});

export const InputIssueType = builder.objectRef<problems.InputIssue>('InputIssue').implement({
  description: 'One thing that is wrong with an input.',
  fields: (t) => ({
    path: t.exposeStringList('path', {
      description: 'Path into the input, or into the payload as segments of a JSON Pointer.',
    }),
    message: t.exposeString('message'),
  }),
});

const interfaces = [ProblemInterface];

const SchemaKindEnum = builder.enumType('SchemaKind', {
  description: 'Which of the two schemas of a job.',
  values: {
    PAYLOAD: { value: 'payload' as const, description: 'Schema of payloads.' },
    RESULT: {
      value: 'result' as const,
      description:
        'Schema of results. Compared the other way round, since readers rely on what results contain.',
    },
  },
});

builder.objectType(problems.JobNotFound, {
  name: 'JobNotFound',
  description: 'There is no such job that the caller could run from that room (404).',
  interfaces,
});
builder.objectType(problems.JobInUse, {
  name: 'JobInUse',
  description: 'A living worker serves the job, or it has unfinished tasks (409).',
  interfaces,
  fields: (t) => ({
    workers: t.exposeInt('workers', { description: 'Living workers that serve it; counted to 100.' }),
    tasks: t.exposeInt('tasks', { description: 'Unfinished tasks that it has; counted to some hundred.' }),
  }),
});
builder.objectType(problems.TaskNotFound, {
  name: 'TaskNotFound',
  description: 'There is no such task that the caller may see (404).',
  interfaces,
});
builder.objectType(problems.WorkerNotFound, {
  name: 'WorkerNotFound',
  description: 'There is no such worker that the caller may use (404): register it again.',
  interfaces,
});
builder.objectType(problems.ScheduleNotFound, {
  name: 'ScheduleNotFound',
  description: 'There is no such schedule (404).',
  interfaces,
});
builder.objectType(problems.BulkNotFound, {
  name: 'BulkNotFound',
  description: 'There is no such plan or run of the caller, or the plan has expired (404).',
  interfaces,
});
builder.objectType(problems.ApiKeyNotFound, {
  name: 'ApiKeyNotFound',
  description: 'There is no such API key (404).',
  interfaces,
});
builder.objectType(problems.InvalidRoomId, {
  name: 'InvalidRoomId',
  description: 'The text cannot name a room (400).',
  interfaces,
});
builder.objectType(problems.InvalidCategory, {
  name: 'InvalidCategory',
  description: 'The category is not on the allow-list of this server (400).',
  interfaces,
  fields: (t) => ({ allowed: t.exposeStringList('allowed') }),
});
builder.objectType(problems.InvalidInput, {
  name: 'InvalidInput',
  description: 'Something in the input, or in the payload against its schema, is not valid (400).',
  interfaces,
  fields: (t) => ({ issues: t.expose('issues', { type: [InputIssueType] }) }),
});
const SchemaNarrowingType = builder.objectRef<problems.SchemaNarrowing>('SchemaNarrowing').implement({
  description: 'A place where a schema accepts less than before, or cannot be shown to accept as much.',
  fields: (t) => ({
    schema: t.field({
      type: SchemaKindEnum,
      description: 'Which of the two schemas of the job.',
      resolve: ({ schema }) => schema,
    }),
    path: t.exposeString('path', { description: 'JSON Pointer into the schema; empty for the whole.' }),
    reason: t.exposeString('reason', { description: 'In a few words, as "is required now".' }),
  }),
});

builder.objectType(problems.SchemaConflict, {
  name: 'SchemaConflict',
  description:
    'The job is registered with other schemas, and `schemaChange` does not allow this change (409).',
  interfaces,
  fields: (t) => ({
    narrowings: t.expose('narrowings', {
      type: [SchemaNarrowingType],
      description: 'Why the change is not COMPATIBLE, 40 places at most; empty for REFUSE.',
    }),
    existing: t.field({ type: JobType, resolve: ({ existing }) => asJob(existing as JobRow) }),
  }),
});
builder.objectType(problems.InvalidTransition, {
  name: 'InvalidTransition',
  description: 'The task cannot change from its present status to the wanted one (409).',
  interfaces,
  fields: (t) => ({
    from: t.expose('from', { type: TaskStatusEnum }),
    allowed: t.expose('allowed', { type: [TaskStatusEnum] }),
  }),
});
builder.objectType(problems.StaleAttempt, {
  name: 'StaleAttempt',
  description:
    'The caller does not hold this attempt: another worker has it, or it was given back, cancelled or retried (409).',
  interfaces,
  fields: (t) => ({ currentAttempt: t.exposeInt('currentAttempt') }),
});
builder.objectType(problems.StaleVersion, {
  name: 'StaleVersion',
  description: 'Somebody else has changed it after the caller had read it (409).',
  interfaces,
  fields: (t) => ({ currentVersion: t.exposeInt('currentVersion') }),
});
builder.objectType(problems.WebhookNotFound, {
  name: 'WebhookNotFound',
  description: 'There is no webhook with this id (404).',
  interfaces,
});
builder.objectType(problems.ViewNotFound, {
  name: 'ViewNotFound',
  description: 'There is no saved view with this id that the caller may see (404).',
  interfaces,
});
builder.objectType(problems.DeliveryNotFound, {
  name: 'DeliveryNotFound',
  description: 'There is no delivery of a webhook with this id (404): it may have been cleaned up.',
  interfaces,
});
builder.objectType(problems.AlreadyRunning, {
  name: 'AlreadyRunning',
  description: 'The operation is running for this room at this moment, on whichever server (409).',
  interfaces,
  fields: (t) => ({
    run: t.field({
      type: OperationRunType,
      nullable: true,
      description: 'The run under way; null when it runs by itself and has reported nothing yet.',
      resolve: ({ run }) => run && asOperationRun(run),
    }),
  }),
});
builder.objectType(problems.Forbidden, {
  name: 'Forbidden',
  description: 'The caller may see it, but not do this (403).',
  interfaces,
});
