/** The audit log, live: newest first, gap-free from the read on. */
import { useMemo, useState } from 'react';
import { request } from '../../api/connection.ts';
import { EventPageDocument, type EventRow, EventStreamDocument } from '../../api/events.ts';
import { Button } from '../../design/button.tsx';
import { Select } from '../../design/field.tsx';
import { Json } from '../../design/json.tsx';
import { Lamp, type LampKind } from '../../design/lamp.tsx';
import { Empty, ErrorNote, Loading } from '../../design/note.tsx';
import { Table } from '../../design/table.tsx';
import { wordOf } from '../../design/text.ts';
import { Time } from '../../design/time.tsx';
import { PageHead } from '../../frame/page-head.tsx';
import { useChangeSearch, useRoom, useSearchText } from '../../frame/search.ts';
import type {
  DashboardEventStreamSubscription,
  DashboardEventStreamSubscriptionVariables,
  EventSeverity,
} from '../../generated/graphql.ts';
import { useSettings } from '../../live/settings.ts';
import { type LiveSource, useLiveList } from '../../live/use-live-list.ts';
import styles from '../jobs/page.module.css';
import { Subject } from './subject.tsx';

const SEVERITIES: EventSeverity[] = ['INFO', 'WARNING', 'ERROR'];
const KINDS: Record<EventSeverity, LampKind> = { INFO: 'off', WARNING: 'caution', ERROR: 'danger' };

/** An entry never changes: it has but one version. */
type Row = EventRow & { version: number };
type Source = LiveSource<Row, DashboardEventStreamSubscription, DashboardEventStreamSubscriptionVariables>;

function sourceOf(
  room: string | undefined,
  minSeverity: EventSeverity,
  correlationId: string | undefined,
): Source {
  return {
    key: JSON.stringify([room, minSeverity, correlationId]),
    matches: (row) => correlationId === undefined || row.correlationId === correlationId,
    async readPage(after, first, signal) {
      const filter = { room, minSeverity, correlationId };
      const { events } = await request(EventPageDocument, { filter, first, after }, signal);
      return {
        rows: events.nodes.map((event) => ({ ...event, version: 1 })),
        next: events.pageInfo.hasNextPage ? (events.pageInfo.endCursor ?? undefined) : undefined,
        streamCursor: events.streamCursor,
      };
    },
    stream: {
      document: EventStreamDocument,
      variables: { room, minSeverity },
      read({ eventStream: event }) {
        if (event.__typename !== 'EventRecorded') return { kind: 'resync' };
        return { kind: 'row', row: { ...event.event, version: 1 } };
      },
    },
  };
}

export function Page() {
  const room = useRoom();
  const search = useSearchText();
  const change = useChangeSearch();
  const { rows: limit } = useSettings();
  const [opened, setOpened] = useState<string>();
  const severity = SEVERITIES.find((known) => known === search.severity) ?? 'INFO';
  const correlation = search.correlation || undefined;
  const source = useMemo(() => sourceOf(room, severity, correlation), [room, severity, correlation]);
  const { list, view, more, again } = useLiveList(source, limit);
  const events = view.ids.flatMap((id) => list.row(id) ?? []);
  return (
    <div className={styles.page}>
      <PageHead title="Events" aside="What was done, by whom: the audit log">
        <Select
          aria-label="At least this severe"
          value={severity}
          onChange={({ target }) => change({ severity: target.value === 'INFO' ? undefined : target.value })}
        >
          {SEVERITIES.map((known) => (
            <option key={known} value={known}>
              {known === 'INFO' ? 'Every severity' : `${wordOf(known)} and worse`}
            </option>
          ))}
        </Select>
      </PageHead>
      {correlation !== undefined && (
        <p>
          With correlation <code>{correlation}</code>{' '}
          <Button onClick={() => change({ correlation: undefined })}>Show all</Button>
        </p>
      )}
      {view.state === 'failed' && <ErrorNote error={view.error} retry={again} />}
      {view.state === 'loading' && <Loading what="the events" />}
      {view.state === 'ready' && events.length === 0 && (
        <Empty title="Nothing was written down yet">
          <p>Jobs, workers, dead letters, keys, webhooks, schedules and operations leave their marks here.</p>
        </Empty>
      )}
      {events.length > 0 && (
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
            { label: 'By', cell: ({ actor }) => <bdi>{actor}</bdi> },
            { label: 'About', cell: ({ subject }) => <Subject id={subject} /> },
            {
              label: 'Details',
              cell: (event) =>
                opened === event.id ? (
                  <Json value={event.payload} what="details" />
                ) : (
                  <Button kind="quiet" onClick={() => setOpened(event.id)}>
                    Show
                  </Button>
                ),
            },
          ]}
        />
      )}
      {view.hasMore && <Button onClick={more}>Show older ones</Button>}
    </div>
  );
}
