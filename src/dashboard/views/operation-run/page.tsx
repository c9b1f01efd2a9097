import { useParams } from '@tanstack/react-router';
import { OperationRunDocument, OperationsDocument } from '../../api/operations.ts';
import { useRead } from '../../api/read.ts';
import { Fact, Facts } from '../../design/facts.tsx';
import { Json } from '../../design/json.tsx';
import { Banner, Empty, ErrorNote, Loading } from '../../design/note.tsx';
import { ElapsedTime, Time } from '../../design/time.tsx';
import { Link } from '../../frame/link.tsx';
import { PageHead } from '../../frame/page-head.tsx';
import pageStyles from '../jobs/page.module.css';
import { RunMetricsList, RunState } from '../operations/run-state.tsx';
import { useLiveRuns } from '../operations/use-runs.ts';

/** One run: its figures as they grow, what it was asked for and by whom. */
export function Page() {
  const { runId } = useParams({ strict: false }) as { runId: string };
  const { data, error, loading, again } = useRead('operation run', OperationRunDocument, { id: runId });
  const operations = useRead('operations', OperationsDocument, {}).data?.operations;
  const live = useLiveRuns().find(({ id }) => id === runId);
  const run = live ?? data?.operationRun;
  if (error !== undefined) return <ErrorNote error={error} retry={again} />;
  if (!run) {
    if (loading) return <Loading what="the run" />;
    return (
      <Empty title="There is no such run">
        <p>
          Ended runs are kept for 90 days, unless the server is configured otherwise.{' '}
          <Link to="/operations">All operations</Link>
        </p>
      </Empty>
    );
  }
  const schema = operations?.find(({ name }) => name === run.operation)?.metrics;
  return (
    <div className={pageStyles.page}>
      <PageHead title={<code>{run.operation}</code>} aside={<RunState run={run} />}>
        <Link to="/events" search={{ correlation: run.correlationId }}>
          Its events
        </Link>
      </PageHead>
      {run.dryRun && <Banner>Only counted: nothing was changed.</Banner>}
      {run.error && (
        <Banner kind="danger">
          <bdi>{run.error}</bdi>
        </Banner>
      )}
      <Facts>
        <Fact name="Room">{run.room ?? 'all'}</Fact>
        <Fact name="Started">
          <Time at={run.startedAt} /> by {run.triggeredBy}
        </Fact>
        <Fact name={run.finishedAt ? 'Took' : 'Runs for'}>
          <ElapsedTime from={run.startedAt} to={run.finishedAt} />
        </Fact>
      </Facts>
      <section className={pageStyles.page}>
        <h2>What came of it</h2>
        <RunMetricsList metrics={run.metrics} schema={schema} />
      </section>
      <section className={pageStyles.page}>
        <h2>Parameters</h2>
        <Json value={run.parameters} what="parameters" />
      </section>
    </div>
  );
}
