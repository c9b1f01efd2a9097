/** Viewers that hold less than a caller does: what is made for many is made as one of these. */
import { EVERY_ROOM, seesWholeRoom, type Viewer } from './access.ts';

/**
 * What the rights of a viewer give in a room, and nothing else: a viewer that holds just that. All who see the whole
 * room are made the same; who sees only some of its tasks stays itself.
 */
export function reduceToRoom(viewer: Viewer, room: string): Viewer {
  if (seesWholeRoom(viewer, room)) return { id: '', role: 'MEMBER', rooms: [room], expiresAt: null };
  return withoutCredential(viewer);
}

/** The same over several rooms of the viewer; null: over all that there are. */
export function reduceToRooms(viewer: Viewer, rooms: readonly string[] | null): Viewer {
  if (viewer.role === 'USER') return withoutCredential(viewer);
  return { id: '', role: 'MEMBER', rooms: rooms ? [...rooms].sort() : [EVERY_ROOM], expiresAt: null };
}

/** The viewer with all of its rights, but nothing of the credential that it signed in with. */
export function withoutCredential({ id, role, rooms, only }: Viewer): Viewer {
  return { id, role, rooms: [...new Set(rooms)].sort(), expiresAt: null, ...(only && { only }) };
}
