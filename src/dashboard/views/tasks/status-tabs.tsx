/** One tab a status: a click sets the filter, with Ctrl it adds to it. The counts are of the whole filter where they are known. */
import { Aspect, STATUSES } from '../../design/status.tsx';
import { countText, wordOf } from '../../design/text.ts';
import { useChangeSearch, useRoom, useSearchText } from '../../frame/search.ts';
import type { TaskFilter, TaskStatus } from '../../generated/graphql.ts';
import { countOf, useCounts } from '../../live/counts.ts';
import { useViewer } from '../../session/session.ts';
import { statusesOf } from './filter.ts';
import styles from './status-tabs.module.css';

export function StatusTabs({ filter }: { filter: TaskFilter }) {
  const search = useSearchText();
  const change = useChangeSearch();
  const chosen = statusesOf(search);
  const { role } = useViewer();
  // Live counts are of a room and a job; a further condition would make them those of something else.
  const counted = role !== 'USER' && Object.keys(filter).every((name) => name === 'job');
  const counts = useCounts(useRoom(), filter.job ?? undefined, counted);
  const set = (statuses: readonly TaskStatus[]) => change({ status: statuses.join(',') || undefined });
  return (
    <div className={styles.tabs} role="group" aria-label="Status">
      <button type="button" aria-pressed={chosen.length === 0} onClick={() => set([])}>
        All {counts && <span className={styles.count}>{countText(counts.total)}</span>}
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
