/** How operations are started, locked, recorded and ended, on every database. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { RunRow } from '../../src/domain/operation-run.ts';
import { AlreadyRunning, InvalidInput } from '../../src/domain/problems.ts';
import { toTypeId } from '../../src/domain/typeid.ts';
import { defineMaintenanceOperation, OperationSkipped } from '../../src/maintenance/operation.ts';
import { createMaintenanceOperations, type RunRequest } from '../../src/maintenance/operations.ts';
import { lockKey } from '../../src/store/database/database.ts';
import { openPostgres } from '../../src/store/database/postgres.ts';
import { operationRunVerbs } from '../../src/store/operations/operation-run-verbs.ts';
import { findRuns } from '../../src/store/operations/operation-runs.ts';
import { deferred } from '../events/inbox.ts';
import { availableDatabases, createTestDatabase, type TestDatabase } from '../support/database.ts';

/** An operation that does what the test says. */
function told(run: (signal: AbortSignal) => Promise<number>, name = 'told') {
  return defineMaintenanceOperation({
    name,
    description: 'What the test says.',
    parameters: z.object({ size: z.int().min(1).default(7) }),
    metrics: z.object({ done: z.int() }),
    async runOnce({ signal, progress }) {
      await progress({ done: 1 });
      return { done: await run(signal) };
    },
  });
}

const request = (details: Partial<RunRequest> = {}): RunRequest => ({
  operation: 'told',
  room: null,
  dryRun: false,
  parameters: undefined,
  triggeredBy: 'ann',
  ...details,
});

