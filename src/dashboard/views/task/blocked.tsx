import type { TaskDetail } from '../../api/task.ts';
import { Banner } from '../../design/note.tsx';
import { countText, spanText } from '../../design/text.ts';
import { Link } from '../../frame/link.tsx';
import type { BlockedBy } from '../../generated/graphql.ts';
import { useNow } from '../../live/clock.ts';
import { useViewer } from '../../session/session.ts';

/** What there is to know of a task to say why it waits. */
type Waiting = Pick<TaskDetail, 'status' | 'blockedReason'> & { job: Pick<TaskDetail['job'], 'fullName'> };

/** Where to do something about it, for those who see it. */
const LEADS: Partial<Record<BlockedBy, (task: Waiting) => { to: string; text: string }>> = {
  JOB_PAUSED: ({ job }) => ({ to: `/jobs/${encodeURIComponent(job.fullName)}`, text: 'The job' }),
  NO_WORKER: () => ({ to: '/workers', text: 'Workers' }),
  NO_FREE_SLOT: () => ({ to: '/workers', text: 'Workers' }),
};

/** Why a task does not run yet, as the server says it and goes on to say it, and where to do something about it. */
export function WhyWaiting({ task }: { task: Waiting }) {
  const { status, blockedReason } = task;
  const { role } = useViewer();
  if (status !== 'PENDING' && status !== 'WAITING') return null;
  if (!blockedReason) return <Banner kind="good">Nothing keeps a worker from taking it: it is next.</Banner>;
  const { by, detail, until, ahead } = blockedReason;
  const lead = role === 'USER' ? undefined : LEADS[by]?.(task);
  return (
    <Banner kind={by === 'NO_WORKER' || by === 'JOB_PAUSED' ? 'danger' : 'caution'}>
      <span>
        <bdi>{detail}</bdi>
        {until && <Left until={until} />}
        {ahead !== null && ahead !== undefined && ahead > 0 && (
          <>
            {' '}
            {ahead >= COUNTED ? `At least ${countText(ahead)}` : countText(ahead)} of its job{' '}
            {ahead === 1 ? 'comes' : 'come'} before it.
          </>
        )}{' '}
        {lead && <Link to={lead.to}>{lead.text}</Link>}
      </span>
    </Banner>
  );
}

/** Tasks in front of it are counted up to this. */
const COUNTED = 1_000;

function Left({ until }: { until: string }) {
  const left = Date.parse(until) - useNow();
  return left > 0 ? ` In ${spanText(Math.ceil(left / 1000) * 1000)}.` : null;
}
