/** The process that runs an operation is killed: its lock is free at once, and its run does not stay RUNNING. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { lockKey } from '../../src/store/database/database.ts';
import { deferred } from '../events/inbox.ts';
import { Caller } from '../support/api.ts';
import { ADMIN_TOKEN } from '../support/app.ts';
import { availableDatabases, createTestDatabase, type TestDatabase } from '../support/database.ts';
import { createTestStore } from '../support/test-store.ts';
import { buildProgram, cleanUp, type Program, startProgram } from './program.ts';

const TIMEOUT = 120_000;
// The beat at which a server looks for itself is five seconds; the machine may be busy.
const WITHIN_MS = 30_000;
const CALLERS = 10;
const OPERATION = 'cleanup_events';

const RUN = `mutation ($input: RunOperationInput!) { runOperation(input: $input) {
  __typename ... on OperationRunSuccess { run { id status metrics } } ... on Problem { status }
} }`;
const WATCH = `subscription ($operation: String!) { operationRunEvents(operation: $operation) {
  __typename
  ... on OperationRunsSnapshot { runs { id } }
  ... on OperationRunChanged { run { id status error } }
} }`;
const RUNS = `{ operationRuns(first: 10, filter: { operation: "${OPERATION}" }) { nodes { id status } } }`;

beforeAll(buildProgram, TIMEOUT);

afterAll(cleanUp);

describe.runIf(availableDatabases().includes('postgres'))('an operation whose process is killed', () => {
  let database: TestDatabase;
  let programs: Program[] = [];
  let callers: Caller[];
  let letGo: () => Promise<void> = async () => {};

  beforeEach(async () => {
    database = await createTestDatabase('postgres');
  });
  afterEach(async () => {
    await letGo();
    for (const program of programs) await program.end('SIGKILL');
    await database.close();
  });

  const rows = <Row>(name: string, text: string, parameters: unknown[] = []) =>
    database.db.query<Row>({ name, text }, parameters);

  async function startPrograms(sweepIntervalSeconds: number): Promise<void> {
    const settings = {
      DATABASE_URL: database.url as string,
      SIGNALBOX_ADMIN_TOKEN: ADMIN_TOKEN,
      SIGNALBOX_SWEEP_INTERVAL_SECONDS: String(sweepIntervalSeconds),
    };
    programs = await Promise.all([startProgram(settings), startProgram(settings)]);
    const urls = await Promise.all(programs.map(({ ready }) => ready));
    callers = urls.map((url) => new Caller(url, '@admin', ADMIN_TOKEN));
  }

  /** A finished task that retention has passed, with its transitions. */
  async function expiredTask(): Promise<string> {
    const { task } = await (await createTestStore('postgres', database.db)).taskIn('COMPLETED');
    // Ids are of the moment of creation: this one is of 2020.
    const id = `01700000-0000-7${task.id.slice(15)}`;
    await rows(
      'age_task',
      `WITH aged AS (
        UPDATE task SET id = $2::uuid, created_at = now() - interval '9 days', finished_at = now() - interval '8 days'
        WHERE id = $1::uuid
      ) UPDATE task_transition SET task_id = $2::uuid, at = now() - interval '8 days' WHERE task_id = $1::uuid`,
      [task.id, id],
    );
    return id;
  }

  /** Locks the task's transitions, for which the clean-up has to wait until `letGo`; gives the backend that does. */
  async function holdBack(taskId: string): Promise<number> {
    const [held, mayEnd] = [deferred<number>(), deferred()];
    const ended = database.db.transaction(async (session) => {
      const [row] = await session.query<{ pid: number }>(
        {
          name: 'hold_transitions',
          text: `SELECT pg_backend_pid() AS pid FROM task_transition WHERE task_id = $1::uuid FOR UPDATE`,
        },
        [taskId],
      );
      held.resolve(row?.pid as number);
      await mayEnd.promise;
    });
    letGo = () => {
      mayEnd.resolve();
      return ended;
    };
    return Promise.race([held.promise, ended.then(() => 0)]);
  }

  /** The backends that wait for this one. */
  const waitingFor = (pid: number) =>
    rows<{ pid: number }>(
      'waiting_for',
      'SELECT pid FROM pg_stat_activity WHERE $1::int = ANY(pg_blocking_pids(pid))',
      [pid],
    );

  /** Waits until the operation's lock is free. */
  const lockIsFree = () =>
    database.db.session(async (session) => {
      await session.query({ name: 'wait_lock', text: 'SELECT pg_advisory_lock($1::bigint)' }, [
        lockKey(`${OPERATION}:`, 'public'),
      ]);
      await session.query({ name: 'leave_lock', text: 'SELECT pg_advisory_unlock($1::bigint)' }, [
        lockKey(`${OPERATION}:`, 'public'),
      ]);
    });

  it.each([
    { closer: 'the sweeper', sweepIntervalSeconds: 1 },
    { closer: 'the next run', sweepIntervalSeconds: 86_400 },
  ])(
    'runs once for ten callers, and is closed by $closer',
    async ({ closer, sweepIntervalSeconds }) => {
      const taskId = await expiredTask();
      await startPrograms(sweepIntervalSeconds);
      const holder = await holdBack(taskId);
      const watchers = callers.map((caller) =>
        caller.subscribe('WebSocket', WATCH, { operation: OPERATION }),
      );
      for (const watcher of watchers) {
        expect(await watcher.event(WITHIN_MS)).toEqual({ __typename: 'OperationRunsSnapshot', runs: [] });
      }

      const input = { operation: OPERATION, allRooms: true };
      const answers = await Promise.all(
        Array.from({ length: CALLERS }, (_, n) => (callers[n % 2] as Caller).ask(RUN, { input })),
      );
      const winner = answers.findIndex(({ run }) => run);
      const { run } = answers[winner];
      expect(run.status).toBe('RUNNING');
      expect(answers.filter((_, n) => n !== winner)).toEqual(
        Array(CALLERS - 1).fill({ __typename: 'AlreadyRunning', status: 409 }),
      );
      const [killed, other] = [programs[winner % 2] as Program, callers[1 - (winner % 2)] as Caller];
      const watcher = watchers[1 - (winner % 2)] as (typeof watchers)[0];
      const change = async () => (await watcher.event(WITHIN_MS)).run;
      expect(await change()).toEqual({ id: run.id, status: 'RUNNING', error: null });
      expect((await other.ask(RUNS)).nodes).toEqual([{ id: run.id, status: 'RUNNING' }]);
      await expect.poll(() => waitingFor(holder), { timeout: WITHIN_MS }).toHaveLength(1);

      await killed.end('SIGKILL');
      // Although its statement still waits in the database, for a lock that nobody gives back.
      await lockIsFree();
      expect(await waitingFor(holder)).toHaveLength(1);
      const failed = {
        id: run.id,
        status: 'FAILED',
        error: expect.stringMatching(/^The server that ran it ended/),
      };
      if (closer === 'the sweeper') expect(await change()).toEqual(failed);

      await letGo();
      // What the killed one had begun is undone with its connection: the task can be locked again, and is there.
      expect(
        await rows('task_left', 'SELECT id FROM task WHERE id = $1::uuid FOR UPDATE', [taskId]),
      ).toHaveLength(1);
      await lockIsFree(); // the sweeper's, too
      const next = await other.ask(RUN, { input: { ...input, waitSeconds: 30 } });
      expect(next.run).toMatchObject({ status: 'COMPLETED', metrics: { completed: 1, transitions: 4 } });
      expect(await rows('task_gone', 'SELECT id FROM task WHERE id = $1::uuid', [taskId])).toEqual([]);
      if (closer === 'the next run') expect(await change()).toEqual(failed);
      let last = await change();
      while (last.status === 'RUNNING') last = await change();
      expect(last).toEqual({ id: next.run.id, status: 'COMPLETED', error: null });
      watcher.close();
      expect((await other.ask(RUNS)).nodes.map(({ status }: { status: string }) => status).sort()).toEqual([
        'COMPLETED',
        'FAILED',
      ]);
    },
    TIMEOUT,
  );
});
