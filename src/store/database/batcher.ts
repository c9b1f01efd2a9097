/**
 * Turns calls that wait at the same time into one statement, so that fifty concurrent callers cost one commit.
 *
 * A batch leaves at once when none is under way, so nothing is delayed while the server is idle; while one is under
 * way the next one fills up. No caller is answered before the statement that holds its item has been committed.
 * When a statement is refused for its data, its items are sent again one by one: a bad one fails alone.
 */
import { isDataError } from './database.ts';
import { asPartlyDone, outageOf } from './outage.ts';

export interface BatcherOptions<Item, Result> {
  /** Sends one statement for all items; one result for each, in order. */
  run: (items: readonly Item[]) => Promise<Result[]>;
  /** Items in one statement at most (default 500). */
  maxItems?: number | undefined;
  /** Items that may wait at most (default 20,000); further ones are refused with BatcherOverloaded. */
  maxWaiting?: number | undefined;
  /** Wraps every batch. */
  instrument?: InstrumentBatch | undefined;
}

/** Lets traces follow calls into the batch that serves them. */
export interface InstrumentBatch {
  /** Where a call comes from; asked when it begins to wait. */
  capture(): unknown;
  /** Runs a batch of calls that come from there. Must give what it gives, and reject as it rejects. */
  run<T>(captured: readonly unknown[], work: () => Promise<T>): Promise<T>;
}

/** The database does not keep up; nothing was written for this call. */
export class BatcherOverloaded extends Error {
  override readonly name = 'BatcherOverloaded';
}

/** What one caller asks for. */
interface Call<Item, Result> {
  items: readonly Item[];
  from: unknown;
  resolve: (results: Result[]) => void;
  reject: (error: unknown) => void;
}

/** A batcher for calls of one item each. */
export function createBatcher<Item, Result>(
  options: BatcherOptions<Item, Result>,
): (item: Item) => Promise<Result> {
  return one(createListBatcher(options));
}

/** A batcher of lists, as callers with one item see it. */
export function one<Item, Result>(
  call: (items: readonly Item[]) => Promise<Result[]>,
): (item: Item) => Promise<Result> {
  return async (item) => (await call([item]))[0] as Result;
}

/**
 * A batcher for lists: each is one call, which shares its statement with others as long as all fit. One that is longer
 * than a statement may be is sent in parts. A list of which an item fails is rejected when all of it was tried.
 */
export function createListBatcher<Item, Result>(
  options: BatcherOptions<Item, Result>,
): (items: readonly Item[]) => Promise<Result[]> {
  const { instrument, maxItems = 500, maxWaiting = 20_000 } = options;
  const waiting: Call<Item, Result>[] = [];
  let itemsWaiting = 0;
  let underWay = false;

  function takeBatch(): Call<Item, Result>[] {
    let items = 0;
    let calls = 0;
    for (const call of waiting) {
      if (calls > 0 && items + call.items.length > maxItems) break;
      items += call.items.length;
      calls++;
    }
    itemsWaiting -= items;
    return waiting.splice(0, calls);
  }

  async function drain(): Promise<void> {
    while (waiting.length > 0) await settle(takeBatch(), options);
    underWay = false;
  }

  const send = (items: readonly Item[]) =>
    new Promise<Result[]>((resolve, reject) => {
      waiting.push({ items, from: instrument?.capture(), resolve, reject });
      itemsWaiting += items.length;
      if (underWay) return;
      underWay = true;
      // Calls that arrive in the same turn of the event loop, as from one socket frame or many, go together.
      setImmediate(() => void drain());
    });

  return async (items) => {
    if (items.length === 0) return [];
    if (itemsWaiting + items.length > maxWaiting) {
      throw new BatcherOverloaded('Too many calls are waiting for the database. Try again in a moment.');
    }
    if (items.length <= maxItems) return send(items);
    const parts: Promise<Result[]>[] = [];
    for (let start = 0; start < items.length; start += maxItems) {
      parts.push(send(items.slice(start, start + maxItems)));
    }
    return allOf(await Promise.allSettled(parts));
  };
}

/** The results of all parts; where one has failed, what it says of what was done counts for the whole list. */
function allOf<Result>(parts: readonly PromiseSettledResult<Result[]>[]): Result[] {
  const failures = parts.flatMap((part) => (part.status === 'rejected' ? [part.reason] : []));
  if (failures.length === 0) return parts.flatMap((part) => (part.status === 'fulfilled' ? part.value : []));
  const isPartlyDone = failures.length < parts.length;
  throw isPartlyDone
    ? asPartlyDone(failures[0])
    : (failures.find((error) => outageOf(error)?.mayBeDone) ?? failures[0]);
}

async function settle<Item, Result>(
  batch: readonly Call<Item, Result>[],
  options: BatcherOptions<Item, Result>,
): Promise<void> {
  try {
    const items = batch.flatMap((call) => call.items);
    const results = await runAll(
      items,
      batch.map(({ from }) => from),
      options,
    );
    let start = 0;
    for (const { items, resolve } of batch) {
      resolve(results.slice(start, start + items.length));
      start += items.length;
    }
  } catch (error) {
    const [only] = batch;
    if (isDataError(error) && (batch.length > 1 || (only && only.items.length > 1))) {
      for (const call of batch) await settleOneByOne(call, options);
    } else {
      for (const { reject } of batch) reject(error);
    }
  }
}

async function settleOneByOne<Item, Result>(
  { items, from, resolve, reject }: Call<Item, Result>,
  options: BatcherOptions<Item, Result>,
): Promise<void> {
  const results: Result[] = [];
  const errors: unknown[] = [];
  for (const item of items) {
    try {
      results.push(...(await runAll([item], [from], options)));
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) reject(results.length > 0 ? asPartlyDone(errors[0]) : errors[0]);
  else resolve(results);
}

function runAll<Item, Result>(
  items: readonly Item[],
  from: readonly unknown[],
  { run, instrument }: BatcherOptions<Item, Result>,
): Promise<Result[]> {
  return instrument ? instrument.run(from, () => run(items)) : run(items);
}
