/** What statistics a caller may ask for: of rooms all of whose tasks it sees. */
import { canSeeJobsOf, isInRoom, roomsOf, seesWholeRoom } from '../../domain/access.ts';
import { Forbidden } from '../../domain/problems.ts';
import type { StatisticScope } from '../../domain/statistics.ts';
import { type Context, viewerOf } from '../context.ts';
import { notFoundError } from '../errors.ts';
import { parseRoom } from '../input.ts';

/**
 * The room and the job that were asked for; without a room all that the caller sees whole. A USER sees only its own
 * tasks of any room, so for it there are no statistics.
 * @throws Forbidden for a USER, of whose rooms it may know
 */
export async function parseScope(
  context: Context,
  { room, job }: { room?: string | null | undefined; job?: string | null | undefined },
): Promise<StatisticScope> {
  const viewer = viewerOf(context);
  const rooms = room == null ? roomsOf(viewer) : [parseRoom(room)];
  if (rooms?.some((one) => !isInRoom(viewer, one))) throw notFoundError('The room');
  if (viewer.role === 'USER' || rooms?.some((one) => !seesWholeRoom(viewer, one))) {
    throw new Forbidden(
      'The role USER sees no statistics: they count tasks of others. MEMBER, WORKER and ADMIN do.',
    );
  }
  if (job == null) return { rooms, jobId: null };
  const found = await context.services.jobs.find(job);
  if (!found || !canSeeJobsOf(viewer, found.room)) throw notFoundError('The job');
  return { rooms, jobId: found.id };
}
