import { useNavigate, useParams } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import type { ScheduleRunRow } from '../../api/schedules.ts';
import { Button } from '../../design/button.tsx';
import { Fact, Facts } from '../../design/facts.tsx';
import { Json } from '../../design/json.tsx';
import { Banner, Empty, ErrorNote, Loading } from '../../design/note.tsx';
import { Table } from '../../design/table.tsx';
import { spanText, wordOf } from '../../design/text.ts';
import { ElapsedTime, Time } from '../../design/time.tsx';
import { Link } from '../../frame/link.tsx';
import { PageHead } from '../../frame/page-head.tsx';
import { useChangeSearch, useSearchText } from '../../frame/search.ts';
import type { DashboardScheduleQuery } from '../../generated/graphql.ts';
import { isReadOnly } from '../../session/read-only.ts';
import pageStyles from '../jobs/page.module.css';
import { ScheduleButtons, useScheduleDeletion } from '../schedules/actions.tsx';
import { Cron } from '../schedules/cron.tsx';
import { Dot, targetOf } from '../schedules/outcomes.tsx';
import { ScheduleState, WhatRuns } from '../schedules/page.tsx';
import { useSchedule } from '../schedules/use-schedules.ts';
import styles from './page.module.css';

const ScheduleForm = lazy(() =>
  import('../schedules/form.tsx').then(({ ScheduleForm }) => ({ default: ScheduleForm })),
);

export function Page() {
  const { scheduleId } = useParams({ strict: false }) as { scheduleId: string };
  const { schedule, isRead, error, again } = useSchedule(scheduleId);
  if (error !== undefined) return <ErrorNote error={error} retry={again} />;
  if (!isRead) return <Loading what="the schedule" />;
  if (!schedule) {
    return (
      <Empty title="There is no such schedule">
        <p>
          It was deleted, or never was. <Link to="/schedules">All schedules</Link>
        </p>
      </Empty>
    );
  }
  return <ScheduleView schedule={schedule} />;
}

function ScheduleView({ schedule }: { schedule: NonNullable<DashboardScheduleQuery['schedule']> }) {
  const search = useSearchText();
  const change = useChangeSearch();
  const navigate = useNavigate();
  const { ask, dialog } = useScheduleDeletion(() => void navigate({ to: '/schedules' }));
  const { name, cron, timeZone, pausedAt, nextRuns, task, operation, overlap, catchUpSeconds } = schedule;
  return (
    <div className={pageStyles.page}>
      <PageHead title={<bdi>{name}</bdi>} aside={<ScheduleState schedule={schedule} />}>
        <ScheduleButtons schedule={schedule}>
          <Button onClick={() => change({ edit: 'yes' })}>Change</Button>
          <Button onClick={() => ask(schedule)}>Delete</Button>
        </ScheduleButtons>
      </PageHead>
      {pausedAt && (
        <Banner>
          Paused <Time at={pausedAt} />: it starts nothing until it is resumed.
        </Banner>
      )}
      <Facts>
        <Fact name="When">
          <Cron cron={cron} timeZone={timeZone} /> <code className={styles.cron}>{cron}</code>
        </Fact>
        <Fact name="Starts">
          <WhatRuns schedule={schedule} />
        </Fact>
        <Fact name="Room">{task?.room ?? operation?.room ?? 'all'}</Fact>
        <Fact name="Overlap">{wordOf(overlap)}</Fact>
        <Fact name="Catches up">
          {catchUpSeconds > 0 ? `runs missed for up to ${spanText(catchUpSeconds * 1000)}` : 'nothing'}
        </Fact>
        <Fact name="Created">
          <Time at={schedule.createdAt} /> by {schedule.createdBy}
        </Fact>
      </Facts>
      {!pausedAt && (
        <section className={pageStyles.page}>
          <h2>Next runs</h2>
          <ol className={styles.next}>
            {nextRuns.map((at) => (
              <li key={at}>
                <Time at={at} absolute />{' '}
                <span className={pageStyles.faint}>
                  <Time at={at} />
                </span>
              </li>
            ))}
          </ol>
        </section>
      )}
      <section className={pageStyles.page}>
        <h2>Runs</h2>
        <Runs runs={schedule.runs.nodes} />
      </section>
      <section className={pageStyles.page}>
        <h2>{task ? 'Payload' : 'Parameters'}</h2>
        <Json value={task?.payload ?? operation?.parameters} what={task ? 'payload' : 'parameters'} />
      </section>
      {dialog}
      {search.edit && !isReadOnly && (
        <Suspense fallback={null}>
          <ScheduleForm schedule={schedule} close={() => change({ edit: undefined })} saved={() => {}} />
        </Suspense>
      )}
    </div>
  );
}

function Runs({ runs }: { runs: readonly ScheduleRunRow[] }) {
  if (runs.length === 0) return <p className={pageStyles.faint}>It has not run yet.</p>;
  return (
    <Table
      label="Runs of the schedule"
      rows={runs}
      keyOf={({ id }) => id}
      columns={[
        {
          label: 'Outcome',
          cell: ({ status }) => (
            <span className={styles.outcome}>
              <Dot status={status} /> {wordOf(status)}
            </span>
          ),
        },
        {
          label: 'Due',
          cell: ({ tick, createdAt }) =>
            tick ? (
              <Time at={tick} absolute />
            ) : (
              <span>
                <Time at={createdAt} absolute /> by hand
              </span>
            ),
        },
        {
          label: 'Took',
          cell: ({ startedAt, finishedAt, status }) =>
            startedAt && (finishedAt || status === 'RUNNING') ? (
              <ElapsedTime from={startedAt} to={finishedAt} />
            ) : (
              ''
            ),
        },
        { label: 'By', cell: ({ triggeredBy }) => <bdi>{triggeredBy}</bdi> },
        { label: 'Because', cell: ({ detail }) => detail },
        {
          label: 'Started',
          cell: (run) => {
            const to = targetOf(run);
            return to && <Link to={to}>{run.task ? 'Its task' : 'Its run'}</Link>;
          },
        },
      ]}
    />
  );
}
