/**
 * Writers that change tasks as badly for readers as the database allows: several changes a transaction, which stays
 * open for a while, so that others overtake it, and then rolls back or commits; and what they have committed they
 * publish, or late, or twice, or not at all, as a server does that is killed between its commit and its message. Their job has
 * limits, and is paused now and then; and now and then tasks are removed, or are old enough for retention.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { TransitionChange } from '../../src/domain/task.ts';
import { createPublisher } from '../../src/events/publishing/publisher.ts';
import { connectRedisTransport } from '../../src/events/transports/redis.ts';
import { type Database, type DatabaseSession, isDataError } from '../../src/store/database/database.ts';
import { Outage } from '../../src/store/database/outage.ts';
import { openPostgres } from '../../src/store/database/postgres.ts';
import { claimGated } from '../../src/store/gates/gated-claim.ts';
import { createSeenGates } from '../../src/store/gates/gates.ts';
import { openLog } from '../../src/store/log/log.ts';
import { createStore } from '../../src/store/store.ts';
import { completeTasks } from '../../src/store/tasks/attempt/complete.ts';
import { failTasks } from '../../src/store/tasks/attempt/fail.ts';
import { releaseTasks } from '../../src/store/tasks/attempt/release.ts';
import { startTasks } from '../../src/store/tasks/attempt/start.ts';
import { cancelTasks } from '../../src/store/tasks/change/cancel.ts';
import { discardTasks, restoreTasks } from '../../src/store/tasks/change/discard.ts';
import { retryTasks } from '../../src/store/tasks/change/retry.ts';
import { updateTasks } from '../../src/store/tasks/change/update.ts';
import { FIRST_ID } from '../../src/store/tasks/clean-up/clean-up.ts';
import type { HeldAttempt } from '../../src/store/tasks/compare-and-set.ts';
import { submitTasks } from '../../src/store/tasks/submit/submit.ts';
import type { Pause } from '../chaos/checker.ts';
import { newestId } from '../chaos/evidence.ts';
import type { FlowTask, LimitPhase } from '../chaos/flow-checker.ts';
import { submissionOf } from '../support/test-store.ts';

export interface Writers {
  /** Full name of the job whose tasks they change. */
  job: string;
  /** Resolves when the time is over and all have ended their last transaction. */
  done: Promise<void>;
  /** Ids of tasks that have been committed, oldest first; grows. */
  tasks: string[];
  /** When nothing of the job could be claimed, in a room or in all. */
  pauses: Pause[];
  /** Its limits, which stay. */
  limits: LimitPhase;
  counts: { committed: number; rolledBack: number; published: number; lost: number };
  /** One more task in each room, of which nobody is told. */
  writeSilently(): Promise<void>;
  close(): Promise<void>;
}

class RolledBack extends Error {}

const MAX_REMEMBERED = 60;
const ACTOR = 'writer';
const MOST_OF_KEY = 1;
/** Few have one: whoever claims one holds its gate until the transaction ends. */
const CREATORS = ['ann', 'bob', 'cem'];
/** Younger tasks are kept. */
const RETENTION_MS = 1_500;
const LIMIT_KEYS = ['a', 'b', null, null, null, null];

/** A database whose transactions are steps of the one that the session is in. */
function inTransaction(database: Database, session: DatabaseSession): Database {
  const { query, script } = session;
  return {
    ...database,
    query: query.bind(session),
    script: script.bind(session),
    transaction: (work) => work(session),
  };
}

const isDeadlock = (error: unknown) => error instanceof Outage && error.reason === 'busy';

/** Does it again when it was given up in favour of another transaction. */
async function again(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!isDeadlock(error)) throw error;
    await again(work);
  }
}

