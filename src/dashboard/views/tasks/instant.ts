/** Times as people write them. */
import { serverNow } from '../../live/clock.ts';

const UNITS: Record<string, number> = { s: 1_000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * An instant as the API takes it, to the minute where it is counted from now, so that the same page asks for the same:
 * `12:00` and `noon` are of today, `2h` is two hours ago; local time unless it says otherwise. Undefined: it is no time.
 */
export function instantOf(text: string | undefined, now: number = serverNow()): string | undefined {
  const written = text?.trim().toLowerCase();
  if (!written) return undefined;
  const [, count, unit] = /^(\d+)\s*(s|min|m|h|d)(?:\s+ago)?$/.exec(written) ?? [];
  if (count !== undefined && unit !== undefined) {
    return new Date(Math.floor((now - Number(count) * (UNITS[unit] ?? 0)) / 60_000) * 60_000).toISOString();
  }
  const days = { yesterday: 1, today: 0, noon: 0 }[written];
  const [, hours, minutes] = /^(\d{1,2}):(\d{2})$/.exec(written) ?? [];
  if (days !== undefined || hours !== undefined) {
    const date = new Date(now);
    date.setDate(date.getDate() - (days ?? 0));
    date.setHours(written === 'noon' ? 12 : Number(hours ?? 0), Number(minutes ?? 0), 0, 0);
    return date.toISOString();
  }
  const date = new Date(written.toUpperCase());
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
