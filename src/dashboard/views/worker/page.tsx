import { useParams } from '@tanstack/react-router';
import { useRef } from 'react';
import { useRead } from '../../api/read.ts';
import { LatelyRunDocument, type WorkerRow } from '../../api/workers.ts';
import { Copy } from '../../design/copy.tsx';
import { Fact, Facts } from '../../design/facts.tsx';
import { Banner, Empty, ErrorNote, Loading } from '../../design/note.tsx';
import { UsageMeter } from '../../design/progress.tsx';
import { jobName, jobPlace, many } from '../../design/text.ts';
import { Time } from '../../design/time.tsx';
import { Link } from '../../frame/link.tsx';
import { PageHead } from '../../frame/page-head.tsx';
import type { TaskStatus } from '../../generated/graphql.ts';

import pageStyles from '../jobs/page.module.css';
import { TaskLines } from '../task-lines/lines.tsx';
import { useWorkerActions, WorkerButtons } from '../workers/actions.tsx';
import { pacesOf } from '../workers/pace.ts';
import { WorkerState } from '../workers/state.tsx';
import { PaceText } from '../workers/table.tsx';
import { useWorkers } from '../workers/use-workers.ts';
import { DrainBanner, GoneWorker } from './drain.tsx';

/** One worker: what it does now, and how it has done lately. */
export function Page() {
  const { workerId } = useParams({ strict: false }) as { workerId: string };
  const { rows, error } = useWorkers({});
  const worker = rows?.find(({ id }) => id === workerId);
  const last = useRef<WorkerRow>(undefined);
  if (worker) last.current = worker;
  if (error !== undefined) return <ErrorNote error={error} />;
  if (!rows) return <Loading what="the worker" />;
  if (!worker && last.current?.id === workerId) return <GoneWorker last={last.current} />;
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
      <DrainBanner worker={worker} />
      <Facts>
        <Fact name="Slots">
          <UsageMeter used={worker.running} of={worker.capacity} label="Slots in use" />
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
        <Fact name="Id" wide>
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
  return (
    <TaskLines
      query={{ room: undefined, filter: { workerId: id }, statuses: HELD }}
      most={LIMIT}
      none={`Nothing: ${many(capacity, 'slot is', 'slots are')} free.`}
    />
  );
}
