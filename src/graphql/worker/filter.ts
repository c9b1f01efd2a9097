/** Which workers are wanted, and which of them the caller may see. */
import { z } from 'zod';
import { canSeeJobsOf, canSeeWorker, canSeeWorkers, jobRoomsOf } from '../../domain/access.ts';
import { workerOwnerSeenBy } from '../../domain/access-scopes.ts';
import { Forbidden } from '../../domain/problems.ts';
import { GLOBAL_ROOM } from '../../domain/rooms.ts';
import type { WorkerCondition, WorkerView } from '../../store/workers/worker-views.ts';
import { builder } from '../builder.ts';
import { type Context, viewerOf } from '../context.ts';
import { notFoundError } from '../errors.ts';
import { parseInput, parseRoom, text } from '../input.ts';

export const WorkerFilterInput = builder.inputType('WorkerFilter', {
  description: 'All conditions that are given must hold.',
  fields: (t) => ({
    room: t.string({ description: 'Serves a job that can be run from this room: of its own or of @global.' }),
    job: t.string({ description: 'Serves the job of this full name.' }),
    owner: t.string({ description: 'Was registered by this identity.' }),
    alive: t.boolean({
      description: 'true: has sent a heartbeat within the worker timeout; false: has not.',
    }),
  }),
});

const conditions = z.object({ job: text(1, 400).nullish(), owner: text(1, 256).nullish() });

/**
 * The filter with what the caller may see.
 * @throws Forbidden for a USER; NOT_FOUND for a room that it does not belong to
 */
export function parseWorkerFilter(
  context: Context,
  filter: typeof WorkerFilterInput.$inferInput | null | undefined,
): WorkerCondition {
  const viewer = viewerOf(context);
  if (!canSeeWorkers(viewer)) {
    throw new Forbidden('The role USER sees no workers but those of its tasks; MEMBER, WORKER and ADMIN do.');
  }
  const room = filter?.room == null ? null : parseRoom(filter.room);
  if (room !== null && !canSeeJobsOf(viewer, room)) throw notFoundError('The room');
  const { job, owner } = parseInput(conditions, filter ?? {});
  const rooms = jobRoomsOf(viewer);
  return {
    visible: rooms && { rooms, owner: workerOwnerSeenBy(viewer) },
    ...{ room, job: job ?? null, owner: owner ?? null, alive: filter?.alive ?? null },
  };
}

/** The same for one worker, whose jobs have these full names. */
export function matchesWorker(
  context: Context,
  { room, job, owner, alive }: WorkerCondition,
  worker: WorkerView,
  jobId: string | null,
): boolean {
  return (
    canSeeWorker(viewerOf(context), worker) &&
    (room === null || worker.rooms.includes(room) || worker.rooms.includes(GLOBAL_ROOM)) &&
    (job === null || (jobId !== null && worker.jobIds.includes(jobId))) &&
    (owner === null || worker.owner === owner) &&
    (alive === null || worker.alive === alive)
  );
}
