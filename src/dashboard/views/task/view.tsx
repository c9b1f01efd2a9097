/** A task: what it is, why it is where it is, and everything that has happened to it. On its own page, or beside a list. */
import { Ban, FastForward, Play, RotateCcw, Trash2, Undo2 } from 'lucide-react';
import { lazy, Suspense } from 'react';
import type { TaskChange, TaskDetail } from '../../api/task.ts';
import { Button, buttonStyles } from '../../design/button.tsx';
import { Copy, copyText } from '../../design/copy.tsx';
import { Fact, Facts as FactList } from '../../design/facts.tsx';
import { Banner, Empty, ErrorNote, Loading } from '../../design/note.tsx';
import { ProgressBar } from '../../design/progress.tsx';
import { Status } from '../../design/status.tsx';
import { jobName, jobPlace } from '../../design/text.ts';
import { ElapsedTime, Time } from '../../design/time.tsx';
import { useActions } from '../../frame/keyboard.ts';
import { Link } from '../../frame/link.tsx';
import { useChangeSearch, useSearchText } from '../../frame/search.ts';
import { Tabs } from '../../frame/tabs.tsx';
import { isReadOnly } from '../../session/read-only.ts';
import { useViewer } from '../../session/session.ts';
import { restoreTask, runTaskNow } from '../tasks/actions.ts';
import { useTaskActions } from '../tasks/use-task-actions.tsx';
import { AssetsTab } from './assets-tab.tsx';
import { WhyWaiting } from './blocked.tsx';
import { WhenItRuns } from './estimate.tsx';
import { History } from './history.tsx';
import { PayloadTab, ResultTab } from './json-tabs.tsx';
import { Timeline } from './timeline.tsx';
import { useTaskPage } from './use-task.ts';
import styles from './view.module.css';

const GraphTab = lazy(() => import('./graph.tsx').then(({ GraphTab }) => ({ default: GraphTab })));

const TABS = [
  { id: 'timeline', label: 'Timeline' },
  { id: 'payload', label: 'Payload' },
  { id: 'result', label: 'Result' },
  { id: 'assets', label: 'Assets' },
  { id: 'graph', label: 'Graph' },
] as const;

export function TaskView({ taskId, beside = false }: { taskId: string; beside?: boolean }) {
  const load = useTaskPage(taskId);
  switch (load.is) {
    case 'reading':
      return <Loading what="the task" />;
    case 'none':
      return (
        <Empty title="There is no such task">
          <p>
            Nobody has submitted <code>{taskId}</code>, you may not see it, or the time that finished tasks
            are kept is over.
          </p>
        </Empty>
      );
    case 'failed':
      return <ErrorNote error={load.error} retry={load.again} />;
    case 'there':
      return <Loaded task={load.task} changes={load.changes} earlier={load.earlier} beside={beside} />;
  }
}

interface LoadedProps {
  task: TaskDetail;
  changes: readonly TaskChange[];
  earlier: boolean;
  beside: boolean;
}

function Loaded({ task, changes, earlier, beside }: LoadedProps) {
  const search = useSearchText();
  const change = useChangeSearch();
  const tab = TABS.find(({ id }) => id === search.tab)?.id ?? 'timeline';
  useActions({
    'tab 1': () => change({ tab: undefined }),
    'tab 2': () => change({ tab: 'payload' }),
    'tab 3': () => change({ tab: 'result' }),
    'tab 4': () => change({ tab: 'assets' }),
    'tab 5': () => change({ tab: 'graph' }),
  });
  return (
    <article className={styles.task} data-beside={beside || undefined}>
      <Head task={task} beside={beside} />
      <WhyWaiting task={task} />
      {task.error && task.status !== 'COMPLETED' && task.status !== 'PARTIAL' && <LastError task={task} />}
      {task.status === 'RUNNING' && (
        <p className={styles.running}>
          <ProgressBar percent={task.progress} /> <bdi>{task.progressMessage}</bdi>
        </p>
      )}
      <Facts task={task} changes={changes} />
      <Tabs tabs={TABS} now={tab} choose={(id) => change({ tab: id === 'timeline' ? undefined : id })} />
      {tab === 'timeline' && (
        <>
          {earlier && <Banner>The first transitions are not shown: there are more than a hundred.</Banner>}
          <Timeline task={task} changes={changes} />
          <History changes={changes} />
        </>
      )}
      {tab === 'payload' && <PayloadTab taskId={task.id} />}
      {tab === 'result' && <ResultTab taskId={task.id} version={task.version} />}
      {tab === 'assets' && <AssetsTab taskId={task.id} version={task.version} />}
      {tab === 'graph' && (
        <Suspense fallback={<Loading what="the graph" />}>
          <GraphTab taskId={task.id} />
        </Suspense>
      )}
    </article>
  );
}

