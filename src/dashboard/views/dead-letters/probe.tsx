/**
 * One of many with the same error is retried and watched. When it ends well the others may follow; when it fails again they
 * stay. Which task it is stands in the address.
 */
import { FlaskConical, RotateCcw } from 'lucide-react';
import { successOf } from '../../../client/problems.ts';
import { request } from '../../api/connection.ts';
import { ProbeCandidatesDocument } from '../../api/error-groups.ts';
import type { TaskDetail } from '../../api/task.ts';
import { RetryTaskDocument } from '../../api/tasks.ts';
import { Button } from '../../design/button.tsx';
import { Loading } from '../../design/note.tsx';
import { Status } from '../../design/status.tsx';
import { many, shortId } from '../../design/text.ts';
import { ElapsedTime } from '../../design/time.tsx';
import { announceOutcome } from '../../frame/announce.tsx';
import { Link } from '../../frame/link.tsx';
import { WhyWaiting } from '../task/blocked.tsx';
import { useTaskPage } from '../task/use-task.ts';
import { Outcome } from '../tasks/columns.tsx';
import styles from './probe.module.css';

interface Group {
  fingerprint: string;
  code?: string | null | undefined;
  message: string;
  deadLetters: number;
}

/** Retries the newest that the caller may retry. Returns its id, or undefined where that was refused. */
export async function startProbe(room: string | undefined, fingerprint: string): Promise<string | undefined> {
  let probe: string | undefined;
  await announceOutcome(async () => {
    const { deadLetters } = await request(ProbeCandidatesDocument, {
      room,
      filter: { errorFingerprint: fingerprint },
    });
    const candidate = deadLetters.nodes.find(({ viewerCanRetry }) => viewerCanRetry);
    if (!candidate) throw new Error('None of the newest of them can be retried by you.');
    const { retryTask } = await request(RetryTaskDocument, { input: { taskId: candidate.id } });
    successOf(retryTask, 'TaskSuccess');
    probe = candidate.id;
    return 'Retried one: see what becomes of it.';
  });
  return probe;
}

export interface ProbeProps {
  taskId: string;
  /** Of the same error; undefined where nothing more is known of it. */
  group: Group | undefined;
  retryOthers(): void;
  close(): void;
}

export function Probe({ taskId, group, retryOthers, close }: ProbeProps) {
  const load = useTaskPage(taskId);
  if (load.is === 'reading') return <Loading what="the probe" />;
  if (load.is !== 'there') return null;
  const { task } = load;
  const { status } = task;
  // Failed again, it is one of the dead letters itself.
  const others = Math.max(0, (group?.deadLetters ?? 0) - (status === 'FAILED' ? 1 : 0));
  return (
    <section className={styles.probe} aria-label="Probe">
      <header className={styles.head}>
        <FlaskConical size={16} aria-hidden className={styles.icon} />
        <h2>
          Probe of <bdi>{group?.code ?? group?.message ?? task.job.fullName}</bdi>
        </h2>
      </header>
      <p className={styles.task}>
        <Status status={status} />
        <Link to={`/tasks/${taskId}`}>
          <code>{shortId(taskId)}</code>
        </Link>
        <span className={styles.outcome}>
          <Outcome task={task} />
        </span>
        {task.startedAt && <ElapsedTime from={task.startedAt} to={task.finishedAt} />}
      </p>
      <WhyWaiting task={task} />
      <p className={styles.words} role="status">
        {wordsOf(task, others)}
      </p>
      <div className={styles.actions}>
        {others > 0 && (
          <Button kind={isGood(task) ? 'primary' : 'plain'} onClick={retryOthers}>
            <RotateCcw size={13} aria-hidden /> Retry the other{others === 1 ? '' : 's'}…
          </Button>
        )}
        <Button onClick={close}>{isOver(task) ? 'Close' : 'Stop watching'}</Button>
      </div>
    </section>
  );
}

const isGood = ({ status }: TaskDetail) => status === 'COMPLETED' || status === 'PARTIAL';
const isOver = (task: TaskDetail) => isGood(task) || task.status === 'FAILED' || task.status === 'CANCELLED';

function wordsOf(task: TaskDetail, others: number): string {
  const rest = others > 0 ? many(others, 'other') : 'none of the others';
  if (task.status === 'COMPLETED') {
    return others > 0
      ? `It went well. ${rest} with this error can follow.`
      : 'It went well, and was the last.';
  }
  if (task.status === 'PARTIAL')
    return `It ended with a part of its result: look at it before ${rest} follow.`;
  if (task.status === 'FAILED') return `It failed again: ${rest} would most likely fail, too.`;
  if (task.status === 'CANCELLED') return 'It was cancelled: it says nothing of the others.';
  if (task.failures > 0) return `It has failed ${many(task.failures, 'time')} since, and is tried once more.`;
  return others > 0 ? `The ${rest} wait for what becomes of it.` : 'It is under way.';
}
