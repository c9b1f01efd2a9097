import { useParams } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { JobDocument } from '../../api/jobs.ts';
import { useRead } from '../../api/read.ts';
import { buttonStyles } from '../../design/button.tsx';
import { Banner, Empty, ErrorNote, Loading } from '../../design/note.tsx';
import { spanText } from '../../design/text.ts';
import { Time } from '../../design/time.tsx';
import { Link } from '../../frame/link.tsx';
import { PageHead } from '../../frame/page-head.tsx';
import { useChangeSearch, useRoom, useSearchText } from '../../frame/search.ts';
import { Tabs } from '../../frame/tabs.tsx';
import { useTaskCounts } from '../../live/counts.ts';
import { isReadOnly } from '../../session/read-only.ts';
import { useViewer } from '../../session/session.ts';
import jobsStyles from '../jobs/page.module.css';
import { ActivityPanel } from '../overview/activity.tsx';
import { TaskLines } from '../task-lines/lines.tsx';
import { WorkerTable } from '../workers/table.tsx';
import { useWorkers } from '../workers/use-workers.ts';
import type { JobDetails } from './job.ts';
import styles from './page.module.css';
import { JobPauses, PauseButton, useLiveJob } from './pauses.tsx';
import { Schemas } from './schemas.tsx';
import { settingsOf } from './settings-values.ts';

const JobSettings = lazy(() =>
  import('./settings.tsx').then(({ JobSettings }) => ({ default: JobSettings })),
);
const Run = lazy(() => import('./run.tsx').then(({ Run }) => ({ default: Run })));

const TABS = [
  { id: 'overview', label: 'Overview' },
  { id: 'run', label: 'Run' },
  { id: 'schema', label: 'Schema' },
  { id: 'settings', label: 'Settings' },
] as const;

export function Page() {
  const { fullName } = useParams({ strict: false }) as { fullName: string };
  const { data, error, loading, again } = useRead('job', JobDocument, { fullName });
  if (error !== undefined) return <ErrorNote error={error} retry={again} />;
  if (loading) return <Loading what="the job" />;
  if (!data?.job) {
    return (
      <Empty title="There is no such job">
        <p>
          Nobody has registered <code>{fullName}</code>, or you may not see it.{' '}
          <Link to="/jobs">All jobs</Link>
        </p>
      </Empty>
    );
  }
  return <JobView job={data.job} />;
}

function JobView({ job }: { job: JobDetails }) {
  const search = useSearchText();
  const change = useChangeSearch();
  const { role } = useViewer();
  const live = useLiveJob(job.fullName);
  const tabs = TABS.filter(({ id }) => {
    if (id === 'overview') return role !== 'USER';
    if (id === 'settings') return job.viewerCanUpdate && !isReadOnly;
    return id !== 'run' || !isReadOnly;
  });
  const tab = tabs.find(({ id }) => id === search.tab)?.id ?? tabs[0]?.id ?? 'run';
  return (
    <div className={jobsStyles.page}>
      <PageHead title={<bdi>{job.name}</bdi>} aside={<bdi>{`${job.room}:${job.category}`}</bdi>}>
        <Link
          to="/tasks"
          search={{ job: job.fullName }}
          className={`${buttonStyles.button} ${buttonStyles.quiet}`}
        >
          Its tasks
        </Link>
        {live && <PauseButton job={live} />}
      </PageHead>
      {job.description && <p className={styles.description}>{job.description}</p>}
      {job.retiredAt && (
        <Banner>
          Retired <Time at={job.retiredAt} />: nobody serves it, and it has no work. Registering it brings it
          back.
        </Banner>
      )}
      {live && <JobPauses job={live} />}
      {(live ?? job).workerCount === 0 && !job.retiredAt && (
        <Banner kind="danger">No living worker serves this job: its tasks wait.</Banner>
      )}
      <JobFacts job={job} workerCount={(live ?? job).workerCount} />
      <Tabs
        tabs={tabs}
        now={tab}
        choose={(id) => change({ tab: id === tabs[0]?.id ? undefined : id, like: undefined })}
      />
      {tab === 'overview' && <JobActivity job={job} />}
      {tab === 'run' && (
        <Suspense fallback={<Loading what="the form" />}>
          <Run job={job} />
        </Suspense>
      )}
      {tab === 'schema' && <Schemas job={job} />}
      {tab === 'settings' && (
        <Suspense fallback={<Loading what="the settings" />}>
          <JobSettings key={JSON.stringify(settingsOf(job))} job={job} />
        </Suspense>
      )}
    </div>
  );
}

