/** How values are written: times, spans, counts, names. */

const SPANS: [ms: number, unit: string][] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1_000, 's'],
];

/** A span as `3 d 4 h`, `2 min 5 s`, `1.32 s`, `45 ms`: two units at most. */
export function spanText(ms: number): string {
  if (ms < 0) return '0 ms';
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 10_000) return `${ms % 1_000 === 0 ? ms / 1_000 : (ms / 1_000).toFixed(2)} s`;
  const at = SPANS.findIndex(([size]) => ms >= size);
  const [size, unit] = SPANS[at] ?? [1_000, 's'];
  const whole = Math.floor(ms / size);
  const next = SPANS[at + 1];
  if (!next || whole >= 10) return `${whole} ${unit}`;
  const rest = Math.floor((ms - whole * size) / next[0]);
  return rest > 0 ? `${whole} ${unit} ${rest} ${next[1]}` : `${whole} ${unit}`;
}

/** A span that is a guess. Seconds where they matter: nobody counts those of an hour. */
export function roughly(ms: number): string {
  const step = ms > 7_200_000 ? 3_600_000 : ms > 120_000 ? 60_000 : 1_000;
  return spanText(Math.max(1, Math.round(ms / step)) * step);
}

/** How long ago, or in how long, in one unit: `now`, `12 s ago`, `in 3 min`. */
export function agoText(ms: number): string {
  const size = Math.abs(ms);
  if (size < 1_000) return 'now';
  const [unitMs, unit] = SPANS.find(([limit]) => size >= limit) ?? [1_000, 's'];
  const text = `${Math.floor(size / unitMs)} ${unit}`;
  return ms < 0 ? `in ${text}` : `${text} ago`;
}

export type TimeStyle = 'local' | 'utc';

/** `2026-11-30 09:12:23.101`, with `Z` in UTC. */
export function timeText(at: string, style: TimeStyle, withMs = false): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return at;
  if (style === 'utc') {
    const text = date.toISOString().replace('T', ' ');
    return withMs ? text : `${text.slice(0, 19)}Z`;
  }
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  return `${day} ${clock}${withMs ? `.${String(date.getMilliseconds()).padStart(3, '0')}` : ''}`;
}

const counts = new Intl.NumberFormat('en');
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

/** `12,430`; from a million on `1.2M`. */
export function countText(count: number): string {
  return Math.abs(count) >= 1_000_000 ? short.format(count) : counts.format(count);
}

/** A rate a second: `0`, `0.4`, `12`, `1.2K`. */
export function rateText(perSecond: number): string {
  if (perSecond === 0) return '0';
  if (perSecond < 10) return perSecond.toFixed(perSecond < 0.1 ? 2 : 1);
  return short.format(Math.round(perSecond));
}

export function percentText(share: number): string {
  return `${(share * 100).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`;
}

export function bytesText(bytes: number): string {
  if (bytes < 1_024) return `${bytes} B`;
  if (bytes < 1_048_576) return `${(bytes / 1_024).toFixed(1)} KB`;
  return `${(bytes / 1_048_576).toFixed(1)} MB`;
}

/** `…wf39y5mkp`: the end of an id, where ids differ. */
export function shortId(id: string): string {
  return id.length > 14 ? `…${id.slice(-9)}` : id;
}

/** The last part of room:category:name; names have no colon. */
export function jobName(fullName: string): string {
  return fullName.slice(fullName.lastIndexOf(':') + 1);
}

/** Everything in front of the name: `gallery:modifiers`. */
export function jobPlace(fullName: string): string {
  return fullName.slice(0, fullName.lastIndexOf(':'));
}

/** `RUNNING` → `Running`, `RETRY_SCHEDULED` → `Retry scheduled`. */
export function wordOf(name: string): string {
  const words = name.toLowerCase().replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** `1 task`, `2 tasks`. */
export function many(count: number, one: string, more = `${one}s`): string {
  return `${countText(count)} ${count === 1 ? one : more}`;
}
