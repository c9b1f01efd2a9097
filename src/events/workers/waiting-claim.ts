/** One claim that waits at the server: it looks, sleeps until there is news, and looks again, until its time is over. */
import { AsyncResource } from 'node:async_hooks';
import type { ServingWorker } from './worker-listener.ts';
import type { WorkerNews } from './worker-news.ts';

export interface Claiming<Task> extends ServingWorker {
  /** Tasks that a look finds at most. */
  limit: number;
  /** Milliseconds after which it is answered without any. */
  waitMs: number;
  /**
   * Claims what there is now.
   * @param behind what the look goes through when it must come behind something else; null is the answer where it cannot
   */
  look(behind?: unknown): Promise<Task[] | null>;
  /** Calls back when nobody waits for the answer any more; returns what takes that back. */
  whenGone(leave: () => void): () => void;
  /** Gives back what was claimed for a caller that has left meanwhile. */
  giveBack(tasks: Task[]): Promise<unknown>;
}

/** What the claims of a server share. */
export interface WaitingRoom {
  /** Whether nobody may wait any more. */
  readonly hasEnded: boolean;
  /** Resolves when the claim is woken, or after the milliseconds. */
  sleep(claim: WaitingClaim, milliseconds: number): Promise<void>;
  /** Leaves what a claim was woken for to others. */
  passOn(news: WorkerNews, count: number): void;
}

/** A claim as others see it. */
export interface WaitingClaim {
  readonly news: WorkerNews;
  readonly limit: number;
  /** Ends the sleep, if it sleeps. */
  wake(): void;
  /** Looks through that, and wakes with what it finds. */
  lookBehind(behind: unknown): Promise<unknown>;
}

export class LongPollClaim<Task> implements WaitingClaim {
  readonly news: WorkerNews;
  readonly limit: number;
  wake: () => void = () => {};
  readonly lookBehind: (behind: unknown) => Promise<unknown>;
  readonly #claiming: Claiming<Task>;
  readonly #room: WaitingRoom;
  readonly #deadline: number;
  /** A look that was sent behind something. */
  #ahead: Promise<Task[]> | undefined;
  #isGone = false;

  constructor(claiming: Claiming<Task>, news: WorkerNews, room: WaitingRoom) {
    this.news = news;
    this.limit = claiming.limit;
    this.#claiming = claiming;
    this.#room = room;
    this.#deadline = performance.now() + claiming.waitMs;
    // Whoever calls it is in the middle of something else: what is done for the claim belongs to the claim.
    this.lookBehind = AsyncResource.bind((behind: unknown) => {
      this.#ahead = this.#look(behind);
      this.wake();
      return this.#ahead;
    });
  }

  /** Resolves with the tasks, or with none when its time is over. @throws what the look throws */
  async answer(): Promise<Task[]> {
    const stay = this.#claiming.whenGone(() => {
      this.#isGone = true;
      this.wake();
    });
    try {
      for (;;) {
        if (!(await this.#hasReasonToLook())) return [];
        const isLast = this.#deadline <= performance.now();
        const found = await this.#lookOnce();
        if (found.length > 0 || isLast) return found;
      }
    } finally {
      stay();
    }
  }

  /** Sleeps until there is something to look at, or until the time is over. @returns whether to look at all */
  async #hasReasonToLook(): Promise<boolean> {
    for (;;) {
      if (this.#ahead) return true;
      if (this.#isGone && this.news.hasNews) this.#room.passOn(this.news, this.limit);
      if (this.#isGone || this.#room.hasEnded || this.news.listener.isClosed) return false;
      const left = this.#deadline - performance.now();
      if (this.news.hasNews || left <= 0) return true;
      await this.#room.sleep(this, left);
    }
  }

  /** What was found; nothing where the caller has left meanwhile. */
  async #lookOnce(): Promise<Task[]> {
    const looking = this.#ahead ?? this.#look();
    const found = await looking;
    this.#ahead = undefined;
    if (!this.#isGone || found.length === 0) return found;
    await this.#claiming.giveBack(found);
    return [];
  }

  async #look(behind?: unknown): Promise<Task[]> {
    const { look, limit } = this.#claiming;
    this.news.hasNews = false;
    try {
      const found = await look(behind);
      if (found === null) {
        // It looks again, by itself.
        this.news.hasNews = true;
        return [];
      }
      // There may be more, for this worker's next claim.
      if (found.length >= limit) this.news.hasNews = true;
      return found;
    } catch (error) {
      this.#room.passOn(this.news, limit);
      throw error;
    }
  }
}
