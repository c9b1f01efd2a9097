/** Why tasks wait, in numbers: read again when the live counts change. */
import { BlockedCountsDocument } from '../../api/overview.ts';
import { useRead } from '../../api/read.ts';
import { countText, roughly } from '../../design/text.ts';
import { Link } from '../../frame/link.tsx';
import type { BlockedBy } from '../../generated/graphql.ts';
import { useRereadOn } from '../../live/reread.ts';
import { drainsInMs } from './pace.ts';
import styles from './waits.module.css';

const WORDS: Record<BlockedBy, { text: string; to?: string; isBad?: boolean }> = {
  NOT_DUE: { text: 'are not due yet' },
  NO_WORKER: { text: 'have no worker', to: '/workers', isBad: true },
  NO_FREE_SLOT: { text: 'wait for a free slot', to: '/workers' },
  JOB_PAUSED: { text: 'are of a paused job', to: '/jobs', isBad: true },
  DEPENDENCY: { text: 'wait for other tasks' },
  LIMIT: { text: 'are held by a limit of their job', to: '/jobs' },
};

export interface WaitsProps {
  room: string | undefined;
  /** Changes whenever a task has. */
  counts: object;
  /** Where it says why a worker is missing. */
  seesWorkers: boolean;
}

export function Waits({ room, counts, seesWorkers }: WaitsProps) {
  const { data, again } = useRead(
    'blocked counts',
    BlockedCountsDocument,
    { room, seesPace: seesWorkers },
    { keep: true },
  );
  useRereadOn(counts, again);
  if (!data) return null;
  const drainsIn = drainsInMs(data);
  const { byReason, unblocked, atLeast } = data.blockedCounts;
  const reasons = byReason.filter(({ count }) => count > 0).sort((a, b) => b.count - a.count);
  if (reasons.length === 0 && unblocked === 0) return null;
  return (
    <section className={styles.waits} aria-label="Why tasks wait">
      <h2>Why tasks wait</h2>
      <ul>
        {reasons.map(({ by, count }) => {
          const { text, to, isBad } = WORDS[by];
          const words = (
            <>
              <strong>{countText(count)}</strong> {text}
            </>
          );
          return (
            <li key={by} data-bad={isBad || undefined}>
              {to && seesWorkers ? <Link to={to}>{words}</Link> : words}
            </li>
          );
        })}
        {unblocked > 0 && (
          <li>
            <strong>{countText(unblocked)}</strong> {unblocked === 1 ? 'is' : 'are'} next
          </li>
        )}
        {drainsIn !== undefined && (
          <li title="Those that are next, wait for a slot or for a limit, at the pace of the last 10 minutes">
            what workers can take is done in about <strong>{roughly(drainsIn)}</strong>
          </li>
        )}
        {atLeast && <li>and more: counting stops at 10,000</li>}
      </ul>
    </section>
  );
}
