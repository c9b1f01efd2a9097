/** Submission in transactions of an application, on a server beside it, with Redis and without. */
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createClient, defineJob, type ProblemError } from '../../src/client/index.ts';
import { createWorker } from '../../src/client/worker/index.ts';
import { PrismaClient } from '../../src/generated/prisma/client.ts';
import { ADMIN_TOKEN, startApp, type TestApp } from '../support/app.ts';
import {
  availableDatabases,
  createTestDatabase,
  type TestDatabase,
  testRedisUrl,
} from '../support/database.ts';
import { quiet } from './client-fixture.ts';

const confirm = defineJob({
  room: 'shop',
  name: 'confirm',
  payload: z.object({ order: z.int(), note: z.string().optional() }),
  result: z.string(),
});

const spreadings = testRedisUrl() ? ['PostgreSQL', 'Redis'] : ['PostgreSQL'];

describe.runIf(availableDatabases().includes('postgres')).each(spreadings)(
  'with servers that hear of each other by %s',
  (spreading) => {
    let database: TestDatabase;
    let app: TestApp;
    let pool: pg.Pool;
    const at = () => ({ url: app.url, token: ADMIN_TOKEN, logger: quiet });
    const closing: (() => Promise<unknown>)[] = [];
    const openClient = () => {
      const client = createClient(at());
      closing.push(client.close);
      return client;
    };
    let signalbox: ReturnType<typeof openClient>;

    beforeAll(async () => {
      database = await createTestDatabase('postgres');
      app = await startApp({
        databaseUrl: database.url,
        ...(spreading === 'Redis' && { redisUrl: testRedisUrl() }),
      });
      pool = new pg.Pool({ connectionString: database.url });
      pool.on('error', () => {});
      signalbox = openClient();
      const worker = createWorker({ ...at(), name: 'confirms' });
      worker.job(confirm, ({ payload }) => `order ${payload.order}`);
      await worker.start();
      closing.push(worker.stop);
      await pool.query('CREATE TABLE orders (id int)');
    }, 60_000);
    afterAll(async () => {
      for (const close of closing.reverse()) await close();
      await pool.end();
      await app.stop();
      await database.close();
    });

    /** Runs the work in a transaction of a client of its own. */
    async function inTransaction<T>(work: (client: pg.PoolClient) => Promise<T>, end = 'COMMIT'): Promise<T> {
      const client = await pool.connect();
      try {
        await client.query('BEGIN');
        await client.query('INSERT INTO orders VALUES (1)');
        const done = await work(client);
        await client.query(end);
        return done;
      } catch (error) {
        await client.query('ROLLBACK').catch(() => {});
        throw error;
      } finally {
        client.release();
      }
    }
    const submit = (transaction: pg.PoolClient, order: number) =>
      signalbox.submit(confirm, { payload: { order } }, { transaction });
    const taskCount = async () => Number((await pool.query('SELECT count(*) FROM task')).rows[0].count);

    it('does the task once the transaction has committed, and not before', async () => {
      const task = await inTransaction(async (client) => {
        const submitted = await submit(client, 1);
        expect(await signalbox.task(submitted.id)).toBeNull();
        return submitted;
      });
      expect(await task.result({ timeoutMs: 30_000 })).toBe('order 1');
      const kinds = [];
      for await (const event of task.watch()) kinds.push(event.kind);
      expect(kinds[0]).toBe('snapshot');
      expect(await signalbox.task(task.id)).toMatchObject({ createdBy: '@role:postgres', attempt: 1 });
    });

    it('tells workers and watchers with the commit, not with the next beat', async () => {
      const { streamCursor } = await signalbox.tasks('shop', { first: 1 });
      const ids: string[] = [];
      const waits: number[] = [];
      // Beats are five seconds apart: by them alone all but the first would take about as long.
      for (let order = 0; order < 4; order++) {
        const task = await inTransaction((client) => submit(client, order));
        ids.push(task.id);
        const committed = performance.now();
        await task.result({ timeoutMs: 30_000 });
        waits.push(performance.now() - committed);
      }
      console.log(`from the commit to the result by ${spreading}: ${waits.map(Math.round).join(', ')} ms`);
      expect(Math.min(...waits.slice(1))).toBeLessThan(1_500);
      const submitted = new Set<string>();
      for await (const event of signalbox.watchRoom('shop', { after: streamCursor })) {
        if (event.kind === 'transition' && event.transition.to === 'PENDING') submitted.add(event.task.id);
        if (ids.every((id) => submitted.has(id))) break;
      }
    }, 60_000);

    it('leaves nothing of a transaction that rolls back', async () => {
      const before = await taskCount();
      const task = await inTransaction((client) => submit(client, 2), 'ROLLBACK');
      expect(await signalbox.task(task.id)).toBeNull();
      expect(await taskCount()).toBe(before);
    });

    it('leaves nothing of a transaction whose connection is killed', async () => {
      const before = await taskCount();
      const killed = inTransaction(async (client) => {
        await submit(client, 3);
        client.on('error', () => {});
        const { rows } = await client.query('SELECT pg_backend_pid() AS pid');
        await pool.query('SELECT pg_terminate_backend($1)', [rows[0].pid]);
      });
      await expect(killed).rejects.toThrow();
      expect(await taskCount()).toBe(before);
    });

    it('gives one task for a key, whoever of two transactions is first', async () => {
      const input = { payload: { order: 4 }, idempotencyKey: 'order 4' };
      const client = await pool.connect();
      await client.query('BEGIN');
      const first = await signalbox.submit(confirm, input, { transaction: client });
      // It waits for the end of the first.
      const second = inTransaction((other) => signalbox.submit(confirm, input, { transaction: other }));
      await client.query('COMMIT');
      client.release();
      expect(await second).toMatchObject({ id: first.id, duplicate: true });
      expect(first.duplicate).toBe(false);
      // By the API it is the same key.
      expect((await signalbox.submit(confirm, input)).id).toBe(first.id);
    });

    it('waits for what it depends on, whether that ends before the commit or after it', async () => {
      const parent = await signalbox.submit(confirm, { payload: { order: 10 } });
      const [early, late] = await inTransaction(async (client) => {
        const dependsOn = [parent];
        const first = await signalbox.submit(
          confirm,
          { payload: { order: 11 }, dependsOn },
          { transaction: client },
        );
        // A task of the same transaction.
        const second = await signalbox.submit(
          confirm,
          { payload: { order: 12 }, dependsOn: [{ task: first, onFailure: 'RUN' }] },
          { transaction: client },
        );
        // Nothing holds it up while the transaction is open.
        expect(await parent.result({ timeoutMs: 30_000 })).toBe('order 10');
        return [first, second];
      });
      expect(await early.result({ timeoutMs: 30_000 })).toBe('order 11');
      expect(await late.result({ timeoutMs: 30_000 })).toBe('order 12');
    });

    it('holds a key for as long as is said', async () => {
      const submitHeld = () =>
        inTransaction((client) =>
          signalbox.submit(
            confirm,
            { payload: { order: 13 }, idempotencyKey: 'held', holdKey: 'UNTIL_FINISHED' },
            { transaction: client },
          ),
        );
      const first = await submitHeld();
      await first.result({ timeoutMs: 30_000 });
      const second = await submitHeld();
      expect(second).toMatchObject({ duplicate: false });
      expect(second.id).not.toBe(first.id);
    });

    it('is counted', async () => {
      const counted = async () => {
        const metrics = await fetch(`${app.url}/metrics`, {
          headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
        });
        const series = /task_transitions_total\{status="PENDING",reason="SUBMITTED"\} (\d+)/;
        return Number(series.exec(await metrics.text())?.[1] ?? 0);
      };
      // What was submitted before is counted a moment after its commit.
      const noted = async () => (await pool.query('SELECT FROM sql_submission')).rowCount;
      await expect.poll(noted).toBe(0);
      const before = await counted();
      await inTransaction((client) => submit(client, 14));
      await expect.poll(counted).toBe(before + 1);
      await inTransaction((client) => submit(client, 15), 'ROLLBACK');
      await inTransaction((client) => submit(client, 16));
      await expect.poll(counted).toBe(before + 2);
    });

    it('goes through Prisma and through a function of any other library', async () => {
      const prisma = new PrismaClient({
        adapter: new PrismaPg({ connectionString: database.url as string }),
      });
      try {
        const task = await prisma.$transaction((tx) =>
          signalbox.submit(
            confirm,
            { payload: { order: 5 }, labels: { by: 'prisma' } },
            { transaction: tx, createdBy: 'ada' },
          ),
        );
        expect(await task.result({ timeoutMs: 30_000 })).toBe('order 5');
        expect(await signalbox.task(task.id)).toMatchObject({ createdBy: 'ada', labels: { by: 'prisma' } });
        const refused = prisma.$transaction((tx) =>
          signalbox.submit(
            { room: 'shop', job: confirm.fullName, payload: { order: 'five' } },
            { transaction: tx },
          ),
        );
        await expect(refused).rejects.toMatchObject({
          name: 'InvalidInput',
          issues: [{ path: ['payload', 'order'] }],
        });
      } finally {
        await prisma.$disconnect();
      }
      const rows = await inTransaction((client) =>
        signalbox.submit(
          confirm,
          { payload: { order: 6 } },
          { transaction: async (text, values) => (await client.query(text, values)).rows },
        ),
      );
      expect(await rows.result({ timeoutMs: 30_000 })).toBe('order 6');
    });

    it('refuses what the server would, by the schema of the job before anything is sent', async () => {
      const never = { query: () => Promise.reject(new Error('sent')) };
      const wrong = signalbox.submit(confirm, { payload: { order: 'six' as never } }, { transaction: never });
      await expect(wrong).rejects.toMatchObject({
        name: 'InvalidInput',
        issues: [{ path: ['payload', 'order'] }],
      });
      const byServer = (input: Parameters<typeof signalbox.submit>[0]) =>
        inTransaction((client) => signalbox.submit(input as never, { transaction: client })).then(
          () => 'taken',
          ({ name, detail, status }: ProblemError) => ({ name, detail, status }),
        );
      expect(await byServer({ room: 'shop', job: 'shop:general:none', payload: {} } as never)).toEqual({
        ...{ name: 'JobNotFound', status: 404 },
        detail: 'There is no job shop:general:none in shop.',
      });
      expect(await byServer({ room: 'shop', job: confirm.fullName, payload: {} } as never)).toMatchObject({
        ...{ name: 'InvalidInput', status: 400, detail: 'payload.order: is required' },
      });
      const moving = { payload: { order: 1 }, idempotencyKey: 'k', debounceSeconds: 5 };
      await expect(signalbox.submit(confirm, moving, { transaction: never })).rejects.toThrow(
        'cannot move an earlier one',
      );
      const byItem = { payload: { order: 1 }, dependsOn: [{ ref: 'another' }] };
      await expect(signalbox.submit(confirm, byItem, { transaction: never })).rejects.toThrow(
        'not on items of a list',
      );
      const orphan = { payload: { order: 1 }, dependsOn: ['task_01h455vb4pex5vsknk084sn02q'] };
      await expect(
        inTransaction((client) => signalbox.submit(confirm, orphan, { transaction: client })),
      ).rejects.toMatchObject({ name: 'TaskNotFound', status: 404 });
    });

    it('needs a schema where that of the server is another one', async () => {
      const elsewhere = inTransaction((client) =>
        signalbox.submit(
          confirm,
          { payload: { order: 7 } },
          { transaction: client, schema: 'no "such" schema' },
        ),
      );
      await expect(elsewhere).rejects.toThrow('schema "no "such" schema" does not exist');
    });
  },
);
