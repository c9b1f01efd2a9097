/**
 * The panel, as a signal box has one: every status a station with its live count, every way between two a track with how
 * much went over it in the last minute. A click on either is a filter.
 */
import { useNavigate } from '@tanstack/react-router';
import type { MouseEvent, ReactNode } from 'react';
import { Aspect } from '../../design/status.tsx';
import { countText, rateText, wordOf } from '../../design/text.ts';
import { Link } from '../../frame/link.tsx';
import { type Search, stringifySearch, useRoom } from '../../frame/search.ts';
import { type Counts, countOf } from '../../live/counts.ts';
import styles from './panel.module.css';
import type { Rates } from './rates.ts';
import { PLAN, STATIONS, type Station, TRACKS, type Track } from './tracks.ts';

export function Panel({ counts, rates }: { counts: Pick<Counts, 'byStatus'> | undefined; rates: Rates }) {
  const rateOf = (track: Track) => rates.byTrack.get(track.id) ?? 0;
  const window = rates.watched >= 60 ? 'in the last minute' : `since this page was opened`;
  return (
    <figure className={styles.panel}>
      <div className={styles.scroller}>
        <svg
          viewBox={`0 0 ${PLAN.width} ${PLAN.height}`}
          className={styles.plan}
          role="group"
          aria-label="The panel: where tasks are, and where they go"
        >
          <circle cx="28" cy="118" r="5" className={styles.entry} />
          {TRACKS.map((track) => (
            <TrackMark
              key={track.id}
              track={track}
              count={rateOf(track)}
              watched={rates.watched}
              moves={rates.moving.has(track.id)}
            />
          ))}
          {STATIONS.map((station) => (
            <StationMark
              key={station.status}
              station={station}
              count={counts && countOf(counts, station.status)}
            />
          ))}
        </svg>
      </div>
      <ul className={styles.tiles}>
        {STATIONS.map((station) => (
          <StationTile
            key={station.status}
            station={station}
            count={counts && countOf(counts, station.status)}
          />
        ))}
      </ul>
      <figcaption className={styles.caption}>
        {rates.flooded
          ? 'More than 2,000 transitions a second: too many to count here.'
          : `Transitions ${window}.`}
      </figcaption>
      <table className="visually-hidden">
        <caption>Tasks by status, and transitions {window}</caption>
        <tbody>
          {STATIONS.map(({ status }) => (
            <tr key={status}>
              <th scope="row">{wordOf(status)}</th>
              <td>{counts ? countOf(counts, status) : 'unknown'}</td>
            </tr>
          ))}
          {TRACKS.map((track) => (
            <tr key={track.id}>
              <th scope="row">{track.label}</th>
              <td>{rateOf(track)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}

interface StationProps {
  station: Station;
  count: number | undefined;
}

/** A station where there is no room for the plan. */
function StationTile({ station: { status, to, search }, count }: StationProps) {
  const room = useRoom();
  return (
    <li data-status={status} data-empty={!count || undefined}>
      <Link to={to} search={{ room, ...search }} className={styles.tile}>
        <span className={styles.tileWord}>
          <Aspect status={status} /> {wordOf(status)}
        </span>{' '}
        <span className={styles.tileCount}>{count === undefined ? '–' : countText(count)}</span>
      </Link>
    </li>
  );
}

function StationMark({ station: { status, x, y, to, search }, count }: StationProps) {
  const { width, height } = PLAN.station;
  return (
    <PlanLink
      to={to}
      search={search}
      label={`${wordOf(status)} ${count === undefined ? '–' : countText(count)}`}
      className={styles.station}
    >
      <g
        transform={`translate(${x - width / 2} ${y - height / 2})`}
        data-status={status}
        data-empty={!count || undefined}
      >
        <rect width={width} height={height} rx="6" className={styles.plate} />
        <g transform="translate(12 10)">
          <Aspect status={status} />
        </g>
        <text x="30" y="20" className={styles.word}>
          {wordOf(status)}
        </text>{' '}
        <text x="12" y="43" className={styles.count}>
          {count === undefined ? '–' : countText(count)}
        </text>
      </g>
    </PlanLink>
  );
}

interface TrackMarkProps {
  track: Track;
  count: number;
  watched: number;
  moves: boolean;
}

function TrackMark({
  track: { id, label, path, at, to, search, edges },
  count,
  watched,
  moves,
}: TrackMarkProps) {
  const rate = count / Math.max(1, watched);
  const shown = count === 0 ? '' : rate >= 1 ? `${rateText(rate)}/s` : countText(count);
  const width = count === 0 ? 2 : Math.min(7, 2.5 + Math.log2(1 + rate));
  return (
    <PlanLink to={to} search={search} label={`${label}: ${shown || 'none'}`} className={styles.track}>
      <g data-to={edges[0]?.to} data-track={id} data-used={count > 0 || undefined}>
        <path d={path} className={styles.target} />
        <path d={path} className={styles.rail} strokeWidth={width} />
        {moves && <path d={path} className={styles.train} />}
        <text x={at.x} y={at.y} className={styles.rate}>
          {shown}
        </text>
      </g>
    </PlanLink>
  );
}

interface PlanLinkProps {
  to: string;
  search?: Search | undefined;
  label: string;
  className?: string | undefined;
  children: ReactNode;
}

function PlanLink({ to, search, label, className, children }: PlanLinkProps) {
  const navigate = useNavigate();
  const room = useRoom();
  const whole = { room, ...search };
  return (
    <a
      href={to + stringifySearch(whole)}
      aria-label={label}
      className={className}
      onClick={(event: MouseEvent) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        void navigate({ to, search: whole as never });
      }}
    >
      {children}
    </a>
  );
}
