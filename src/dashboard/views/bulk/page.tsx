import { useParams } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { successOf } from '../../../client/problems.ts';
import { type BulkRun, BulkRunStreamDocument, StopBulkDocument } from '../../api/bulk.ts';
import { request } from '../../api/connection.ts';
import { Button } from '../../design/button.tsx';
import { Fact, Facts } from '../../design/facts.tsx';
import { Lamp, type LampKind } from '../../design/lamp.tsx';
import { Banner, Empty, ErrorNote, Loading } from '../../design/note.tsx';
import { countText, many, wordOf } from '../../design/text.ts';
import { ElapsedTime, Time } from '../../design/time.tsx';
import { announceOutcome } from '../../frame/announce.tsx';
import { Link } from '../../frame/link.tsx';
import { PageHead } from '../../frame/page-head.tsx';
import type { BulkRunStatus } from '../../generated/graphql.ts';
import { followSubscription } from '../../live/follow.ts';
import { isReadOnly } from '../../session/read-only.ts';
import pageStyles from '../jobs/page.module.css';
import styles from './page.module.css';
import { PAST } from './plan-dialog.tsx';

const KINDS: Record<BulkRunStatus, LampKind> = { RUNNING: 'busy', COMPLETED: 'good', STOPPED: 'caution' };

/** How an action on many tasks gets on, and what came of it. */
export function Page() {
  const { runId } = useParams({ strict: false }) as { runId: string };
  const { run, error } = useBulkRun(runId);
  if (run) return <Run run={run} />;
  if (error === undefined) return <Loading what="the run" />;
  return (
    <>
      <ErrorNote error={error} />
      <Empty title="There is no such run">
        <p>
          It is kept for a day for the one who started it. <Link to="/tasks">All tasks</Link>
        </p>
      </Empty>
    </>
  );
}

function useBulkRun(runId: string): { run: BulkRun | undefined; error: unknown } {
  const [run, setRun] = useState<BulkRun>();
  const [error, setError] = useState<unknown>();
  useEffect(() => {
    const end = followSubscription({
      document: BulkRunStreamDocument,
      variables: { runId },
      take({ bulkRunEvents }) {
        setRun(bulkRunEvents);
        // The stream ends with the run: there is nothing to wait for.
        if (bulkRunEvents.status !== 'RUNNING') end();
      },
      fail: setError,
    });
    return end;
  }, [runId]);
  return { run, error };
}

function Run({ run }: { run: BulkRun }) {
  const { action, permitted } = run.plan;
  const handled = run.done + run.refused;
  const share = permitted > 0 ? handled / permitted : 1;
  return (
    <div className={pageStyles.page}>
      <PageHead
        title={`${wordOf(action)} ${many(permitted, 'task')}`}
        aside={<Lamp kind={KINDS[run.status]}>{wordOf(run.status)}</Lamp>}
      >
        {run.status === 'RUNNING' && !isReadOnly && <Button onClick={() => void stop(run.id)}>Stop</Button>}
      </PageHead>
      <div
        className={styles.progress}
        role="progressbar"
        aria-label="Done"
        aria-valuenow={handled}
        aria-valuemin={0}
        aria-valuemax={permitted}
      >
        <span className={styles.done} style={{ width: `${(run.done / Math.max(1, permitted)) * 100}%` }} />
        <span
          className={styles.refused}
          style={{ width: `${(run.refused / Math.max(1, permitted)) * 100}%` }}
        />
      </div>
      <p aria-live="polite" className={styles.words}>
        <strong>{countText(run.done)}</strong> {PAST[action]}
        {run.refused > 0 && `, ${countText(run.refused)} had changed meanwhile and were left alone`}
        {run.status === 'RUNNING' && ` · ${Math.floor(share * 100)} % of ${countText(permitted)}`}
      </p>
      {run.status === 'STOPPED' && (
        <Banner>
          Stopped: {many(permitted - handled, 'task was', 'tasks were')} not reached. What was done stays
          done.
        </Banner>
      )}
      <Facts>
        <Fact name="Started">
          <Time at={run.startedAt} /> by {run.startedBy}
        </Fact>
        <Fact name={run.finishedAt ? 'Took' : 'Runs for'}>
          <ElapsedTime from={run.startedAt} to={run.finishedAt} />
        </Fact>
        <Fact name="Matched">{countText(run.plan.matching)}</Fact>
      </Facts>
      <p>
        <Link to={action === 'CANCEL' ? '/tasks' : '/dead-letters'}>
          {action === 'CANCEL' ? 'Tasks' : 'Dead letters'}
        </Link>
      </p>
    </div>
  );
}

function stop(runId: string): Promise<boolean> {
  return announceOutcome(async () => {
    successOf((await request(StopBulkDocument, { input: { runId } })).stopBulk, 'BulkRunSuccess');
    return 'It stops after the part that is under way.';
  });
}
