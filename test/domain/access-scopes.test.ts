import { describe, expect, it } from 'vitest';
import { ROLES, type Role, type Viewer } from '../../src/domain/access.ts';
import * as scopes from '../../src/domain/access-scopes.ts';

const viewer = (role: Role): Viewer => ({ id: 'ann', role, rooms: ['lab'], expiresAt: null });
const ofEach = (scope: (one: Viewer) => unknown) => ROLES.map((role) => scope(viewer(role)));

// In the order ADMIN, WORKER, MEMBER, USER.
describe('what lists are narrowed to', () => {
  it.each([
    ['whole rooms', scopes.wholeRoomsOf, [null, ['lab'], ['lab'], []]],
    ['the creator of tasks', scopes.creatorSeenBy, [undefined, undefined, undefined, 'ann']],
    ['the creator of dead letters to retry', scopes.creatorRetriedBy, [undefined, 'ann', 'ann', 'ann']],
    ['the owner of workers', scopes.workerOwnerSeenBy, [null, 'ann', null, null]],
  ])('is %s', (_name, scope, expected) => {
    expect(ofEach(scope)).toEqual(expected);
  });

  it.each([
    ['lab', 'JOB', [null, null, null, null]],
    ['lab', 'ROOM', [null, null, null, ['lab']]],
    ['@global', 'ROOM', [null, ['lab'], ['lab'], ['lab']]],
    ['lab', 'CREATOR', [null, null, null, ['ann']]],
    ['@global', 'KEY', [null, [], [], []]],
  ] as const)('is keys of a limit of a job of %s by %s', (room, scope, expected) => {
    expect(ofEach((one) => scopes.limitKeysSeenBy(one, room, scope))).toEqual(expected);
  });
});
