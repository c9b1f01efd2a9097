/** The past of a scope: every transition after a position, those of one task in the order of their versions. */
import { comparePositions, earlierPosition, havingSeen, type Position } from '../../domain/position.ts';
import type { TransitionChange } from '../../domain/task.ts';
import type { LogScope, TransitionLog } from '../../store/log/log.ts';
import { inVersionOrder, Sequencer } from '../hub/sequencer.ts';
import { Sweep } from '../log-pages.ts';

/** A change and where to resume after it: everything up to there has been given. */
export type Positioned<Change> = Change & { position: Position };

const REMEMBERED_TASKS = 5000;

export class Replay {
  readonly #sweep: Sweep;
  readonly #sequencer: Sequencer;
  readonly #known = new RecentVersions();
  #out: TransitionChange[] = [];
  #pageStart: Position;
  /** The same all the time: with one that came later reading ends. */
  readonly #removal: string | undefined;

  constructor(
    log: Pick<TransitionLog, 'read' | 'readVersions'>,
    scope: LogScope,
    after: Position,
    pageSize?: number,
  ) {
    this.#sweep = new Sweep(log, scope, after, pageSize);
    this.#pageStart = after;
    this.#removal = after.removal;
    this.#sequencer = new Sequencer({
      known: this.#known,
      since: () => this.#pageStart.xid,
      deliver: (change) => this.#out.push(change as TransitionChange),
      read: (ranges) => log.readVersions(ranges),
    });
  }

  /** Everything of the scope below it was in the pages so far. */
  get position(): Position {
    return havingSeen(this.#sweep.position, this.#removal);
  }

  /** The next transitions, perhaps none; undefined at the end of the log. */
  async nextPage(): Promise<Positioned<TransitionChange>[] | undefined> {
    this.#pageStart = this.#sweep.position;
    const page = await this.#sweep.nextPage();
    if (!page) return undefined;
    await this.#sequencer.offer(page);
    this.#known.age();
    // What waited behind holes came last; back to the order of the log, as far as versions allow.
    const given = inVersionOrder(this.#out.sort((a, b) => comparePositions(a.transition, b.transition)));
    this.#out = [];
    return withPositions(given, this.position);
  }
}

/**
 * After each change everything below the earliest one that is still to come has been given. (xid, id) does not
 * always grow along the versions of a task, so that is not simply the change's own position.
 */
function withPositions(changes: readonly TransitionChange[], end: Position): Positioned<TransitionChange>[] {
  const positioned: Positioned<TransitionChange>[] = [];
  let position = end;
  for (const change of [...changes].reverse()) {
    positioned.push({ ...change, position: havingSeen(position, end.removal) });
    if (comparePositions(change.transition, position) <= 0) {
      position = earlierPosition(position, justBelow(change.transition));
    }
  }
  return positioned.reverse();
}

function justBelow({ xid, id }: Position): Position {
  return { xid, id: String(BigInt(id) - 1n) };
}

/** The last versions of a limited number of tasks, in two generations. */
class RecentVersions {
  #young = new Map<string, number>();
  #old = new Map<string, number>();

  get(taskId: string): number | undefined {
    return this.#young.get(taskId) ?? this.#old.get(taskId);
  }

  set(taskId: string, version: number): void {
    this.#young.set(taskId, version);
  }

  /** Forgets the older ones when there are too many. To be called between two pages, never within one. */
  age(): void {
    if (this.#young.size < REMEMBERED_TASKS) return;
    this.#old = this.#young;
    this.#young = new Map();
  }
}