function JobFacts({ job, workerCount }: { job: JobDetails; workerCount: number }) {
  return (
    <dl className={styles.facts}>
      <div>
        <dt>Workers alive</dt>
        <dd>{workerCount}</dd>
      </div>
      <div>
        <dt>Attempts</dt>
        <dd>{job.retryPolicy.maxAttempts}</dd>
      </div>
      <div>
        <dt>Back-off</dt>
        <dd>{job.retryPolicy.backoffSeconds.map((seconds) => spanText(seconds * 1000)).join(', ')}</dd>
      </div>
      <div>
        <dt>Timeout of an attempt</dt>
        <dd>{job.timeoutSeconds ? spanText(job.timeoutSeconds * 1000) : 'none'}</dd>
      </div>
      {job.fairness !== 'NONE' && (
        <div>
          <dt>Fairness</dt>
          <dd>
            {job.fairness === 'ROOM' ? 'Rooms take turns' : 'Keys take turns'}
            {job.fairnessKeyPointer !== null && (
              <>
                {': '}
                <bdi>{job.fairnessKeyPointer}</bdi>
              </>
            )}
          </dd>
        </div>
      )}
      {job.limits.map((limit) => (
        <div key={limit.name}>
          <dt>
            Limit <bdi>{limit.name}</bdi>
          </dt>
          <dd>{limitText(limit)}</dd>
          {limit.use.map(({ key, running, tokensLeft }) => (
            <dd key={key}>
              {key !== null && <bdi>{key}: </bdi>}
              {tokensLeft === null ? `${running} of ${limit.maxRunning} run` : `${tokensLeft} may start now`}
            </dd>
          ))}
        </div>
      ))}
    </dl>
  );
}

const BY = { JOB: '', ROOM: ' by room', CREATOR: ' by creator', KEY: ' by key' } as const;

function limitText({ scope, maxRunning, rate }: JobDetails['limits'][number]): string {
  return rate
    ? `${rate.count} in ${spanText(rate.perSeconds * 1_000)}${BY[scope]}`
    : `${maxRunning} at a time${BY[scope]}`;
}

/** Tasks that are shown beside its figures. */
const NEWEST = 10;

function JobActivity({ job: { fullName } }: { job: JobDetails }) {
  const room = useRoom();
  const counts = useTaskCounts(room, fullName);
  return (
    <>
      <ActivityPanel room={room} job={fullName} counts={counts} />
      <section className={jobsStyles.page}>
        <h2>Newest tasks</h2>
        <TaskLines
          query={{ room, filter: { job: fullName }, statuses: [] }}
          most={NEWEST}
          none="It has had none yet."
          ofOneJob
        />
      </section>
      <section className={jobsStyles.page}>
        <h2>Workers that serve it</h2>
        <Servers job={fullName} />
      </section>
    </>
  );
}

function Servers({ job }: { job: string }) {
  const { rows, error } = useWorkers({ job });
  if (error !== undefined) return <ErrorNote error={error} />;
  if (!rows) return <Loading what="the workers" />;
  if (rows.length === 0) return <p className={jobsStyles.faint}>None.</p>;
  return <WorkerTable label="Workers that serve the job" workers={rows} room={undefined} />;
}
