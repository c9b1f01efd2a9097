/** Maintenance that is under way, on whichever server, and what the last runs did. For an ADMIN. */
import { ElapsedTime, Time } from '../../design/time.tsx';
import { Link } from '../../frame/link.tsx';
import { MetricsLine, RunState } from '../operations/run-state.tsx';
import { useRuns } from '../operations/use-runs.ts';
import styles from './section.module.css';

const SHOWN = 5;

export function RunningOperations({ room }: { room: string | undefined }) {
  const { runs } = useRuns(undefined);
  // Those of all rooms concern this one, too.
  const of = runs.filter((run) => room === undefined || run.room == null || run.room === room);
  const running = of.filter(({ status }) => status === 'RUNNING');
  const shown = [...running, ...of.filter((run) => !running.includes(run))].slice(0, SHOWN);
  return (
    <section className={styles.section}>
      <header className={styles.head}>
        <h2>
          Operations{' '}
          <span className={styles.faint}>
            {running.length > 0 ? `${running.length} under way` : 'none under way'}
          </span>
        </h2>
        <Link to="/operations">All operations</Link>
      </header>
      {shown.length === 0 && (
        <p className={styles.none}>No run yet: maintenance leaves one when it did something, or failed.</p>
      )}
      <ul>
        {shown.map((run) => (
          <li key={run.id}>
            <Link to={`/operations/runs/${run.id}`} className={`${styles.item} ${styles.run}`}>
              <RunState run={run} />
              <code className={styles.cut}>{run.operation}</code>
              <span className={`${styles.cut} ${styles.faint}`}>
                {run.error ? (
                  <span className={styles.bad}>{run.error}</span>
                ) : (
                  <MetricsLine metrics={run.metrics} />
                )}
                {run.dryRun && ', only counted'}
              </span>
              <span className={styles.figure}>
                {run.finishedAt ? <Time at={run.startedAt} /> : <ElapsedTime from={run.startedAt} />}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
