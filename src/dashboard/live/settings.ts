/** What a person has chosen for this browser: kept here and nowhere else. */
import { createObservedValue, useStore } from './store.ts';

export interface DisplaySettings {
  theme: 'system' | 'light' | 'dark';
  density: 'comfortable' | 'compact';
  times: 'relative' | 'local' | 'utc';
  /** Rows that a list holds. */
  rows: 100 | 500 | 1000 | 5000;
  rail: 'wide' | 'narrow';
  /** Pixels of the columns of lists whose widths were set, by their ids. */
  widths: Readonly<Record<string, number>>;
}

const KEY = 'signalbox.settings';
const DEFAULTS: DisplaySettings = {
  theme: 'system',
  density: 'comfortable',
  times: 'relative',
  rows: 500,
  rail: 'wide',
  widths: {},
};

export const settings = createObservedValue<DisplaySettings>(read());
apply(settings.get());

export function changeSettings(changes: Partial<DisplaySettings>): void {
  const next = { ...settings.get(), ...changes };
  settings.set(next);
  apply(next);
  try {
    localStorage.setItem(KEY, JSON.stringify(next));
  } catch {
    // A browser that keeps nothing: the choice lives as long as the page.
  }
}

export function useSettings(): DisplaySettings {
  return useStore(settings);
}

export function nextTheme(theme: DisplaySettings['theme']): DisplaySettings['theme'] {
  const order = ['system', 'light', 'dark'] as const;
  return order[(order.indexOf(theme) + 1) % order.length] ?? 'system';
}

function read(): DisplaySettings {
  try {
    return { ...DEFAULTS, ...JSON.parse(localStorage.getItem(KEY) ?? '{}') };
  } catch {
    return DEFAULTS;
  }
}

function apply({ theme, density }: DisplaySettings): void {
  const { dataset } = document.documentElement;
  if (theme === 'system') delete dataset.theme;
  else dataset.theme = theme;
  dataset.density = density;
}
