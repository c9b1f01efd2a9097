import { useParams } from '@tanstack/react-router';
import { useCallback, useSyncExternalStore } from 'react';
import type { LiveList } from '../../../client/streams/live-list.ts';
import { useRead } from '../../api/read.ts';
import type { TaskRow } from '../../api/tasks.ts';
import { LatelyRunDocument, type WorkerRow } from '../../api/workers.ts';
import { Copy } from '../../design/copy.tsx';
import { Fact, Facts } from '../../design/facts.tsx';
import { Banner, Empty, ErrorNote, Loading } from '../../design/note.tsx';
import { Meter, Progress } from '../../design/progress.tsx';
import { Status } from '../../design/status.tsx';
import { jobName, jobPlace, many } from '../../design/text.ts';
import { Span, Time } from '../../design/time.tsx';
import { Link } from '../../frame/link.tsx';
import { PageHead } from '../../frame/page-head.tsx';
import type { TaskStatus } from '../../generated/graphql.ts';

import { useLiveList } from '../../live/use-live-list.ts';
import pageStyles from '../jobs/page.module.css';
import { taskSource } from '../tasks/source.ts';
import { useWorkerActions, WorkerButtons } from '../workers/actions.tsx';
import { pacesOf } from '../workers/pace.ts';
import { PaceText } from '../workers/page.tsx';
import { WorkerState } from '../workers/state.tsx';
import { useWorkers } from '../workers/use-workers.ts';
import styles from './page.module.css';

/** One worker: what it does now, and how it has done lately. */
export function Page() {
  const { workerId } = useParams({ strict: false }) as { workerId: string };
  const { rows, error } = useWorkers(undefined);
  const worker = rows?.find(({ id }) => id === workerId);
  if (error !== undefined) return <ErrorNote error={error} />;
  if (!rows) return <Loading what="the worker" />;
  if (!worker) {
    return (
      <Empty title="There is no such worker">
        <p>
          <code>{workerId}</code> was deregistered, was lost more than an hour ago, or you may not see it.{' '}
          <Link to="/workers">All workers</Link>
        </p>
      </Empty>
    );
  }
  return <WorkerView worker={worker} />;
}

function WorkerView({ worker }: { worker: WorkerRow }) {
  const { ask, dialog } = useWorkerActions();
  const lately = useRead('lately run', LatelyRunDocument, { room: undefined });
  const pace = pacesOf(lately.data?.tasks.nodes ?? []).get(worker.id);
  return (
    <div className={pageStyles.page}>
      <PageHead title={<bdi>{worker.name}</bdi>} aside={<WorkerState worker={worker} />}>
        <WorkerButtons worker={worker} ask={ask} />
      </PageHead>
      {worker.lostAt && (
        <Banner kind="danger">
          Lost <Time at={worker.lostAt} />: it stopped to beat, and its tasks went back to the queue. A worker
          whose program goes on registers again by itself.
        </Banner>
      )}
      {worker.drainingSince && !worker.lostAt && (
        <Banner>
          Draining since <Time at={worker.drainingSince} />: it claims nothing more and finishes{' '}
          {many(worker.running, 'task')}.
        </Banner>
      )}
      <Facts>
        <Fact name="Slots">
          <Meter used={worker.running} of={worker.capacity} label="Slots in use" />
        </Fact>
        <Fact name="Last beat">
          <Time at={worker.lastHeartbeatAt} />
        </Fact>
        <Fact name="Registered">
          <Time at={worker.createdAt} /> by {worker.owner}
        </Fact>
        {worker.host && <Fact name="Host">{worker.host}</Fact>}
        {worker.version && <Fact name="Version">{worker.version}</Fact>}
        <Fact name="Ran lately">
          <PaceText pace={pace} />
        </Fact>
        <Fact name="Id">
          <code>{worker.id}</code> <Copy text={worker.id} what="the id" />
        </Fact>
      </Facts>
      <section className={pageStyles.page}>
        <h2>Works on now</h2>
        <Held worker={worker} />
      </section>
      <section className={pageStyles.page}>
        <h2>Serves</h2>
        <ul>
          {worker.jobs.map(({ fullName }) => (
            <li key={fullName}>
              <Link to={`/jobs/${encodeURIComponent(fullName)}`} className={pageStyles.job}>
                <strong>{jobName(fullName)}</strong>{' '}
                <span className={pageStyles.faint}>{jobPlace(fullName)}</span>
              </Link>
            </li>
          ))}
        </ul>
      </section>
      {dialog}
    </div>
  );
}

const HELD: readonly TaskStatus[] = ['CLAIMED', 'RUNNING'];
/** More than a worker has slots for. */
const LIMIT = 500;

/** Its tasks, live. */
function Held({ worker: { id, capacity } }: { worker: WorkerRow }) {
  const source = taskSource({ room: undefined, filter: { workerId: id }, statuses: HELD });
  const { list, view, again } = useLiveList(source, LIMIT);
  if (view.state === 'failed') return <ErrorNote error={view.error} retry={again} />;
  if (view.state === 'loading') return <Loading what="its tasks" />;
  if (view.ids.length === 0)
    return <p className={pageStyles.faint}>Nothing: {many(capacity, 'slot is', 'slots are')} free.</p>;
  return (
    <ul className={styles.held}>
      {view.ids.map((taskId) => (
        <HeldTask key={taskId} id={taskId} list={list} />
      ))}
    </ul>
  );
}

function HeldTask({ id, list }: { id: string; list: LiveList<TaskRow> }) {
  const subscribe = useCallback((listener: () => void) => list.subscribeRow(id, listener), [list, id]);
  const task = useSyncExternalStore(subscribe, () => list.row(id));
  if (!task) return null;
  const { job, status, progress, progressMessage, attempt, maxAttempts, startedAt } = task;
  return (
    <li>
      <Link to={`/tasks/${id}`} className={styles.task} data-leaving={list.isLeaving(id) || undefined}>
        <Status status={status} />
        <strong>{jobName(job.fullName)}</strong>
        <span className={styles.progress}>
          {status === 'RUNNING' && <Progress percent={progress} />} <bdi>{progressMessage}</bdi>
        </span>
        <span>
          attempt {attempt} of {maxAttempts}
        </span>
        <span>{startedAt && <Span from={startedAt} to={task.finishedAt} />}</span>
      </Link>
    </li>
  );
}
