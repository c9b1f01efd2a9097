/**
 * What operators do to a job while everything is killed: they pause it, and change its limits. Both are noted by the newest
 * ids of the log, read after the answer and before the next change: what was claimed in between has a higher id than
 * the first and none above the second, whatever the clocks of transactions say.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pause } from './checker.ts';
import { newestId } from './evidence.ts';
import { BY_KEY, FAIR_JOB, type FairBy } from './fair-work.ts';
import type { FlowLimit, FlowTask, LimitPhase } from './flow-checker.ts';
import type { TurnPhase } from './turns-checker.ts';

/** A limit as the API takes it, and as the checker judges by it. */
interface Limit extends FlowLimit {
  input: object;
}

export const JOB = '@global:general:chaos';
export const KEY_LIMIT = 2;
/** What a limit of the job counts a task under: nothing, where it is one of another job. */
const ofJob = (keyOf: FlowLimit['keyOf']) => (task: FlowTask) => (task.job === JOB ? keyOf(task) : null);

const key: Limit = {
  ...{ name: 'key', keyOf: ofJob(({ limitKey }) => limitKey), maxRunning: KEY_LIMIT },
  input: { name: 'key', scope: 'KEY', maxRunning: KEY_LIMIT },
};
const rate: Limit = {
  ...{ name: 'rate', keyOf: ofJob(({ rateKey }) => rateKey), rate: { count: 10, perMs: 1_000 } },
  input: { name: 'rate', scope: 'KEY', keyPointer: '/rated', rate: { count: 10, perSeconds: 1 } },
};
const room = (maxRunning: number): Limit => ({
  ...{ name: 'room', keyOf: ofJob((task) => task.room), maxRunning },
  input: { name: 'room', scope: 'ROOM', maxRunning },
});
const creator = (name: string, maxRunning: number): Limit => ({
  ...{ name, keyOf: ofJob(({ createdBy }) => createdBy), maxRunning },
  input: { name, scope: 'CREATOR', maxRunning },
});
const creators = creator('creator', 7);

/** What the job has unless an operator has just changed it. */
export const LIMITS: readonly Limit[] = [room(6), key, rate, creators];
/** Lowered below what runs, raised, taken away, counted by another key under the name of another limit. */
const CHANGES: readonly (readonly Limit[])[] = [
  [room(2), key, rate, creator('creator', 3)],
  [room(12), key, rate, creators],
  [key, rate, creators],
  [creator('room', 5), key, rate],
];

export interface OperatorsOptions {
  token: string;
  databaseUrl: string;
}

/** Acts beside the faults: one pause, and one change of limits, at a time. */
export class Operators {
  readonly pauses: Pause[] = [];
  readonly phases: LimitPhase[] = [];
  readonly turns: TurnPhase[] = [];
  readonly #options: OperatorsOptions;
  #pausing: Promise<void> = Promise.resolve();
  #limiting: Promise<void> = Promise.resolve();
  #current: Omit<LimitPhase, 'to'> | undefined;
  #fair: Omit<TurnPhase, 'to'> | undefined;

  constructor(options: OperatorsOptions) {
    this.#options = options;
  }

  /** Pauses the job, or it in one room, for a while. */
  pause(milliseconds: number, room: string | null, url: string): void {
    this.#pausing = this.#pausing.then(async () => {
      const input = { fullName: JOB, room };
      while (!(await this.#mutate(url, 'pauseJob', 'PauseJobInput', input))) await sleep(100);
      const from = await this.#newest();
      await sleep(milliseconds);
      const to = await this.#newest();
      while (!(await this.#mutate(url, 'resumeJob', 'ResumeJobInput', input))) await sleep(100);
      this.pauses.push({ job: JOB, room, from, to });
    });
  }

  /** Gives the job other limits for a while. */
  change(milliseconds: number, n: number, url: string): void {
    this.#limiting = this.#limiting.then(async () => {
      await this.#set(CHANGES[n % CHANGES.length] as readonly Limit[], url);
      await sleep(milliseconds);
      await this.#set(LIMITS, url);
    });
  }

  /** Gives the jobs their limits and their fairness. */
  async begin(url: string): Promise<void> {
    await this.#set(LIMITS, url);
    await this.takeTurns(BY_KEY, url);
  }

  /** Lets the tasks of the other job take turns otherwise, while none is waiting. */
  async takeTurns({ input, scopeOf }: FairBy, url: string): Promise<void> {
    if (this.#fair) this.turns.push({ ...this.#fair, to: await this.#newest() });
    const changed = { fullName: FAIR_JOB, ...input };
    while (!(await this.#mutate(url, 'updateJob', 'UpdateJobInput', changed))) await sleep(100);
    this.#fair = { job: FAIR_JOB, from: await this.#newest(), scopeOf };
  }

  /** All is as it was in the beginning. */
  async end(): Promise<void> {
    await Promise.all([this.#pausing, this.#limiting]);
  }

  /** To be called when nothing is claimed any more. */
  async close(): Promise<void> {
    if (this.#current) this.phases.push({ ...this.#current, to: await this.#newest() });
    this.#current = undefined;
    if (this.#fair) this.turns.push({ ...this.#fair, to: await this.#newest() });
    this.#fair = undefined;
  }

  async #set(limits: readonly Limit[], url: string): Promise<void> {
    if (this.#current) this.phases.push({ ...this.#current, to: await this.#newest() });
    this.#current = undefined;
    const input = { fullName: JOB, limits: limits.map((limit) => limit.input) };
    while (!(await this.#mutate(url, 'updateJob', 'UpdateJobInput', input))) await sleep(100);
    this.#current = { from: await this.#newest(), limits };
  }

  /** The newest id of the log, once the database answers. */
  async #newest(): Promise<number> {
    for (;;) {
      try {
        return await newestId(this.#options.databaseUrl);
      } catch {
        await sleep(50);
      }
    }
  }

  /** Whether it was answered as done. */
  async #mutate(url: string, field: string, type: string, input: object): Promise<boolean> {
    try {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${this.#options.token}` },
        body: JSON.stringify({
          query: `mutation ($input: ${type}!) { ${field}(input: $input) { __typename } }`,
          variables: { input },
        }),
      });
      const { data } = (await response.json()) as { data?: Record<string, { __typename: string }> | null };
      return Object.values(data ?? {}).some(({ __typename }) => __typename.endsWith('Success'));
    } catch {
      return false;
    }
  }
}
