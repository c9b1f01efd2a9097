/** node and nodes: any object by its TypeID, as far as the caller may see it. */
import { canManageKeys, canOperate, canSeeJobsOf } from '../../domain/access.ts';
import { ID_PREFIXES, type IdPrefix } from '../../domain/typeid.ts';
import { loadVisibleBulk } from '../bulk/visible.ts';
import { type Context, viewerOf } from '../context.ts';
import { loadVisibleRun, loadVisibleSchedule } from '../schedule/visible.ts';
import { loadVisibleTask } from '../task/visible.ts';
import { loadVisibleView } from '../view/visible.ts';
import { loadVisibleWorker } from '../worker/visible.ts';

/** The object with its type's name for the Node interface; null when there is none that the caller may see. */
export async function loadNode(context: Context, id: { prefix: IdPrefix; uuid: string } | null) {
  const row = id && (await LOAD[id.prefix](context, id.uuid));
  return row && { __typename: ID_PREFIXES[id.prefix], ...row };
}

const LOAD: Record<IdPrefix, (context: Context, uuid: string) => Promise<object | null>> = {
  task: loadVisibleTask,
  async run(context, uuid) {
    if (!canOperate(viewerOf(context))) return null;
    return (await context.services.operationRuns.find([uuid]))[0] ?? null;
  },
  async webhook(context, uuid) {
    return canOperate(viewerOf(context)) ? context.services.webhooks.find(uuid) : null;
  },
  async delivery(context, uuid) {
    if (!canOperate(viewerOf(context))) return null;
    return context.services.prisma.webhookDelivery.findUnique({ where: { id: uuid } });
  },
  async event(context, uuid) {
    if (!canOperate(viewerOf(context))) return null;
    return (await context.services.events.find([uuid]))[0] ?? null;
  },
  async job(context, uuid) {
    const job = await context.loaders.job.load(uuid);
    return job && canSeeJobsOf(viewerOf(context), job.room) ? job : null;
  },
  plan: loadVisibleBulk,
  async bulk(context, uuid) {
    const row = await loadVisibleBulk(context, uuid);
    return row && row.status !== 'PLANNED' ? row : null;
  },
  schedule: loadVisibleSchedule,
  view: loadVisibleView,
  schedulerun: loadVisibleRun,
  worker: loadVisibleWorker,
  async asset(context, uuid) {
    const asset = await context.services.prisma.asset.findUnique({ where: { id: uuid } });
    return asset && (await loadVisibleTask(context, asset.taskId)) ? asset : null;
  },
  async key(context, uuid) {
    if (!canManageKeys(viewerOf(context))) return null;
    return context.services.prisma.apiKey.findUnique({ where: { id: uuid }, omit: { digest: true } });
  },
};
