/** The columns of a list of tasks: data, so that they can be chosen, ordered and kept in the address. */
import type { ReactNode } from 'react';
import type { TaskRow } from '../../api/tasks.ts';
import { ProgressBar } from '../../design/progress.tsx';
import { Status } from '../../design/status.tsx';
import { jobName, jobPlace, shortId } from '../../design/text.ts';
import { ElapsedTime, Time } from '../../design/time.tsx';
import { Link } from '../../frame/link.tsx';
import { serverNow } from '../../live/clock.ts';
import styles from './columns.module.css';

export interface Column {
  id: string;
  label: string;
  /** A CSS grid track. */
  width: string;
  cell(task: TaskRow): ReactNode;
}

export const COLUMNS: readonly Column[] = [
  { id: 'status', label: 'Status', width: '116px', cell: ({ status }) => <Status status={status} /> },
  {
    id: 'job',
    label: 'Job',
    width: 'minmax(150px, 1.4fr)',
    cell: ({ job: { fullName } }) => (
      <bdi className={styles.cut} title={fullName}>
        <strong className={styles.name}>{jobName(fullName)}</strong>{' '}
        <span className={styles.faint}>{jobPlace(fullName)}</span>
      </bdi>
    ),
  },
  {
    id: 'id',
    label: 'Id',
    width: '112px',
    cell: ({ id }) => (
      <Link to={`/tasks/${id}`} className={styles.id} title={id} tabIndex={-1}>
        {shortId(id)}
      </Link>
    ),
  },
  {
    id: 'progress',
    label: 'Progress or error',
    width: 'minmax(160px, 2fr)',
    cell: (task) => <Outcome task={task} />,
  },
  {
    id: 'attempt',
    label: 'Attempt',
    width: '70px',
    cell: ({ attempt, maxAttempts }) => `${attempt}/${maxAttempts}`,
  },
  { id: 'age', label: 'Created', width: '92px', cell: ({ createdAt }) => <Time at={createdAt} /> },
  {
    id: 'ran',
    label: 'Ran',
    width: '84px',
    cell: ({ startedAt, finishedAt, status }) =>
      startedAt && (status === 'RUNNING' || finishedAt) ? (
        <ElapsedTime from={startedAt} to={finishedAt} />
      ) : null,
  },
  { id: 'room', label: 'Room', width: '110px', cell: ({ room }) => <Cut text={room} /> },
  { id: 'priority', label: 'Priority', width: '66px', cell: ({ priority }) => priority },
  {
    id: 'labels',
    label: 'Labels',
    width: 'minmax(120px, 1fr)',
    cell: ({ labels }) => (
      <Cut
        text={Object.entries((labels ?? {}) as Record<string, string>)
          .map(([name, value]) => `${name}=${value}`)
          .join('  ')}
      />
    ),
  },
  {
    id: 'entity',
    label: 'Entity',
    width: '140px',
    cell: ({ entityType, entityId }) => <Cut text={[entityType, entityId].filter(Boolean).join(':')} />,
  },
  {
    id: 'correlation',
    label: 'Correlation',
    width: '140px',
    cell: ({ correlationId }) => <Cut text={correlationId ?? ''} />,
  },
  {
    id: 'worker',
    label: 'Worker',
    width: 'minmax(110px, 1fr)',
    cell: ({ workerName }) => <Cut text={workerName ?? ''} />,
  },
  { id: 'by', label: 'Created by', width: '130px', cell: ({ createdBy }) => <Cut text={createdBy} /> },
  { id: 'runAt', label: 'Run at', width: '92px', cell: ({ runAt }) => <Time at={runAt} /> },
];

const DEFAULT = ['status', 'job', 'id', 'progress', 'attempt', 'age', 'ran'];

/** The columns that the address asks for, in its order. */
export function columnsOf(text: string | undefined, allRooms: boolean): Column[] {
  const ids = text ? text.split(',') : [...DEFAULT, ...(allRooms ? ['room'] : [])];
  const chosen = ids.flatMap((id) => COLUMNS.find((column) => column.id === id) ?? []);
  return chosen.length > 0 ? chosen : columnsOf(undefined, allRooms);
}

function Cut({ text }: { text: string }) {
  return (
    <bdi className={styles.cut} title={text}>
      {text}
    </bdi>
  );
}

/** Milliseconds: what is due so soon is due. */
const SOON_MS = 1_000;

/** How far it is, when it is due, or what went wrong. */
export function Outcome({ task }: { task: TaskRow }) {
  const { status, error, progress, progressMessage, failures, runAt } = task;
  if (error && status !== 'RUNNING') {
    const text = error.code ? `${error.code}: ${error.message}` : error.message;
    return (
      <bdi className={`${styles.cut} ${status === 'FAILED' ? styles.error : styles.faint}`} title={text}>
        {text}
      </bdi>
    );
  }
  if (status === 'RUNNING') {
    return (
      <span className={styles.progress}>
        <ProgressBar percent={progress} />
        <bdi className={styles.cut}>{progressMessage ?? ''}</bdi>
      </span>
    );
  }
  if (status === 'PENDING' && Date.parse(runAt) > serverNow() + SOON_MS) {
    return (
      <span className={styles.faint}>
        due <Time at={runAt} />
      </span>
    );
  }
  if (failures > 0) return <span className={styles.faint}>failed {failures}× before</span>;
  return progressMessage ? (
    <bdi className={`${styles.cut} ${styles.faint}`} title={progressMessage}>
      {progressMessage}
    </bdi>
  ) : null;
}
