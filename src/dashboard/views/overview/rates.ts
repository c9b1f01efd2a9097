/** How many transitions have gone over each track in the last minute, counted from the stream of the room. */

import { useEffect, useState } from 'react';
import { present } from '../../../client/present.ts';
import { TransitionStreamDocument } from '../../api/overview.ts';
import { everySecond } from '../../live/clock.ts';
import { followSubscription } from '../../live/follow.ts';
import { trackOf } from './tracks.ts';

const WINDOW_S = 60;
/** A second in which more than this happens is more than a browser should be sent: the stream is left. */
const TOO_MANY = 2_000;

export interface Rates {
  /** Transitions in the window, by track. */
  byTrack: ReadonlyMap<string, number>;
  /** In the last two seconds: what is moving now. */
  moving: ReadonlySet<string>;
  /** Seconds that have been watched, a minute at most. */
  watched: number;
  /** There was too much to count. */
  flooded: boolean;
}

const NONE: Rates = { byTrack: new Map(), moving: new Set(), watched: 0, flooded: false };

export function useRates(room: string | undefined): Rates {
  const [rates, setRates] = useState(NONE);
  useEffect(() => {
    setRates(NONE);
    const counter = createCounter();
    const end = followSubscription({
      document: TransitionStreamDocument,
      variables: { room },
      take({ roomEvents: event }) {
        if (event.__typename !== 'TaskTransitioned') return;
        const track = trackOf(event.transition);
        if (track !== undefined) counter.count(track);
      },
    });
    const stop = everySecond(() => {
      const next = counter.turn();
      setRates((now) => (isSame(now, next) ? now : next));
      if (!next.flooded) return;
      stop();
      end();
    });
    return () => {
      stop();
      end();
    };
  }, [room]);
  return rates;
}

function createCounter() {
  let seconds: Map<string, number>[] = [new Map()];
  let watched = 0;
  return {
    count(track: string) {
      const now = present(seconds[0]);
      now.set(track, (now.get(track) ?? 0) + 1);
    },
    /** A second is over. */
    turn(): Rates {
      watched = Math.min(WINDOW_S, watched + 1);
      const byTrack = new Map<string, number>();
      for (const second of seconds)
        for (const [track, count] of second) byTrack.set(track, (byTrack.get(track) ?? 0) + count);
      const moving = new Set(seconds.slice(0, 2).flatMap((second) => [...second.keys()]));
      const last = [...present(seconds[0]).values()].reduce((sum, count) => sum + count, 0);
      seconds = [new Map(), ...seconds.slice(0, WINDOW_S - 1)];
      return { byTrack, moving, watched, flooded: last > TOO_MANY };
    },
  };
}

/** Nothing has changed that is shown: a page on which nothing happens renders nothing. */
function isSame(a: Rates, b: Rates): boolean {
  return (
    a.flooded === b.flooded &&
    (a.watched === b.watched || b.byTrack.size === 0) &&
    a.byTrack.size === b.byTrack.size &&
    a.moving.size === b.moving.size &&
    [...a.byTrack].every(([track, count]) => b.byTrack.get(track) === count) &&
    [...a.moving].every((track) => b.moving.has(track))
  );
}
