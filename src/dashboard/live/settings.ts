/** What a person has chosen for this browser: kept here and nowhere else. */
import { createStore, useStore } from './store.ts';

export interface Settings {
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
const DEFAULTS: Settings = {
  theme: 'system',
  density: 'comfortable',
  times: 'relative',
  rows: 500,
  rail: 'wide',
  widths: {},
};

export const settings = createStore<Settings>(read());
apply(settings.get());

export function changeSettings(changes: Partial<Settings>): void {
  const next = { ...settings.get(), ...changes };
  settings.set(next);
  apply(next);
  try {
    localStorage.setItem(KEY, JSON.stringify(next));
  } catch {
    // A browser that keeps nothing: the choice lives as long as the page.
  }
}

export function useSettings(): Settings {
  return useStore(settings);
}

export function nextTheme(theme: Settings['theme']): Settings['theme'] {
  const order = ['system', 'light', 'dark'] as const;
  return order[(order.indexOf(theme) + 1) % order.length] ?? 'system';
}

function read(): Settings {
  try {
    return { ...DEFAULTS, ...JSON.parse(localStorage.getItem(KEY) ?? '{}') };
  } catch {
    return DEFAULTS;
  }
}

function apply({ theme, density }: Settings): void {
  const { dataset } = document.documentElement;
  if (theme === 'system') delete dataset.theme;
  else dataset.theme = theme;
  dataset.density = density;
}
