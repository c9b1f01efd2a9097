/** The audit log, live. What is new waits in a pill while somebody reads further down, or holds the list. */
import { Pause, Play } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import { Button } from '../../design/button.tsx';
import { Json } from '../../design/json.tsx';
import { Lamp, type LampKind } from '../../design/lamp.tsx';
import { NewRows } from '../../design/new-rows.tsx';
import { Empty, ErrorNote, Loading } from '../../design/note.tsx';
import { Table } from '../../design/table.tsx';
import { wordOf } from '../../design/text.ts';
import { Time } from '../../design/time.tsx';
import { useActions } from '../../frame/keyboard.ts';
import { Link } from '../../frame/link.tsx';
import { PageHead } from '../../frame/page-head.tsx';
import { useChangeSearch } from '../../frame/search.ts';
import type { EventSeverity } from '../../generated/graphql.ts';
import { useSettings } from '../../live/settings.ts';
import { useLiveList } from '../../live/use-live-list.ts';
import styles from '../jobs/page.module.css';
import filterStyles from './filters.module.css';
import { EventFilters, useEventQuery } from './filters.tsx';
import { type EventQuery, eventSource, type Row } from './source.ts';
import { Subject } from './subject.tsx';

const KINDS: Record<EventSeverity, LampKind> = { INFO: 'off', WARNING: 'caution', ERROR: 'danger' };

export function Page() {
  const query = useEventQuery();
  const { rows: limit } = useSettings();
  const [opened, setOpened] = useState<string>();
  const [held, setHeld] = useState(false);
  const key = JSON.stringify(query);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text stands for the query.
  const source = useMemo(() => eventSource(query), [key]);
  const { list, view, more, again } = useLiveList(source, limit);
  const scrolled = useScrolled();
  const holds = held || scrolled || opened !== undefined;
  useEffect(() => (holds ? list.hold() : undefined), [list, holds]);
  const hold = () => setHeld((now) => !now);
  useActions({ hold });
  const events = view.ids.flatMap((id) => list.row(id) ?? []);
  const actors = [...new Set(events.map(({ actor }) => actor))].sort();
  return (
    <div className={styles.page}>
      <PageHead title="Events" aside="What was done, by whom: the audit log">
        <Button kind="quiet" aria-pressed={held} title="Hold the list as it is (p)" onClick={hold}>
          {held ? <Play size={14} aria-hidden /> : <Pause size={14} aria-hidden />}
          {held ? 'Held' : 'Hold'}
        </Button>
      </PageHead>
      <EventFilters query={query} actors={actors} />
      {view.waiting > 0 && (
        <NewRows
          count={view.waiting}
          className={filterStyles.pill}
          show={() => {
            setOpened(undefined);
            list.showWaiting();
            mainOf()?.scrollTo({ top: 0 });
          }}
        />
      )}
      {view.state === 'failed' && <ErrorNote error={view.error} retry={again} />}
      {view.state === 'loading' && <Loading what="the events" />}
      {view.state === 'ready' && events.length === 0 && <Nothing query={query} />}
      {events.length > 0 && <EventTable events={events} opened={opened} setOpened={setOpened} />}
      {view.hasMore && <Button onClick={more}>Show older ones</Button>}
    </div>
  );
}

interface EventTableProps {
  events: readonly Row[];
  opened: string | undefined;
  setOpened(id: string | undefined): void;
}

function EventTable({ events, opened, setOpened }: EventTableProps) {
  return (
    <Table
      label="Events"
      rows={events}
      keyOf={({ id }) => id}
      columns={[
        { label: 'When', cell: ({ at }) => <Time at={at} /> },
        { label: 'What', isTitle: true, cell: (event) => <strong>{wordOf(event.type)}</strong> },
        {
          label: 'Severity',
          cell: ({ severity }) => <Lamp kind={KINDS[severity]}>{wordOf(severity)}</Lamp>,
        },
        { label: 'Room', cell: (event) => event.room ?? 'all' },
        {
          label: 'By',
          cell: ({ actor }) => (
            <Link to="/events" search={{ by: actor }} title={`Only what ${actor} did`}>
              <bdi>{actor}</bdi>
            </Link>
          ),
        },
        { label: 'About', cell: ({ subject }) => <Subject id={subject} /> },
        {
          label: 'Details',
          cell: (event) =>
            opened === event.id ? (
              <>
                <Json value={event.payload} what="details" />
                <Button kind="quiet" onClick={() => setOpened(undefined)}>
                  Hide
                </Button>
              </>
            ) : (
              <Button kind="quiet" onClick={() => setOpened(event.id)}>
                Show
              </Button>
            ),
        },
      ]}
    />
  );
}

function Nothing({ query: { minSeverity, room, ...free } }: { query: EventQuery }) {
  const change = useChangeSearch();
  if (minSeverity === 'INFO' && Object.values(free).every((value) => value === undefined)) {
    return (
      <Empty title={room === undefined ? 'Nothing was written down yet' : `Nothing of ${room} yet`}>
        <p>Jobs, workers, dead letters, keys, webhooks, schedules and operations leave their marks here.</p>
        <p>What was done to a task is in the history on its page.</p>
      </Empty>
    );
  }
  return (
    <Empty title="No event matches">
      <p>
        What was done to a task is in the history on its page; here are dead letters, jobs, workers, keys,
        schedules and operations.
      </p>
      <Button
        onClick={() =>
          change({
            severity: undefined,
            type: undefined,
            by: undefined,
            about: undefined,
            correlation: undefined,
          })
        }
      >
        Clear the filter
      </Button>
    </Empty>
  );
}

const mainOf = () => document.getElementById('main');
/** Pixels: what is nearer to the top is the top. */
const NEAR = 24;

/** Whether the page is scrolled away from its beginning. */
function useScrolled(): boolean {
  const [scrolled, setScrolled] = useState(false);
  useEffect(() => {
    const main = mainOf();
    const look = () => setScrolled((main?.scrollTop ?? 0) > NEAR);
    main?.addEventListener('scroll', look, { passive: true });
    return () => main?.removeEventListener('scroll', look);
  }, []);
  return scrolled;
}
