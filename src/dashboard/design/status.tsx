/** The status of a task as a signal's aspect: a shape, a colour and a word, never the colour alone. */
import type { TaskStatus } from '../generated/graphql.ts';
import styles from './status.module.css';
import { wordOf } from './text.ts';

const SHAPES: Record<TaskStatus, React.ReactNode> = {
  WAITING: <path d="M6 1.2 10.8 6 6 10.8 1.2 6Z" fill="none" stroke="currentColor" strokeWidth="1.6" />,
  PENDING: (
    <>
      <circle cx="6" cy="6" r="4.6" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path d="M3.4 6h5.2" stroke="currentColor" strokeWidth="1.8" />
    </>
  ),
  CLAIMED: (
    <>
      <circle cx="6" cy="6" r="4.6" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path d="M6 1.4a4.6 4.6 0 0 0 0 9.2Z" fill="currentColor" />
    </>
  ),
  RUNNING: <path d="M2.4 1.3 10.8 6 2.4 10.7Z" fill="currentColor" />,
  COMPLETED: (
    <>
      <circle cx="6" cy="6" r="5.3" fill="currentColor" />
      <path d="m3.4 6.2 1.8 1.8 3.4-3.8" fill="none" className={styles.cut} strokeWidth="1.5" />
    </>
  ),
  PARTIAL: (
    <>
      <circle
        cx="6"
        cy="6"
        r="4.6"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeDasharray="2.6 1.6"
      />
      <path d="m3.7 6.1 1.6 1.6 3-3.4" fill="none" stroke="currentColor" strokeWidth="1.5" />
    </>
  ),
  FAILED: (
    <>
      <path d="M3.9.9h4.2l3 3v4.2l-3 3H3.9l-3-3V3.9Z" fill="currentColor" />
      <path d="M3.2 6h5.6" className={styles.cut} strokeWidth="1.9" />
    </>
  ),
  CANCELLED: (
    <>
      <circle cx="6" cy="6" r="4.6" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path d="m2.9 9.1 6.2-6.2" stroke="currentColor" strokeWidth="1.5" />
    </>
  ),
};

/** In the order of a task's life. */
export const STATUSES = Object.keys(SHAPES) as TaskStatus[];

/** The shape alone; the word must stand beside it. */
export function Aspect({ status, size = 12 }: { status: TaskStatus; size?: number }) {
  return (
    <svg
      className={styles.aspect}
      data-status={status}
      width={size}
      height={size}
      viewBox="0 0 12 12"
      aria-hidden="true"
    >
      {SHAPES[status]}
    </svg>
  );
}

export function Status({ status }: { status: TaskStatus }) {
  return (
    <span className={styles.status} data-status={status}>
      <Aspect status={status} />
      {wordOf(status)}
    </span>
  );
}
