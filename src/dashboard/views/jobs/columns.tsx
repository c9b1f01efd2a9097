/** What a job has done lately, as columns of a table and as single figures. */
import type { JobRow } from '../../api/jobs.ts';
import { Sparkline } from '../../design/sparkline.tsx';
import type { TableColumn } from '../../design/table.tsx';
import { countText, percentText, spanText } from '../../design/text.ts';
import { Link } from '../../frame/link.tsx';
import type { TaskStatus } from '../../generated/graphql.ts';
import type { JobStatistics } from '../../live/job-statistics.ts';
import styles from './page.module.css';

/** @param lately of which time, in words */
export function activityColumns(statistics: readonly JobStatistics[], lately: string): TableColumn<JobRow>[] {
  const byName = new Map(statistics.map((one) => [one.job.fullName, one]));
  return [
    {
      label: `Ended, ${lately}`,
      cell: ({ fullName }) => (
        <Ended
          series={byName.get(fullName)?.series ?? []}
          what={`Tasks of ${fullName} that ended, ${lately}`}
        />
      ),
    },
    {
      label: 'Waiting',
      numeric: true,
      cell: ({ fullName }) => <StatusCount job={fullName} of={byName.get(fullName)} status="PENDING" />,
    },
    {
      label: 'Running',
      numeric: true,
      cell: ({ fullName }) => <StatusCount job={fullName} of={byName.get(fullName)} status="RUNNING" />,
    },
    {
      label: `Failed, ${lately}`,
      numeric: true,
      cell: ({ fullName }) => <FailedLately of={byName.get(fullName)} />,
    },
    {
      label: 'Run p95',
      numeric: true,
      cell: ({ fullName }) => {
        const run = byName.get(fullName)?.window.run;
        return run ? spanText(run.p95 * 1000) : '–';
      },
    },
  ];
}

/** How many there are, as a link to them; nothing to see is no link. */
function StatusCount({
  job,
  of,
  status,
}: {
  job: string;
  of: JobStatistics | undefined;
  status: TaskStatus;
}) {
  const count = of?.counts.byStatus.find((item) => item.status === status)?.count ?? 0;
  if (count === 0) return <span className={styles.faint}>0</span>;
  return (
    <Link to="/tasks" search={{ job, status }}>
      {countText(count)}
    </Link>
  );
}

function FailedLately({ of }: { of: JobStatistics | undefined }) {
  const { failed, failureRate } = of?.window ?? { failed: 0, failureRate: null };
  if (!of || failed === 0) return <span className={styles.faint}>0</span>;
  return (
    <Link to="/dead-letters" search={{ job: of.job.fullName }} className={styles.bad}>
      {countText(failed)}
      {failureRate !== null && failureRate !== undefined && ` · ${percentText(failureRate)}`}
    </Link>
  );
}

export function Ended({ series, what }: { series: JobStatistics['series']; what: string }) {
  return (
    <Sparkline
      values={series.map(({ completed, partial }) => completed + partial)}
      bad={series.map(({ failed }) => failed)}
      label={what}
    />
  );
}
