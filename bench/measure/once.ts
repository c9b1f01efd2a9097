/**
 * Measures one contender once, in a process of its own: `node once.ts JSON`. Prints one line of JSON, the figures.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Contender, Place } from '../contenders/contender.ts';
import { type ContenderName, openContender } from '../contenders/open.ts';
import { type CpuMeter, type CpuSeconds, createCpuMeter } from './cpu.ts';
import { onServer } from './database.ts';

/** What is measured; times in seconds. */
export type Measurement =
  /** Single submissions, so many in flight, for so long. */
  | { kind: 'single'; inFlight: number; warmUp: number; seconds: number }
  /** Submissions in lists of a length, so many lists in flight. */
  | { kind: 'lists'; length: number; inFlight: number; warmUp: number; seconds: number }
  /** So many waiting tasks are worked off; with `more`, there are further ones behind them. */
  | { kind: 'drain'; tasks: number; more?: number; watched?: boolean }
  /** Single submissions at a rate, to an idle worker. */
  | { kind: 'latency'; rate: number; warmUp: number; seconds: number };

export interface Task {
  contender: ContenderName;
  measurement: Measurement;
  place: Place;
}

export interface Figures {
  /** Tasks a second, or milliseconds, by name. */
  values: Record<string, number>;
  /** Of all who take part, for `tasks` tasks. */
  cpu: CpuSeconds;
  tasks: number;
}

/** Tasks that are given over at a time when a queue is filled. */
const FILL = 1_000;

process.once('SIGTERM', () => process.exit(1));

const { contender: name, measurement, place } = JSON.parse(process.argv[2] as string) as Task;
const contender = await openContender(name, place);
const meter = await createCpuMeter({
  database: new URL(place.databaseUrl).pathname.slice(1),
  redisUrl: place.redisUrl,
  processes: contender.processes ?? [],
});
const figures = await measure(contender, meter, measurement);
meter.close();
console.log(JSON.stringify(figures));
await contender.close();
process.exit(0);

function measure(contender: Contender, meter: CpuMeter, measurement: Measurement): Promise<Figures> {
  switch (measurement.kind) {
    case 'single':
      return throughput(contender, meter, { ...measurement, length: 1 });
    case 'lists':
      return throughput(contender, meter, measurement);
    case 'drain':
      return drain(contender, meter, measurement);
    case 'latency':
      return latency(contender, meter, measurement);
  }
}

async function throughput(
  contender: Contender,
  meter: CpuMeter,
  options: { length: number; inFlight: number; warmUp: number; seconds: number },
): Promise<Figures> {
  const { length, inFlight, warmUp, seconds } = options;
  let next = 0;
  let done = 0;
  let stopped = false;

  async function caller(): Promise<void> {
    while (!stopped) {
      const first = next;
      next += length;
      await (length === 1 ? contender.submit(first) : contender.submitMany(first, length));
      done += length;
    }
  }

  const callers = Promise.all(Array.from({ length: inFlight }, caller));
  callers.catch(() => {});
  await Promise.race([callers, sleep(warmUp * 1000)]);
  await meter.lap();
  const before = done;
  const start = performance.now();
  await Promise.race([callers, sleep(seconds * 1000)]);
  const tasks = done - before;
  const elapsed = (performance.now() - start) / 1000;
  const cpu = await meter.lap();
  stopped = true;
  await callers;
  return { values: { 'tasks/s': tasks / elapsed }, cpu, tasks };
}

async function drain(
  contender: Contender,
  meter: CpuMeter,
  { tasks, more = 0, watched }: { tasks: number; more?: number; watched?: boolean },
): Promise<Figures> {
  for (let first = 0; first < tasks; first += FILL) {
    await contender.submitMany(first, Math.min(FILL, tasks - first));
  }
  await onServer(place.databaseUrl, 'VACUUM (ANALYZE)');
  await onServer(place.databaseUrl, 'CHECKPOINT');
  if (watched) await contender.watch?.(() => {});
  const seen = new Set<number>();
  await meter.lap();
  const start = performance.now();
  let handled = 0;
  await new Promise<void>((resolve) => {
    void contender.work((n) => {
      seen.add(n);
      if (++handled >= tasks) resolve();
    });
  });
  // What has been handled is finished when it is stored as such; with more behind, the handlers are the measure.
  while (more === 0 && (await contender.unfinished()) > 0) await sleep(25);
  const elapsed = (performance.now() - start) / 1000;
  const cpu = await meter.lap();
  if (more === 0 && seen.size !== tasks) throw new Error(`${seen.size} of ${tasks} tasks were handled.`);
  return { values: { 'tasks/s': tasks / elapsed }, cpu, tasks };
}

async function latency(
  contender: Contender,
  meter: CpuMeter,
  { rate, warmUp, seconds }: { rate: number; warmUp: number; seconds: number },
): Promise<Figures> {
  const count = Math.round(rate * (warmUp + seconds));
  const from = Math.round(rate * warmUp);
  const submitted = new Float64Array(count);
  const starts: number[] = [];
  const ends: number[] = [];
  let started = 0;
  let completed = 0;

  await contender.watch?.((n) => {
    completed++;
    if (n >= from) ends.push(performance.now() - (submitted[n] as number));
  });
  await contender.work((n) => {
    started++;
    if (n >= from) starts.push(performance.now() - (submitted[n] as number));
  });
  await sleep(500);
  await meter.lap();
  const begin = performance.now();
  const underWay: Promise<unknown>[] = [];
  for (let n = 0; n < count; n++) {
    const due = begin + (n * 1000) / rate;
    const left = due - performance.now();
    if (left > 0.5) await sleep(left);
    submitted[n] = performance.now();
    underWay.push(contender.submit(n));
  }
  await Promise.all(underWay);
  for (let waited = 0; waited < 5000; waited += 10) {
    if (started >= count && (!contender.watch || completed >= count)) break;
    await sleep(10);
  }
  const cpu = await meter.lap();
  if (started < count) throw new Error(`${started} of ${count} tasks were started.`);
  return {
    values: {
      'start p50 ms': percentile(starts, 0.5),
      'start p99 ms': percentile(starts, 0.99),
      ...(ends.length > 0 && {
        'completed p50 ms': percentile(ends, 0.5),
        'completed p99 ms': percentile(ends, 0.99),
      }),
    },
    cpu,
    tasks: count,
  };
}

function percentile(values: number[], share: number): number {
  const sorted = values.sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] as number;
}