export async function startWriters(options: {
  databaseUrl: string;
  redisUrl: string;
  rooms: readonly string[];
  /** How many write at the same time. */
  count: number;
  /** When they stop, in milliseconds of the clock. */
  until: number;
  random: () => number;
}): Promise<Writers> {
  const { databaseUrl, redisUrl, rooms, until, random } = options;
  const db = await openPostgres({ url: databaseUrl, maxConnections: options.count + 2 });
  const { scope } = await openLog(db);
  const transport = await connectRedisTransport({ url: redisUrl, prefix: `sb:${scope}:` });
  const publisher = createPublisher({ transport });
  const store = createStore(db, { onCommit: () => {}, workerTimeoutSeconds: 3_600 });
  const worker = await store.registerWorker({ name: 'writer', owner: '@admin', capacity: 100 });
  const definition = {
    ...{ room: '@global', category: 'general', name: 'oracle', workerId: worker.id },
    limits: [{ name: 'key', scope: 'KEY', keyPointer: null, rate: null, maxRunning: MOST_OF_KEY }],
  };
  const registered = await store.registerJob({ ...definition, maxAttempts: 3, backoffSeconds: [0] } as never);
  if (registered.kind !== 'registered') throw new Error('The job was refused.');
  const { job } = registered;

  const tasks: string[] = [];
  const held: HeldAttempt[] = [];
  const counts = { committed: 0, rolledBack: 0, published: 0, lost: 0 };
  const pick = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)] as T;
  const upTo = (most: number) => 1 + Math.floor(random() * most);

  /** The verbs, with how often each is done. */
  const verbs: [weight: number, act: (session: DatabaseSession) => Promise<(TransitionChange | null)[]>][] = [
    [
      4,
      async (session) => {
        const submissions = Array.from({ length: upTo(3) }, () =>
          submissionOf(
            { id: job.id, room: pick(rooms) },
            {
              ...{ labels: { filler: 'x'.repeat(upTo(500)) }, limitKey: pick(LIMIT_KEYS) },
              createdBy: pick(CREATORS),
            },
          ),
        );
        const results = await submitTasks(session, submissions);
        return results.map((result) => (result.kind === 'created' ? result.change : null));
      },
    ],
    [
      5,
      async (session) => {
        const claim = { workerId: worker.id, limit: upTo(4), start: random() < 0.5, actor: ACTOR };
        const changes: TransitionChange[] = [];
        await claimGated(inTransaction(db, session), claim, {
          seenGates: createSeenGates(),
          onClaimed: (result) => changes.push(...result.changes),
          onClaimable: () => {},
        });
        return changes;
      },
    ],
    [3, (session) => onHeld((attempt) => startTasks(session, [attempt]))],
    [
      4,
      (session) =>
        onHeld((attempt) =>
          completeTasks(session, [{ ...attempt, outcome: pick(['COMPLETED', 'PARTIAL']), result: null }]),
        ),
    ],
    [
      2,
      (session) =>
        onHeld((attempt) => {
          const error = { message: 'no', code: null, retryable: random() < 0.7, context: null };
          return failTasks(session, [{ ...attempt, error }]);
        }),
    ],
    [1, (session) => onHeld((attempt) => releaseTasks(session, [attempt]))],
    [1, (session) => onTask((taskId) => cancelTasks(session, [{ taskId, actor: ACTOR, note: null }]))],
    [1, (session) => onTask((taskId) => retryTasks(session, [{ taskId, actor: ACTOR }]))],
    [1, (session) => onTask((taskId) => discardTasks(session, [{ taskId, actor: ACTOR, note: null }]))],
    [1, (session) => onTask((taskId) => restoreTasks(session, [{ taskId, actor: ACTOR, note: null }]))],
    [
      1,
      (session) =>
        onTask((taskId) => {
          const waits = random() < 0.5;
          const change = { runAt: waits ? ('now' as const) : null, priority: waits ? upTo(9) : null };
          const labels = waits ? null : { changed: String(upTo(99)) };
          return updateTasks(session, [
            { taskId, actor: ACTOR, note: null, version: null, ...change, labels },
          ]);
        }),
    ],
  ];
  const weighted = verbs.flatMap(([weight, act]) => Array.from({ length: weight }, () => act));

  async function onHeld<T>(act: (attempt: HeldAttempt) => Promise<T[]>): Promise<T[]> {
    return held.length > 0 ? act(pick(held)) : [];
  }

  async function onTask<T>(act: (taskId: string) => Promise<T[]>): Promise<T[]> {
    return tasks.length > 0 ? act(pick(tasks.slice(-MAX_REMEMBERED))) : [];
  }

  /** Most transactions are short; some stay open for longer than many others take. */
  function pause(): Promise<unknown> {
    const kind = random();
    return kind < 0.6 ? Promise.resolve() : sleep(random() * (kind < 0.95 ? 80 : 1_500));
  }

  async function writeOnce(): Promise<void> {
    const changes = await db.transaction(async (session) => {
      const written: TransitionChange[] = [];
      for (let steps = upTo(3); steps > 0; steps--) {
        written.push(...(await pick(weighted)(session)).filter((change) => change !== null));
        await pause();
      }
      if (random() < 0.15) throw new RolledBack();
      return written;
    });
    counts.committed++;
    for (const { task } of changes) {
      if (task.version === 1) tasks.push(task.id);
      const { id: taskId, workerId, attempt } = task;
      if (workerId) held.push({ taskId, workerId, attempt, actor: ACTOR });
    }
    held.splice(0, held.length - MAX_REMEMBERED);
    void publish(changes);
  }

  async function publish(changes: readonly TransitionChange[]): Promise<void> {
    const kind = random();
    if (kind < 0.2) {
      counts.lost++;
      return;
    }
    if (kind < 0.4) await sleep(random() * 400);
    for (let times = kind > 0.9 ? 2 : 1; times > 0; times--) await publisher.publish(changes);
    counts.published++;
  }

  const pauses: Pause[] = [];
  /** Pauses the job in a room or in all, and resumes it. Nobody else does: so what was claimed in between is wrong. */
  async function pauseUntil(): Promise<void> {
    while (Date.now() < until) {
      await sleep(1_000 + random() * 2_000);
      const target = { jobId: job.id, room: random() < 0.3 ? null : pick(rooms), actor: ACTOR };
      await again(() => store.pauseJob(target, null));
      const from = await newestId(databaseUrl);
      await sleep(random() * 400);
      pauses.push({ job: null, room: target.room, from, to: await newestId(databaseUrl) });
      await again(() => store.resumeJob(target));
    }
  }

  /** Removes tasks, of a room or of a creator, and deletes old ones; of a removal watchers hear soon, or by looking for it. */
  async function removeUntil(): Promise<void> {
    for (let turn = 0; Date.now() < until; turn++) {
      await sleep(700 + random() * 1_000);
      await again(() => store.rollUpStatistics(1_000));
      if (turn % 2 === 0) {
        const old = new Date(Date.now() - RETENTION_MS);
        const retention = { completed: old, failed: old, deadLetters: old, events: old, statistics: old };
        await again(() => store.cleanUp.deleteTasks({ retention, room: null }, FIRST_ID, 1_000));
        continue;
      }
      const scope =
        random() < 0.4
          ? { room: pick(rooms), createdBy: null }
          : { room: random() < 0.5 ? pick(rooms) : null, createdBy: pick(CREATORS) };
      await again(async () => {
        const removed = await store.removeTasks(scope, 1_000);
        if (random() < 0.7) await publisher.askToRead(removed.rooms);
      });
    }
  }

  async function writeUntil(): Promise<void> {
    while (Date.now() < until) {
      try {
        await writeOnce();
      } catch (error) {
        // Two transactions that wait for each other: one of them is rolled back.
        if (isDataError(error) || !(error instanceof RolledBack || isDeadlock(error))) throw error;
        counts.rolledBack++;
      }
      await sleep(random() * 20);
    }
  }

  const begin = await newestId(databaseUrl);
  const limits = {
    ...{ from: begin, to: Number.POSITIVE_INFINITY },
    limits: [{ name: 'key', keyOf: ({ limitKey }: FlowTask) => limitKey, maxRunning: MOST_OF_KEY }],
  };
  const done = Promise.all([
    pauseUntil(),
    removeUntil(),
    ...Array.from({ length: options.count }, writeUntil),
  ]).then(() => {});
  done.catch(() => {}); // told to whoever awaits it
  return {
    job: job.fullName,
    done,
    tasks,
    pauses,
    limits,
    counts,
    async writeSilently() {
      await submitTasks(
        db,
        rooms.map((room) => submissionOf({ id: job.id, room })),
      );
    },
    async close() {
      await transport.close();
      await db.close();
    },
  };
}
