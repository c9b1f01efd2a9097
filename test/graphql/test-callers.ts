/** Every kind of caller, by what DESIGN.md's table tells apart: role, rooms, what they created, what their workers hold. */
import type { Role } from '../../src/domain/access.ts';
import { type Api, Caller } from '../support/api.ts';
import type { Result } from '../support/client.ts';

const CALLERS = {
  /** The static token. */
  admin: ['@admin', 'ADMIN', ['*']],
  /** Owns the worker that holds what is held. */
  owner: ['owner', 'WORKER', ['here']],
  /** A worker of the same room with nothing of its own. */
  peer: ['peer', 'WORKER', ['here']],
  /** Works tasks of every room through a job of @global. */
  lender: ['lender', 'WORKER', ['there', '@global']],
  stranger: ['stranger', 'WORKER', ['there']],
  /** The owner, whose token names no room any more. */
  exOwner: ['owner', 'WORKER', []],
  everyWorker: ['every-worker', 'WORKER', ['*']],
  member: ['member', 'MEMBER', ['here']],
  outsider: ['outsider', 'MEMBER', ['there']],
  everyMember: ['every-member', 'MEMBER', ['*']],
  /** Created the tasks. */
  creator: ['creator', 'USER', ['here']],
  /** The creator, whose token names no room any more. */
  exCreator: ['creator', 'USER', []],
  user: ['user', 'USER', ['here']],
  foreigner: ['foreigner', 'USER', ['there']],
  everyUser: ['every-user', 'USER', ['*']],
  /** Those whose token is an API key, not signed. */
  keyOfWorker: ['an API key', 'WORKER', ['here']],
  keyOfMember: ['an API key', 'MEMBER', ['here']],
} as const satisfies Record<string, readonly [id: string, role: Role, rooms: readonly string[]]>;

export type Name = keyof typeof CALLERS;
export const NAMES = Object.keys(CALLERS) as Name[];
export type TestCallers = Record<Name, Caller>;

export async function createTestCallers(api: Api): Promise<TestCallers> {
  const cast = {} as TestCallers;
  for (const name of NAMES) {
    const [id, role, rooms] = CALLERS[name];
    if (name === 'admin') cast[name] = api.admin;
    else if (id === 'an API key') cast[name] = await holderOfKey(api, role, rooms);
    else cast[name] = await api.caller(id, role, [...rooms]);
  }
  return cast;
}

async function holderOfKey(api: Api, role: Role, rooms: readonly string[]): Promise<Caller> {
  const { secret, apiKey } = await api.admin.createKey({ name: 'k', role, rooms, tier: 'unlimited' });
  return new Caller(api.url, apiKey.id, secret);
}

/** Who belongs to the room; an ADMIN belongs to all. */
export function inRoom(room: string): Name[] {
  return NAMES.filter((name) =>
    (['*', room] as string[]).some((one) => CALLERS[name][2].some((r) => r === one)),
  );
}

export function withRole(...roles: Role[]): Name[] {
  return NAMES.filter((name) => roles.some((role) => CALLERS[name][1] === role));
}

/** Of all the lists, once each, in the order of the cast. */
export function anyOf(...lists: Name[][]): Name[] {
  return NAMES.filter((name) => lists.some((list) => list.includes(name)));
}

export function bothOf(a: Name[], b: Name[]): Name[] {
  return a.filter((name) => b.includes(name));
}

export function without(list: Name[], ...names: Name[]): Name[] {
  return list.filter((name) => !names.includes(name));
}

export type Outcome = 'ok' | 'not found' | 'forbidden';

/** What an answer comes to; anything else is told as it is. */
export function outcomeOf({ data, errors }: Result): Outcome | string {
  const told = errors?.map(({ message, extensions }) => extensions?.['code'] ?? message);
  if (told?.every((code) => code === 'FORBIDDEN')) return 'forbidden';
  if (told) return told.every((code) => code === 'NOT_FOUND') ? 'not found' : told.join();
  // biome-ignore lint/suspicious/noExplicitAny: answers of any shape
  const [found] = Object.values(data) as any[];
  // A list without entries is an answer, too, and so is one of texts; what is not found is null in its place.
  if (Array.isArray(found) && (found.length === 0 || typeof found[0] === 'string')) return 'ok';
  const typename: string = (Array.isArray(found) ? found[0] : found)?.__typename ?? 'NotFound';
  if (typename.endsWith('NotFound')) return 'not found';
  if (typename === 'Forbidden') return 'forbidden';
  return /^Invalid|^Stale|Conflict$/.test(typename) ? typename : 'ok';
}
