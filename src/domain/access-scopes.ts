/** The rules of access.ts as what a list is narrowed to, where they cannot be asked for each row. */
import { isInRoom, roomsOf, seesWholeRoom, type Viewer } from './access.ts';
import type { LimitScope } from './limits.ts';
import { GLOBAL_ROOM } from './rooms.ts';

/** The rooms of which the viewer sees every task; null: all. */
export function wholeRoomsOf(viewer: Viewer): readonly string[] | null {
  return viewer.role === 'USER' ? [] : roomsOf(viewer);
}

/** The only creator of whose tasks the viewer sees any; undefined: it sees tasks by their rooms. */
export function creatorSeenBy(viewer: Viewer): string | undefined {
  return viewer.role === 'USER' ? viewer.id : undefined;
}

/** The only creator whose dead letters the viewer may retry and discard, as `canRetry` has it; undefined: any. */
export function creatorRetriedBy(viewer: Viewer): string | undefined {
  return viewer.role === 'ADMIN' ? undefined : viewer.id;
}

/** The owner whose workers the viewer sees wherever they serve, as `canSeeWorker` has it; null: nobody. */
export function workerOwnerSeenBy(viewer: Viewer): string | null {
  return viewer.role === 'WORKER' ? viewer.id : null;
}

/** The keys of a limit of a job that the viewer sees; null: all. */
export function limitKeysSeenBy(viewer: Viewer, jobRoom: string, scope: LimitScope): string[] | null {
  const seesAll =
    viewer.role !== 'USER' &&
    (roomsOf(viewer) === null || (jobRoom !== GLOBAL_ROOM && seesWholeRoom(viewer, jobRoom)));
  if (scope === 'JOB' || seesAll) return null;
  if (scope === 'ROOM')
    return roomsOf(viewer) ?? (jobRoom !== GLOBAL_ROOM && isInRoom(viewer, jobRoom) ? [jobRoom] : []);
  return scope === 'CREATOR' ? [viewer.id] : [];
}
