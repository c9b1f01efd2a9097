/**
 * Who may do what. Pure rules over a viewer and what it wants to see or change; nobody else decides.
 * What a viewer may not see does not exist for it.
 */
import { GLOBAL_ROOM, INTERNAL_ROOM } from './rooms.ts';
import { isStorable } from './storable.ts';
import { parseTypeId } from './typeid.ts';

export const ROLES = ['ADMIN', 'WORKER', 'MEMBER', 'USER'] as const;
export type Role = (typeof ROLES)[number];

/** All rooms. */
export const EVERY_ROOM = '*';

/**
 * Ids of the server's own identities begin with this sign, and those of API keys and schedules are ids of theirs;
 * subjects of tokens are neither. So nobody can be given the name of another kind.
 */
const OWN_IDENTITY = '@';

/** Whoever holds the static admin token. */
export const ADMIN_ID = '@admin';

/** Who owns the workers of the server itself: no caller may use them. */
export const INTERNAL_OWNER = '@internal';

const MAX_SUBJECT_LENGTH = 256;

/** Whether a token may name its holder so: it fits into the database, and is no identity of another kind. */
export function isSubject(text: string): boolean {
  return (
    text.length >= 1 &&
    text.length <= MAX_SUBJECT_LENGTH &&
    isStorable(text) &&
    !text.startsWith(OWN_IDENTITY) &&
    parseTypeId(text) === null
  );
}

/** An authenticated caller. */
export interface Viewer {
  id: string;
  role: Role;
  /** Room ids, or `*` for all. */
  rooms: readonly string[];
  /** When its credential ends; none for the static admin token. */
  expiresAt: Date | null;
  /** The rate limit that its credential names. */
  tier?: string | undefined;
  /** UUID of the API key with which it signed in. */
  keyId?: string | undefined;
  /** Of who signed in by a token for one task: that task, and nothing else. Its role is USER, and it has no rooms. */
  only?: TaskGrant | undefined;
}

/** What a token for one task lets its holder do, besides seeing it. */
export interface TaskGrant {
  /** UUID. */
  taskId: string;
  cancel: boolean;
}

/** What the rules need to know of a task. */
export interface TaskAccess {
  /** UUID; who may see one task alone sees none without it. */
  id?: string;
  room: string;
  createdBy: string;
}

/** Whether the viewer belongs to the room; an ADMIN belongs to all but the server's own. */
export function isInRoom(viewer: Viewer, room: string): boolean {
  if (room === INTERNAL_ROOM) return false;
  return viewer.role === 'ADMIN' || viewer.rooms.includes(EVERY_ROOM) || viewer.rooms.includes(room);
}

/** The rooms that the viewer belongs to; null: all. */
export function roomsOf(viewer: Viewer): string[] | null {
  return viewer.role === 'ADMIN' || viewer.rooms.includes(EVERY_ROOM) ? null : [...new Set(viewer.rooms)];
}

/** Whether the viewer may list the jobs that can be run from the room, and look at jobs of it. */
export function canSeeJobsOf(viewer: Viewer, room: string): boolean {
  return (room === GLOBAL_ROOM && !viewer.only) || isInRoom(viewer, room);
}

/** The rooms whose jobs the viewer sees, as `canSeeJobsOf` has it; null: all. */
export function jobRoomsOf(viewer: Viewer): string[] | null {
  const rooms = roomsOf(viewer);
  return rooms && [...new Set(canSeeJobsOf(viewer, GLOBAL_ROOM) ? [...rooms, GLOBAL_ROOM] : rooms)];
}

/**
 * Whether the viewer may see the task and its stream.
 * @param holds whether a worker of the viewer holds the task now
 */
export function canSeeTask(viewer: Viewer, task: TaskAccess, holds: boolean): boolean {
  if (task.room === INTERNAL_ROOM) return false;
  switch (viewer.role) {
    case 'ADMIN':
      return isInRoom(viewer, task.room);
    case 'WORKER':
      return holds || isInRoom(viewer, task.room);
    case 'MEMBER':
      return isInRoom(viewer, task.room);
    case 'USER':
      return viewer.only ? viewer.only.taskId === task.id : task.createdBy === viewer.id;
  }
}

/** Whether the viewer sees every task of the room, and not only some. */
export function seesWholeRoom(viewer: Viewer, room: string): boolean {
  return viewer.role !== 'USER' && isInRoom(viewer, room);
}

/** Whether the viewer may submit tasks to the room. */
export function canSubmitTo(viewer: Viewer, room: string): boolean {
  return isInRoom(viewer, room);
}

/** Whether the viewer may cancel a task that it can see. */
export function canCancel(viewer: Viewer, task: TaskAccess): boolean {
  return viewer.only ? viewer.only.cancel && viewer.only.taskId === task.id : canUpdate(viewer, task);
}

/** Whether the viewer may update a task that it can see. */
export function canUpdate(viewer: Viewer, task: TaskAccess): boolean {
  if (viewer.only) return false;
  return viewer.role === 'USER' ? task.createdBy === viewer.id : isInRoom(viewer, task.room);
}

