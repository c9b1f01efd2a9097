/** The lanes of a task, and the same as a table for readers of the screen. */
import { useState } from 'react';
import type { TaskChange, TaskDetail } from '../../api/task.ts';
import { Check } from '../../design/field.tsx';
import { Aspect } from '../../design/status.tsx';
import { spanText, wordOf } from '../../design/text.ts';
import { useNow } from '../../live/clock.ts';
import { type AttemptLane, type Bar, isUneven, lanesOf, scaleOf } from './lanes.ts';
import styles from './timeline.module.css';

/** More lanes than this are scrolled. */
const LANES_SHOWN = 11;
const OVER = ['COMPLETED', 'PARTIAL', 'FAILED', 'CANCELLED'];

export function Timeline({ task, changes }: { task: TaskDetail; changes: readonly TaskChange[] }) {
  const lanes = lanesOf(changes);
  const ended = OVER.includes(task.status);
  return ended ? (
    <Lanes lanes={lanes} now={Date.parse(changes.at(-1)?.at ?? task.createdAt)} />
  ) : (
    <Growing lanes={lanes} />
  );
}

function Growing({ lanes }: { lanes: readonly AttemptLane[] }) {
  return <Lanes lanes={lanes} now={useNow()} />;
}

function Lanes({ lanes, now }: { lanes: readonly AttemptLane[]; now: number }) {
  const [chosen, setChosen] = useState<boolean>();
  const even = chosen ?? isUneven(lanes, now);
  const place = scaleOf(lanes, now, even);
  const kinds = [...new Set(lanes.flatMap(({ bars }) => bars.map(({ kind }) => kind)))];
  return (
    <figure className={styles.timeline}>
      <figcaption className={styles.caption}>
        <ul className={styles.legend}>
          {kinds.map((kind) => (
            <li key={kind}>
              <span className={styles.swatch} data-kind={kind} aria-hidden="true" /> {wordOf(kind)}
            </li>
          ))}
        </ul>
        <Check
          label="Stretch what is short"
          checked={even}
          onChange={(event) => setChosen(event.target.checked)}
        />
      </figcaption>
      <ol className={styles.lanes} tabIndex={lanes.length > LANES_SHOWN ? 0 : undefined}>
        {lanes.map((lane) => (
          <li key={lane.attempt} className={styles.lane}>
            <span className={styles.number}>{lane.attempt}</span>
            <span className={styles.track} aria-hidden="true">
              {lane.bars.map((bar) => (
                <BarMark key={`${bar.kind} ${bar.from}`} bar={bar} now={now} place={place} />
              ))}
              {lane.end && <End change={lane.end} at={place(Date.parse(lane.end.at))} />}
            </span>
            <span className="visually-hidden">{laneText(lane, now)}</span>
          </li>
        ))}
      </ol>
    </figure>
  );
}

function BarMark({
  bar: { kind, from, to },
  now,
  place,
}: {
  bar: Bar;
  now: number;
  place(time: number): number;
}) {
  const left = place(from);
  const width = Math.max(0, place(Math.max(from, to ?? now)) - left);
  const text = spanText(Math.max(0, (to ?? now) - from));
  return (
    <span
      className={styles.bar}
      data-kind={kind}
      data-growing={to === undefined || undefined}
      style={{ left: `${left * 100}%`, width: `${width * 100}%` }}
      title={`${wordOf(kind)}: ${text}`}
    >
      {width > 0.12 && <span className={styles.span}>{text}</span>}
    </span>
  );
}

function End({ change, at }: { change: TaskChange; at: number }) {
  return (
    <span className={styles.end} style={{ left: `${at * 100}%` }} title={wordOf(change.reason)}>
      <Aspect status={change.to} size={12} />
    </span>
  );
}

function laneText({ attempt, bars, end }: AttemptLane, now: number): string {
  const parts = bars.map(({ kind, from, to }) => `${kind} ${spanText(Math.max(0, (to ?? now) - from))}`);
  return `Attempt ${attempt}: ${parts.join(', ')}${end ? `; ${wordOf(end.reason).toLowerCase()}` : ''}`;
}
