import { PageHead } from '../../frame/page-head.tsx';
import { useRoom } from '../../frame/search.ts';
import { type Counts, countOf, useFilteredCounts, useTaskCounts } from '../../live/counts.ts';
import { useViewer } from '../../session/session.ts';
import { ActivityPanel } from './activity.tsx';
import { BusyJobs } from './busy-jobs.tsx';
import { Errors } from './errors.tsx';
import { FirstSteps } from './first-steps.tsx';
import { NoOwnTasks, OwnTasks } from './own-tasks.tsx';
import styles from './page.module.css';
import { Panel } from './panel.tsx';
import { useRates } from './rates.ts';
import { RunningOperations } from './running-operations.tsx';
import { Waits } from './waits.tsx';

export function Page() {
  const room = useRoom();
  const { role } = useViewer();
  const seesAll = role !== 'USER';
  const all = useTaskCounts(room, undefined, seesAll);
  // Whoever sees no statistics sees how many of its own there are.
  const own = useFilteredCounts(room, {}, !seesAll);
  const counts = seesAll ? all : own;
  const rates = useRates(room);
  return (
    <div className={styles.page}>
      <PageHead title="Overview" aside={seesAll ? (room ?? 'All rooms') : 'Your tasks'} />
      <Panel counts={counts} rates={rates} />
      {counts && waitingIn(counts) > 0 && <Waits room={room} counts={counts} seesWorkers={seesAll} />}
      {counts?.total === 0 && (seesAll ? <FirstSteps room={room} /> : <NoOwnTasks />)}
      {!seesAll && counts !== undefined && counts.total > 0 && <OwnTasks room={room} />}
      {seesAll && all && all.total > 0 && (
        <>
          <ActivityPanel room={room} counts={all} />
          <div className={styles.pair}>
            <BusyJobs room={room} />
            <Errors room={room} failed={countOf(all, 'FAILED')} />
          </div>
          {role === 'ADMIN' && <RunningOperations room={room} />}
        </>
      )}
    </div>
  );
}

const waitingIn = (counts: Pick<Counts, 'byStatus'>) =>
  countOf(counts, 'PENDING') + countOf(counts, 'WAITING');
