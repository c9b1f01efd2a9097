/** What has gone wrong in the last day, by error: how often, since when, and how many of it are dead letters. */
import { FlaskConical, RotateCcw } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { ErrorGroupsDocument } from '../../api/error-groups.ts';
import { useRead } from '../../api/read.ts';
import { Button } from '../../design/button.tsx';
import { Empty, ErrorNote, Loading } from '../../design/note.tsx';
import { Sparkline } from '../../design/sparkline.tsx';
import { Table, type TableColumn } from '../../design/table.tsx';
import { countText, jobName, jobPlace } from '../../design/text.ts';
import { Time } from '../../design/time.tsx';
import { Link } from '../../frame/link.tsx';
import { useChangeSearch, useRoom, useSearchText } from '../../frame/search.ts';
import type { ErrorGroupsQuery } from '../../generated/graphql.ts';
import { countOf, useTaskCounts } from '../../live/counts.ts';
import { useViewer } from '../../session/session.ts';
import pageStyles from '../jobs/page.module.css';
import { mayChange } from '../tasks/actions.ts';
import { Probe, startProbe } from './probe.tsx';

const PlanDialog = lazy(() =>
  import('../bulk/plan-dialog.tsx').then(({ PlanDialog }) => ({ default: PlanDialog })),
);

type ErrorGroup = ErrorGroupsQuery['errorGroups'][number];

/** Dead letters are counted up to this. */
const COUNTED = 1_000;

export function ErrorGroups() {
  const room = useRoom();
  const { job, probe, of } = useSearchText();
  const change = useChangeSearch();
  const { role } = useViewer();
  const [asked, setAsked] = useState<string>();
  const counts = useTaskCounts(room);
  // Another number of failures: what they are is read again.
  const failed = counts ? countOf(counts, 'FAILED') : 0;
  const variables = { room, job: job || undefined };
  const { data, error, loading, again } = useRead(`error groups ${failed}`, ErrorGroupsDocument, variables, {
    keep: true,
  });
  if (error !== undefined) return <ErrorNote error={error} retry={again} />;
  if (loading) return <Loading what="the errors" />;
  const groups = data?.errorGroups ?? [];
  const startOne = async (fingerprint: string) => {
    const taskId = await startProbe(room, fingerprint);
    if (taskId !== undefined) change({ probe: taskId, of: fingerprint });
  };
  if (groups.length === 0) {
    return (
      <Empty title="Nothing went wrong in the last 24 hours">
        <p>Every attempt that fails is counted here, with those of the same job, code and message.</p>
      </Empty>
    );
  }
  return (
    <>
      {probe && (
        <Probe
          taskId={probe}
          group={groups.find(({ fingerprint }) => fingerprint === of)}
          retryOthers={() => setAsked(of)}
          close={() => change({ probe: undefined, of: undefined })}
        />
      )}
      <Table
        label="Errors of the last 24 hours"
        rows={groups}
        keyOf={({ fingerprint }) => fingerprint}
        columns={columnsOf(mayChange(role) ? { startOne, retryAll: setAsked } : undefined)}
      />
      {asked && (
        <Suspense fallback={null}>
          <PlanDialog
            action="RETRY"
            room={room}
            filter={{ statuses: ['FAILED'], discarded: false, errorFingerprint: asked }}
            close={() => setAsked(undefined)}
          />
        </Suspense>
      )}
    </>
  );
}

interface GroupActs {
  startOne(fingerprint: string): Promise<void>;
  retryAll(fingerprint: string): void;
}

/** @param acts undefined for callers who may retry nothing */
function columnsOf(acts: GroupActs | undefined): TableColumn<ErrorGroup>[] {
  return [
    {
      label: 'Error',
      isTitle: true,
      cell: ({ fingerprint, code, message }) => (
        <Link to="/dead-letters" search={{ fingerprint }} className={pageStyles.job}>
          {code && (
            <strong>
              <code>{code}</code>
            </strong>
          )}
          <span className={pageStyles.description} title={message}>
            <bdi>{message}</bdi>
          </span>
        </Link>
      ),
    },
    {
      label: 'Job',
      cell: ({ job: { fullName } }) => (
        <Link to={`/jobs/${encodeURIComponent(fullName)}`}>
          {jobName(fullName)} <span className={pageStyles.faint}>{jobPlace(fullName)}</span>
        </Link>
      ),
    },
    {
      label: '24 hours',
      cell: ({ series, code, message }) => (
        <Sparkline values={[]} bad={series} label={`Failed attempts with ${code ?? message}`} />
      ),
    },
    { label: 'Attempts', numeric: true, cell: ({ count }) => countText(count) },
    {
      label: 'Dead letters',
      numeric: true,
      cell: ({ deadLetters }) => (deadLetters >= COUNTED ? `${countText(COUNTED)} or more` : deadLetters),
    },
    { label: 'First', cell: ({ firstAt }) => <Time at={firstAt} /> },
    { label: 'Last', cell: ({ lastAt }) => <Time at={lastAt} /> },
    {
      label: 'Actions',
      hideLabel: true,
      cell: ({ fingerprint, deadLetters }) =>
        acts &&
        deadLetters > 0 && (
          <span className={pageStyles.buttons}>
            {deadLetters > 1 && (
              <Button
                kind="quiet"
                title="Retry one, and see what becomes of it"
                onClick={() => void acts.startOne(fingerprint)}
              >
                <FlaskConical size={13} aria-hidden /> Try one
              </Button>
            )}
            <Button kind="quiet" onClick={() => acts.retryAll(fingerprint)}>
              <RotateCcw size={13} aria-hidden /> Retry all…
            </Button>
          </span>
        ),
    },
  ];
}