describe.each(availableDatabases())('operations on %s', (kind) => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase(kind);
  });
  afterAll(() => database.close());

  const operationsWith = (run: (signal: AbortSignal) => Promise<number>) =>
    createMaintenanceOperations({
      database: database.db,
      runs: operationRunVerbs(database.db),
      operations: [told(run)],
    });

  async function eventsOf(run: RunRow) {
    return database.db.query<{ type: string; severity: string; actor: string; payload: unknown }>(
      {
        name: 'events_of_run',
        text: 'SELECT type, severity, actor, payload FROM event WHERE subject_id = $1::uuid AND correlation_id = $2 ORDER BY serial',
      },
      [run.id, run.correlationId],
    );
  }
  const runsNow = async () =>
    (
      await database.db.query<{ n: number }>({
        name: 'n_runs',
        text: 'SELECT count(*)::int AS n FROM operation_run',
      })
    )[0]?.n;

  it('record a run from its start to its end, with its events', async () => {
    const operations = operationsWith(async () => 3);
    const { run, finished } = await operations.start(request({ room: 'here', dryRun: true }));
    expect(run).toMatchObject({
      ...{ operation: 'told', room: 'here', status: 'RUNNING', dryRun: true, version: 1 },
      ...{ parameters: { size: 7 }, metrics: {}, triggeredBy: 'ann', correlationId: toTypeId('run', run.id) },
    });
    const end = await finished;
    expect(end).toMatchObject({
      id: run.id,
      status: 'COMPLETED',
      metrics: { done: 3 },
      error: null,
      version: 2,
    });
    expect(end?.finishedAt).toBeInstanceOf(Date);
    expect(await eventsOf(run)).toMatchObject([
      { type: 'OPERATION_STARTED', severity: 'INFO', actor: 'ann', payload: { parameters: { size: 7 } } },
      { type: 'OPERATION_COMPLETED', severity: 'INFO', payload: { metrics: { done: 3 } } },
    ]);
  });

  it('keep the beginning of an error, in the run and in an event of the same transaction', async () => {
    const operations = operationsWith(async () => {
      throw new Error(`broken\0${'x'.repeat(2_000)}`);
    });
    const { run, finished } = await operations.start(request({ correlationId: 'the-cause' }));
    const end = await finished;
    const error = `broken�${'x'.repeat(2_000)}`;
    expect(end).toMatchObject({ status: 'FAILED', error: error.slice(0, 1_000), correlationId: 'the-cause' });
    const [, failed] = await eventsOf(run);
    expect(failed).toMatchObject({
      type: 'OPERATION_FAILED',
      severity: 'ERROR',
      payload: { operation: 'told', error: error.slice(0, 500) },
    });
    const [same] = await database.db.query<{ same: boolean }>(
      {
        name: 'same_transaction',
        text: `SELECT event.xid = run.changed_xid AS same FROM event JOIN operation_run run ON run.id = event.subject_id
          WHERE run.id = $1::uuid AND event.type = 'OPERATION_FAILED'`,
      },
      [run.id],
    );
    expect(same).toEqual({ same: true });
  });

  it('end as skipped when they find that they must not run', async () => {
    const operations = operationsWith(async () => {
      throw new OperationSkipped('Not today.');
    });
    const { finished } = await operations.start(request());
    expect(await finished).toMatchObject({ status: 'SKIPPED', error: 'Not today.' });
  });

  it('run once at a time for each room, and leave no run of who is refused', async () => {
    const [mayEnd, other] = [deferred(), deferred()];
    const operations = operationsWith(() => mayEnd.promise.then(() => 1));
    const elsewhere = createMaintenanceOperations({
      database: database.db,
      runs: operationRunVerbs(database.db),
      operations: [told(() => other.promise.then(() => 2))],
    });
    const first = await operations.start(request({ room: 'busy' }));
    const before = await runsNow();
    const refusals = await Promise.allSettled(
      Array.from({ length: 5 }, (_, n) => (n % 2 ? operations : elsewhere).start(request({ room: 'busy' }))),
    );
    for (const refusal of refusals) {
      const { reason } = refusal as PromiseRejectedResult;
      expect(reason).toBeInstanceOf(AlreadyRunning);
      expect(reason).toMatchObject({ status: 409, run: { id: first.run.id } });
    }
    expect(await runsNow()).toBe(before);
    // Another room, and all rooms, are other runs.
    const others = [await elsewhere.start(request({ room: 'free' })), await elsewhere.start(request())];
    mayEnd.resolve();
    other.resolve();
    await first.finished;
    for (const { finished } of others) expect(await finished).toMatchObject({ status: 'COMPLETED' });
    expect(await (await operations.start(request({ room: 'busy' }))).finished).toMatchObject({
      metrics: { done: 1 },
    });
  });

  it('are refused by a name that none has, and for their parameters', async () => {
    const operations = operationsWith(async () => 0);
    await expect(operations.start(request({ operation: 'none' }))).rejects.toThrow(InvalidInput);
    for (const parameters of [{ size: 0 }, { size: 'x' }, { sise: 1 }, [], 'x']) {
      await expect(operations.start(request({ parameters }))).rejects.toThrow(InvalidInput);
    }
    const { db } = database;
    const parameters = z.object({ size: z.int() });
    const strict = createMaintenanceOperations({
      ...{ database: db, runs: operationRunVerbs(db), operations: [{ ...told(async () => 0), parameters }] },
    });
    await expect(strict.start(request())).rejects.toMatchObject({
      issues: [{ path: ['parameters', 'size'], message: 'is required' }],
    });
    const { run, finished } = await operations.start(request({ parameters: { size: 2 } }));
    expect(run.parameters).toEqual({ size: 2 });
    await finished;
  });

  it('are aborted when the server stops, and their runs end as failed', async () => {
    const operations = operationsWith(
      (signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    );
    const { finished } = await operations.start(request({ room: 'stopping' }));
    await operations.close();
    expect(await finished).toMatchObject({
      status: 'FAILED',
      error: 'The server was stopped.',
      metrics: { done: 1 },
    });
  });

  it('that run by themselves leave a run only when they have done something, or failed', async () => {
    const results = [0, 2, new Error('broken')];
    const operation = {
      ...told(async () => {
        const result = results.shift();
        if (result instanceof Error) throw result;
        return result as number;
      }, 'by_itself'),
      automatic: { intervalMs: 1 },
    };
    // Without progress: what has told of something has done something.
    operation.runOnce = (
      (inner) => (context) =>
        inner({ ...context, progress: async () => {} })
    )(operation.runOnce);
    const operations = createMaintenanceOperations({
      database: database.db,
      runs: operationRunVerbs(database.db),
      operations: [operation],
    });
    const routine = operations.routines(30).find(({ name }) => name === 'by_itself');
    const before = (await runsNow()) ?? 0;
    expect(await routine?.runOnce()).toEqual({ done: 0 });
    expect(await runsNow()).toBe(before);
    expect(await routine?.runOnce()).toEqual({ done: 2 });
    expect(await runsNow()).toBe(before + 1);
    await expect(routine?.runOnce()).rejects.toThrow('broken');
    expect(await runsNow()).toBe(before + 2);
  });

  it('close the run of a process that is gone: the sweeper does, or the next run', async () => {
    const operations = operationsWith(async () => 1);
    const close = operations.routines(30).find(({ name }) => name === 'close_runs');
    const abandon = async () => {
      const { run, finished } = await operations.start(request({ room: 'dead' }));
      await finished;
      await database.db.script(
        `UPDATE operation_run SET status = 'RUNNING', finished_at = NULL WHERE id = '${run.id}'`,
      );
      return run;
    };
    const swept = await abandon();
    // While somebody has the lock, it is not abandoned.
    const lock = await database.db.tryLock('told:dead');
    expect(await close?.runOnce()).toEqual({ closed_runs: 0 });
    await lock?.release();
    expect(await close?.runOnce()).toEqual({ closed_runs: 1 });
    const followed = await abandon();
    await (await operations.start(request({ room: 'dead' }))).finished;
    const closed = await findRuns(database.db, [swept.id, followed.id]);
    expect(closed).toHaveLength(2);
    for (const run of closed) {
      expect(run).toMatchObject({
        status: 'FAILED',
        error: expect.stringMatching(/^The server that ran it ended/),
      });
      expect((await eventsOf(run)).at(-1)).toMatchObject({ type: 'OPERATION_FAILED', severity: 'ERROR' });
    }
  });
});

