import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import type { ScheduleRow } from '../../api/schedules.ts';
import { Button } from '../../design/button.tsx';
import { Lamp } from '../../design/lamp.tsx';
import { Banner, Empty, ErrorNote, Loading } from '../../design/note.tsx';
import { Table } from '../../design/table.tsx';
import { jobName, jobPlace, many } from '../../design/text.ts';
import { Time } from '../../design/time.tsx';
import { Link } from '../../frame/link.tsx';
import { PageHead } from '../../frame/page-head.tsx';
import { useChangeSearch, useRoom, useSearchText } from '../../frame/search.ts';
import { isReadOnly } from '../../session/read-only.ts';
import { useViewer } from '../../session/session.ts';
import pageStyles from '../jobs/page.module.css';
import { ScheduleButtons } from './actions.tsx';
import { Cron } from './cron.tsx';
import { Outcomes } from './outcomes.tsx';
import { useSchedules } from './use-schedules.ts';

const ScheduleForm = lazy(() => import('./form.tsx').then(({ ScheduleForm }) => ({ default: ScheduleForm })));

export function Page() {
  const room = useRoom();
  const { role } = useViewer();
  const { schedules, hasMore, error, again } = useSchedules(room);
  const search = useSearchText();
  const change = useChangeSearch();
  const navigate = useNavigate();
  const create = () => change({ new: 'yes' });
  return (
    <div className={pageStyles.page}>
      <PageHead title="Schedules" aside={schedules && many(schedules.length, 'schedule')}>
        {!isReadOnly && (
          <Button kind="primary" onClick={create}>
            Create a schedule
          </Button>
        )}
      </PageHead>
      {error !== undefined && <ErrorNote error={error} retry={again} />}
      {!schedules && error === undefined && <Loading what="the schedules" />}
      {schedules?.length === 0 && (
        <Empty title={room === undefined ? 'Nothing is scheduled' : `Nothing is scheduled in ${room}`}>
          <p>
            A schedule submits a task{role === 'ADMIN' && ', or runs an operation,'} again and again by a cron
            line.
          </p>
          {!isReadOnly && <Button onClick={create}>Create the first one</Button>}
        </Empty>
      )}
      {schedules && schedules.length > 0 && (
        <Table
          label="Schedules"
          rows={schedules}
          keyOf={({ id }) => id}
          isFaint={({ pausedAt }) => !!pausedAt}
          columns={[
            { label: 'State', cell: (schedule) => <ScheduleState schedule={schedule} /> },
            {
              label: 'Schedule',
              isTitle: true,
              cell: ({ id, name, cron, timeZone }) => (
                <Link to={`/schedules/${id}`} className={pageStyles.job}>
                  <strong>
                    <bdi>{name}</bdi>
                  </strong>
                  <span className={pageStyles.description}>
                    <Cron cron={cron} timeZone={timeZone} />
                  </span>
                </Link>
              ),
            },
            { label: 'Starts', cell: (schedule) => <WhatRuns schedule={schedule} /> },
            {
              label: 'Next run',
              cell: ({ nextRunAt, pausedAt }) => (nextRunAt && !pausedAt ? <Time at={nextRunAt} /> : 'none'),
            },
            { label: 'Last runs', cell: ({ runs }) => <Outcomes runs={runs.nodes} /> },
            {
              label: 'Actions',
              hideLabel: true,
              cell: (schedule) => <ScheduleButtons schedule={schedule} />,
            },
          ]}
        />
      )}
      {hasMore && <Banner>Only the first 50 schedules are shown. The API lists all of them.</Banner>}
      {search.new && !isReadOnly && (
        <Suspense fallback={null}>
          <ScheduleForm
            close={() => change({ new: undefined })}
            saved={(id) => void navigate({ to: `/schedules/${id}` })}
          />
        </Suspense>
      )}
    </div>
  );
}

export function ScheduleState({ schedule: { pausedAt } }: { schedule: ScheduleRow }) {
  return pausedAt ? <Lamp kind="off">Paused</Lamp> : <Lamp kind="good">Active</Lamp>;
}

export function WhatRuns({ schedule: { task, operation } }: { schedule: ScheduleRow }) {
  if (task) {
    const { fullName } = task.job;
    return (
      <Link to={`/jobs/${encodeURIComponent(fullName)}`}>
        {jobName(fullName)} <span className={pageStyles.faint}>{jobPlace(fullName)}</span>
      </Link>
    );
  }
  if (!operation) return null;
  return (
    <Link to="/operations" search={{ operation: operation.operation }}>
      <code>{operation.operation}</code>
      {operation.dryRun && <span className={pageStyles.faint}> only counted</span>}
    </Link>
  );
}
