// Prints a file that scripts/task-fields.ts decides, for scripts/generate.mjs: `rows` for the store, `tuple` for messages.
import { type Field, LARGE_FIELDS, SNAPSHOT_FIELDS, TIME_OF_CHANGE } from './task-fields.ts';

const snapshot: [name: string, field: Field][] = Object.entries(SNAPSHOT_FIELDS);
const large: [name: string, field: Field][] = Object.entries(LARGE_FIELDS);
const HEADER =
  '// Written by scripts/print-task-fields.ts from scripts/task-fields.ts: change that, and run `npm run generate`.';

const PRINTED: Record<string, () => string> = { rows: printRows, tuple: printTuple };
const print = PRINTED[process.argv[2] ?? ''];
if (!print) throw new Error(`Name one of ${Object.keys(PRINTED).join(', ')}.`);
process.stdout.write(print());

function printRows(): string {
  return `${HEADER}
import type { TaskRow, TaskStatus } from '../../../domain/task.ts';

/** Columns of a snapshot but the time of its change, by the property that they become. */
export const SNAPSHOT_COLUMNS = ${columns(snapshot)};

/** Columns that only whole tasks have. */
export const LARGE_COLUMNS = ${columns(large)};

/** The time of the newest transition. */
export const TIME_OF_CHANGE_COLUMN = ${columns([[TIME_OF_CHANGE, ['date', '']]])};

/** A task without what only whole ones have. Spelled out: copying what is left of a row costs more than reading it. */
export function toSnapshot(row: Omit<TaskRow, '${TIME_OF_CHANGE}'>, ${TIME_OF_CHANGE}: Date): TaskRow {
  return {
${lines(snapshot, ([name]) => `${name}: row.${name},`)}
    ${TIME_OF_CHANGE},
  };
}

/** The whole task. */
export function toWhole(row: Omit<TaskRow, '${TIME_OF_CHANGE}'>, ${TIME_OF_CHANGE}: Date): TaskRow {
  return {
${lines([...snapshot, ...large], ([name]) => `${name}: row.${name},`)}
    ${TIME_OF_CHANGE},
  };
}

/** What the submission says of its task. */
export type Submitted = Pick<TaskRow, ${names('submission')}>;

/** What the database decides about a new task. */
export type Decided = Pick<TaskRow, ${names('database')}>;

/** The whole of a task that was just submitted. */
export function newTask(submission: Submitted, row: Decided, status: TaskStatus, ${TIME_OF_CHANGE}: Date): TaskRow {
  return {
${lines([...snapshot, ...large], ([name, [kind, origin]]) => `${name}: ${startOf(name, kind, origin)},`)}
    ${TIME_OF_CHANGE},
  };
}
`;
}

function printTuple(): string {
  return `${HEADER}
import { TASK_STATUSES, type TaskRow } from '../../../domain/task.ts';
import { readError, writeError } from '../error-tuple.ts';
import type { TupleReader } from '../tuple-reader.ts';

const STATUSES = new Set(TASK_STATUSES);

/** The values of a task in their order, without names. */
export function writeTask(task: TaskRow): unknown[] {
  return [
${lines(snapshot, ([name, [kind]]) => `${written(name, kind)},`)}
  ];
}

/** What \`writeTask\` has written. @throws Malformed when it is anything else */
export function readTask(row: TupleReader, ${TIME_OF_CHANGE}: Date): TaskRow {
  return {
${lines(snapshot, ([name, [kind, , absent]]) => `${name}: ${absent === undefined ? '' : `row.isAtEnd() ? ${absent} : `}${read(kind)},`)}
    ${TIME_OF_CHANGE},
  };
}
`;
}

function lines<Item>(items: readonly Item[], print: (item: Item) => string): string {
  return items.map((item) => `    ${print(item)}`).join('\n');
}

function columns(fields: readonly [name: string, field: Field][]): string {
  return `[\n${fields.map(([name]) => `  ['${name}', '${columnOf(name)}'],`).join('\n')}\n] as const`;
}

function columnOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function names(wanted: string): string {
  const found = [...snapshot, ...large].filter(([, [, origin]]) => origin === wanted);
  return found.map(([name]) => `'${name}'`).join(' | ');
}

function startOf(name: string, kind: string, origin: string): string {
  if (origin === 'submission') return `submission.${name}${kind.includes('?') ? ' ?? null' : ''}`;
  if (origin === 'database') return `row.${name}`;
  return origin;
}

function written(name: string, kind: string): string {
  if (kind === 'date') return `task.${name}.getTime()`;
  if (kind === 'date?') return `task.${name}?.getTime()`;
  return kind === 'error?' ? `writeError(task.${name})` : `task.${name}`;
}

function read(kind: string): string {
  if (kind === 'error?') return 'readError(row.rowOrNull())';
  if (kind === 'status') return 'row.oneOf(STATUSES)';
  const [, type, orNull, least] = /^(\w+)(\??)(?:\((.*)\))?$/.exec(kind) ?? [];
  return `row.${type}${orNull ? 'OrNull' : ''}(${least ?? ''})`;
}
