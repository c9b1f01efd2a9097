/** One tab a status: a click sets the filter, with Ctrl it adds to it. The counts are live, and of the whole filter. */
import { useEffect, useRef } from 'react';
import { Aspect, STATUSES } from '../../design/status.tsx';
import { countText, wordOf } from '../../design/text.ts';
import { useChangeSearch, useRoom, useSearchText } from '../../frame/search.ts';
import type { TaskFilter, TaskStatus } from '../../generated/graphql.ts';
import { countOf, useFilteredCounts } from '../../live/counts.ts';
import { statusesOf } from './filter.ts';
import styles from './status-tabs.module.css';

export function StatusTabs({ filter }: { filter: TaskFilter }) {
  const search = useSearchText();
  const change = useChangeSearch();
  const chosen = statusesOf(search);
  const counts = useFilteredCounts(useRoom(), filter);
  const set = (statuses: readonly TaskStatus[]) => change({ status: statuses.join(',') || undefined });
  const tabs = useRef<HTMLDivElement>(null);
  const first = chosen[0];
  // Narrow, the tabs are a strip: the chosen one is brought into sight.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when another one is chosen.
  useEffect(() => {
    const tab = tabs.current?.querySelector<HTMLElement>('[aria-pressed="true"]');
    if (tab && tabs.current) tabs.current.scrollLeft = tab.offsetLeft - tabs.current.offsetLeft - 40;
  }, [first]);
  return (
    <div ref={tabs} className={styles.tabs} role="group" aria-label="Status">
      <button type="button" aria-pressed={chosen.length === 0} onClick={() => set([])}>
        All{' '}
        {counts && (
          <span className={styles.count}>
            {countText(counts.total)}
            {counts.atLeast ? '+' : ''}
          </span>
        )}
      </button>
      {STATUSES.map((status) => (
        <button
          key={status}
          type="button"
          aria-pressed={chosen.includes(status)}
          title="With Ctrl: beside what is chosen"
          onClick={({ ctrlKey, metaKey }) =>
            set(
              ctrlKey || metaKey
                ? toggled(chosen, status)
                : chosen.length === 1 && chosen[0] === status
                  ? []
                  : [status],
            )
          }
        >
          <Aspect status={status} />
          {wordOf(status)}
          {counts && <span className={styles.count}>{countText(countOf(counts, status))}</span>}
        </button>
      ))}
    </div>
  );
}

function toggled(chosen: readonly TaskStatus[], status: TaskStatus): TaskStatus[] {
  return chosen.includes(status) ? chosen.filter((other) => other !== status) : [...chosen, status];
}
