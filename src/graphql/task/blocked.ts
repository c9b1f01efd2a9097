/** Why a task is not running: blockedReason of a task, and blockedCounts of many. */
import { canSeeJobsOf } from '../../domain/access.ts';
import { BLOCKED_BY, type BlockedBy, type BlockedReason, blockedReason } from '../../domain/blocked.ts';
import type { TaskStatus } from '../../domain/task.ts';
import { TRANSITIONS } from '../../domain/transitions.ts';
import { MOST_AHEAD, MOST_BLOCKED } from '../../store/store.ts';
import { builder } from '../builder.ts';
import { viewerOf } from '../context.ts';
import { describeValues } from '../enums.ts';
import { notFoundError } from '../errors.ts';
import { TaskType, taskOf } from './type.ts';
import { scopeOf } from './visible.ts';

const BLOCKED_BYS = Object.keys(BLOCKED_BY) as BlockedBy[];

const BlockedByEnum = builder.enumType('BlockedBy', {
  description: 'Why an unfinished task is not running. If several reasons apply, it is the first of them.',
  values: describeValues(BLOCKED_BYS, BLOCKED_BY),
});

export const BlockedReasonType = builder
  .objectRef<BlockedReason & { taskId: string }>('BlockedReason')
  .implement({
    description: 'Why a task is not running, as it is now.',
    fields: (t) => ({
      by: t.expose('by', { type: BlockedByEnum, description: 'What keeps it from running.' }),
      detail: t.exposeString('detail', { description: 'A sentence for people.' }),
      until: t.expose('until', {
        type: 'DateTime',
        nullable: true,
        description: 'When the reason ends, if that is known.',
      }),
      ahead: t.int({
        nullable: true,
        description: `Tasks of the job that would be claimed before it; ${MOST_AHEAD} means at least so many. A figure of load: those of others count, too, also such as the caller cannot see, and for a job of @global those of all rooms. Null where it has no place among them yet, since it is not due or waits for other tasks.`,
        resolve: ({ taskId }, _args, context) => context.loaders.ahead.load(taskId),
      }),
    }),
  });

const MAY_WAIT: readonly TaskStatus[] = [...TRANSITIONS.claim.from, ...TRANSITIONS.unblock.from];

builder.objectField(TaskType, 'blockedReason', (t) =>
  t.field({
    type: BlockedReasonType,
    nullable: true,
    complexity: { field: 3 },
    description:
      'Why it is not running now. Null when a worker holds it, when it has ended, and when nothing keeps a worker from claiming it. On taskEvents, TaskBlocked comes when the reason changes.',
    resolve: async (task, _args, context) => {
      const { id, status } = taskOf(task);
      if (!MAY_WAIT.includes(status)) return null;
      const facts = await context.loaders.waitFacts.load(id);
      const reason = facts && blockedReason(facts);
      return reason && { ...reason, taskId: id };
    },
  }),
);

interface BlockedCounts {
  byReason: { by: BlockedBy; count: number }[];
  unblocked: number;
  atLeast: boolean;
}

const BlockedCountType = builder.objectRef<BlockedCounts['byReason'][number]>('BlockedCount').implement({
  description: 'How many tasks wait for one reason.',
  fields: (t) => ({
    by: t.expose('by', { type: BlockedByEnum, description: 'What keeps it from running.' }),
    count: t.exposeInt('count', { description: 'Tasks that wait for it.' }),
  }),
});

const BlockedCountsType = builder.objectRef<BlockedCounts>('BlockedCounts').implement({
  description: 'Why tasks wait.',
  fields: (t) => ({
    byReason: t.field({
      type: [BlockedCountType],
      complexity: { field: 1, multiplier: BLOCKED_BYS.length },
      description: 'Every reason that there is, in the order of the enum.',
      resolve: ({ byReason }) => byReason,
    }),
    unblocked: t.exposeInt('unblocked', {
      description: 'Tasks that wait although nothing keeps a worker from taking them: they are next.',
    }),
    atLeast: t.exposeBoolean('atLeast', {
      description: `Whether there may be more: counting stops at ${MOST_BLOCKED.toLocaleString('en')} tasks.`,
    }),
  }),
});

builder.queryField('blockedCounts', (t) =>
  t.field({
    type: BlockedCountsType,
    complexity: 10,
    description:
      'Why tasks that are WAITING or PENDING are not running, in numbers. Without a room: all that the caller may see.',
    args: { room: t.arg.string(), job: t.arg.string({ description: 'Full name: of this job alone.' }) },
    resolve: async (_root, { room, job }, context) => {
      const scope = await scopeOf(context, room);
      const { store, jobs } = context.services;
      const known = job == null ? null : await jobs.find(job);
      if (job != null && (!known || !canSeeJobsOf(viewerOf(context), known.room)))
        throw notFoundError('The job');
      const groups = await store.groupWaiting(scope, known?.id ?? null);
      const counts = new Map<BlockedBy | undefined, number>();
      for (const group of groups) {
        const by = blockedReason(group)?.by;
        counts.set(by, (counts.get(by) ?? 0) + group.count);
      }
      const byReason = BLOCKED_BYS.flatMap((by) => ({ by, count: counts.get(by) ?? 0 }));
      return {
        byReason: byReason.filter(({ count }) => count > 0),
        unblocked: counts.get(undefined) ?? 0,
        atLeast: groups.reduce((sum, { count }) => sum + count, 0) > MOST_BLOCKED,
      };
    },
  }),
);
