/** Which tasks a caller may see, as a rule over one task and as a filter for lists. */
import { canSeeTask, EVERY_ROOM, type Viewer } from '../../domain/access.ts';
import { INTERNAL_ROOM } from '../../domain/rooms.ts';
import type { TaskRow } from '../../domain/task.ts';
import type { Prisma } from '../../generated/prisma/client.ts';
import { type Context, viewerOf } from '../context.ts';

/** What the rule needs of a task. */
export type TaskToSee = Pick<TaskRow, 'id' | 'room' | 'createdBy' | 'workerId'>;

/**
 * Whether the caller may see the task; reads the worker that holds it only where that decides. Otherwise it is known at
 * once: a promise here makes one of every field of every task of a list.
 */
export function mayISee(context: Context, task: TaskToSee): boolean | Promise<boolean> {
  const viewer = viewerOf(context);
  if (context.granted.has(task.id) || canSeeTask(viewer, task, false)) return true;
  if (task.workerId === null || !canSeeTask(viewer, task, true)) return false;
  return isMine(context, task.workerId);
}

async function isMine(context: Context, workerId: string): Promise<boolean> {
  const worker = await context.loaders.worker.load(workerId);
  return worker?.owner === viewerOf(context).id;
}

/** The task, or null when there is none that the caller may see. Seen once, it may be shown in this operation. */
export async function loadVisibleTask(context: Context, id: string | null): Promise<TaskRow | null> {
  const task = id === null ? null : await context.loaders.task.load(id);
  if (!task || !(await mayISee(context, task))) return null;
  context.granted.add(task.id);
  return task;
}

/** The tasks that the caller may see, as a condition. */
export async function visibleTasks(context: Context): Promise<Prisma.TaskWhereInput> {
  const viewer = viewerOf(context);
  if (viewer.role === 'USER') return { createdBy: viewer.id, room: { not: INTERNAL_ROOM } };
  if (seesEveryRoom(viewer)) return { room: { not: INTERNAL_ROOM } };
  const inRooms: Prisma.TaskWhereInput = { room: { in: [...viewer.rooms] } };
  if (viewer.role !== 'WORKER') return inRooms;
  const workers = await context.services.prisma.worker.findMany({
    where: { owner: viewer.id },
    select: { id: true },
  });
  return workers.length === 0
    ? inRooms
    : { OR: [inRooms, { workerId: { in: workers.map(({ id }) => id) } }] };
}

function seesEveryRoom(viewer: Viewer): boolean {
  return viewer.role === 'ADMIN' || viewer.rooms.includes(EVERY_ROOM);
}
