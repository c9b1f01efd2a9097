/** Workers as a table, with what can be done to each. */
import { useRead } from '../../api/read.ts';
import { LatelyRunDocument, type WorkerRow } from '../../api/workers.ts';
import { UsageMeter } from '../../design/progress.tsx';
import { Table, type TableColumn } from '../../design/table.tsx';
import { jobName, spanText } from '../../design/text.ts';
import { Time } from '../../design/time.tsx';
import { Link } from '../../frame/link.tsx';
import { useRereadOn } from '../../live/reread.ts';
import pageStyles from '../jobs/page.module.css';
import { useWorkerActions, WorkerButtons } from './actions.tsx';
import { type Pace, pacesOf } from './pace.ts';
import styles from './page.module.css';
import { WorkerState } from './state.tsx';

export interface WorkerTableProps {
  label: string;
  workers: readonly WorkerRow[];
  room: string | undefined;
}

export function WorkerTable({ label, workers, room }: WorkerTableProps) {
  const { ask, dialog } = useWorkerActions();
  const { data, error, again } = useRead('lately run', LatelyRunDocument, { room }, { keep: true });
  // Slots that were taken and given back: something has run.
  useRereadOn(workers.map(({ id, running }) => `${id} ${running}`).join(), again);
  const paces = pacesOf(data?.tasks.nodes ?? []);
  const columns: TableColumn<WorkerRow>[] = [
    { label: 'State', cell: (worker) => <WorkerState worker={worker} /> },
    {
      label: 'Worker',
      isTitle: true,
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
          <UsageMeter used={running} of={capacity} label={`Slots of ${name} in use`} />
        </span>
      ),
    },
    {
      label: 'Ran lately',
      cell: ({ id }) => (error === undefined ? <PaceText pace={paces.get(id)} /> : 'could not be read'),
    },
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
