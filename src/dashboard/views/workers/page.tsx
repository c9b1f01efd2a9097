import { useRead } from '../../api/read.ts';
import { LatelyRunDocument, type WorkerRow } from '../../api/workers.ts';
import { Empty, ErrorNote, Loading } from '../../design/note.tsx';
import { Meter } from '../../design/progress.tsx';
import { Table, type TableColumn } from '../../design/table.tsx';
import { countText, jobName, many, spanText } from '../../design/text.ts';
import { Time } from '../../design/time.tsx';
import { Link } from '../../frame/link.tsx';
import { PageHead } from '../../frame/page-head.tsx';
import { useRoom } from '../../frame/search.ts';
import pageStyles from '../jobs/page.module.css';
import { WorkerSnippets } from '../overview/first-steps.tsx';
import { useWorkerActions, WorkerButtons } from './actions.tsx';
import { Backlog } from './backlog.tsx';
import { type Pace, pacesOf } from './pace.ts';
import styles from './page.module.css';
import { WorkerState } from './state.tsx';
import { useWorkers } from './use-workers.ts';

export function Page() {
  const room = useRoom();
  const { rows, error } = useWorkers(room);
  const present = rows?.filter(({ lostAt }) => !lostAt).toSorted(byName);
  const lost = rows?.filter(({ lostAt }) => lostAt);
  const slots = present?.reduce((sum, { capacity }) => sum + capacity, 0) ?? 0;
  const used = present?.reduce((sum, { running }) => sum + running, 0) ?? 0;
  const served = present?.filter(({ alive }) => alive).map(({ id }) => id) ?? [];
  return (
    <div className={pageStyles.page}>
      <PageHead
        title="Workers"
        aside={
          present && `${countText(served.length)} alive, ${countText(used)} of ${many(slots, 'slot')} in use`
        }
      />
      {error !== undefined && <ErrorNote error={error} />}
      {!rows && error === undefined && <Loading what="the workers" />}
      {rows && <Backlog room={room} served={served.join()} />}
      {present && present.length === 0 && (
        <Empty title={room === undefined ? 'No worker is registered' : `No worker serves ${room}`}>
          <p>A worker is a program of yours that registers jobs and claims their tasks.</p>
          <WorkerSnippets room={room} />
        </Empty>
      )}
      {present && present.length > 0 && <WorkerTable label="Workers" workers={present} room={room} />}
      {lost && lost.length > 0 && (
        <section className={styles.lost}>
          <h2>Lost within the last hour</h2>
          <p className={styles.note}>
            They stopped to beat without a word. Their tasks went back to the queue.
          </p>
          <WorkerTable label="Lost workers" workers={lost} room={room} />
        </section>
      )}
    </div>
  );
}

function byName(a: WorkerRow, b: WorkerRow): number {
  return a.name.localeCompare(b.name) || (a.id < b.id ? -1 : 1);
}

interface WorkerTableProps {
  label: string;
  workers: readonly WorkerRow[];
  room: string | undefined;
}

function WorkerTable({ label, workers, room }: WorkerTableProps) {
  const { ask, dialog } = useWorkerActions();
  const { data } = useRead('lately run', LatelyRunDocument, { room });
  const paces = pacesOf(data?.tasks.nodes ?? []);
  const columns: TableColumn<WorkerRow>[] = [
    { label: 'State', cell: (worker) => <WorkerState worker={worker} /> },
    {
      label: 'Worker',
      cell: ({ id, name, host, version }) => (
        <Link to={`/workers/${id}`} className={pageStyles.job}>
          <strong>
            <bdi>{name}</bdi>
          </strong>
          <span className={pageStyles.description}>{[host, version].filter(Boolean).join(' · ')}</span>
        </Link>
      ),
    },
    {
      label: 'Jobs',
      cell: ({ jobs }) => <Jobs names={jobs.map(({ fullName }) => fullName)} />,
    },
    {
      label: 'Slots',
      cell: ({ running, capacity, name }) => (
        <span className={styles.slots}>
          <Meter used={running} of={capacity} label={`Slots of ${name} in use`} />
        </span>
      ),
    },
    { label: 'Ran lately', cell: ({ id }) => <PaceText pace={paces.get(id)} /> },
    { label: 'Last beat', cell: ({ lastHeartbeatAt }) => <Time at={lastHeartbeatAt} /> },
    {
      label: 'Actions',
      hideLabel: true,
      cell: (worker) => <WorkerButtons worker={worker} ask={ask} />,
    },
  ];
  return (
    <>
      <Table
        label={label}
        rows={workers}
        keyOf={({ id }) => id}
        columns={columns}
        isFaint={({ alive, lostAt }) => !alive || !!lostAt}
      />
      {dialog}
    </>
  );
}

const NAMED = 3;

function Jobs({ names }: { names: readonly string[] }) {
  if (names.length === 0) return <span className={pageStyles.faint}>none</span>;
  return (
    <span className={styles.jobs} title={names.join('\n')}>
      {names.slice(0, NAMED).map((name) => (
        <Link key={name} to={`/jobs/${encodeURIComponent(name)}`}>
          {jobName(name)}
        </Link>
      ))}
      {names.length > NAMED && <span className={pageStyles.faint}>and {names.length - NAMED} more</span>}
    </span>
  );
}

/** Slower than the others by so much is worth a word. */
const SLOW = 1.5;

export function PaceText({ pace }: { pace: Pace | undefined }) {
  if (!pace) return <span className={pageStyles.faint}>nothing</span>;
  return (
    <span>
      {spanText(pace.medianMs)} <span className={pageStyles.faint}>median of {pace.count}</span>
      {pace.ratio !== undefined && pace.ratio >= SLOW && (
        <strong className={styles.slow}> {pace.ratio.toFixed(1)}× slower than others</strong>
      )}
    </span>
  );
}
