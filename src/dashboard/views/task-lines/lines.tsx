/** A few tasks, live, a line each: beside a worker or a job. For more there is the list of tasks. */
import { useCallback, useSyncExternalStore } from 'react';
import type { LiveList } from '../../../client/streams/live-list.ts';
import type { TaskRow } from '../../api/tasks.ts';
import { ErrorNote, Loading } from '../../design/note.tsx';
import { Status } from '../../design/status.tsx';
import { jobName } from '../../design/text.ts';
import { ElapsedTime, Time } from '../../design/time.tsx';
import { Link } from '../../frame/link.tsx';
import { useLiveList } from '../../live/use-live-list.ts';
import { Outcome } from '../tasks/columns.tsx';
import { type TaskListQuery, taskSource } from '../tasks/source.ts';
import styles from './lines.module.css';

export interface TaskLinesProps {
  query: TaskListQuery;
  /** Lines at most. */
  most: number;
  /** Said where there is none. */
  none: string;
  /** All of them are of one job: it is not named. */
  ofOneJob?: boolean;
}

export function TaskLines({ query, most, none, ofOneJob = false }: TaskLinesProps) {
  const { list, view, again } = useLiveList(taskSource(query), most);
  if (view.state === 'failed') return <ErrorNote error={view.error} retry={again} />;
  if (view.state === 'loading') return <Loading what="the tasks" />;
  if (view.ids.length === 0) return <p className={styles.none}>{none}</p>;
  return (
    <ul className={styles.lines}>
      {view.ids.slice(0, most).map((id) => (
        <TaskLine key={id} id={id} list={list} ofOneJob={ofOneJob} />
      ))}
    </ul>
  );
}

function TaskLine({ id, list, ofOneJob }: { id: string; list: LiveList<TaskRow>; ofOneJob: boolean }) {
  const subscribe = useCallback((listener: () => void) => list.subscribeRow(id, listener), [list, id]);
  const task = useSyncExternalStore(subscribe, () => list.row(id));
  if (!task) return null;
  const { job, status, attempt, maxAttempts, startedAt, finishedAt, createdAt } = task;
  return (
    <li>
      <Link to={`/tasks/${id}`} className={styles.task} data-leaving={list.isLeaving(id) || undefined}>
        <Status status={status} />
        {ofOneJob ? <Time at={createdAt} /> : <strong className={styles.cut}>{jobName(job.fullName)}</strong>}
        <span className={styles.outcome}>
          <Outcome task={task} />
        </span>
        <span>{attempt > 0 && `attempt ${attempt} of ${maxAttempts}`}</span>
        <span>{startedAt && <ElapsedTime from={startedAt} to={finishedAt} />}</span>
      </Link>
    </li>
  );
}
