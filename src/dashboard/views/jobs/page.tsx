import { useState } from 'react';
import { JobStatisticsDocument, JobsDocument } from '../../api/jobs.ts';
import { useRead } from '../../api/read.ts';
import { Input } from '../../design/field.tsx';
import { Empty, ErrorNote, Loading } from '../../design/note.tsx';
import { Sparkline } from '../../design/sparkline.tsx';
import { Table, type TableColumn } from '../../design/table.tsx';
import { countText, jobPlace, many, spanText } from '../../design/text.ts';
import { Link } from '../../frame/link.tsx';
import { PageHead } from '../../frame/page-head.tsx';
import { useRoom } from '../../frame/search.ts';
import type { DashboardJobStatisticsQuery, DashboardJobsQuery, TaskStatus } from '../../generated/graphql.ts';
import { isReadOnly } from '../../session/read-only.ts';
import { useViewer } from '../../session/session.ts';
import styles from './page.module.css';

export function Page() {
  const room = useRoom();
  const [text, setText] = useState('');
  const { data, error, loading, again } = useRead('jobs', JobsDocument, { room });
  const statistics = useJobStatistics(room);
  const all = data?.jobs.nodes ?? [];
  const jobs = all.filter(({ fullName, description }) =>
    `${fullName} ${description ?? ''}`.toLowerCase().includes(text.toLowerCase()),
  );
  return (
    <div className={styles.page}>
      <PageHead
        title="Jobs"
        aside={
          data && `${many(jobs.length, 'job')}${data.jobs.pageInfo.hasNextPage ? ', the first of more' : ''}`
        }
      >
        <Input
          type="search"
          aria-label="Search jobs"
          placeholder="Search"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </PageHead>
      {error !== undefined && <ErrorNote error={error} retry={again} />}
      {loading && <Loading what="the jobs" />}
      {data && jobs.length === 0 && <NoJobs room={room} searched={all.length > 0} />}
      {jobs.length > 0 && (
        <Table
          label="Jobs"
          rows={jobs}
          keyOf={({ id }) => id}
          columns={[
            {
              label: 'Job',
              cell: ({ fullName, name, description }) => (
                <Link to={`/jobs/${encodeURIComponent(fullName)}`} className={styles.job}>
                  <strong>{name}</strong> <span className={styles.faint}>{jobPlace(fullName)}</span>
                  {description && <span className={styles.description}>{description}</span>}
                </Link>
              ),
            },
            {
              label: 'Workers alive',
              numeric: true,
              cell: ({ workerCount }) =>
                workerCount > 0 ? workerCount : <span className={styles.bad}>none</span>,
            },
            ...(statistics ? activityColumns(statistics) : []),
            { label: 'Attempts', numeric: true, cell: ({ retryPolicy }) => retryPolicy.maxAttempts },
            {
              label: 'Timeout',
              numeric: true,
              cell: ({ timeoutSeconds }) => (timeoutSeconds ? spanText(timeoutSeconds * 1000) : 'none'),
            },
            {
              label: 'Run',
              hideLabel: true,
              cell: ({ fullName, name }) =>
                !isReadOnly && (
                  <Link
                    to={`/jobs/${encodeURIComponent(fullName)}`}
                    search={{ tab: 'run' }}
                    aria-label={`Run ${name}`}
                  >
                    Run
                  </Link>
                ),
            },
          ]}
        />
      )}
    </div>
  );
}

type JobRow = DashboardJobsQuery['jobs']['nodes'][number];
type Statistics = DashboardJobStatisticsQuery['jobStatistics'][number];

/** By full name, of the last hour; undefined for those who see none. */
function useJobStatistics(room: string | undefined): Map<string, Statistics> | undefined {
  const { role } = useViewer();
  const enabled = role !== 'USER';
  const { data } = useRead('job statistics', JobStatisticsDocument, { room }, { enabled, keep: true });
  if (!enabled || !data) return undefined;
  return new Map(data.jobStatistics.map((one) => [one.job.fullName, one]));
}

function activityColumns(statistics: Map<string, Statistics>): TableColumn<JobRow>[] {
  const countIn = (fullName: string, status: TaskStatus) =>
    statistics.get(fullName)?.counts.byStatus.find((item) => item.status === status)?.count ?? 0;
  return [
    {
      label: 'Last hour',
      cell: ({ fullName }) => {
        const series = statistics.get(fullName)?.series ?? [];
        const values = series.map(({ completed, partial, failed }) => completed + partial + failed);
        return <Sparkline values={values} label={`Tasks of ${fullName} that ended in the last hour`} />;
      },
    },
    { label: 'Pending', numeric: true, cell: ({ fullName }) => countText(countIn(fullName, 'PENDING')) },
    { label: 'Running', numeric: true, cell: ({ fullName }) => countText(countIn(fullName, 'RUNNING')) },
    {
      label: 'Failed',
      numeric: true,
      cell: ({ fullName }) => {
        const failed = statistics.get(fullName)?.window.failed ?? 0;
        return failed > 0 ? <span className={styles.bad}>{countText(failed)}</span> : 0;
      },
    },
    {
      label: 'Run p95',
      numeric: true,
      cell: ({ fullName }) => {
        const run = statistics.get(fullName)?.window.run;
        return run ? spanText(run.p95 * 1000) : '–';
      },
    },
  ];
}

function NoJobs({ room, searched }: { room: string | undefined; searched: boolean }) {
  if (searched) return <Empty title="No job is called that" />;
  return (
    <Empty
      title={
        room === undefined ? 'Nobody has registered a job yet' : `Nobody has registered a job in ${room}`
      }
    >
      <p>
        A worker registers its jobs when it starts. The overview of an empty room shows a program that does
        so.
      </p>
    </Empty>
  );
}
