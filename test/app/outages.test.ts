/** What callers and probes are told while the database is full, busy, read-only, or was restored. */
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { findPostgres } from '../../scripts/services/programs.mjs';
import { decodeCursor, encodeCursor } from '../../src/domain/position.ts';
import { type Service, startOwnPostgres } from '../chaos/services.ts';
import { type Api, Caller, startApi } from '../support/api.ts';
import { ADMIN_TOKEN, type GraphqlAnswer, startApp, type TestApp } from '../support/app.ts';
import { PROTOCOLS } from '../support/client.ts';
import { availableDatabases } from '../support/database.ts';

const TIMEOUT = 120_000;
const ROOM = 'room';
const JOB = `${ROOM}:general:work`;
const SUBMIT = 'mutation ($input: SubmitTaskInput!) { submitTask(input: $input) { __typename } }';

const codesOf = ({ errors }: GraphqlAnswer) => errors?.map(({ extensions }) => extensions);

describe.runIf((await findPostgres()) && availableDatabases().includes('postgres'))(
  'a server on PostgreSQL',
  () => {
    let service: Service;
    let admin: pg.Client;
    let app: TestApp;
    let caller: Caller;

    beforeAll(async () => {
      service = (await startOwnPostgres(160)) as Service;
      admin = new pg.Client({ connectionString: service.url });
      await admin.connect();
    }, TIMEOUT);

    afterAll(async () => {
      await admin.end();
      await service.stop();
    });

    afterEach(() => app.stop());

    async function start(databaseConnections: number): Promise<void> {
      app = await startApp({ databaseUrl: service.url, databaseConnections, logLevel: 'warn' });
      caller = new Caller(app.url, 'admin', ADMIN_TOKEN);
      await caller.registerJob({ room: ROOM, name: 'work' });
    }

    async function ready(): Promise<unknown> {
      const response = await fetch(`${app.url}/health/ready`);
      const { status, database } = (await response.json()) as Record<string, unknown>;
      return { http: response.status, status, database };
    }

    const submit = (payload: unknown = null) =>
      caller.send(SUBMIT, { input: { room: ROOM, job: JOB, payload } });

    it(
      'says that its disk is full, is not ready until there is space again, and goes on by itself',
      async ({ skip }) => {
        await start(4);
        if (!service.disk) return skip('Nothing may be mounted here.');
        await submit();
        service.disk.fill();
        try {
          let refused: GraphqlAnswer;
          // There is place in pages that are there already.
          do refused = await submit('x'.repeat(5_000));
          while (!refused.errors);
          expect(refused.status).toBe(503);
          expect(codesOf(refused)).toMatchObject([
            {
              code: 'DATABASE_UNAVAILABLE',
              reason: 'FULL',
              mayBeDone: false,
              retryAfterSeconds: expect.any(Number),
            },
          ]);
          expect(await ready()).toEqual({ http: 503, status: 'unavailable', database: 'full' });
        } finally {
          service.disk.free();
        }
        expect(await ready()).toEqual({ http: 200, status: 'ready', database: 'ok' });
        expect(await submit('x'.repeat(5_000))).toMatchObject({
          data: { submitTask: { __typename: 'SubmitTaskSuccess' } },
        });
      },
      TIMEOUT,
    );

    it(
      'refuses as OVERLOADED, with nothing sent, what finds no connection in time',
      async () => {
        await start(2);
        await admin.query('BEGIN');
        await admin.query('LOCK TABLE task IN ACCESS EXCLUSIVE MODE');
        const run = randomUUID();
        const early: GraphqlAnswer[] = [];
        let locked = true;
        const asked = Array.from({ length: 400 }, async (_, n) => {
          const list = `{ tasks(first: ${1 + (n % 100)}) { nodes { id } } }`;
          const answer = await (n % 2 ? submit({ run, n }) : caller.send(list));
          if (locked) early.push(answer);
          return answer;
        });
        // Not before: whatever is answered while nothing can be done was refused.
        await vi.waitUntil(() => early.length > 20, { timeout: TIMEOUT });
        locked = false;
        await admin.query('COMMIT');
        const answers = await Promise.all(asked);
        for (const answer of early) {
          expect(codesOf(answer)).toMatchObject([
            { code: 'OVERLOADED', mayBeDone: false, retryAfterSeconds: 1 },
          ]);
        }
        const refused = answers.filter(({ errors }) => errors);
        expect(
          new Set(refused.flatMap((answer) => codesOf(answer)?.map((extensions) => extensions?.['code']))),
        ).toEqual(new Set(['OVERLOADED']));
        // What was refused was not done, and everything else was.
        const done = answers.filter(({ data }) => data?.submitTask).length;
        const { rows } = await admin.query(
          `SELECT count(*)::int AS count FROM task WHERE payload ->> 'run' = $1`,
          [run],
        );
        expect(rows).toEqual([{ count: done }]);
      },
      TIMEOUT,
    );

    it(
      'says that its database takes no changes, and that it is not ready, until it does again',
      async () => {
        await start(2);
        const { rows } = await admin.query('SELECT current_database() AS name');
        await admin.query(`ALTER DATABASE ${rows[0].name} SET default_transaction_read_only = on`);
        const terminate = () =>
          admin.query(
            'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname IS NOT NULL',
          );
        await terminate();
        const until = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 30_000, interval: 200 });
        try {
          await until(async () => {
            expect(codesOf(await submit())).toMatchObject([
              { code: 'DATABASE_UNAVAILABLE', reason: 'READ_ONLY', mayBeDone: false },
            ]);
          });
          expect(await ready()).toEqual({ http: 503, status: 'unavailable', database: 'read-only' });
        } finally {
          await admin.query('SET default_transaction_read_only = off');
          await admin.query(`ALTER DATABASE ${rows[0].name} RESET default_transaction_read_only`);
          await terminate();
        }
        await until(async () => expect((await submit()).data).toMatchObject({ submitTask: {} }));
        await until(async () => expect(await ready()).toMatchObject({ status: 'ready' }));
      },
      TIMEOUT,
    );

    it(
      'has no task that may run before it was created',
      async () => {
        await start(4);
        for (let n = 0; n < 20; n++) await Promise.all(Array.from({ length: 10 }, () => submit()));
        const { rows } = await admin.query(
          'SELECT count(*)::int AS count FROM task WHERE run_at < created_at',
        );
        expect(rows).toEqual([{ count: 0 }]);
      },
      TIMEOUT,
    );
  },
);

