/** The jobs with most to do, live: what waits, what fails, and whether anybody serves them. */
import { ErrorNote } from '../../design/note.tsx';
import { countText, jobName, jobPlace, many } from '../../design/text.ts';
import { Link } from '../../frame/link.tsx';
import { type JobStatistics, useJobStatistics } from '../../live/job-statistics.ts';
import { Ended } from '../jobs/columns.tsx';
import styles from './section.module.css';

const SHOWN = 6;

export function BusyJobs({ room }: { room: string | undefined }) {
  const { jobs, error } = useJobStatistics(room, { first: SHOWN });
  return (
    <section className={styles.section}>
      <header className={styles.head}>
        <h2>Jobs with most to do</h2>
        <Link to="/jobs">All jobs</Link>
      </header>
      {error !== undefined && <ErrorNote error={error} />}
      <ul>
        {jobs?.map((one) => (
          <li key={one.job.fullName}>
            <Busy of={one} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Busy({ of }: { of: JobStatistics }) {
  const { fullName, workerCount } = of.job;
  const waiting = of.counts.byStatus.find(({ status }) => status === 'PENDING')?.count ?? 0;
  const { failed } = of.window;
  return (
    <Link to={`/jobs/${encodeURIComponent(fullName)}`} className={`${styles.item} ${styles.job}`}>
      <bdi className={styles.cut} title={fullName}>
        <strong>{jobName(fullName)}</strong> <span className={styles.faint}>{jobPlace(fullName)}</span>
      </bdi>
      <Ended series={of.series} what={`Tasks of ${fullName} that ended in the last hour`} />
      <span className={`${styles.figure} ${waiting > 0 && workerCount === 0 ? styles.bad : ''}`}>
        {waiting > 0 && workerCount === 0
          ? `${countText(waiting)}, no worker`
          : `${countText(waiting)} waiting`}
      </span>
      <span className={`${styles.figure} ${failed > 0 ? styles.bad : styles.faint}`}>
        {many(failed, 'failure')}
      </span>
    </Link>
  );
}
