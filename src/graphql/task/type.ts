/** Task: one execution of a job. */
import { writeErrorKind } from '../../domain/error-fingerprint.ts';
import type { TaskErrorValue, TaskRow } from '../../domain/task.ts';
import { toTypeId } from '../../domain/typeid.ts';
import type { Task as PrismaTask } from '../../generated/prisma/client.ts';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import { TaskStatusEnum } from '../enums.ts';
import { JobType } from '../job/type.ts';
import { visibleJob } from '../job/visible-job.ts';
import { asWorker, WorkerType } from '../worker/type.ts';
import { mayISee } from './visible.ts';

export const TaskErrorType = builder.objectRef<TaskErrorValue>('TaskError').implement({
  description: 'What went wrong in an attempt.',
  fields: (t) => ({
    message: t.exposeString('message'),
    code: t.exposeString('code', { nullable: true }),
    retryable: t.exposeBoolean('retryable', { description: 'Whether another attempt may help.' }),
    context: t.expose('context', { type: 'JSON', nullable: true }),
    classifiedBy: t.exposeString('classifiedBy', {
      nullable: true,
      description:
        'The part of the code or message that decided `retryable`, such as `"invalid" in the message`. Null when the worker decided it, or nothing did.',
    }),
  }),
});

export const TaskType = builder.prismaNode('Task', {
  description: 'One execution of a job.',
  id: { field: 'id' },
  authScopes: (task, context) => mayISee(context, taskOf(task)),
  fields: (t) => ({
    job: t.field({
      type: JobType,
      resolve: (task, _args, context, info) => visibleJob(context, task.jobId, info),
    }),
    room: t.exposeString('room'),
    status: t.expose('status', { type: TaskStatusEnum }),
    version: t.exposeInt('version', {
      description: 'Grows by one with every transition: version n is the n-th.',
    }),
    payload: t.field({
      type: 'JSON',
      resolve: (task, _args, context) => large(context, task, 'payload', {}),
    }),
    result: t.field({
      type: 'JSON',
      nullable: true,
      resolve: (task, _args, context) => large(context, task, 'result', null),
    }),
    error: t.field({
      type: TaskErrorType,
      nullable: true,
      description: 'The error of the last attempt that failed; none once the task has completed.',
      resolve: (task) => taskOf(task).error,
    }),
    errorFingerprint: t.string({
      nullable: true,
      description:
        'Fingerprint of its ErrorGroup, equal for errors of one job that differ only in numbers and ids. Null without an error.',
      resolve: (task) => {
        const { jobId, error } = taskOf(task);
        return error?.fingerprint ? writeErrorKind({ jobId, fingerprint: error.fingerprint }) : null;
      },
    }),
    progress: t.exposeFloat('progress', { description: '0 to 100.' }),
    progressMessage: t.exposeString('progressMessage', { nullable: true }),
    priority: t.exposeInt('priority', { description: 'Higher first.' }),
    attempt: t.exposeInt('attempt', {
      description: 'How often it has been claimed; with the worker, the fencing token of the present claim.',
    }),
    failures: t.exposeInt('failures', {
      description: 'Failed attempts that count against retryPolicy.maxAttempts.',
    }),
    maxAttempts: t.exposeInt('maxAttempts'),
    runAt: t.expose('runAt', { type: 'DateTime', description: 'It is not claimed before this time.' }),
    worker: t.field({
      type: WorkerType,
      nullable: true,
      description: 'The worker that holds it now.',
      resolve: async (task, _args, context) => {
        const worker = task.workerId === null ? null : await context.loaders.worker.load(task.workerId);
        return worker && asWorker(worker);
      },
    }),
    workerId: t.id({
      nullable: true,
      description:
        'The worker of the present or last attempt; null before the first. It costs no read, unlike `worker`.',
      resolve: ({ lastWorkerId }) => lastWorkerId && toTypeId('worker', lastWorkerId),
    }),
    workerName: t.string({
      nullable: true,
      description: 'What that worker is called, or was: its name is kept when it is gone.',
      resolve: ({ lastWorkerId }, _args, { services }) =>
        lastWorkerId && services.workerNames.nameOf(lastWorkerId),
    }),
    createdBy: t.exposeString('createdBy'),
    traceparent: t.string({
      nullable: true,
      description:
        'The trace that the submission belongs to, as in W3C Trace Context: the parent of the spans of its attempts.',
      resolve: (task, _args, context) => large(context, task, 'traceparent', null),
    }),
    schemaVersion: t.int({
      description:
        "The version of the job's schemas that its payload was checked against, and its result will be.",
      resolve: (task, _args, context) => large(context, taskOf(task), 'schemaVersion', 1),
    }),
    copyOf: t.id({
      nullable: true,
      description:
        'The task that it repeats, where it was made by resubmitTask; that task may be gone by now.',
      resolve: async (task, _args, context) => {
        const copyOf = await large(context, task, 'copyOf', null);
        return copyOf === null ? null : toTypeId('task', copyOf);
      },
    }),
    limitKey: t.string({
      nullable: true,
      description: 'Key for the limits of its job, if it was submitted with one.',
      resolve: (task, _args, context) => large(context, task, 'limitKey', null),
    }),
    correlationId: t.exposeString('correlationId', { nullable: true }),
    entityType: t.exposeString('entityType', { nullable: true }),
    entityId: t.exposeString('entityId', { nullable: true }),
    labels: t.expose('labels', { type: 'JSON', description: 'Flat string map: commit_sha, queue_job_id, …' }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    startedAt: t.expose('startedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the present or last attempt was started.',
    }),
    stoppedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description:
        'When a worker that lost the attempt, by a cancellation, a timeout or missing heartbeats, reported that it had stopped.',
      resolve: (task, _args, context) => context.loaders.stoppedAt.load(task.id),
    }),
    finishedAt: t.expose('finishedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it ended; null while it has not.',
    }),
    discardedAt: t.expose('discardedAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'When the dead letter was discarded, which takes it off the list; null again after a retry or a restore.',
    }),
    discardedBy: t.exposeString('discardedBy', {
      nullable: true,
      description: 'The identity that discarded it.',
    }),
    updatedAt: t.expose('updatedAt', {
      type: 'DateTime',
      description: 'When it last changed its status or was updated; progress does not count.',
    }),
  }),
});

/** The row of a hand-written statement or an event has the shape that Prisma reads, at times without large values. */
export function asTask(row: TaskRow): PrismaTask {
  return row as unknown as PrismaTask;
}

/** The way back: the row behind a task of the schema, whose columns have the types that the store gives them. */
export function taskOf(task: PrismaTask): TaskRow {
  return task as unknown as TaskRow;
}

/** What lists and events come without: it is read, for all of one turn together, when it is asked for. */
type ReadLater = Partial<
  Pick<TaskRow, 'payload' | 'result' | 'traceparent' | 'copyOf' | 'schemaVersion' | 'limitKey'>
>;

function large<Key extends keyof ReadLater, None>(
  context: Context,
  task: ReadLater & { id: string },
  key: Key,
  none: None,
): NonNullable<ReadLater[Key]> | None | Promise<NonNullable<ReadLater[Key]> | None> {
  if (task[key] !== undefined) return task[key] ?? none;
  return context.loaders.task.load(task.id).then((read) => read?.[key] ?? none);
}
