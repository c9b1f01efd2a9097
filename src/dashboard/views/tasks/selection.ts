/** Which rows are selected. Ids, not rows: they stay selected whatever becomes of them. */
import { useCallback, useMemo, useRef, useState } from 'react';

export interface Selection {
  ids: ReadonlySet<string>;
  size: number;
  has(id: string): boolean;
  /** With `range`, everything from the one that was toggled last. */
  toggle(id: string, range?: boolean): void;
  all(ids: readonly string[]): void;
  clear(): void;
}

export function useSelection(order: readonly string[]): Selection {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const last = useRef<string>(undefined);
  const latestOrder = useRef(order);
  latestOrder.current = order;
  const toggle = useCallback((id: string, range = false) => {
    setIds((now) => {
      const next = new Set(now);
      const from = range && last.current ? latestOrder.current.indexOf(last.current) : -1;
      const to = latestOrder.current.indexOf(id);
      if (from >= 0 && to >= 0) {
        for (const item of latestOrder.current.slice(Math.min(from, to), Math.max(from, to) + 1))
          next.add(item);
      } else if (!next.delete(id)) next.add(id);
      return next;
    });
    last.current = id;
  }, []);
  const all = useCallback((every: readonly string[]) => setIds(new Set(every)), []);
  const clear = useCallback(() => setIds((now) => (now.size > 0 ? new Set() : now)), []);
  return useMemo(
    () => ({ ids, size: ids.size, has: (id) => ids.has(id), toggle, all, clear }),
    [ids, toggle, all, clear],
  );
}
