/** What every system under measurement can do, so that one set of cases fits all. */

/** Where a contender keeps its data: a database and a Redis prefix of its own, made for one measurement. */
export interface Place {
  databaseUrl: string;
  redisUrl: string;
  /** Unique for the measurement. */
  name: string;
}

export interface Contender {
  /** Submits task number `n`; resolves when it is durable, as far as the contender goes. */
  submit(n: number): Promise<unknown>;
  /** Submits `count` tasks, numbered from `first`, the way that the contender has for many. */
  submitMany(first: number, count: number): Promise<unknown>;
  /** Begins to work; `onStart` is called with the task's number when its handler starts. The handler does nothing. */
  work(onStart: (n: number) => void): Promise<void>;
  /** Tasks that have not been finished, by what is stored. */
  unfinished(): Promise<number>;
  /** Calls back with the number of each task that a live subscriber has seen to its end. */
  watch?(onCompleted: (n: number) => void): Promise<void>;
  /** Processes besides this one whose CPU counts, by what they are. */
  processes?: { name: string; pid: number }[];
  close(): Promise<void>;
}
