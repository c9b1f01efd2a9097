/**
 * Claims that wait for work. A worker that has found nothing need not be told of a task and come for it: its claim stays
 * here, and is answered with the task.
 *
 *   claim ──▶ look ──nothing──▶ wait ──news: look again──▶ answer
 *               ▲                │
 *               └── no news since the last look: wait at once
 *
 * What is known of a worker's work is kept in its place for a while after its claim was answered, so that its next claim
 * looks only when there was news meanwhile. A look that finds fewer tasks than it asks for has seen all that there was
 * when it began; news during the look are news for the next one. At the end of its time a claim looks once more, in case
 * that nobody has told of something.
 *
 * Those who have waited longest come first: so many tasks wake so many claims as can take them. A claim that could not
 * use what it was woken for, since its caller has left or its look failed, wakes the next.
 *
 * What is being submitted is looked for before it is committed, see looks-behind.ts.
 */
import { AsyncResource } from 'node:async_hooks';
import { chooseWaits, type PipelinedClaims } from './pipelined-claims.ts';
import type { Heard, ServingWorker } from './worker-listener.ts';

export interface Claiming<Task> extends ServingWorker {
  /** Tasks that a look finds at most. */
  limit: number;
  /** Milliseconds after which it is answered without any. */
  waitMs: number;
  /**
   * Claims what there is now.
   * @param behind what the look goes through when it must come behind something else
   */
  look(behind?: unknown): Promise<Task[]>;
  /** Calls back when nobody waits for the answer any more; gives what takes that back. */
  whenGone(leave: () => void): () => void;
  /** Gives back what was claimed for a caller who has left meanwhile. */
  giveBack(tasks: Task[]): Promise<unknown>;
}

/** What hears for a place. */
export interface PlaceListener {
  readonly isClosed: boolean;
  readonly jobIds: Iterable<string>;
  serves(jobId: string): boolean;
  close(): void;
}

export interface LongPollOptions {
  /** Listens for the worker; resolves when what is committed from now on will be heard. */
  listen(worker: ServingWorker, heard: Heard, onClose: () => void): Promise<PlaceListener>;
  /** The worker's place is given up, and there were news that no claim has looked at. */
  onUnseenNews(workerId: string): void;
  /** How long a place is kept for the worker's next claim (1 s). */
  keptMs?: number;
}

export interface LongPoll {
  claim<Task>(claiming: Claiming<Task>): Promise<Task[]>;
  /** Whether claims of the worker find out by themselves that there is work. */
  has(workerId: string): boolean;
  /** So many tasks of the job became claimable; `seen` are the looks that were sent behind them. */
  available(jobId: string, count: number, seen?: PipelinedClaims): void;
  /** Whether a claim waits for tasks of one of the jobs. */
  waitFor(jobs: ReadonlyMap<string, number>): boolean;
  /** Lets claims that wait look through `behind`, as many as can take so many tasks of the jobs. */
  lookBehind(jobs: ReadonlyMap<string, number>, behind: unknown): PipelinedClaims;
  /** Claims that wait now. */
  size(): number;
  /** Answers all that wait, and lets nobody wait any more. */
  end(): void;
  close(): void;
}

interface Place {
  workerId: string;
  listener: PlaceListener;
  /** There may be work that the last look has not seen. */
  news: boolean;
  /** Claims that use it. */
  claims: number;
  timer: NodeJS.Timeout;
}

interface Wait {
  place: Place;
  limit: number;
  wake(): void;
  /** Looks through that, and wakes with what it finds. */
  lookBehind(behind: unknown): Promise<unknown>;
}

