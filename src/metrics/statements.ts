/** How long statements take, and how many calls share one. */
import type { Registry } from 'prom-client';
import type { InstrumentStatement } from '../store/database/instrument.ts';
import { seriesOf } from './series.ts';
import { register, Tally } from './tally.ts';

const SECONDS = [0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 30];
const ITEMS = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000];

interface OfVerb {
  duration: Tally;
  items?: Tally;
  failures: number;
}

/** Measures every statement that runs through what is returned. */
export function createStatementMetrics(registry: Registry, prefix: string): InstrumentStatement {
  const verbs = new Map<string, OfVerb>();
  const samples = (name: string, tally: (of: OfVerb) => Tally | undefined) =>
    [...verbs].flatMap(([verb, of]) => tally(of)?.samples(name, { verb }) ?? []);

  const duration = `${prefix}statement_duration_seconds`;
  register(
    registry,
    {
      name: duration,
      help: 'Seconds from sending a statement to its answer, by what it does.',
      type: 'histogram',
    },
    () => samples(duration, (of) => of.duration),
  );
  const items = `${prefix}batch_items`;
  register(
    registry,
    { name: items, help: 'Calls, or rows, that share one statement, by what it does.', type: 'histogram' },
    () => samples(items, (of) => of.items),
  );
  register(
    registry,
    {
      name: `${prefix}statement_errors_total`,
      help: 'Statements that were refused or not answered.',
      type: 'counter',
    },
    () => [...verbs].map(([verb, { failures }]) => ({ labels: { verb }, value: failures })),
  );

  return async (statement, run) => {
    const { verb, items: count } = statement;
    const of = seriesOf(verbs, verb, () => ({ duration: new Tally(SECONDS), failures: 0 }) as OfVerb);
    if (count !== undefined) {
      of.items ??= new Tally(ITEMS);
      of.items.add(count);
    }
    const start = performance.now();
    try {
      return await run();
    } catch (error) {
      of.failures++;
      throw error;
    } finally {
      of.duration.add((performance.now() - start) / 1_000);
    }
  };
}
