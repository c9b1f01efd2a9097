import type { TaskChange } from '../../api/task.ts';
import { Aspect } from '../../design/status.tsx';
import { spanText, wordOf } from '../../design/text.ts';
import { Time } from '../../design/time.tsx';
import styles from './history.module.css';

/** Every transition, newest first. */
export function History({ changes }: { changes: readonly TaskChange[] }) {
  return (
    <section>
      <h2 className={styles.title}>History</h2>
      <Changes changes={changes} />
    </section>
  );
}

/** Transitions, newest first. */
export function Changes({ changes }: { changes: readonly TaskChange[] }) {
  return (
    <ol className={styles.history}>
      {changes
        .map((change, at) => <Change key={change.version} change={change} before={changes[at - 1]} />)
        .reverse()}
    </ol>
  );
}

function Change({ change, before }: { change: TaskChange; before: TaskChange | undefined }) {
  const { to, reason, at, actor, note, error, attempt } = change;
  return (
    <li className={styles.change}>
      <Aspect status={to} size={14} />
      <div>
        <p className={styles.line}>
          <strong>{wordOf(to)}</strong>
          {wordOf(reason) !== wordOf(to) && <span>{wordOf(reason).toLowerCase()}</span>}
          {attempt > 0 && <span className={styles.faint}>attempt {attempt}</span>}
          <span className={styles.faint}>by {actor}</span>
        </p>
        {note && <p dir="auto">{note}</p>}
        {error && (
          <p className={styles.error} dir="auto">
            {error.code ? `${error.code}: ` : ''}
            {error.message}
          </p>
        )}
      </div>
      <span className={styles.when}>
        <Time at={at} />
        {before && <span className={styles.faint}>+{spanText(Date.parse(at) - Date.parse(before.at))}</span>}
      </span>
    </li>
  );
}
