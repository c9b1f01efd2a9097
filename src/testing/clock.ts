/**
 * The clock of a test server, which can only be moved on. What waits for a time comes so much nearer to now: delayed tasks and
 * retries in their back-off, the timeouts of attempts, the ticks of schedules. The clocks of the process and of the database stay
 * as they are.
 */
import type { AppOptions } from '../app/app.ts';
import type { Client } from '../client/index.ts';

/** What is behind the API. */
export type Inside = Parameters<NonNullable<AppOptions['onOpen']>>[0];

/** Ticks of one move at most: whoever moves by years means fewer. */
const MAX_TICKS = 10_000;
const BATCH = 100;

export function createClock(client: Client, inside: Inside) {
  /** Seconds of all moves so far: schedules are ahead of the database's clock by so much. */
  let moved = 0;

  /** Moves it on. @returns how many tasks, timeouts and ticks have become due */
  async function advance(seconds: number): Promise<number> {
    if (!(seconds >= 0 && Number.isFinite(seconds)))
      throw new RangeError(`A clock cannot be moved by ${seconds} s.`);
    moved += seconds;
    const due = await advanceTasks(client, seconds);
    const timedOut = await advanceAttempts(inside, seconds);
    return due + timedOut + (await runTicks(inside, Date.now() + moved * 1_000));
  }

  return { advance };
}

/** Pages of tasks that are read while some of them change: their order is that of their ids, which do not. */
async function advanceTasks(client: Client, seconds: number): Promise<number> {
  let count = 0;
  for (let after: string | undefined; ; ) {
    const page = await client.tasks(undefined, {
      statuses: ['PENDING'],
      first: BATCH,
      ...(after && { after }),
    });
    const now = Date.now();
    for (const { id, runAt } of page.tasks) {
      const left = new Date(runAt).getTime() - now;
      if (left <= 0) continue;
      const isDue = left <= seconds * 1_000;
      const nearer = { runAt: new Date(now + left - seconds * 1_000).toISOString() };
      const isChanged = await updateTask(client, { taskId: id, ...(isDue ? { runNow: true } : nearer) });
      if (isDue && isChanged) count++;
    }
    if (!page.pageInfo.hasNextPage) return count;
    after = page.pageInfo.endCursor ?? undefined;
  }
}

const UPDATE = `mutation ($input: UpdateTaskInput!) { updateTask(input: $input) { __typename } }`;

/** False where it has been claimed or has ended meanwhile. */
async function updateTask(client: Client, input: Record<string, unknown>): Promise<boolean> {
  const { updateTask } = await client.request<{ updateTask: { __typename: string } }>(UPDATE, { input });
  return updateTask.__typename === 'TaskSuccess';
}

/** Attempts have begun so much earlier. */
async function advanceAttempts({ database, store }: Inside, seconds: number): Promise<number> {
  await database.script(
    `UPDATE task SET started_at = started_at - ${seconds} * interval '1 second' WHERE status = 'RUNNING'`,
  );
  let count = 0;
  for (let changes = 1; changes > 0; count += changes) changes = (await store.timeOutTasks(BATCH)).length;
  return count;
}

/** One tick after the other, each at its time. */
async function runTicks({ store }: Inside, until: number): Promise<number> {
  let count = 0;
  while (count < MAX_TICKS) {
    const inMs = await store.findNextDue();
    // Ticks are at whole seconds; the two clocks are read one after the other.
    const at = inMs === null ? Number.POSITIVE_INFINITY : Math.round((Date.now() + inMs) / 1_000) * 1_000;
    if (at > until) return count;
    count += await store.runDueSchedules(BATCH, new Date(at));
  }
  throw new RangeError(`Schedules have more than ${MAX_TICKS} ticks in that time: move the clock by less.`);
}