function Head({ task, beside }: { task: TaskDetail; beside: boolean }) {
  const { id, status, job } = task;
  const { ask, dialog } = useTaskActions(() => {});
  const [canRetry, canCancel, canDiscard] = [
    task.viewerCanRetry,
    task.viewerCanCancel,
    task.viewerCanDiscard,
  ].map((can) => can && !isReadOnly);
  useActions({
    retry: canRetry ? () => ask('retry', [id]) : undefined,
    cancel: canCancel ? () => ask('cancel', [id]) : undefined,
    discard: canDiscard ? () => ask('discard', [id]) : undefined,
    'copy id': () => void copyText(id, 'the id'),
    'copy link': () => void copyText(`${location.origin}/tasks/${id}`, 'the link'),
  });
  const Title = beside ? 'h2' : 'h1';
  return (
    <header className={styles.head}>
      <div className={styles.title}>
        <Title>
          <Link to={`/jobs/${encodeURIComponent(job.fullName)}`} className={styles.job}>
            <bdi>{jobName(job.fullName)}</bdi>
          </Link>
        </Title>
        <span className={styles.place}>{jobPlace(job.fullName)}</span>
      </div>
      <div className={styles.line}>
        <Status status={status} />
        <span className={styles.id}>
          <code>{id}</code>
          <Copy text={id} what="the id" />
        </span>
        <span className={styles.actions}>
          {!isReadOnly && (
            <Link
              to={`/jobs/${encodeURIComponent(job.fullName)}`}
              search={{ tab: 'run', like: id }}
              className={`${buttonStyles.button} ${buttonStyles.plain ?? ''}`}
            >
              <Play size={14} aria-hidden /> Run again with edits
            </Link>
          )}
          {canRetry && (
            <Button onClick={() => ask('retry', [id])} kind="primary">
              <RotateCcw size={14} aria-hidden /> Retry
            </Button>
          )}
          {canDiscard && (
            <Button onClick={() => ask('discard', [id])}>
              <Trash2 size={14} aria-hidden /> Discard
            </Button>
          )}
          {!isReadOnly && task.viewerCanRestore && (
            <Button onClick={() => void restoreTask(id)}>
              <Undo2 size={14} aria-hidden /> Bring back
            </Button>
          )}
          {!isReadOnly && task.viewerCanReschedule && task.blockedReason?.by === 'NOT_DUE' && (
            <Button onClick={() => void runTaskNow(id)}>
              <FastForward size={14} aria-hidden /> Run now
            </Button>
          )}
          {canCancel && (
            <Button onClick={() => ask('cancel', [id])}>
              <Ban size={14} aria-hidden /> Cancel
            </Button>
          )}
        </span>
      </div>
      {dialog}
    </header>
  );
}

function LastError({ task: { error, failures, maxAttempts, job } }: { task: TaskDetail }) {
  const { role } = useViewer();
  if (!error) return null;
  return (
    <div className={styles.error}>
      <p className={styles.errorHead}>
        {error.code && <code>{error.code}</code>}
        <span>
          failed {failures} of {maxAttempts}
          {error.retryable ? '' : ', not worth another try'}
          {error.classifiedBy ? `: ${error.classifiedBy}` : ''}
        </span>
      </p>
      <pre dir="auto">{error.message}</pre>
      {error.code && role !== 'USER' && (
        <p>
          <Link to="/dead-letters" search={{ error: error.code, job: job.fullName }}>
            All dead letters with this error
          </Link>
        </p>
      )}
    </div>
  );
}

function Facts({ task, changes }: { task: TaskDetail; changes: readonly TaskChange[] }) {
  const cancelled = changes.findLast(({ to }) => to === 'CANCELLED');
  const labels = Object.entries((task.labels ?? {}) as Record<string, string>);
  return (
    <FactList>
      <Fact name="Room">
        <Link to="/tasks" search={{ room: task.room }}>
          {task.room}
        </Link>
      </Fact>
      <Fact name="Attempt">
        {task.attempt === 0
          ? `none yet, ${task.maxAttempts} at most`
          : `${task.attempt} · ${task.failures} of ${task.maxAttempts} failures`}
      </Fact>
      <Fact name="Created">
        <Time at={task.createdAt} /> by{' '}
        <Link to="/tasks" search={{ by: task.createdBy }}>
          {task.createdBy}
        </Link>
      </Fact>
      {task.workerId && (
        <Fact name="Worker">
          <Link to={`/workers/${task.workerId}`}>
            <bdi>{task.workerName}</bdi>
          </Link>
        </Fact>
      )}
      {task.startedAt && (
        <Fact name={task.finishedAt ? 'Ran' : 'Runs for'}>
          <ElapsedTime from={task.startedAt} to={task.finishedAt} />
        </Fact>
      )}
      <WhenItRuns estimate={task.estimate} />
      {task.discardedAt && (
        <Fact name="Discarded">
          <Time at={task.discardedAt} /> by {task.discardedBy}
        </Fact>
      )}
      {cancelled && (
        <Fact name="Cancelled" wide>
          <Time at={cancelled.at} /> by {cancelled.actor}
          {cancelled.note ? `: ${cancelled.note}` : ''}
        </Fact>
      )}
      <Fact name="Priority">{task.priority}</Fact>
      {task.correlationId && (
        <Fact name="Correlation">
          <Link to="/tasks" search={{ correlation: task.correlationId }}>
            {task.correlationId}
          </Link>
        </Fact>
      )}
      {task.entityType && (
        <Fact name="Entity">
          <Link to="/tasks" search={{ entity: [task.entityType, task.entityId].filter(Boolean).join(':') }}>
            {[task.entityType, task.entityId].filter(Boolean).join(':')}
          </Link>
        </Fact>
      )}
      {task.copyOf && (
        <Fact name="Repeats" wide>
          <Link to={`/tasks/${task.copyOf}`}>{task.copyOf}</Link>
        </Fact>
      )}
      {task.traceparent && (
        <Fact name="Trace" wide>
          <code>{task.traceparent.split('-')[1]}</code>
        </Fact>
      )}
      {labels.length > 0 && <LabelFact labels={labels} />}
    </FactList>
  );
}

function LabelFact({ labels }: { labels: readonly [string, string][] }) {
  return (
    <Fact name="Labels" wide>
      {labels.map(([name, value]) => (
        <Link key={name} to="/tasks" search={{ [`label.${name}`]: value }} className={styles.label}>
          {name}={value}
        </Link>
      ))}
    </Fact>
  );
}
