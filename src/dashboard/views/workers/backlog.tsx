/** Work that is due and that no living worker serves: it waits until somebody does something. */
import { useState } from 'react';
import { useRead } from '../../api/read.ts';
import { DueWorkDocument } from '../../api/workers.ts';
import { jobName, jobPlace, many } from '../../design/text.ts';
import { Time } from '../../design/time.tsx';
import { Link } from '../../frame/link.tsx';
import type { DueWorkQuery } from '../../generated/graphql.ts';
import { serverNow } from '../../live/clock.ts';
import styles from './backlog.module.css';

/** `served` changes when workers come and go: then it is read again. */
export function Backlog({ room, served }: { room: string | undefined; served: string }) {
  const [now] = useState(() => new Date(serverNow()).toISOString());
  const { data } = useRead(`due ${served}`, DueWorkDocument, { room, now }, { keep: true });
  const jobs = unservedOf(data?.tasks.nodes ?? []);
  if (jobs.length === 0) return null;
  return (
    <section className={styles.backlog} aria-label="Backlog without workers">
      <h2>Waits for a worker that nobody runs</h2>
      <ul>
        {jobs.map(({ job, count, since, more }) => (
          <li key={job}>
            <Link to={`/jobs/${encodeURIComponent(job)}`} className={styles.job}>
              <strong>{jobName(job)}</strong> {jobPlace(job)}
            </Link>
            <Link to="/tasks" search={{ job, status: 'PENDING' }}>
              {more ? 'at least ' : ''}
              {many(count, 'task')}
            </Link>
            <span className={styles.since}>
              the oldest due <Time at={since} />
            </span>
          </li>
        ))}
      </ul>
      <p className={styles.next}>Start a worker that registers the job, or retire it and cancel its tasks.</p>
    </section>
  );
}

const READ = 100;

function unservedOf(tasks: DueWorkQuery['tasks']['nodes']) {
  const byJob = new Map<string, { job: string; count: number; since: string; more: boolean }>();
  for (const { job, runAt } of tasks) {
    if (job.workerCount > 0) continue;
    const known = byJob.get(job.fullName);
    if (!known)
      byJob.set(job.fullName, { job: job.fullName, count: 1, since: runAt, more: tasks.length >= READ });
    else {
      known.count++;
      if (runAt < known.since) known.since = runAt;
    }
  }
  return [...byJob.values()];
}
