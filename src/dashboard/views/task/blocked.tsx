import type { TaskDetail } from '../../api/task.ts';
import { Banner } from '../../design/note.tsx';
import { spanText } from '../../design/text.ts';
import { useNow } from '../../live/clock.ts';

/** Why a task does not run yet, as far as what was read shows it. */
export function WhyWaiting({ task }: { task: TaskDetail }) {
  return task.status === 'PENDING' ? <Pending task={task} /> : null;
}

function Pending({ task: { runAt, job, failures } }: { task: TaskDetail }) {
  const left = Date.parse(runAt) - useNow();
  if (left > 0) {
    return (
      <Banner>
        {failures > 0 ? 'Backs off' : 'Is due later'}: may be claimed in{' '}
        {spanText(Math.ceil(left / 1000) * 1000)}.
      </Banner>
    );
  }
  if (job.workerCount > 0) return null;
  return (
    <Banner kind="danger">
      Waits for a worker: no living one serves <bdi>{job.fullName}</bdi>.
    </Banner>
  );
}