/** Whether the viewer may retry, or discard, a dead letter that it can see. */
export function canRetry(viewer: Viewer, task: TaskAccess): boolean {
  if (viewer.role === 'ADMIN') return true;
  return viewer.role !== 'WORKER' && task.createdBy === viewer.id;
}

/** Whether there are dead letters at all that the viewer may retry, or discard. */
export function canRetryAny(viewer: Viewer): boolean {
  return viewer.role !== 'WORKER';
}

/** Whether the viewer may see a plan or run of a bulk action, and carry it on or cancel it. */
export function canSeeBulk(viewer: Viewer, { createdBy }: { createdBy: string }): boolean {
  return viewer.role === 'ADMIN' || createdBy === viewer.id;
}

/** Whether the viewer may give out tokens for a task that it can see: whoever has such a token may not. */
export function canGiveTaskTokens(viewer: Viewer): boolean {
  return viewer.only === undefined;
}

/** Whether the viewer may run operations, and see their runs and the audit log. */
export function canOperate(viewer: Viewer): boolean {
  return viewer.role === 'ADMIN';
}

/** Whether the viewer may register workers at all. */
export function canRegisterWorkers(viewer: Viewer): boolean {
  return viewer.role === 'ADMIN' || viewer.role === 'WORKER';
}

/** Whether the viewer may register a job in the room; @global must be named among its rooms like any other. */
export function canRegisterJobIn(viewer: Viewer, room: string): boolean {
  return canRegisterWorkers(viewer) && isInRoom(viewer, room);
}

/** Whether the viewer may give a job of the room schemas that are no compatible change. Nobody's own is @global. */
export function canReplaceSchemasIn(viewer: Viewer, room: string): boolean {
  return canRegisterJobIn(viewer, room) && (viewer.role === 'ADMIN' || room !== GLOBAL_ROOM);
}

/**
 * Whether the viewer may pause a job, and resume it.
 * @param jobRoom the room that the job belongs to
 * @param room the room in which it is to be paused; null: in all
 */
export function canPauseJob(viewer: Viewer, jobRoom: string, room: string | null): boolean {
  return canRegisterWorkers(viewer) && isInRoom(viewer, room ?? jobRoom);
}

/** Whether the viewer may see, define, change and run any schedules. */
export function canManageSchedules(viewer: Viewer): boolean {
  return viewer.role === 'ADMIN' || viewer.role === 'WORKER';
}

/** What the rules need to know of a schedule. */
export interface ScheduleAccess {
  /** Null: all rooms. */
  room: string | null;
  /** Null for a schedule that submits tasks. */
  operation: string | null;
}

/**
 * Whether the viewer may see, define, change and run the schedule: a WORKER those that submit tasks to a room of its own.
 * Those of operations are an ADMIN's.
 */
export function canManageSchedule(viewer: Viewer, { room, operation }: ScheduleAccess): boolean {
  if (viewer.role === 'ADMIN') return true;
  return viewer.role === 'WORKER' && operation === null && room !== null && isInRoom(viewer, room);
}

/** Whether the viewer may act through the worker: claim, report, beat, deregister. */
export function canUseWorker(viewer: Viewer, worker: { owner: string }): boolean {
  if (worker.owner === INTERNAL_OWNER) return false;
  return viewer.role === 'ADMIN' || (viewer.role === 'WORKER' && worker.owner === viewer.id);
}

/**
 * Whether the viewer may see the worker: its own, and those that serve jobs which can be run from a room of its.
 * @param worker.rooms the rooms of the jobs that it serves
 */
export function canSeeWorker(viewer: Viewer, worker: { owner: string; rooms: readonly string[] }): boolean {
  if (worker.owner === INTERNAL_OWNER || !canSeeWorkers(viewer)) return false;
  return canUseWorker(viewer, worker) || worker.rooms.some((room) => canSeeJobsOf(viewer, room));
}

/** Whether the viewer may see workers at all. */
export function canSeeWorkers(viewer: Viewer): boolean {
  return viewer.role !== 'USER';
}

/** What the rules need to know of a saved view. */
export interface ViewAccess {
  owner: string;
  shared: boolean;
  /** Null: it is about no room, or all. */
  room: string | null;
}

/** Whether the viewer may see the saved view: its own, and those that are shared with its rooms, or with everybody. */
export function canSeeView(viewer: Viewer, { owner, shared, room }: ViewAccess): boolean {
  return owner === viewer.id || (shared && (room === null || canSeeJobsOf(viewer, room)));
}

/** Whether the viewer may change and delete a saved view that it can see. */
export function canEditView(viewer: Viewer, { owner }: ViewAccess): boolean {
  return owner === viewer.id || viewer.role === 'ADMIN';
}

/** Whether the viewer may share a view with a room, or with everybody. */
export function canShareView(viewer: Viewer, room: string | null): boolean {
  return viewer.role === 'ADMIN' || (viewer.role !== 'USER' && room !== null && isInRoom(viewer, room));
}

/** Whether the viewer may list, create and revoke API keys. */
export function canManageKeys(viewer: Viewer): boolean {
  return viewer.role === 'ADMIN';
}
