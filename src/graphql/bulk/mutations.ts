/** planBulk, applyBulk, stopBulk: acting on many tasks by a filter. */
import { z } from 'zod';
import { canCancel, canRetry, canRetryAny, type Viewer } from '../../domain/access.ts';
import { type BulkAction, type BulkRow, MOST_PLANNED } from '../../domain/bulk.ts';
import { BulkNotFound, Forbidden, InvalidInput, InvalidRoomId } from '../../domain/problems.ts';
import { noTasks } from '../../domain/statistics.ts';
import { isAllowedIn } from '../../domain/transitions.ts';
import { fromTypeId } from '../../domain/typeid.ts';
import type { ForBulk, TaskSearch } from '../../store/tasks/read/find-by-filter.ts';
import { builder } from '../builder.ts';
import { type Context, viewerOf } from '../context.ts';
import { parseInput, text } from '../input.ts';
import { parseFilter, TaskFilterInput } from '../task/filter.ts';
import { scopeOf } from '../task/visible.ts';
import { BulkActionEnum, BulkPlanType, BulkRunType } from './type.ts';
import { loadVisibleBulk } from './visible.ts';

const PlanBulkInput = builder.inputType('PlanBulkInput', {
  description: 'An action, and the tasks to plan it for.',
  fields: (t) => ({
    action: t.field({
      type: BulkActionEnum,
      required: true,
      description: 'What is to be done to each task.',
    }),
    room: t.string({ description: 'Left out: all that the caller may see.' }),
    filter: t.field({ type: TaskFilterInput, required: true, description: 'Empty: all.' }),
    reason: t.string({ description: 'For the history of each task: 1,000 characters at most.' }),
  }),
});
const ApplyBulkInput = builder.inputType('ApplyBulkInput', {
  description: 'The plan to apply.',
  fields: (t) => ({
    planId: t.id({ required: true, description: 'A plan of the caller, made within the last hour.' }),
  }),
});
const StopBulkInput = builder.inputType('StopBulkInput', {
  description: 'The run to stop.',
  fields: (t) => ({ runId: t.id({ required: true, description: 'A run of the caller.' }) }),
});

const PlanBulkSuccess = builder.objectRef<{ row: BulkRow }>('PlanBulkSuccess').implement({
  description: 'The plan was made; nothing was done yet.',
  fields: (t) => ({
    plan: t.field({ type: BulkPlanType, description: 'What was found.', resolve: ({ row }) => row }),
  }),
});
const BulkRunSuccess = builder.objectRef<{ row: BulkRow }>('BulkRunSuccess').implement({
  description: 'The run as it is now.',
  fields: (t) => ({ run: t.field({ type: BulkRunType, resolve: ({ row }) => row }) }),
});

const PlanBulkResult = builder.errorUnion('PlanBulkResult', {
  types: [PlanBulkSuccess, InvalidRoomId, InvalidInput, Forbidden],
  resolveType: () => PlanBulkSuccess,
});
const BulkRunResult = builder.errorUnion('BulkRunResult', {
  types: [BulkRunSuccess, BulkNotFound],
  resolveType: () => BulkRunSuccess,
});

const reasonInput = z.object({ reason: text(0, 1_000).nullish() });

builder.mutationField('planBulk', (t) =>
  t.field({
    type: PlanBulkResult,
    description: `Finds the tasks for an action, ${MOST_PLANNED.toLocaleString('en')} at most, the newest first, and keeps which they are: what is submitted or comes to match later is not touched. Whoever may act on one of them may act on all; those of others are counted and left out.`,
    complexity: { field: 10, multiplier: 1 },
    args: { input: t.arg({ type: PlanBulkInput, required: true }) },
    resolve: async (_root, { input }, context) => {
      const viewer = viewerOf(context);
      if (input.action !== 'CANCEL' && !canRetryAny(viewer)) {
        throw new Forbidden('A worker cannot retry or discard dead letters.');
      }
      if (viewer.only) throw new Forbidden('A token for one task cannot plan bulk actions.');
      const { reason = null } = parseInput(reasonInput, input);
      const { filter } = await parseFilter(context, input.filter);
      const scope = await scopeOf(context, input.room);
      const found = await findAll(context, { scope, filter, order: 'desc' }, input.action);
      const plan = { action: input.action, note: reason, createdBy: viewer.id, ...found };
      return { row: await context.services.store.createPlan(plan) };
    },
  }),
);

builder.mutationField('applyBulk', (t) =>
  t.field({
    type: BulkRunResult,
    description:
      'Starts to apply a plan, in parts of 250 tasks, and answers at once: watch it with bulkRunEvents. A plan is applied once; applying it again returns its run.',
    args: { input: t.arg({ type: ApplyBulkInput, required: true }) },
    resolve: (_root, { input: { planId } }, context) =>
      change(context, planId, fromTypeId('plan', planId), context.services.store.beginRun),
  }),
);

builder.mutationField('stopBulk', (t) =>
  t.field({
    type: BulkRunResult,
    description: 'Stops a run after the part that is under way. What was done stays done.',
    args: { input: t.arg({ type: StopBulkInput, required: true }) },
    resolve: (_root, { input: { runId } }, context) =>
      change(context, runId, fromTypeId('bulk', runId), context.services.store.stopRun),
  }),
);

async function change(
  context: Context,
  id: string,
  uuid: string | null,
  verb: (id: string) => Promise<BulkRow | null>,
): Promise<{ row: BulkRow }> {
  const row = await loadVisibleBulk(context, uuid);
  const changed = row && (await verb(row.id));
  if (!changed || changed.status === 'PLANNED') throw new BulkNotFound(id);
  context.services.bulkRuns.announce(changed.id);
  return { row: changed };
}

/** Tasks of one read; and reads of one plan at most, of a filter that finds little among much. */
const TASKS_A_READ = 5_000;
const MOST_READS = 100;
const SAMPLE = 5;

async function findAll(context: Context, search: TaskSearch, action: BulkAction) {
  const viewer = viewerOf(context);
  const byStatus = noTasks();
  const taskIds: string[] = [];
  let matching = 0;
  for (let reads = 0; ; reads++) {
    const limit = Math.min(TASKS_A_READ, MOST_PLANNED - matching);
    if (limit === 0 || reads === MOST_READS) return summary(true);
    const { rows, stoppedAt } = await context.services.store.findForBulk(search, limit);
    for (const task of rows) {
      byStatus[task.status]++;
      if (mayAct(action, viewer, task)) taskIds.push(task.id);
    }
    matching += rows.length;
    search.lt = rows.length === limit ? rows.at(-1)?.id : stoppedAt;
    if (search.lt === undefined) return summary(false);
  }

  function summary(atLeast: boolean) {
    return { matching, atLeast, byStatus, taskIds, sample: taskIds.slice(0, SAMPLE) };
  }
}

function mayAct(action: BulkAction, viewer: Viewer, task: ForBulk): boolean {
  switch (action) {
    case 'CANCEL':
      return isAllowedIn('cancel', task.status) && canCancel(viewer, task);
    case 'RETRY':
      return isAllowedIn('retry', task.status) && canRetry(viewer, task);
    case 'DISCARD':
      return isAllowedIn('discard', task.status) && task.discardedAt === null && canRetry(viewer, task);
  }
}
