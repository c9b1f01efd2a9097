/**
 * Reading a log onwards from a position, page by page.
 *
 * A transaction that stays open holds the horizon back while others commit above it. Rows above the horizon are read
 * as well, but the position that counts as read stays behind: a row may still appear among them. So reading goes on
 * after the last row seen, while `position` stops at the first page that went beyond the horizon.
 */
import { comparePositions, type Position } from '../domain/position.ts';
import type { TransitionChange } from '../domain/task.ts';
import { type LogScope, PositionExpired, type TransitionLog } from '../store/log/log.ts';
import type { PositionedPage } from '../store/log/positioned.ts';

/** A table whose rows have positions. */
export interface SweptLog<Row> {
  /** Committed rows after the position, in order; at most `limit`. */
  read(after: Position, limit: number): Promise<PositionedPage<Row>>;
  positionOf(row: Row): Position;
}

export class LogSweep<Row> {
  readonly #log: SweptLog<Row>;
  readonly #pageSize: number;
  #next: Position | undefined;
  #position: Position;
  #beyondHorizon = false;

  constructor(log: SweptLog<Row>, after: Position, pageSize = 500) {
    this.#log = log;
    this.#pageSize = pageSize;
    this.#next = after;
    this.#position = after;
  }

  /** Everything of the log below it was in the pages so far. */
  get position(): Position {
    return this.#position;
  }

  /**
   * The next rows in log order, or undefined when the end was reached. Rejects with PositionExpired when the log was
   * trimmed beyond what has been read: read in the same snapshot as the rows, so that nothing is deleted in between.
   */
  async nextPage(): Promise<Row[] | undefined> {
    if (!this.#next) return undefined;
    const page = await this.#log.read(this.#next, this.#pageSize);
    if (comparePositions(page.trimmed, this.#next) > 0) throw new PositionExpired(page.trimmed);
    const lastRow = page.rows.at(-1);
    const last = lastRow && this.#log.positionOf(lastRow);
    if (!this.#beyondHorizon && comparePositions(page.position, this.#position) > 0)
      this.#position = page.position;
    if (last && comparePositions(page.position, last) < 0) this.#beyondHorizon = true;
    this.#next = page.more && last ? { xid: last.xid, id: last.id } : undefined;
    return page.rows;
  }
}

/** Reads the transitions of a scope; rejects with PositionExpired also when tasks were removed from it since then. */
export class Sweep extends LogSweep<TransitionChange> {
  constructor(log: Pick<TransitionLog, 'read'>, scope: LogScope, after: Position, pageSize?: number) {
    super(
      {
        async read(from, limit) {
          const { changes, removals, ...page } = await log.read(scope, from, limit, after);
          // What is not there any more cannot be missed by its transition.
          if (removals.length > 0) throw new PositionExpired(page.trimmed);
          return { ...page, rows: changes };
        },
        positionOf: ({ transition }) => transition,
      },
      after,
      pageSize,
    );
  }
}
