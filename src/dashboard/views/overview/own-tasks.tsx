/** The newest tasks of somebody who sees no others. */
import { Link } from '../../frame/link.tsx';
import { TaskLines } from '../task-lines/lines.tsx';
import styles from './section.module.css';

const SHOWN = 10;

export function OwnTasks({ room }: { room: string | undefined }) {
  return (
    <section className={styles.plain}>
      <header className={styles.bare}>
        <h2>Your newest tasks</h2>
        <Link to="/tasks">All your tasks</Link>
      </header>
      <TaskLines
        query={{ room, filter: {}, statuses: [] }}
        most={SHOWN}
        none="You have submitted none yet."
      />
    </section>
  );
}

/** Who has submitted nothing yet: what to do next. */
export function NoOwnTasks() {
  return (
    <section className={styles.section}>
      <p className={styles.none}>
        You have submitted nothing yet. <Link to="/jobs">Choose a job and run it</Link>: its task appears
        above, and here is what becomes of it.
      </p>
    </section>
  );
}
