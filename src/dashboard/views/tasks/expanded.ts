/** Which rows of a list are open in place. Ids, as of a selection, with how high what they show is. */
import { useCallback, useMemo, useState } from 'react';

export interface Expanded {
  ids: ReadonlySet<string>;
  toggle(id: string): void;
  /** What is shown below the row, in pixels; 0: nothing. */
  heightOf(id: string): number;
  /** Reports the height as it is drawn. */
  drawn(id: string, height: number): void;
}

/** Until it is drawn. */
const GUESS = 120;

export function useExpanded(): Expanded {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const [heights, setHeights] = useState<ReadonlyMap<string, number>>(new Map());
  const toggle = useCallback(
    (id: string) =>
      setIds((now) => {
        const next = new Set(now);
        if (!next.delete(id)) next.add(id);
        return next;
      }),
    [],
  );
  const drawn = useCallback(
    (id: string, height: number) =>
      setHeights((now) => (now.get(id) === height ? now : new Map(now).set(id, height))),
    [],
  );
  return useMemo(
    () => ({ ids, toggle, drawn, heightOf: (id) => (ids.has(id) ? (heights.get(id) ?? GUESS) : 0) }),
    [ids, heights, toggle, drawn],
  );
}
