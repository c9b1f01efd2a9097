/** Rooms: the scopes of work and of access. */

/** The one reserved room: its jobs can be run from every room. */
export const GLOBAL_ROOM = '@global';

/** The room of the server's own jobs and tasks: no caller's name for a room, and to be seen by none. */
export const INTERNAL_ROOM = '@internal';

const MAX_LENGTH = 128;

// White space, control and invisible format characters, and lone surrogates (which no database takes).
const FORBIDDEN = /[@:\s\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/**
 * Whether the text names a room: `@global`, or 1 to 128 characters without `@`, `:`, white space, control or
 * invisible characters.
 */
export function isValidRoom(room: string): boolean {
  if (room === GLOBAL_ROOM) return true;
  return room.length > 0 && room.length <= MAX_LENGTH && !FORBIDDEN.test(room);
}

/** A job's address: `room:category:name`. */
export function jobFullName(room: string, category: string, name: string): string {
  return `${room}:${category}:${name}`;
}

/** Whether a job of `jobRoom` can be seen and run from `room`. */
export function isVisibleFrom(jobRoom: string, room: string): boolean {
  return jobRoom === room || jobRoom === GLOBAL_ROOM;
}
