/**
 * `npm run bench:estimates [-- --seconds 120] [--rounds 2] [--only WORD]`: how often what was estimated held. Jobs whose
 * tasks take as long as known distributions say are worked off by workers that only wait; starts and ends are compared
 * with the p50 and p90 that were given at the submission and later. All cases run at the same time. On the PostgreSQL of
 * DATABASE_URL, or the default local one; it makes a database and drops it.
 */
import { parseArgs } from 'node:util';
import type { JobLimit } from '../../src/domain/limits.ts';
import { migrate } from '../../src/store/database/migrate.ts';
import { openPostgres } from '../../src/store/database/postgres.ts';
import { createTestStore } from '../../test/support/test-store.ts';
import { createBenchDatabase } from '../measure/database.ts';
import { type Case, type Outcome, runCase } from './case.ts';
import { bimodal, constant, exponential } from './distributions.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '120' },
    learn: { type: 'string', default: '60' },
    rounds: { type: 'string', default: '2' },
    only: { type: 'string' },
  },
});
const server = process.env['DATABASE_URL'] ?? 'postgres://postgres@127.0.0.1:5432/postgres';

const limit = (name: string, rest: Partial<JobLimit>): JobLimit => ({
  ...{ name, scope: 'JOB', keyPointer: null, maxRunning: null, rate: null, ...rest },
});

const shortOrLong = bimodal(1.5, 12, 0.1);
const priority = (random: () => number) => (random() < 1 / 3 ? 5 : 0);
const CASES: Case[] = [
  { name: 'constant, 4 slots', durations: constant(3), workers: [4], load: 0.9, between: 3 / 4 },
  { name: 'exponential, 1 slot', durations: exponential(2), workers: [1], load: 0.8, between: 2 },
  {
    name: 'exponential, 8 slots of 4 workers',
    durations: exponential(4),
    workers: [2, 2, 2, 2],
    ...{ load: 0.9, between: 4 / 8 },
  },
  { name: 'bimodal, 4 slots', durations: shortOrLong, workers: [2, 2], load: 0.8, between: 2.55 / 4 },
  {
    name: 'exponential, limit of 3, 8 slots',
    durations: exponential(3),
    workers: [8],
    limits: [limit('few', { maxRunning: 3 })],
    ...{ load: 0.85, between: 3 / 3 },
  },
  {
    name: 'exponential, 5 keys, one at a time each, 8 slots',
    durations: exponential(2),
    workers: [8],
    keys: 5,
    limits: [limit('key', { scope: 'KEY', maxRunning: 1 })],
    ...{ load: 0.7, between: 2 / 5 },
  },
  {
    name: 'bimodal, rate of 10 in 10 s, 16 slots',
    durations: shortOrLong,
    workers: [16],
    limits: [limit('rate', { rate: { count: 10, perSeconds: 10 } })],
    ...{ load: 0.9, between: 10 / 10 },
  },
  {
    name: 'exponential, a third of high priority, 4 slots',
    ...{ durations: exponential(3), workers: [4], priority, load: 0.9, between: 3 / 4 },
  },
  {
    name: 'exponential, delayed up to 20 s, 4 slots',
    ...{ durations: exponential(3), workers: [4], load: 0.8, between: 3 / 4 },
    delay: (random) => random() * 20,
  },
];

function report(name: string, outcomes: readonly Outcome[]): void {
  const cells = (['start', 'end'] as const).map((what) => {
    const of = outcomes.filter((outcome) => outcome.what === what);
    const held = (bound: 'p50' | 'p90') =>
      `${((of.filter((outcome) => outcome.came <= outcome[bound]).length / of.length) * 100).toFixed(0)} %`;
    return `${what.padStart(6)} ${held('p50').padStart(5)} ${held('p90').padStart(5)}`;
  });
  const starts = outcomes.filter(({ what }) => what === 'start').map(({ came }) => came);
  const middle = [...starts].sort((a, b) => a - b)[Math.floor(starts.length / 2)] ?? 0;
  console.log(
    `${name.padEnd(52)} ${cells.join('  ')}  of ${outcomes.length} said, half of the starts within ${middle.toFixed(1)} s`,
  );
}

const bench = await createBenchDatabase(server, `signalbox_estimates_${process.pid}`);
const db = await openPostgres({ url: bench.url });
const outcomes = new Map<string, Outcome[]>();
try {
  await migrate(db);
  const testStore = await createTestStore('postgres', db, 3_600);
  const rollUp = setInterval(() => void testStore.store.rollUpStatistics(10_000), 1_000);
  const cases = CASES.filter(({ name }) => !values.only || name.includes(values.only));
  for (let round = 0; round < Number(values.rounds); round++) {
    const options = { seconds: Number(values.seconds), learn: Number(values.learn), seed: 1 + round };
    await Promise.all(
      cases.map(async (measured) => {
        const found = await runCase(testStore, options, measured);
        outcomes.set(measured.name, [...(outcomes.get(measured.name) ?? []), ...found]);
      }),
    );
  }
  clearInterval(rollUp);
} finally {
  await db.close();
  await bench.drop();
}
console.log(`${''.padEnd(52)}          p50   p90            p50   p90`);
for (const { name } of CASES) report(name, outcomes.get(name) ?? []);
report('all', [...outcomes.values()].flat());
