/** Every key of the dashboard, in one table. Where two actions share a key, the first that the page offers has it. */

export interface Binding {
  action: string;
  /** A `KeyboardEvent.key`, or two with a space between: pressed one after the other. */
  keys: string;
  /** Said by `?`. */
  text: string;
  group: 'Anywhere' | 'Go to' | 'In a list' | 'On tasks' | 'In a task';
}

export const BINDINGS = [
  { action: 'tab 1', keys: '1', text: 'Timeline', group: 'In a task' },
  { action: 'tab 2', keys: '2', text: 'Payload', group: 'In a task' },
  { action: 'tab 3', keys: '3', text: 'Result', group: 'In a task' },
  { action: 'tab 4', keys: '4', text: 'Assets', group: 'In a task' },
  { action: 'tab 5', keys: '5', text: 'Graph', group: 'In a task' },
  { action: 'next', keys: 'j', text: 'Next row, or next task of the list', group: 'In a list' },
  { action: 'previous', keys: 'k', text: 'Previous row', group: 'In a list' },
  { action: 'open', keys: 'Enter', text: 'Open', group: 'In a list' },
  { action: 'open in tab', keys: 'o', text: 'Open in a new tab', group: 'In a list' },
  { action: 'peek', keys: ' ', text: 'Look at it beside the list', group: 'In a list' },
  { action: 'expand', keys: 'e', text: 'Open it in place, or close it', group: 'In a list' },
  { action: 'select', keys: 'x', text: 'Select', group: 'In a list' },
  { action: 'select range', keys: 'X', text: 'Select up to here', group: 'In a list' },
  { action: 'select all', keys: 'a', text: 'Select every row', group: 'In a list' },
  { action: 'hold', keys: 'p', text: 'Hold the list as it is, or let it go on', group: 'In a list' },
  { action: 'filter', keys: '/', text: 'Filter', group: 'In a list' },
  { action: 'filter', keys: 'f', text: 'Filter', group: 'In a list' },
  { action: 'retry', keys: 'r', text: 'Retry', group: 'On tasks' },
  { action: 'cancel', keys: 'c', text: 'Cancel', group: 'On tasks' },
  { action: 'discard', keys: 'd', text: 'Discard', group: 'On tasks' },
  { action: 'copy id', keys: 'y', text: 'Copy the id', group: 'On tasks' },
  { action: 'copy link', keys: 'Y', text: 'Copy a link', group: 'On tasks' },
  { action: 'run', keys: 'n', text: 'Run a job', group: 'Anywhere' },
  { action: 'palette', keys: 'Ctrl+k', text: 'Search, jump, command', group: 'Anywhere' },
  { action: 'rail', keys: '[', text: 'Collapse or widen the rail', group: 'Anywhere' },
  { action: 'theme', keys: 't', text: 'Theme: system, light, dark', group: 'Anywhere' },
  { action: 'help', keys: '?', text: 'These keys', group: 'Anywhere' },
  { action: 'back', keys: 'Escape', text: 'One level back', group: 'Anywhere' },
  { action: 'go o', keys: 'g o', text: 'Overview', group: 'Go to' },
  { action: 'go t', keys: 'g t', text: 'Tasks', group: 'Go to' },
  { action: 'go d', keys: 'g d', text: 'Dead letters', group: 'Go to' },
  { action: 'go j', keys: 'g j', text: 'Jobs', group: 'Go to' },
  { action: 'go w', keys: 'g w', text: 'Workers', group: 'Go to' },
  { action: 'go s', keys: 'g s', text: 'Schedules', group: 'Go to' },
  { action: 'go p', keys: 'g p', text: 'Operations', group: 'Go to' },
  { action: 'go h', keys: 'g h', text: 'Webhooks', group: 'Go to' },
  { action: 'go e', keys: 'g e', text: 'Events', group: 'Go to' },
] as const satisfies readonly Binding[];

export type Action = (typeof BINDINGS)[number]['action'];

/** A key as it is printed on keyboards. */
export function keyText(keys: string): string[] {
  return keys.split(keys === ' ' ? '' : /[ +]/).map((key) => {
    if (key === ' ') return 'Space';
    if (key === 'Escape') return 'Esc';
    return /^[A-Z]$/.test(key) ? `⇧ ${key}` : key;
  });
}
