/**
 * Reading the log onwards from a position, page by page.
 *
 * A transaction that stays open holds the horizon back while others commit above it. Rows above the horizon are read
 * as well, but the position that counts as read stays behind: a row may still appear among them. So reading goes on
 * after the last row seen, while `position` stops at the first page that went beyond the horizon.
 */
import { comparePositions, type Position } from '../domain/position.ts';
import type { TransitionChange } from '../domain/task.ts';
import { type LogScope, PositionExpired, type TransitionLog } from '../store/log.ts';

export class Sweep {
  readonly #log: Pick<TransitionLog, 'read'>;
  readonly #scope: LogScope;
  readonly #pageSize: number;
  #next: Position | undefined;
  #position: Position;
  #beyondHorizon = false;

  constructor(log: Pick<TransitionLog, 'read'>, scope: LogScope, after: Position, pageSize = 500) {
    this.#log = log;
    this.#scope = scope;
    this.#pageSize = pageSize;
    this.#next = after;
    this.#position = after;
  }

  /** Everything of the scope below it was in the pages so far. */
  get position(): Position {
    return this.#position;
  }

  /**
   * The next rows in log order, or undefined when the end was reached. Rejects with PositionExpired when the log was
   * trimmed beyond what has been read: told by the same snapshot as the rows, so that nothing is deleted in between.
   */
  async nextPage(): Promise<TransitionChange[] | undefined> {
    if (!this.#next) return undefined;
    const page = await this.#log.read(this.#scope, this.#next, this.#pageSize);
    if (comparePositions(page.trimmed, this.#next) > 0) throw new PositionExpired(page.trimmed);
    const last = page.changes.at(-1)?.transition;
    if (!this.#beyondHorizon && comparePositions(page.position, this.#position) > 0)
      this.#position = page.position;
    if (last && comparePositions(page.position, last) < 0) this.#beyondHorizon = true;
    this.#next = page.more && last ? { xid: last.xid, id: last.id } : undefined;
    return page.changes;
  }
}
