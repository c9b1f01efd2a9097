/**
 * Claims that wait for work. A worker that has found nothing need not be notified of a task and come for it: its claim stays
 * here, and is answered with the task.
 *
 *   claim ──▶ look ──nothing──▶ wait ──news: look again──▶ answer
 *               ▲                │
 *               └── no news since the last look: wait at once
 *
 * What is known of a worker's work is kept for a while after its claim was answered (worker-news.ts), so that its next claim
 * looks only when there was news meanwhile. A look that finds fewer tasks than it asks for has seen all that there was
 * when it began; news during the look are news for the next one. At the end of its time a claim looks once more, in case
 * nobody has announced something.
 *
 * Those who have waited longest come first: so many tasks wake so many claims as can take them. A claim that could not
 * use what it was woken for, since its caller has left or its look failed, wakes the next.
 *
 * What is being submitted is looked for before it is committed, see pipelined-claims.ts.
 */
import { chooseWaits, type PipelinedClaims } from './pipelined-claims.ts';
import { type Claiming, LongPollClaim, type WaitingClaim, type WaitingRoom } from './waiting-claim.ts';
import type { Heard, ServingWorker } from './worker-listener.ts';
import { type NewsListener, WorkerNews } from './worker-news.ts';

export type { Claiming };

export interface LongPollOptions {
  /** Listens for the worker; resolves when what is committed from now on will be heard. */
  listen(worker: ServingWorker, heard: Heard, onClose: () => void): Promise<NewsListener>;
  /** Called when the worker's news are given up, and there were some that no claim has looked at. */
  onUnseenNews(workerId: string): void;
  /** Milliseconds that a worker is listened for after its claim (1 s). */
  keptMs?: number;
}

/** So many tasks of each job, by its id. */
type JobCounts = ReadonlyMap<string, number>;

export class LongPoll implements WaitingRoom {
  readonly #options: LongPollOptions;
  readonly #known = new Map<string, WorkerNews>();
  readonly #opening = new Map<string, Promise<WorkerNews>>();
  /** Claims that sleep; the first has waited longest. */
  readonly #sleeping = new Set<WaitingClaim>();
  #hasEnded = false;

  constructor(options: LongPollOptions) {
    this.#options = options;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Claims, and waits for work while there is none. */
  async claim<Task>(claiming: Claiming<Task>): Promise<Task[]> {
    // Work that is there already need not wait until the worker is listened for.
    if (this.#hasEnded || !this.#known.has(claiming.workerId)) {
      const found = await claiming.look();
      if (found && (found.length > 0 || this.#hasEnded)) return found;
    }
    const news = await this.#newsOf(claiming);
    return news.during(() => new LongPollClaim(claiming, news, this).answer());
  }

  /** Whether claims of the worker find out by themselves that there is work. */
  has(workerId: string): boolean {
    return this.#known.has(workerId);
  }

  /** So many tasks of the job became claimable; `seen` are the looks that were sent behind them. */
  available(jobId: string, count: number, seen?: PipelinedClaims): void {
    const others = [...this.#known.values()].filter(({ workerId }) => !seen?.includes(workerId));
    this.#announce(jobId, count - (seen?.taken.get(jobId) ?? 0), others);
  }

  /** Whether a claim waits for tasks of one of the jobs. */
  waitFor(jobs: JobCounts): boolean {
    for (const { news } of this.#sleeping) {
      for (const jobId of jobs.keys()) if (news.listener.serves(jobId)) return true;
    }
    return false;
  }

  /** Lets claims that wait look through `behind`, as many as can take so many tasks of the jobs. */
  lookBehind(jobs: JobCounts, behind: unknown): PipelinedClaims {
    const { chosen, taken } = chooseWaits(jobs, this.#sleeping);
    const looks = chosen.map((claim) => claim.lookBehind(behind));
    const workers = new Set(chosen.map(({ news }) => news.workerId));
    return { done: Promise.allSettled(looks), taken, includes: (workerId) => workers.has(workerId) };
  }

  /** Claims that sleep now. */
  size(): number {
    return this.#sleeping.size;
  }

  /** Answers all that wait, and lets nobody wait any more. */
  end(): void {
    this.#hasEnded = true;
    for (const claim of [...this.#sleeping]) claim.wake();
  }

  close(): void {
    this.end();
    for (const news of [...this.#known.values()]) news.close();
  }

  sleep(claim: WaitingClaim, milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      claim.wake = () => {
        this.#sleeping.delete(claim);
        clearTimeout(timer);
        claim.wake = () => {};
        resolve();
      };
      const timer = setTimeout(claim.wake, milliseconds);
      this.#sleeping.add(claim);
    });
  }

  passOn({ listener }: WorkerNews, count: number): void {
    for (const jobId of listener.jobIds) this.#announce(jobId, count, this.#known.values());
  }

  async #newsOf(worker: ServingWorker): Promise<WorkerNews> {
    const { workerId } = worker;
    const news = this.#known.get(workerId) ?? this.#opening.get(workerId);
    if (news) return news;
    const opened = this.#open(worker).finally(() => this.#opening.delete(workerId));
    this.#opening.set(workerId, opened);
    return opened;
  }

  async #open(worker: ServingWorker): Promise<WorkerNews> {
    const { workerId } = worker;
    const { listen, onUnseenNews: onUnseen, keptMs = 1_000 } = this.#options;
    const heard = {
      available: (jobId: string) => {
        const news = this.#known.get(workerId);
        if (news) this.#announce(jobId, Number.POSITIVE_INFINITY, [news]);
      },
    };
    const listener = await listen(worker, heard, () => this.#known.delete(workerId));
    const news = new WorkerNews({ workerId, listener, keptMs, onUnseen });
    if (!listener.isClosed) this.#known.set(workerId, news);
    return news;
  }

  /** Wakes claims for so many tasks; a worker without a sleeping claim looks when its next one comes. */
  #announce(jobId: string, count: number, among: Iterable<WorkerNews>): void {
    if (count <= 0) return;
    const concerned = new Set([...among].filter(({ listener }) => listener.serves(jobId)));
    let left = count;
    for (const claim of this.#sleeping) {
      if (left <= 0) return;
      if (!concerned.delete(claim.news)) continue;
      left -= claim.limit;
      claim.news.hasNews = true;
      claim.wake();
    }
    for (const news of concerned) news.hasNews = true;
  }
}
