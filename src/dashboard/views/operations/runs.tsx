import type { Operation } from '../../api/operations.ts';
import { Button } from '../../design/button.tsx';
import { Empty, ErrorNote } from '../../design/note.tsx';
import { Table } from '../../design/table.tsx';
import { ElapsedTime, Time } from '../../design/time.tsx';
import { Link } from '../../frame/link.tsx';
import { useChangeSearch } from '../../frame/search.ts';
import pageStyles from '../jobs/page.module.css';
import styles from './page.module.css';
import { MetricsLine, RunState } from './run-state.tsx';
import { useRuns } from './use-runs.ts';

/** Runs as they begin, get on and end, on whichever server. */
export function Runs({
  operation,
  operations,
}: {
  operation: string | undefined;
  operations: readonly Operation[];
}) {
  const { runs, read } = useRuns(operation);
  const change = useChangeSearch();
  return (
    <section className={styles.runs}>
      <h2>
        {operation === undefined ? 'Runs' : `Runs of ${operation}`}{' '}
        {operation !== undefined && operations.length > 1 && (
          <Button kind="quiet" onClick={() => change({ operation: undefined })}>
            Show all
          </Button>
        )}
      </h2>
      {read.error !== undefined && <ErrorNote error={read.error} retry={read.again} />}
      {read.data !== undefined && runs.length === 0 && (
        <Empty title="No run yet">
          <p>Those by themselves leave one only when they did something, or failed.</p>
        </Empty>
      )}
      {runs.length > 0 && (
        <Table
          label="Runs of operations"
          rows={runs}
          keyOf={({ id }) => id}
          columns={[
            { label: 'Status', cell: (run) => <RunState run={run} /> },
            {
              label: 'Operation',
              cell: ({ id, operation: name, dryRun }) => (
                <Link to={`/operations/runs/${id}`} className={pageStyles.job}>
                  <code>{name}</code> {dryRun && <span className={pageStyles.faint}>only counted</span>}
                </Link>
              ),
            },
            { label: 'Room', cell: ({ room }) => room ?? 'all' },
            {
              label: 'What came of it',
              cell: ({ metrics, error }) =>
                error ? <span className={pageStyles.bad}>{error}</span> : <MetricsLine metrics={metrics} />,
            },
            { label: 'Started', cell: ({ startedAt }) => <Time at={startedAt} /> },
            {
              label: 'Took',
              cell: ({ startedAt, finishedAt }) => <ElapsedTime from={startedAt} to={finishedAt} />,
            },
            { label: 'By', cell: ({ triggeredBy }) => <bdi>{triggeredBy}</bdi> },
          ]}
        />
      )}
    </section>
  );
}
