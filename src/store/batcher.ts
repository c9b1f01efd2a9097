/**
 * Turns calls that wait at the same time into one statement, so that fifty concurrent callers cost one commit.
 *
 * A batch leaves at once when none is under way, so nothing is delayed while the server is idle; while one is under
 * way the next one fills up. No caller is answered before the statement that holds its item has been committed.
 * When a statement is refused for its data, its items are sent again one by one: a bad one fails alone.
 */
import { isDataError } from './database.ts';

export interface BatcherOptions<Item, Result> {
  /** Sends one statement for all items; one result for each, in order. */
  run: (items: readonly Item[]) => Promise<Result[]>;
  /** Items in one statement at most (default 500). */
  maxItems?: number;
  /** Items that may wait at most (default 20,000); further ones are refused with BatcherOverloaded. */
  maxWaiting?: number;
  /** What stands around every batch. */
  around?: AroundBatch;
}

/** Lets traces follow calls into the batch that serves them. */
export interface AroundBatch {
  /** Where a call comes from; asked when it begins to wait. */
  capture(): unknown;
  /** Runs a batch of calls that come from there. Must give what it gives, and reject as it rejects. */
  run<T>(captured: readonly unknown[], work: () => Promise<T>): Promise<T>;
}

/** The database does not keep up; nothing was written for this call. */
export class BatcherOverloaded extends Error {
  override readonly name = 'BatcherOverloaded';
}

interface Waiting<Item, Result> {
  item: Item;
  from: unknown;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}

export function createBatcher<Item, Result>(
  options: BatcherOptions<Item, Result>,
): (item: Item) => Promise<Result> {
  const maxItems = options.maxItems ?? 500;
  const { around, maxWaiting = 20_000 } = options;
  let waiting: Waiting<Item, Result>[] = [];
  let underWay = false;

  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, maxItems);
      waiting = waiting.slice(maxItems);
      await settle(batch, options);
    }
    underWay = false;
  }

  return (item) =>
    new Promise<Result>((resolve, reject) => {
      if (waiting.length >= maxWaiting) {
        reject(new BatcherOverloaded('Too many calls are waiting for the database. Try again in a moment.'));
        return;
      }
      waiting.push({ item, from: around?.capture(), resolve, reject });
      if (underWay) return;
      underWay = true;
      // Calls that arrive in the same turn of the event loop, as from one socket frame or many, go together.
      setImmediate(() => void drain());
    });
}

async function settle<Item, Result>(
  batch: readonly Waiting<Item, Result>[],
  options: BatcherOptions<Item, Result>,
): Promise<void> {
  const { run, around } = options;
  const work = () => run(batch.map(({ item }) => item));
  try {
    const results = await (around
      ? around.run(
          batch.map(({ from }) => from),
          work,
        )
      : work());
    for (const [index, { resolve }] of batch.entries()) resolve(results[index] as Result);
  } catch (error) {
    const [only] = batch;
    if (batch.length === 1 && only) only.reject(error);
    else if (isDataError(error)) for (const one of batch) await settle([one], options);
    else for (const { reject } of batch) reject(error);
  }
}
