/** The spans of time that figures are shown of, as the address names them. */
import type { StatisticsWindow } from './statistics.ts';

export const WINDOWS = [
  { id: '60m', label: 'Last hour', window: { last: 60, interval: 'MINUTE' } },
  { id: '24h', label: '24 hours', window: { last: 24, interval: 'HOUR' } },
  { id: '30d', label: '30 days', window: { last: 30, interval: 'DAY' } },
] as const satisfies { id: string; label: string; window: StatisticsWindow }[];

export type NamedWindow = (typeof WINDOWS)[number];

/** The last hour where the address names none. */
export const windowOf = (id: string | undefined): NamedWindow =>
  WINDOWS.find((one) => one.id === id) ?? WINDOWS[0];
