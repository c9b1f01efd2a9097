/** Tasks as files that other programs read. */
import type { TaskRow } from '../../api/tasks.ts';

const COLUMNS: readonly { name: string; of(task: TaskRow): unknown }[] = [
  { name: 'id', of: ({ id }) => id },
  { name: 'room', of: ({ room }) => room },
  { name: 'job', of: ({ job }) => job.fullName },
  { name: 'status', of: ({ status }) => status },
  { name: 'attempt', of: ({ attempt }) => attempt },
  { name: 'failures', of: ({ failures }) => failures },
  { name: 'priority', of: ({ priority }) => priority },
  { name: 'errorCode', of: ({ error }) => error?.code },
  { name: 'errorMessage', of: ({ error }) => error?.message },
  { name: 'worker', of: ({ workerName }) => workerName },
  { name: 'createdBy', of: ({ createdBy }) => createdBy },
  { name: 'createdAt', of: ({ createdAt }) => createdAt },
  { name: 'runAt', of: ({ runAt }) => runAt },
  { name: 'startedAt', of: ({ startedAt }) => startedAt },
  { name: 'finishedAt', of: ({ finishedAt }) => finishedAt },
  { name: 'correlationId', of: ({ correlationId }) => correlationId },
  { name: 'entityType', of: ({ entityType }) => entityType },
  { name: 'entityId', of: ({ entityId }) => entityId },
  { name: 'labels', of: ({ labels }) => JSON.stringify(labels ?? {}) },
];

/** RFC 4180, with a line of names. */
export function csvOf(tasks: readonly TaskRow[]): string {
  const lines = tasks.map((task) => COLUMNS.map(({ of }) => field(of(task))).join(','));
  return `${[COLUMNS.map(({ name }) => name).join(','), ...lines].join('\r\n')}\r\n`;
}

/** One task a line, as the API gives it. */
export function ndjsonOf(tasks: readonly TaskRow[]): string {
  return tasks.map((task) => `${JSON.stringify(task)}\n`).join('');
}

/** Spreadsheets run what begins as a formula: such text gets an apostrophe in front, as they write it themselves. */
function field(value: unknown): string {
  const text = String(value ?? '');
  const harmless = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
