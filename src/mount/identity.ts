/** Identities of the application: who a request is from, or as whom a client within the process acts. */
import { EVERY_ROOM, isSubject, ROLES, type Role, type Viewer } from '../domain/access.ts';
import { isValidRoom } from '../domain/rooms.ts';

/** Who somebody is, and what it may do. */
export interface Identity {
  /** What `createdBy` and `actor` say: 1 to 256 characters, not beginning with "@". */
  id: string;
  /** ADMIN, WORKER, MEMBER or USER; see docs/security.md. */
  role: Role;
  /** Room ids, or `['*']` for all. */
  rooms?: readonly string[];
  /** A tier of SIGNALBOX_RATE_LIMITS. */
  tier?: string;
  /** When its sign-in ends, and with it its streams; left out: they live as long as their connections. */
  expiresAt?: Date;
}

/** @throws TypeError for an identity that no token could have either */
export function viewerOfIdentity({ id, role, rooms = [], tier, expiresAt }: Identity): Viewer {
  if (typeof id !== 'string' || !isSubject(id)) {
    throw new TypeError(`An identity's id has 1 to 256 characters and does not begin with "@": ${id}`);
  }
  if (!ROLES.includes(role)) throw new TypeError(`The role of ${id} is none of ${ROLES.join(', ')}: ${role}`);
  const wrong = rooms.find((room) => room !== EVERY_ROOM && !isValidRoom(room));
  if (wrong !== undefined) throw new TypeError(`A room of ${id} is not valid: ${wrong}`);
  return { id, role, rooms: [...rooms], expiresAt: expiresAt ?? null, ...(tier !== undefined && { tier }) };
}
