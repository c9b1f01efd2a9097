/** The last runs of a schedule as dots: the newest at the right, shape and colour say how each went. */
import type { ScheduleRunRow } from '../../api/schedules.ts';
import { timeText, wordOf } from '../../design/text.ts';
import { Link } from '../../frame/link.tsx';
import type { ScheduleRunStatus } from '../../generated/graphql.ts';
import styles from './outcomes.module.css';

export function Outcomes({ runs }: { runs: readonly ScheduleRunRow[] }) {
  if (runs.length === 0) return <span className={styles.none}>has not run yet</span>;
  return (
    <span className={styles.outcomes}>
      {runs.toReversed().map((run) => (
        <Outcome key={run.id} run={run} />
      ))}
    </span>
  );
}

function Outcome({ run }: { run: ScheduleRunRow }) {
  const at = run.tick ?? run.createdAt;
  const text = `${wordOf(run.status)} ${timeText(at, 'local')}${run.detail ? `: ${run.detail}` : ''}`;
  const to = targetOf(run);
  const dot = <Dot status={run.status} />;
  if (to === undefined) {
    return (
      <span className={styles.outcome} role="img" aria-label={text} title={text}>
        {dot}
      </span>
    );
  }
  return (
    <Link to={to} className={styles.outcome} aria-label={text} title={text}>
      {dot}
    </Link>
  );
}

/** What the run has started. */
export function targetOf({ task, operationRun }: ScheduleRunRow): string | undefined {
  if (task) return `/tasks/${task.id}`;
  return operationRun ? `/operations/runs/${operationRun.id}` : undefined;
}

export function Dot({ status }: { status: ScheduleRunStatus }) {
  return (
    <svg
      width="10"
      height="10"
      viewBox="0 0 10 10"
      aria-hidden="true"
      className={styles.dot}
      data-status={status}
    >
      {SHAPES[status]}
    </svg>
  );
}

const SHAPES: Record<ScheduleRunStatus, React.ReactNode> = {
  QUEUED: <circle cx="5" cy="5" r="3.6" fill="none" stroke="currentColor" strokeWidth="1.6" />,
  RUNNING: <path d="M1.5 1 9 5 1.5 9Z" fill="currentColor" />,
  SUCCEEDED: <circle cx="5" cy="5" r="4.4" fill="currentColor" />,
  FAILED: <path d="M1 1h8v8H1Z" fill="currentColor" />,
  CANCELLED: <path d="m1.6 8.4 6.8-6.8" stroke="currentColor" strokeWidth="2" />,
  SKIPPED: <path d="M1.5 5h7" stroke="currentColor" strokeWidth="2" />,
};