export function createLongPoll({ listen, onUnseenNews, keptMs = 1_000 }: LongPollOptions): LongPoll {
  const places = new Map<string, Place>();
  const opening = new Map<string, Promise<Place>>();
  /** Who has waited longest is the first. */
  const waiting = new Set<Wait>();
  let ended = false;

  async function placeOf(worker: ServingWorker): Promise<Place> {
    const { workerId } = worker;
    const place = places.get(workerId) ?? opening.get(workerId);
    if (place) return place;
    const opened = open(worker).finally(() => opening.delete(workerId));
    opening.set(workerId, opened);
    return opened;
  }

  async function open(worker: ServingWorker): Promise<Place> {
    const { workerId } = worker;
    const heard = {
      available: (jobId: string) => {
        const place = places.get(workerId);
        if (place) tell(jobId, Number.POSITIVE_INFINITY, [place]);
      },
    };
    const listener = await listen(worker, heard, () => places.delete(workerId));
    const timer = setTimeout(() => giveUp(place), keptMs).unref();
    const place: Place = { workerId, listener, news: true, claims: 0, timer };
    if (!listener.isClosed) places.set(workerId, place);
    return place;
  }

  function giveUp(place: Place): void {
    if (place.claims > 0) return;
    place.listener.close();
    if (place.news) onUnseenNews(place.workerId);
  }

  function lookBehind(jobs: ReadonlyMap<string, number>, behind: unknown): PipelinedClaims {
    const { chosen, taken } = chooseWaits(jobs, waiting);
    const looks = chosen.map((wait) => wait.lookBehind(behind));
    const workers = new Set(chosen.map(({ place }) => place.workerId));
    return { done: Promise.allSettled(looks), taken, includes: (workerId) => workers.has(workerId) };
  }

  function waitFor(jobs: ReadonlyMap<string, number>): boolean {
    for (const { place } of waiting) {
      for (const jobId of jobs.keys()) if (place.listener.serves(jobId)) return true;
    }
    return false;
  }

  /** Wakes claims for so many tasks; a place in which no claim waits looks when the next one comes. */
  function tell(jobId: string, count: number, among: Iterable<Place>): void {
    if (count <= 0) return;
    const concerned = new Set([...among].filter(({ listener }) => listener.serves(jobId)));
    let left = count;
    for (const wait of waiting) {
      if (left <= 0) return;
      if (!concerned.delete(wait.place)) continue;
      left -= wait.limit;
      wait.place.news = true;
      wait.wake();
    }
    for (const place of concerned) place.news = true;
  }

  /** What one claim was woken for is left to others. */
  function passOn({ listener }: Place, count: number): void {
    for (const jobId of listener.jobIds) tell(jobId, count, places.values());
  }

  async function claim<Task>(claiming: Claiming<Task>): Promise<Task[]> {
    const { workerId, look } = claiming;
    // Work that is there already need not wait until its place is made.
    if (ended || !places.has(workerId)) {
      const found = await look();
      if (found.length > 0 || ended) return found;
    }
    const place = await placeOf(claiming);
    place.claims++;
    try {
      return await claimAt(place, claiming);
    } finally {
      place.claims--;
      place.timer.refresh();
    }
  }

  async function claimAt<Task>(place: Place, claiming: Claiming<Task>): Promise<Task[]> {
    const { limit, waitMs, whenGone, giveBack } = claiming;
    const deadline = performance.now() + waitMs;
    /** A look that was sent behind something. */
    let ahead: Promise<Task[]> | undefined;
    const wait: Wait = {
      ...{ place, limit, wake() {} },
      // Whoever calls it is in the middle of something else: what is done for the claim belongs to the claim.
      lookBehind: AsyncResource.bind((behind: unknown) => {
        ahead = lookFrom(place, claiming, behind);
        wait.wake();
        return ahead;
      }),
    };
    let isGone = false;
    const stay = whenGone(() => {
      isGone = true;
      wait.wake();
    });
    try {
      for (;;) {
        const left = deadline - performance.now();
        if (!ahead) {
          if (isGone && place.news) passOn(place, limit);
          if (isGone || ended || place.listener.isClosed) return [];
          if (!place.news && left > 0) {
            await sleep(wait, left);
            continue;
          }
        }
        const found = await (ahead ?? lookFrom(place, claiming));
        ahead = undefined;
        if (found.length > 0 && !isGone) return found;
        if (found.length > 0) await giveBack(found);
        if (left <= 0) return [];
      }
    } finally {
      stay();
    }
  }

  async function lookFrom<Task>(
    place: Place,
    { look, limit }: Claiming<Task>,
    behind?: unknown,
  ): Promise<Task[]> {
    place.news = false;
    try {
      const found = await look(behind);
      // There may be more, for this worker's next claim.
      if (found.length >= limit) place.news = true;
      return found;
    } catch (error) {
      passOn(place, limit);
      throw error;
    }
  }

  function sleep(wait: Wait, milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      wait.wake = () => {
        waiting.delete(wait);
        clearTimeout(timer);
        wait.wake = () => {};
        resolve();
      };
      const timer = setTimeout(wait.wake, milliseconds);
      waiting.add(wait);
    });
  }

  function end(): void {
    ended = true;
    for (const wait of [...waiting]) wait.wake();
  }

  return {
    claim,
    has: (workerId) => places.has(workerId),
    available(jobId, count, seen) {
      if (!seen) return tell(jobId, count, places.values());
      const others = [...places.values()].filter(({ workerId }) => !seen.includes(workerId));
      tell(jobId, count - (seen.taken.get(jobId) ?? 0), others);
    },
    waitFor,
    lookBehind,
    size: () => waiting.size,
    end,
    close() {
      end();
      for (const { listener, timer } of [...places.values()]) {
        clearTimeout(timer);
        listener.close();
      }
    },
  };
}
