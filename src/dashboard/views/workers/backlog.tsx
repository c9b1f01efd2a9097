/** Work that is due and that no living worker serves: it waits until somebody does something. Live, by the figures of jobs. */
import { jobName, jobPlace, many } from '../../design/text.ts';
import { Time } from '../../design/time.tsx';
import { Link } from '../../frame/link.tsx';
import { type JobStatistics, useJobStatistics } from '../../live/job-statistics.ts';
import styles from './backlog.module.css';

/** @param served the full names of jobs that a worker serves now: newer than the figures */
export function Backlog({ room, served }: { room: string | undefined; served: ReadonlySet<string> }) {
  const { jobs } = useJobStatistics(room);
  const unserved = jobs?.filter(
    ({ job, oldestPendingSince }) => oldestPendingSince && job.workerCount === 0 && !served.has(job.fullName),
  );
  if (!unserved || unserved.length === 0) return null;
  return (
    <section className={styles.backlog} aria-label="Backlog without workers">
      <h2>Waits for a worker that nobody runs</h2>
      <ul>
        {unserved.map(({ job: { fullName }, counts, oldestPendingSince: since }) => (
          <li key={fullName}>
            <Link to={`/jobs/${encodeURIComponent(fullName)}`} className={styles.job}>
              <strong>{jobName(fullName)}</strong> {jobPlace(fullName)}
            </Link>
            <Link to="/tasks" search={{ job: fullName, status: 'PENDING' }}>
              {many(pendingOf(counts), 'task')}
            </Link>
            {since && (
              <span className={styles.since}>
                the oldest due <Time at={since} />
              </span>
            )}
          </li>
        ))}
      </ul>
      <p className={styles.next}>Start a worker that registers the job, or retire it and cancel its tasks.</p>
    </section>
  );
}

const pendingOf = ({ byStatus }: JobStatistics['counts']) =>
  byStatus.find(({ status }) => status === 'PENDING')?.count ?? 0;
