import { useState } from 'react';
import { JobsDocument } from '../../api/jobs.ts';
import { useRead } from '../../api/read.ts';
import { Input } from '../../design/field.tsx';
import { Banner, Empty, ErrorNote, Loading } from '../../design/note.tsx';
import { Table } from '../../design/table.tsx';
import { countText, jobPlace, spanText } from '../../design/text.ts';
import { Link } from '../../frame/link.tsx';
import { PageHead } from '../../frame/page-head.tsx';
import { useRoom } from '../../frame/search.ts';
import { isReadOnly } from '../../session/read-only.ts';
import styles from './page.module.css';

const GLOBAL = '@global';

export function Page() {
  const room = useRoom();
  const [text, setText] = useState('');
  const { data, error, loading, again } = useRead('jobs', JobsDocument, { room: room ?? GLOBAL });
  const all = data?.jobs.nodes ?? [];
  const jobs = all.filter(({ fullName, description }) =>
    `${fullName} ${description ?? ''}`.toLowerCase().includes(text.toLowerCase()),
  );
  return (
    <div className={styles.page}>
      <PageHead title="Jobs" aside={data && countText(jobs.length)}>
        <Input
          type="search"
          aria-label="Search jobs"
          placeholder="Search"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </PageHead>
      {room === undefined && (
        <Banner>These are the jobs that every room can run. Choose a room to see its own.</Banner>
      )}
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

function NoJobs({ room, searched }: { room: string | undefined; searched: boolean }) {
  if (searched) return <Empty title="No job is called that" />;
  return (
    <Empty
      title={
        room === undefined
          ? 'Nobody has registered a job for every room'
          : `Nobody has registered a job in ${room}`
      }
    >
      <p>
        A worker registers its jobs when it starts. The overview of an empty room shows a program that does
        so.
      </p>
    </Empty>
  );
}
