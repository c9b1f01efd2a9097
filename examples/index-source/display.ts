/** The tasks as they run: bars on a terminal, lines elsewhere. */

import { MultiBar, type SingleBar } from 'cli-progress';
import { isFinished, type TaskEvent, type TaskStatus } from '../../src/client/index.ts';
import { paint, shorten } from './colors.ts';

/** Shows events; `stop` leaves the last picture standing. */
export interface Display {
  show(taskId: string, event: Exclude<TaskEvent, { kind: 'resync' }>): void;
  stop(): void;
}

interface Row {
  name: string;
  status: TaskStatus;
  percent: number;
  message: string;
}

/** `names` by task id, in the order in which they are to be shown. */
export function createDisplay(names: ReadonlyMap<string, string>): Display {
  const rows = new Map<string, Row>();
  for (const [id, name] of names) rows.set(id, { name, status: 'PENDING', percent: 0, message: '' });
  const surface = process.stdout.isTTY ? createBars([...rows.values()]) : createLines();
  return {
    show(taskId, event) {
      const row = rows.get(taskId);
      if (!row) return;
      const before = row.status;
      row.status = event.task.status;
      row.percent = event.kind === 'progress' ? event.percent : row.percent;
      if (isWaiting(row.status)) row.percent = 0;
      row.message = (event.kind === 'progress' ? event.message : event.task.error?.message) ?? '';
      surface.update(row, before);
    },
    stop: () => surface.stop(),
  };
}

/** Before an attempt, and again between two. */
function isWaiting(status: TaskStatus): boolean {
  return status === 'WAITING' || status === 'PENDING' || status === 'CLAIMED';
}

interface Surface {
  update(row: Row, before: TaskStatus): void;
  stop(): void;
}

const WORDS: Record<TaskStatus, string> = {
  WAITING: 'waiting',
  PENDING: 'waiting',
  CLAIMED: 'claimed',
  RUNNING: 'running',
  COMPLETED: 'done',
  PARTIAL: 'done, but for some files',
  FAILED: 'failed',
  CANCELLED: 'cancelled',
};

/** One line per change of status: a log wants no line per file. */
function createLines(): Surface {
  return {
    update({ name, status, message }, before) {
      // A claim that also starts says nothing that its start does not.
      if (status === before || status === 'CLAIMED') return;
      console.log(`${name}: ${WORDS[status]}${message && status === 'FAILED' ? `: ${message}` : ''}`);
    },
    stop() {},
  };
}

const BAR_COLUMNS = 28;
const MAX_NAME = 20;

/** One bar per task; where they are more than the terminal is high, those that run go first, and the last bar is for all. */
function createBars(rows: readonly Row[]): Surface {
  const height = Math.max(3, (process.stdout.rows ?? 24) - 4);
  const nameWidth = Math.min(MAX_NAME, Math.max(...rows.map(({ name }) => [...name].length)));
  const multibar = new MultiBar({
    format: (_options, _params, { row }: { row: Row }) => barOf(row, nameWidth),
    hideCursor: true,
    linewrap: false,
    fps: 25,
    forceRedraw: true,
    gracefulExit: false,
    clearOnComplete: true,
  });
  const visible = () =>
    rows.length <= height ? rows : [...mostInteresting(rows, height - 1), summaryOf(rows)];
  const bars: SingleBar[] = visible().map((row) => multibar.create(100, 0, { row }));

  return {
    update() {
      for (const [place, row] of visible().entries()) bars[place]?.update(row.percent, { row });
    },
    stop() {
      multibar.stop();
      // The library would cut its last picture as if colours took room.
      for (const row of visible()) console.log(barOf(row, nameWidth));
    },
  };
}

function summaryOf(rows: readonly Row[]): Row {
  const finished = rows.filter(({ status }) => isFinished(status)).length;
  const status = finished === rows.length ? 'COMPLETED' : 'RUNNING';
  const percent = (100 * finished) / rows.length;
  return { name: 'all', status, percent, message: `${finished} of ${rows.length} done` };
}

const RANK: Record<TaskStatus, number> = {
  FAILED: 0,
  RUNNING: 1,
  CLAIMED: 1,
  PENDING: 2,
  WAITING: 2,
  PARTIAL: 3,
  CANCELLED: 3,
  COMPLETED: 4,
};

function mostInteresting(rows: readonly Row[], count: number): Row[] {
  return [...rows].sort((a, b) => RANK[a.status] - RANK[b.status]).slice(0, count);
}

const MARKS: Record<TaskStatus, string> = {
  WAITING: paint('dim', '·'),
  PENDING: paint('dim', '·'),
  CLAIMED: paint('cyan', '▸'),
  RUNNING: paint('cyan', '▸'),
  COMPLETED: paint('green', '✔'),
  PARTIAL: paint('yellow', '✔'),
  FAILED: paint('red', '✖'),
  CANCELLED: paint('red', '✖'),
};

function barOf({ name, status, percent, message }: Row, nameWidth: number): string {
  const done = status === 'COMPLETED' || status === 'PARTIAL';
  const share = done ? 1 : percent / 100;
  const full = Math.round(share * BAR_COLUMNS);
  const colour = status === 'FAILED' ? 'red' : done ? (status === 'PARTIAL' ? 'yellow' : 'green') : 'cyan';
  const bar = paint(colour, '━'.repeat(full)) + paint('dim', '━'.repeat(BAR_COLUMNS - full));
  const figure = `${Math.floor(share * 100)} %`.padStart(5);
  const said = message || WORDS[status];
  // What is left of the line after the mark, the name, the bar, the figure and the gaps between them.
  const room = (process.stdout.columns ?? 80) - nameWidth - BAR_COLUMNS - 16;
  return `  ${MARKS[status]} ${shorten(name, nameWidth).padEnd(nameWidth)}  ${bar} ${figure}  ${paint('dim', shorten(said, room, 'start'))}`;
}
