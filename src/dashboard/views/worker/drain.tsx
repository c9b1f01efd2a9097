/** What becomes of a worker that is drained, as long as it is there, and what has become of it. */
import type { WorkerRow } from '../../api/workers.ts';
import { Banner, Empty } from '../../design/note.tsx';
import { many } from '../../design/text.ts';
import { Time } from '../../design/time.tsx';
import { Link } from '../../frame/link.tsx';
import { drainOf } from '../workers/drain-state.ts';

export function DrainBanner({ worker }: { worker: WorkerRow }) {
  const { drainingSince, lostAt, running } = worker;
  const drain = drainOf(worker);
  if (!drain || !drainingSince || lostAt) return null;
  return (
    <Banner kind={drain === 'drained' ? 'good' : 'caution'}>
      {drain === 'asked' && (
        <>
          Asked to drain <Time at={drainingSince} />: it gets nothing more, and learns of it with its next
          beat. It still holds {many(running, 'task')}.
        </>
      )}
      {drain === 'draining' && (
        <>
          Draining since <Time at={drainingSince} />: it gets nothing more and finishes{' '}
          {many(running, 'task')}.
        </>
      )}
      {drain === 'drained' && (
        <>
          Drained: it holds nothing any more. Its program deregisters it; where it does not, deregister it
          here.
        </>
      )}
    </Banner>
  );
}

/** Instead of a worker that was there a moment ago. */
export function GoneWorker({ last }: { last: WorkerRow }) {
  return (
    <Empty title={last.drainingSince ? `${last.name} is drained and has gone` : `${last.name} has gone`}>
      <p>
        {last.drainingSince
          ? 'It finished what it held and deregistered. Its program can be ended, or started anew.'
          : 'It was deregistered while you looked. What it held went back to the queue.'}{' '}
        <Link to="/workers">All workers</Link>
      </p>
    </Empty>
  );
}
