/** Reading again what no stream carries, when a stream says that things have changed: never by a clock alone. */
import { useEffect, useRef } from 'react';
import { useViewer } from '../session/session.ts';

/** Milliseconds between two reads at least. Whoever has points to spend spends one a minute. */
const APART_MS = { free: 4_000, counted: 60_000 };

/**
 * Calls `again` some time after `change` has become another value. The first value is that beside which it was read.
 * @param change undefined: nothing is known yet
 */
export function useRereadOn(change: unknown, again: () => void): void {
  const { rateLimit } = useViewer();
  const readAt = useRef<number>(undefined);
  const latest = useRef(again);
  latest.current = again;
  const apart = rateLimit ? APART_MS.counted : APART_MS.free;
  useEffect(() => {
    if (change === undefined) readAt.current = undefined;
    else if (readAt.current === undefined) readAt.current = Date.now();
    else {
      const due = () => {
        readAt.current = Date.now();
        latest.current();
      };
      const timer = setTimeout(due, Math.max(0, readAt.current + apart - Date.now()));
      return () => clearTimeout(timer);
    }
    return undefined;
  }, [change, apart]);
}
