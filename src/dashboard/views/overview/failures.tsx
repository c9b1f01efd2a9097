import { RecentFailuresDocument } from '../../api/overview.ts';
import { useRead } from '../../api/read.ts';
import { ErrorNote } from '../../design/note.tsx';
import { jobName } from '../../design/text.ts';
import { Time } from '../../design/time.tsx';
import { Link } from '../../frame/link.tsx';
import styles from './failures.module.css';

/** The newest dead letters. `failed` is how many there are: another number, and they are read again. */
export function Failures({ room, failed }: { room: string | undefined; failed: number }) {
  const { data, error, again } = useRead(
    `failures ${failed}`,
    RecentFailuresDocument,
    { room },
    { keep: true },
  );
  const tasks = data?.deadLetters.nodes ?? [];
  return (
    <section className={styles.failures}>
      <header className={styles.head}>
        <h2>Newest dead letters</h2>
        <Link to="/dead-letters">All of them</Link>
      </header>
      {error !== undefined && <ErrorNote error={error} retry={again} />}
      {data && tasks.length === 0 && (
        <p className={styles.none}>None: everything that failed was looked after.</p>
      )}
      <ul>
        {tasks.map(({ id, job, error: failure, finishedAt }) => (
          <li key={id}>
            <Link to={`/tasks/${id}`} className={styles.item}>
              <strong>{jobName(job.fullName)}</strong>
              <bdi className={styles.text}>
                {failure?.code ? `${failure.code}: ` : ''}
                {failure?.message}
              </bdi>
              <span className={styles.when}>{finishedAt && <Time at={finishedAt} />}</span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
