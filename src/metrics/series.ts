/**
 * Series by job: the first so many jobs have their own, the rest share one, so that a scrape stays small.
 * Their label is job_name: `job` is what Prometheus calls the servers that it reads from.
 */

/** Jobs with series of their own; what scraping costs grows with it. */
export const MAX_JOB_SERIES = 100;
/** The label of all further jobs. */
export const OTHER_JOBS = 'other';

/** Full names of jobs by their ids. */
export type JobNames = (ids: readonly string[]) => Promise<Map<string, string>>;

export class JobSeries<Series> {
  readonly #make: () => Series;
  readonly #byJob = new Map<string, Series>();
  #others: Series | undefined;

  constructor(make: () => Series) {
    this.#make = make;
  }

  /** Never changes for a job once it was given one: counters must not go back. */
  of(jobId: string): Series {
    const known = this.#byJob.get(jobId);
    if (known !== undefined) return known;
    if (this.#byJob.size >= MAX_JOB_SERIES) {
      this.#others ??= this.#make();
      return this.#others;
    }
    const series = this.#make();
    this.#byJob.set(jobId, series);
    return series;
  }

  /** Every series with its label. */
  async entries(jobNames: JobNames): Promise<[job: string, Series][]> {
    const names = await jobNames([...this.#byJob.keys()]);
    const entries: [string, Series][] = [];
    for (const [id, series] of this.#byJob) {
      const name = names.get(id);
      // Not known while the database is away: left out of this scrape.
      if (name !== undefined) entries.push([name, series]);
    }
    if (this.#others !== undefined) entries.push([OTHER_JOBS, this.#others]);
    return entries;
  }
}

/** What the map has under the key, made where there is nothing yet. */
export function seriesOf<Key, Series>(map: Map<Key, Series>, key: Key, make: () => Series): Series {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

/** Names are asked for once: a job keeps its name. */
export function rememberNames(
  find: (ids: readonly string[]) => Promise<{ id: string; fullName: string }[]>,
): JobNames {
  const names = new Map<string, string>();
  return async (ids) => {
    const unknown = ids.filter((id) => !names.has(id));
    if (unknown.length > 0) {
      const found = await find(unknown).catch(() => []);
      for (const { id, fullName } of found) names.set(id, fullName);
    }
    return names;
  };
}