describe.runIf(availableDatabases().includes('postgres'))('operations on several servers', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase('postgres');
  });
  afterAll(() => database.close());

  it('start once for ten callers on two servers', async () => {
    const second = await openPostgres({ url: database.url as string, directUrl: database.directUrl });
    const mayEnd = deferred();
    let runs = 0;
    const servers = [database.db, second].map((db) =>
      createMaintenanceOperations({
        database: db,
        runs: operationRunVerbs(db),
        operations: [
          told(() => {
            runs++;
            return mayEnd.promise.then(() => 1);
          }),
        ],
      }),
    );
    const attempts = await Promise.allSettled(
      Array.from({ length: 10 }, (_, n) => (servers[n % 2] as (typeof servers)[0]).start(request())),
    );
    const started = attempts.filter((attempt) => attempt.status === 'fulfilled');
    expect(started).toHaveLength(1);
    expect(runs).toBe(1);
    for (const attempt of attempts) {
      if (attempt.status === 'rejected') expect(attempt.reason).toBeInstanceOf(AlreadyRunning);
    }
    mayEnd.resolve();
    await started[0]?.value.finished;
    await second.close();
  });

  it('lose the lock with its connection: the run fails, and the next one goes ahead', async () => {
    const begun = deferred();
    const operations = createMaintenanceOperations({
      database: database.db,
      runs: operationRunVerbs(database.db),
      operations: [
        told((signal) => {
          begun.resolve();
          return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
        }),
      ],
    });
    const { finished } = await operations.start(request({ room: 'cut' }));
    await begun.promise;
    const [cut] = await database.db.query<{ cut: boolean }>(
      {
        name: 'cut_lock',
        text: `SELECT pg_terminate_backend(pid) AS cut FROM pg_locks
          WHERE locktype = 'advisory' AND (classid::bigint << 32 | objid::bigint) = $1::bigint AND database =
            (SELECT oid FROM pg_database WHERE datname = current_database())`,
      },
      [lockKey('told:cut', database.db.schema)],
    );
    expect(cut).toEqual({ cut: true });
    expect(await finished).toMatchObject({ status: 'FAILED' });
    const next = createMaintenanceOperations({
      database: database.db,
      runs: operationRunVerbs(database.db),
      operations: [told(async () => 1)],
    });
    expect(await (await next.start(request({ room: 'cut' }))).finished).toMatchObject({
      status: 'COMPLETED',
    });
  });
});
