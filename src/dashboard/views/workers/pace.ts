/** Which worker is slow: how long each took for a job lately, beside what the others took for the same one. */
import type { LatelyRunQuery } from '../../generated/graphql.ts';

type Run = LatelyRunQuery['tasks']['nodes'][number];

export interface Pace {
  /** Tasks that it has finished among the latest of the room. */
  count: number;
  /** Milliseconds that half of them took at most. */
  medianMs: number;
  /** How many times as long as the others took for the same jobs; undefined where nobody else ran them. */
  ratio: number | undefined;
}

/** Fewer say nothing about a worker. */
const ENOUGH = 3;

export function pacesOf(runs: readonly Run[]): Map<string, Pace> {
  const byWorker = new Map<string, { job: string; ms: number }[]>();
  for (const { workerId, job, startedAt, finishedAt } of runs) {
    if (!workerId || !startedAt || !finishedAt) continue;
    const list = byWorker.get(workerId) ?? [];
    list.push({ job: job.fullName, ms: Date.parse(finishedAt) - Date.parse(startedAt) });
    byWorker.set(workerId, list);
  }
  return new Map(
    [...byWorker].map(([worker, own]) => {
      const others = [...byWorker].filter(([other]) => other !== worker).flatMap(([, list]) => list);
      return [
        worker,
        { count: own.length, medianMs: median(own.map(({ ms }) => ms)), ratio: ratioOf(own, others) },
      ];
    }),
  );
}

function ratioOf(own: { job: string; ms: number }[], others: { job: string; ms: number }[]) {
  const ratios = [...new Set(own.map(({ job }) => job))].flatMap((job) => {
    const [mine, theirs] = [own, others].map((runs) =>
      runs.filter((run) => run.job === job).map(({ ms }) => ms),
    ) as [number[], number[]];
    const usual = median(theirs);
    return mine.length >= ENOUGH && theirs.length >= ENOUGH && usual > 0 ? [median(mine) / usual] : [];
  });
  return ratios.length > 0 ? Math.max(...ratios) : undefined;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
