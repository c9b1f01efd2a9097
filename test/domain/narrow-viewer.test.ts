import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as access from '../../src/domain/access.ts';
import { reduceToRoom, withoutCredential } from '../../src/domain/narrow-viewer.ts';

const ROOMS = ['a', 'b', 'c', '@global'];
const room = fc.constantFrom(...ROOMS);
const viewer: fc.Arbitrary<access.Viewer> = fc.record({
  id: fc.constantFrom('ann', 'ben'),
  role: fc.constantFrom(...access.ROLES),
  rooms: fc.subarray([...ROOMS, access.EVERY_ROOM]),
  expiresAt: fc.constantFrom(null, new Date(0)),
});
const task = fc.record({ room, createdBy: fc.constantFrom('ann', 'ben', '') });

describe('a reduced viewer', () => {
  it('may do nothing that the viewer may not, whoever it is and whatever it is asked about', () => {
    fc.assert(
      fc.property(viewer, room, task, room, (whole, of, seen, other) => {
        // Nobody without a name submits.
        if (seen.createdBy === '') return;
        const reduced = reduceToRoom(whole, of);
        const rules: [string, (who: access.Viewer) => boolean][] = [
          ['canSeeTask', (who) => access.canSeeTask(who, seen, false)],
          ['canSeeJobsOf', (who) => access.canSeeJobsOf(who, other)],
          ['isInRoom', (who) => access.isInRoom(who, other)],
          ['seesWholeRoom', (who) => access.seesWholeRoom(who, other)],
          ['canUseWorker', (who) => access.canUseWorker(who, { owner: 'ann' })],
          ['canRegisterWorkers', access.canRegisterWorkers],
        ];
        for (const [name, may] of rules) {
          if (may(reduced)) expect([name, may(whole)]).toEqual([name, true]);
        }
      }),
    );
  });

  it('sees of the room just what the viewer sees', () => {
    fc.assert(
      fc.property(viewer, room, fc.constantFrom('ann', 'ben'), (whole, of, createdBy) => {
        fc.pre(access.isInRoom(whole, of));
        const seen = { room: of, createdBy };
        expect(access.canSeeTask(reduceToRoom(whole, of), seen, false)).toBe(
          access.canSeeTask(whole, seen, false),
        );
      }),
    );
  });

  it('is nobody, unless what it sees depends on who it is', () => {
    expect(reduceToRoom({ id: 'ann', role: 'ADMIN', rooms: [], expiresAt: null }, 'a')).toEqual(
      reduceToRoom({ id: 'ben', role: 'WORKER', rooms: ['b', 'a'], expiresAt: new Date(0) }, 'a'),
    );
    const user = { id: 'ann', role: 'USER', rooms: ['b', 'a', 'b'], expiresAt: new Date(0) } as const;
    expect(reduceToRoom(user, 'a')).toEqual({ id: 'ann', role: 'USER', rooms: ['a', 'b'], expiresAt: null });
    expect(withoutCredential(user).rooms).toEqual(['a', 'b']);
  });
});
