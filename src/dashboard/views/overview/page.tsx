import { PageHead } from '../../frame/page-head.tsx';
import { useRoom } from '../../frame/search.ts';
import { countOf, useCounts } from '../../live/counts.ts';
import { useViewer } from '../../session/session.ts';
import { Activity } from './activity.tsx';
import { Failures } from './failures.tsx';
import { FirstSteps } from './first-steps.tsx';
import styles from './page.module.css';
import { Panel } from './panel.tsx';
import { useRates } from './rates.ts';

export function Page() {
  const room = useRoom();
  const { role } = useViewer();
  const seesAll = role !== 'USER';
  const counts = useCounts(room, undefined, seesAll);
  const rates = useRates(room);
  return (
    <div className={styles.page}>
      <PageHead title="Overview" aside={room === undefined ? 'All rooms' : undefined} />
      <Panel counts={counts} rates={rates} />
      {counts?.total === 0 && <FirstSteps room={room} />}
      {seesAll && <Activity room={room} counts={counts} />}
      {counts && counts.total > 0 && <Failures room={room} failed={countOf(counts, 'FAILED')} />}
    </div>
  );
}
