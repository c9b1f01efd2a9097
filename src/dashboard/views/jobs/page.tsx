import { Play } from 'lucide-react';
import { type JobRow, JobsDocument } from '../../api/jobs.ts';
import { useRead } from '../../api/read.ts';
import { buttonStyles } from '../../design/button.tsx';
import { Check, Input, Select } from '../../design/field.tsx';
import { Empty, ErrorNote, Loading } from '../../design/note.tsx';
import { Table, type TableColumn } from '../../design/table.tsx';
import { jobPlace, many } from '../../design/text.ts';
import { Link } from '../../frame/link.tsx';
import { PageHead } from '../../frame/page-head.tsx';
import { useChangeSearch, useRoom, useSearchText } from '../../frame/search.ts';
import type { JobStatisticsOrder } from '../../generated/graphql.ts';
import { type JobStatistics, useJobStatistics } from '../../live/job-statistics.ts';
import { WINDOWS, windowOf } from '../../live/windows.ts';
import { isReadOnly } from '../../session/read-only.ts';
import { WorkerSnippets } from '../overview/first-steps.tsx';
import { activityColumns } from './columns.tsx';
import styles from './page.module.css';
import { useJobs } from './use-jobs.ts';

const ORDERS = [
  { id: 'BACKLOG', label: 'Most waiting first' },
  { id: 'FAILURES', label: 'Most failures first' },
  { id: 'THROUGHPUT', label: 'Most done first' },
  { id: 'RUN_P95', label: 'Slowest first' },
] as const satisfies { id: JobStatisticsOrder; label: string }[];

export function Page() {
  const room = useRoom();
  const search = useSearchText();
  const change = useChangeSearch();
  const text = search.q ?? '';
  const retired = search.retired === 'yes';
  const { rows, error } = useJobs({ room });
  const { label: lately, window } = windowOf(search.window);
  const order = ORDERS.find(({ id }) => id === search.order);
  const { jobs: statistics, error: unread } = useJobStatistics(room, {
    window,
    ...(order && { order: order.id }),
  });
  const gone = useRead('retired jobs', JobsDocument, { room, retired: true }, { enabled: retired });
  const all = retired ? gone.data?.jobs.nodes : rows;
  const found = all?.filter((job) => matches(job, text));
  const jobs = found && order && statistics ? inOrder(found, statistics) : found;
  const failed = retired ? gone.error : error;
  return (
    <div className={styles.page}>
      <PageHead title="Jobs" aside={jobs && many(jobs.length, retired ? 'retired job' : 'job')}>
        {statistics && !retired && <OrderAndTime />}
        <Check
          label="Retired ones"
          checked={retired}
          onChange={({ target }) => change({ retired: target.checked ? 'yes' : undefined })}
        />
        <Input
          type="search"
          aria-label="Search jobs"
          placeholder="Search"
          className={styles.search}
          value={text}
          onChange={({ target }) => change({ q: target.value || undefined })}
        />
      </PageHead>
      {failed !== undefined && <ErrorNote error={failed} retry={retired ? gone.again : undefined} />}
      {unread !== undefined && <ErrorNote error={unread} />}
      {!jobs && failed === undefined && <Loading what="the jobs" />}
      {jobs?.length === 0 && <NoJobs room={room} retired={retired} searched={(all?.length ?? 0) > 0} />}
      {jobs && jobs.length > 0 && (
        <Table
          label="Jobs"
          rows={jobs}
          keyOf={({ id }) => id}
          isFaint={() => retired}
          columns={columnsOf(retired, statistics, lately.toLowerCase())}
        />
      )}
    </div>
  );
}

function columnsOf(
  retired: boolean,
  statistics: readonly JobStatistics[] | undefined,
  lately: string,
): TableColumn<JobRow>[] {
  return [
    {
      label: 'Job',
      isTitle: true,
      cell: ({ fullName, name, description, pauses }) => (
        <Link to={`/jobs/${encodeURIComponent(fullName)}`} className={styles.job}>
          <bdi>
            <strong>{name}</strong> <span className={styles.faint}>{jobPlace(fullName)}</span>
          </bdi>
          {pauses.length > 0 && <span className={styles.paused}>paused</span>}
          {description && <span className={styles.description}>{description}</span>}
        </Link>
      ),
    },
    {
      label: 'Workers',
      numeric: true,
      cell: ({ workerCount }) =>
        workerCount > 0 || retired ? workerCount : <span className={styles.bad}>none</span>,
    },
    ...(statistics ? activityColumns(statistics, lately) : []),
    {
      label: 'Run',
      hideLabel: true,
      cell: ({ fullName, name }) =>
        !isReadOnly && (
          <Link
            to={`/jobs/${encodeURIComponent(fullName)}`}
            search={{ tab: 'run' }}
            aria-label={`Run ${name}`}
            className={`${buttonStyles.button} ${buttonStyles.quiet}`}
          >
            <Play size={13} aria-hidden /> Run
          </Link>
        ),
    },
  ];
}

/** Which jobs come first, and of which time the figures are. Both are in the address. */
function OrderAndTime() {
  const search = useSearchText();
  const change = useChangeSearch();
  return (
    <>
      <Select
        aria-label="Order"
        className={styles.choice}
        value={search.order ?? ''}
        onChange={({ target }) => change({ order: target.value || undefined })}
      >
        <option value="">As registered</option>
        {ORDERS.map(({ id, label }) => (
          <option key={id} value={id}>
            {label}
          </option>
        ))}
      </Select>
      <Select
        aria-label="Time"
        className={styles.choice}
        value={windowOf(search.window).id}
        onChange={({ target }) =>
          change({ window: target.value === WINDOWS[0].id ? undefined : target.value })
        }
      >
        {WINDOWS.map(({ id, label }) => (
          <option key={id} value={id}>
            {label}
          </option>
        ))}
      </Select>
    </>
  );
}

/** What had no work lately comes last. */
function inOrder(jobs: readonly JobRow[], statistics: readonly JobStatistics[]): JobRow[] {
  const rank = new Map(statistics.map(({ job }, at) => [job.fullName, at]));
  const rankOf = ({ fullName }: JobRow) => rank.get(fullName) ?? statistics.length;
  return jobs.toSorted((a, b) => rankOf(a) - rankOf(b));
}

function matches({ fullName, description }: JobRow, text: string): boolean {
  const where = `${fullName} ${description ?? ''}`.toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => where.includes(word));
}

function NoJobs({
  room,
  retired,
  searched,
}: {
  room: string | undefined;
  retired: boolean;
  searched: boolean;
}) {
  if (searched) return <Empty title="No job is called that" />;
  if (retired) return <Empty title="No job is retired" />;
  return (
    <Empty
      title={
        room === undefined ? 'Nobody has registered a job yet' : `Nobody has registered a job in ${room}`
      }
    >
      <p>A worker registers its jobs when it starts:</p>
      <WorkerSnippets room={room} />
    </Empty>
  );
}
