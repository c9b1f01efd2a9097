/** Throughput, failures and latency over time, with the figures of the whole window. */
import { useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { Chart } from '../../design/chart.tsx';
import type { Line } from '../../design/chart-props.ts';
import { ErrorNote } from '../../design/note.tsx';
import { countText, percentText, rateText, spanText } from '../../design/text.ts';
import { useChangeSearch, useSearchText } from '../../frame/search.ts';
import { Tabs } from '../../frame/tabs.tsx';
import type { ActivityFragment } from '../../generated/graphql.ts';
import { serverNow } from '../../live/clock.ts';
import type { Counts } from '../../live/counts.ts';
import { useStatistics } from '../../live/statistics.ts';
import { WINDOWS, windowOf } from '../../live/windows.ts';
import styles from './activity.module.css';

export function ActivityPanel({
  room,
  job,
  counts,
}: {
  room?: string | undefined;
  job?: string | undefined;
  counts: Counts | undefined;
}) {
  const search = useSearchText();
  const change = useChangeSearch();
  const navigate = useNavigate();
  const chosen = windowOf(search.window);
  const { statistics, series, error, again } = useStatistics({ room, job }, chosen.window);
  const times = useMemo(() => series.map(({ at }) => at), [series]);
  const work = useMemo(() => workOf(series), [series]);
  const latency = useMemo(() => latencyOf(series), [series]);
  const sums = useMemo(() => sumsOf(series), [series]);
  const brush = (from: string, to: string) =>
    void navigate({ to: '/tasks', search: { room, job, from, to } as never });
  return (
    <section className={styles.activity} aria-label="Activity">
      <Tabs
        kind="looks"
        label="Time"
        tabs={WINDOWS}
        now={chosen.id}
        choose={(id) => change({ window: id === '60m' ? undefined : id })}
      />
      {error !== undefined && <ErrorNote error={error} retry={again} />}
      {statistics && (
        <dl className={styles.tiles}>
          <Tile name="Waiting now" value={counts ? countText(counts.queueDepth) : '–'} />
          <Tile
            name="Waits longest"
            value={
              statistics.oldestPendingSince
                ? spanText(Math.max(0, serverNow() - Date.parse(statistics.oldestPendingSince)))
                : 'none is due'
            }
          />
          <Tile name="Throughput" value={`${rateText(statistics.window.throughput)}/s`} />
          <Tile
            name="Failed for good"
            value={countText(sums.failed)}
            more={sums.ended === 0 ? '' : percentText(sums.failed / sums.ended)}
            bad={sums.failed > 0}
          />
          <Tile name="Wait p95" value={seconds(statistics.window.wait?.p95)} />
          <Tile name="Run p95" value={seconds(statistics.window.run?.p95)} />
        </dl>
      )}
      <div className={styles.charts}>
        <Chart
          title="Tasks"
          times={times}
          lines={work}
          format={(value) => countText(Math.round(value))}
          onBrush={brush}
        />
        <Chart
          title="Latency"
          times={times}
          lines={latency}
          format={(value) => spanText(value * 1000)}
          onBrush={brush}
        />
      </div>
    </section>
  );
}

function Tile({
  name,
  value,
  more,
  bad = false,
}: {
  name: string;
  value: string;
  more?: string;
  bad?: boolean;
}) {
  return (
    <div className={styles.tile} data-bad={bad || undefined}>
      <dt>{name}</dt>
      <dd>
        {value} {more && <span className={styles.more}>{more}</span>}
      </dd>
    </div>
  );
}

/** Of the whole window; those that were cancelled count for neither. */
function sumsOf(series: readonly ActivityFragment[]): { failed: number; ended: number } {
  const sum = (of: (point: ActivityFragment) => number) => series.reduce((all, point) => all + of(point), 0);
  const failed = sum((point) => point.failed);
  return { failed, ended: failed + sum(({ completed, partial }) => completed + partial) };
}

function seconds(value: number | undefined): string {
  return value === undefined ? '–' : spanText(value * 1000);
}

function workOf(series: readonly ActivityFragment[]): Line[] {
  return [
    { label: 'submitted', colour: '--ink-3', values: series.map(({ submitted }) => submitted) },
    {
      label: 'completed',
      colour: '--s-completed',
      values: series.map(({ completed, partial }) => completed + partial),
      fill: true,
    },
    { label: 'failed', colour: '--s-failed', values: series.map(({ failed }) => failed), fill: true },
  ];
}

function latencyOf(series: readonly ActivityFragment[]): Line[] {
  return [
    { label: 'wait p95', colour: '--s-pending', values: series.map(({ wait }) => wait?.p95 ?? null) },
    { label: 'run p50', colour: '--s-claimed', values: series.map(({ run }) => run?.p50 ?? null) },
    { label: 'run p95', colour: '--s-running', values: series.map(({ run }) => run?.p95 ?? null) },
  ];
}
