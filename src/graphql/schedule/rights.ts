/** Who may have to do with schedules, and with which. */
import { canManageSchedule, canManageSchedules, isInRoom } from '../../domain/access.ts';
import { Forbidden } from '../../domain/problems.ts';
import { type Context, viewerOf } from '../context.ts';
import { notFoundError } from '../errors.ts';
import { parseRoom } from '../input.ts';

/** The id of the caller. @throws Forbidden when it has nothing to do with schedules */
export function requireManager(context: Context): string {
  const viewer = viewerOf(context);
  if (!canManageSchedules(viewer)) {
    throw new Forbidden('An ADMIN, and a WORKER in rooms of its own, can see and manage schedules.');
  }
  return viewer.id;
}

/** @throws NOT_FOUND for a room that the caller does not belong to */
export function roomToManage(context: Context, input: string): string {
  const room = parseRoom(input);
  if (!isInRoom(viewerOf(context), room)) throw notFoundError('The room');
  return room;
}

interface Target {
  task?: { room: string } | null | undefined;
  operation?: object | null | undefined;
}

/** Before anything else of the target is looked at. @throws Forbidden when the caller may not have it done */
export function permitTarget(context: Context, { task, operation }: Target): void {
  const viewer = viewerOf(context);
  if (operation && !canManageSchedule(viewer, { room: null, operation: 'any' })) {
    throw new Forbidden('Only an ADMIN can schedule operations.');
  }
  if (task && !canManageSchedule(viewer, { room: parseRoom(task.room), operation: null })) {
    throw new Forbidden(
      `You cannot schedule tasks in ${task.room}: it is not among the rooms of your token.`,
    );
  }
}
