import { describe, expect, it } from 'vitest';
import { tierOf } from '../../src/domain/tiers.ts';

const TIERS = { team: 10_000, free: 100, solo: 1_000 };
const FREE = { name: 'free', points: 100 };

describe('the tier of a caller', () => {
  it.each([
    [
      'is the one that its credential names',
      { role: 'MEMBER', tier: 'solo' },
      { name: 'solo', points: 1_000 },
    ],
    ['is the one that its credential names, also of an ADMIN', { role: 'ADMIN', tier: 'free' }, FREE],
    ['has no limit when it says so', { role: 'USER', tier: 'unlimited' }, null],
    ['is none for a WORKER that names none', { role: 'WORKER' }, null],
    ['is none for an ADMIN that names none', { role: 'ADMIN' }, null],
    ['is the default for a MEMBER that names none', { role: 'MEMBER' }, { name: 'team', points: 10_000 }],
    ['is the default for a USER that names none', { role: 'USER' }, { name: 'team', points: 10_000 }],
    ['is the smallest for a name that is not known', { role: 'USER', tier: 'gold' }, FREE],
    ['is the smallest for a name that objects have', { role: 'USER', tier: 'constructor' }, FREE],
  ] as const)('%s', (_what, viewer, tier) => {
    expect(tierOf(viewer, TIERS, 'team')).toEqual(tier);
  });

  it('is none by default, and where there are no tiers', () => {
    expect(tierOf({ role: 'USER' }, TIERS, 'unlimited')).toBeNull();
    expect(tierOf({ role: 'USER', tier: 'free' }, {}, 'free')).toBeNull();
  });
});
