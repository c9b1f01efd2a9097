/** What a row shows when it is opened in place: why it waits or what went wrong, and its last transitions. */
import { useEffect, useRef } from 'react';
import { useRead } from '../../api/read.ts';
import { type TaskGlance, TaskGlanceDocument } from '../../api/task.ts';
import type { TaskRow } from '../../api/tasks.ts';
import { ErrorNote, Loading } from '../../design/note.tsx';
import { Link } from '../../frame/link.tsx';
import { useRereadOn } from '../../live/reread.ts';
import { WhyWaiting } from '../task/blocked.tsx';
import { Changes } from '../task/history.tsx';
import styles from './row-detail.module.css';

export interface RowDetailProps {
  task: TaskRow;
  /** Reports how high it is drawn. */
  drawn(id: string, height: number): void;
}

export function RowDetail({ task, drawn }: RowDetailProps) {
  const { id, version } = task;
  const ref = useRef<HTMLDivElement>(null);
  const { data, error, again } = useRead('glance', TaskGlanceDocument, { id });
  useRereadOn(version, again);
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    const observer = new ResizeObserver(() => drawn(id, element.offsetHeight));
    observer.observe(element);
    return () => observer.disconnect();
  }, [id, drawn]);
  return (
    <div ref={ref} className={styles.detail}>
      {error !== undefined && <ErrorNote error={error} retry={again} />}
      {!data && error === undefined && <Loading what="the task" />}
      {data?.task && <Glance row={task} task={data.task} />}
    </div>
  );
}

function Glance({ row, task }: { row: TaskRow; task: TaskGlance }) {
  const { error, progressMessage, status } = row;
  const changes = task.transitions.nodes;
  // The transition by which it failed says it, too.
  const isSaid = changes.some((change) => change.error?.message === error?.message);
  return (
    <>
      <WhyWaiting task={{ ...task, status }} />
      {error && !isSaid && (
        <pre dir="auto" className={styles.error}>
          {error.code ? `${error.code}: ${error.message}` : error.message}
        </pre>
      )}
      {progressMessage && (
        <p>
          Said last: <bdi>{progressMessage}</bdi>
        </p>
      )}
      <Changes changes={changes} />
      <p>
        <Link to={`/tasks/${row.id}`}>Everything about it</Link>
      </p>
    </>
  );
}
