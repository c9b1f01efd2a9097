/** Which tasks a caller may see, as a rule over one task and as a filter for lists. */
import { canSeeTask, isInRoom, roomsOf } from '../../domain/access.ts';
import { creatorSeenBy } from '../../domain/access-scopes.ts';
import type { TaskRow } from '../../domain/task.ts';
import type { TaskScope } from '../../store/tasks/read/task-conditions.ts';
import { type Context, viewerOf } from '../context.ts';
import { notFoundError } from '../errors.ts';
import { parseRoom } from '../input.ts';

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

/**
 * What the caller may look for tasks in; of the room where one is named.
 * @throws an error NOT_FOUND for a room that is not the caller's
 */
export async function scopeOf(context: Context, room: string | null | undefined): Promise<TaskScope> {
  const viewer = viewerOf(context);
  const createdBy = creatorSeenBy(viewer);
  if (room !== null && room !== undefined) {
    const valid = parseRoom(room);
    if (!isInRoom(viewer, valid)) throw notFoundError('The room');
    return { rooms: [valid], createdBy };
  }
  // A USER sees what it has submitted, also where it does not belong any more.
  if (createdBy !== undefined) return { rooms: null, createdBy };
  const rooms = roomsOf(viewer);
  if (rooms === null || viewer.role !== 'WORKER') return { rooms };
  const workers = await context.services.prisma.worker.findMany({
    where: { owner: viewer.id },
    select: { id: true },
  });
  return { rooms, heldBy: workers.map(({ id }) => id) };
}
