import { useRead } from '../../api/read.ts';
import { QueueDocument, type TaskDetail } from '../../api/task.ts';
import { Banner } from '../../design/note.tsx';
import { countText, many, spanText } from '../../design/text.ts';
import { Link } from '../../frame/link.tsx';
import { useNow } from '../../live/clock.ts';
import { useViewer } from '../../session/session.ts';

/** Why a task does not run yet, as far as what was read shows it, and what can be done. */
export function WhyWaiting({ task }: { task: TaskDetail }) {
  if (task.status === 'PENDING') return <Pending task={task} />;
  if (task.status === 'WAITING') return <Banner>Waits for other tasks that it depends on.</Banner>;
  return null;
}

function Pending({ task }: { task: TaskDetail }) {
  const { runAt, job, failures } = task;
  const { role } = useViewer();
  const left = Date.parse(runAt) - useNow();
  if (left > 0) {
    return (
      <Banner>
        {failures > 0 ? 'Backs off' : 'Is due later'}: may be claimed in{' '}
        {spanText(Math.ceil(left / 1000) * 1000)}.
      </Banner>
    );
  }
  if (job.workerCount > 0) return role === 'USER' ? null : <Queue task={task} />;
  return (
    <Banner kind="danger">
      <span>
        Waits for a worker: no living one serves <bdi>{job.fullName}</bdi>.{' '}
        {job.retiredAt && 'The job is retired. '}
        {role !== 'USER' && <Link to="/workers">Workers</Link>}
      </span>
    </Banner>
  );
}

/** Workers are there: how much they have to do, and what is in front of the task. */
function Queue({ task: { room, job, createdAt, version } }: { task: TaskDetail }) {
  const { data } = useRead(`queue ${version}`, QueueDocument, { room, job: job.fullName, before: createdAt });
  if (!data) return null;
  const workers = data.workers.nodes;
  const claiming = workers.filter(({ drainingSince }) => !drainingSince);
  const slots = claiming.reduce((sum, { capacity }) => sum + capacity, 0);
  const used = claiming.reduce((sum, { running }) => sum + running, 0);
  const { total, atLeast } = data.taskCounts;
  const ahead =
    total > 0 ? ` ${atLeast ? 'At least ' : ''}${countText(total)} of its job were submitted before it.` : '';
  return (
    <Banner>
      <span>
        {claiming.length === 0
          ? `Waits: every worker that serves the job is draining.`
          : used >= slots
            ? `Waits for a free slot: ${many(claiming.length, 'worker')} that serve${claiming.length === 1 ? 's' : ''} the job use${claiming.length === 1 ? 's' : ''} ${used} of ${slots}.`
            : 'May be claimed at any moment.'}
        {ahead} <Link to="/workers">Workers</Link>
      </span>
    </Banner>
  );
}
