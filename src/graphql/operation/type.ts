/** Operation and OperationRun. */
import { z } from 'zod';
import { isStale, RUN_STATUSES, type RunRow } from '../../domain/operation-run.ts';
import type { OperationRun as PrismaRun } from '../../generated/prisma/client.ts';
import type { MaintenanceOperation } from '../../maintenance/operation.ts';
import { builder } from '../builder.ts';

export const OperationRunStatusEnum = builder.enumType('OperationRunStatus', {
  description: 'Status of a run.',
  values: RUN_STATUSES,
});

export const OperationType = builder.objectRef<MaintenanceOperation>('Operation').implement({
  description: 'A piece of maintenance that can be run.',
  fields: (t) => ({
    name: t.exposeString('name'),
    description: t.exposeString('description'),
    parameters: t.field({
      type: 'JSON',
      description: 'JSON Schema of its parameters; those that are not required can be left out.',
      resolve: ({ parameters }) => z.toJSONSchema(parameters, { io: 'input' }),
    }),
    metrics: t.field({
      type: 'JSON',
      description: 'JSON Schema of the metrics of its runs.',
      resolve: ({ metrics }) => z.toJSONSchema(metrics),
    }),
    needsRoom: t.boolean({
      description: 'Whether it runs for one room at a time, and never for all.',
      resolve: ({ needsRoom }) => needsRoom ?? false,
    }),
    automaticEverySeconds: t.float({
      nullable: true,
      description: 'How often every server runs it by itself, for all rooms; null: never.',
      resolve: ({ automatic }) => (automatic ? automatic.intervalMs / 1_000 : null),
    }),
  }),
});

const PREVIEW_LENGTH = 200;

export const OperationRunType = builder.prismaNode('OperationRun', {
  description: 'One run of an operation.',
  id: { field: 'id' },
  authScopes: { authenticated: true },
  fields: (t) => ({
    operation: t.exposeString('operation', {
      description: 'Name of the operation that ran, as `operations` lists it.',
    }),
    room: t.exposeString('room', { nullable: true, description: 'Null: all rooms.' }),
    status: t.expose('status', { type: OperationRunStatusEnum }),
    stale: t.boolean({
      description:
        'Whether it is RUNNING and has reported nothing for an hour. The sweeper closes it as soon as its process is gone.',
      resolve: (run) => isStale(run, new Date()),
    }),
    dryRun: t.exposeBoolean('dryRun', { description: 'Whether it only counted what it would do.' }),
    parameters: t.expose('parameters', { type: 'JSON' }),
    metrics: t.expose('metrics', {
      type: 'JSON',
      description: 'What it has done so far, or would do.',
    }),
    metricsPreview: t.string({
      description: `The first ${PREVIEW_LENGTH} characters of the metrics, for lists.`,
      resolve: ({ metrics }) => JSON.stringify(metrics).slice(0, PREVIEW_LENGTH),
    }),
    error: t.exposeString('error', {
      nullable: true,
      description: 'Why it has failed or was skipped: the first 1,000 characters.',
    }),
    warnings: t.exposeStringList('warnings', {
      description: 'Warnings for people, also of a run that ended well; 20 at most, known when it has ended.',
    }),
    triggeredBy: t.exposeString('triggeredBy', {
      description: 'The identity that started it; "@system" for what runs by itself.',
    }),
    correlationId: t.exposeString('correlationId', {
      description: 'As given when it was started, else its own id; the events of the run have it too.',
    }),
    startedAt: t.expose('startedAt', { type: 'DateTime' }),
    updatedAt: t.expose('updatedAt', {
      type: 'DateTime',
      description: 'When its status or its metrics were last written.',
    }),
    finishedAt: t.expose('finishedAt', { type: 'DateTime', nullable: true }),
    durationMs: t.float({
      nullable: true,
      description: 'Milliseconds from its start to its end; null while it is RUNNING.',
      resolve: ({ startedAt, finishedAt }) => finishedAt && finishedAt.getTime() - startedAt.getTime(),
    }),
  }),
});

/** The row of a hand-written statement has the shape that Prisma reads. */
export function asOperationRun(row: RunRow): PrismaRun {
  return row as unknown as PrismaRun;
}
