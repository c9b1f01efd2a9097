/** TaskFilter: one filter for lists, where it becomes a condition, and for streams, where it judges each task. */
import { z } from 'zod';
import type { TaskRow, TaskStatus } from '../../domain/task.ts';
import { TRANSITIONS } from '../../domain/transitions.ts';
import { fromTypeId } from '../../domain/typeid.ts';
import type { Prisma } from '../../generated/prisma/client.ts';
import { OPEN_STATUSES } from '../../store/tasks/find-open.ts';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import { TaskStatusEnum } from '../enums.ts';
import { labelMap, parseInput, text } from '../input.ts';

export const TaskFilterInput = builder.inputType('TaskFilter', {
  description: 'All given conditions must hold.',
  fields: (t) => ({
    ids: t.idList({ description: '1,000 at most.' }),
    statuses: t.field({ type: [TaskStatusEnum] }),
    job: t.string({ description: 'Full name: room:category:name.' }),
    createdBy: t.string(),
    correlationId: t.string(),
    createdAfter: t.field({ type: 'DateTime' }),
    createdBefore: t.field({ type: 'DateTime' }),
    idempotencyKey: t.string(),
    entityType: t.string(),
    entityId: t.string(),
    discarded: t.boolean({
      description: 'true: only dead letters that were discarded; false: none of them.',
    }),
    labels: t.field({ type: 'JSON', description: 'Labels that the task must have, with their values.' }),
  }),
});

type FilterInput = typeof TaskFilterInput.$inferInput;

/** A validated filter, with the job found; jobId is null when no task can match. */
export interface TaskFilter extends Omit<FilterInput, 'labels' | 'job' | 'ids'> {
  /** UUIDs. */
  ids?: string[];
  jobId?: string | null;
  labels: Record<string, string>;
}

const bounded = z.object({
  ids: z.array(z.string()).max(1_000).nullish(),
  job: text(1, 400).nullish(),
  createdBy: text(1, 256).nullish(),
  correlationId: text(1, 256).nullish(),
  idempotencyKey: text(1, 256).nullish(),
  entityType: text(1, 256).nullish(),
  entityId: text(1, 256).nullish(),
  labels: labelMap().nullish(),
});

/** Validates a filter argument and finds its job. */
export async function parseFilter(
  context: Context,
  input: FilterInput | null | undefined,
): Promise<TaskFilter> {
  if (!input) return { labels: {} };
  const { job, labels, ids, ...texts } = parseInput(bounded, input, ['filter']);
  const jobId = job == null ? undefined : ((await context.services.jobs.find(job))?.id ?? null);
  const { createdAfter, createdBefore, discarded } = input;
  // A list can name the same few again and again.
  const statuses = input.statuses && [...new Set(input.statuses)];
  // What is no id of a task is the id of none.
  const uuids = ids?.map((id) => fromTypeId('task', id)).filter((id) => id !== null);
  return {
    ...texts,
    ids: uuids,
    statuses,
    createdAfter,
    createdBefore,
    discarded,
    labels: labels ?? {},
    jobId,
  };
}

/**
 * The filter as a condition of a list.
 * @param room of the list, where it has one
 */
export async function filterCondition(
  context: Context,
  filter: TaskFilter,
  room: string | null | undefined,
): Promise<Prisma.TaskWhereInput> {
  return {
    id: filter.ids ? { in: filter.ids } : undefined,
    jobId: filter.jobId === null ? { in: [] } : filter.jobId,
    createdBy: filter.createdBy ?? undefined,
    correlationId: filter.correlationId ?? undefined,
    idempotencyKey: filter.idempotencyKey ?? undefined,
    entityType: filter.entityType ?? undefined,
    entityId: filter.entityId ?? undefined,
    discardedAt: filter.discarded == null ? undefined : filter.discarded ? { not: null } : null,
    createdAt: { gt: filter.createdAfter ?? undefined, lt: filter.createdBefore ?? undefined },
    AND: [
      await statusCondition(context, filter.statuses, room),
      ...Object.entries(filter.labels).map(([label, value]) => ({
        labels: { path: [label], equals: value },
      })),
    ],
  };
}

/** No index has the status itself, see the model of Task: what is rare or open among many has other ways to be found. */
async function statusCondition(
  { services: { store } }: Context,
  statuses: TaskStatus[] | null | undefined,
  room: string | null | undefined,
): Promise<Prisma.TaskWhereInput> {
  if (!statuses) return {};
  const status = { in: statuses };
  if (!statuses.some(isUsual)) return { rareStatus: status };
  if (!statuses.every((one) => OPEN_STATUSES.includes(one))) return { status };
  const open = await store.findOpen(statuses, room ?? null);
  return { status, id: 'ids' in open ? { in: open.ids } : { gte: open.first, lte: open.last } };
}

const isUsual = (status: TaskStatus) => OPEN_STATUSES.includes(status) || status === TRANSITIONS.complete.to;

/** Whether a task of a stream matches. */
export function matchesFilter(filter: TaskFilter, task: TaskRow): boolean {
  const same = (wanted: string | null | undefined, value: string | null) =>
    wanted == null || wanted === value;
  return (
    (!filter.ids || filter.ids.includes(task.id)) &&
    (!filter.statuses || filter.statuses.includes(task.status)) &&
    (filter.jobId === undefined || filter.jobId === task.jobId) &&
    same(filter.createdBy, task.createdBy) &&
    same(filter.correlationId, task.correlationId) &&
    same(filter.idempotencyKey, task.idempotencyKey) &&
    same(filter.entityType, task.entityType) &&
    same(filter.entityId, task.entityId) &&
    (filter.discarded == null || filter.discarded === (task.discardedAt !== null)) &&
    (filter.createdAfter == null || task.createdAt > filter.createdAfter) &&
    (filter.createdBefore == null || task.createdAt < filter.createdBefore) &&
    Object.entries(filter.labels).every(([label, value]) => task.labels[label] === value)
  );
}