describe.each(availableDatabases())('streams of a database on %s that was restored', (kind) => {
  const EVENTS = `subscription ($after: Cursor) { roomEvents(room: "${ROOM}", after: $after) { __typename
    ... on ResyncRequired { reason } } }`;
  const AUDIT = 'subscription ($after: Cursor) { eventStream(after: $after) { __typename } }';
  let api: Api;

  beforeAll(async () => {
    api = await startApi(kind);
    await api.admin.registerJob({ room: ROOM, name: 'work' });
  }, TIMEOUT);

  afterAll(() => api.close());

  const cursor = async (): Promise<string> =>
    (await api.admin.submit({ room: ROOM, job: JOB })).cursor as string;

  it.each(PROTOCOLS)(
    'are refused at a cursor that lies ahead, or is of another epoch, over %s',
    async (protocol) => {
      const { epoch, position } = decodeCursor(await cursor()) as NonNullable<
        ReturnType<typeof decodeCursor>
      >;
      const ahead = encodeCursor(epoch, { xid: String(BigInt(position.xid) + 1_000_000n), id: '0' });
      const foreign = encodeCursor(
        epoch.replace(/^./, (first) => (first === '0' ? '1' : '0')),
        position,
      );
      for (const [after, reason] of [
        [ahead, /ahead of the database/],
        [foreign, /another database/],
      ] as const) {
        for (const query of [EVENTS, AUDIT]) {
          const stream = api.admin.subscribe(protocol, query, { after });
          const event = await stream.event(TIMEOUT);
          expect(event).toMatchObject({ __typename: 'ResyncRequired' });
          if (query === EVENTS) expect(event.reason).toMatch(reason);
          stream.close();
        }
      }
    },
  );

  it('are told while they are open, begin anew after that, and miss nothing then', async () => {
    const before = await cursor();
    const open = PROTOCOLS.flatMap((protocol) =>
      [EVENTS, AUDIT].map((query) => api.admin.subscribe(protocol, query, { after: before })),
    );
    await api.db.script('UPDATE log_origin SET renewed_at = now()');
    // Whoever comes with a cursor makes the server look.
    const resumed = api.admin.subscribe(PROTOCOLS[0] as (typeof PROTOCOLS)[number], EVENTS, {
      after: before,
    });
    expect(await resumed.event(TIMEOUT)).toMatchObject({ __typename: 'ResyncRequired' });
    resumed.close();
    for (const stream of open) {
      while ((await stream.event(TIMEOUT)).__typename !== 'ResyncRequired');
      stream.close();
    }
    const after = await cursor();
    await cursor();
    const anew = api.admin.subscribe(PROTOCOLS[0] as (typeof PROTOCOLS)[number], EVENTS, { after });
    expect(await anew.event(TIMEOUT)).toMatchObject({ __typename: 'TaskTransitioned' });
    anew.close();
  });
});
