/** The panel of the dashboard has a track for every edge of the state machine. */
import { expect, it } from 'vitest';
import { trackOf } from '../../src/dashboard/views/overview/tracks.ts';
import { TRANSITIONS, type Transition } from '../../src/domain/transitions.ts';

it.each(Object.entries(TRANSITIONS) as [string, Transition][])(
  '%s goes over a track',
  (_action, { from, to, reason }) => {
    // Of an action that does not change the status nothing moves.
    if (to === null) return;
    const edges = from.length === 0 ? [null] : from;
    for (const status of edges) {
      expect(trackOf({ from: status, to, reason }), `${status} to ${to}, ${reason}`).toBeDefined();
    }
  },
);

it('a transition that is none has no track', () => {
  expect(trackOf({ from: 'COMPLETED', to: 'RUNNING', reason: 'STARTED' })).toBeUndefined();
});
