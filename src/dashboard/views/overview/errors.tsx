/** What goes wrong most in the last day, alike errors together. */
import { ErrorGroupsDocument } from '../../api/error-groups.ts';
import { useRead } from '../../api/read.ts';
import { ErrorNote } from '../../design/note.tsx';
import { Sparkline } from '../../design/sparkline.tsx';
import { countText } from '../../design/text.ts';
import { Link } from '../../frame/link.tsx';
import styles from './section.module.css';

const SHOWN = 6;

/** `failed` is how many dead letters there are: another number, and the errors are read again. */
export function Errors({ room, failed }: { room: string | undefined; failed: number }) {
  const variables = { room, first: SHOWN };
  const { data, error, again } = useRead(`errors ${failed}`, ErrorGroupsDocument, variables, { keep: true });
  const groups = data?.errorGroups ?? [];
  return (
    <section className={styles.section}>
      <header className={styles.head}>
        <h2>Errors of the last 24 hours</h2>
        <Link to="/dead-letters" search={{ group: 'error' }}>
          All errors
        </Link>
      </header>
      {error !== undefined && <ErrorNote error={error} retry={again} />}
      {data && groups.length === 0 && <p className={styles.none}>None: no attempt has failed.</p>}
      <ul>
        {groups.map(({ fingerprint, code, message, count, series, job }) => (
          <li key={fingerprint}>
            <Link
              to="/dead-letters"
              search={{ fingerprint }}
              className={`${styles.item} ${styles.error}`}
              title={`${job.fullName}: ${message}`}
            >
              <bdi className={styles.cut}>
                {code && <code className={styles.bad}>{code}</code>} <span>{message}</span>
              </bdi>
              <Sparkline values={[]} bad={series} label={`Failed attempts with ${code ?? message}`} />
              <span className={styles.figure}>{countText(count)}×</span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
