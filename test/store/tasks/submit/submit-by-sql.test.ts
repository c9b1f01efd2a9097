/** The SQL function submit_task: it writes what the server writes, refuses what the server would, and needs few rights. */
import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileSchema } from '../../../../src/domain/json-schema.ts';
import type { KeyHold } from '../../../../src/domain/key-hold.ts';
import { parseTypeId, toTypeId } from '../../../../src/domain/typeid.ts';
import { statement } from '../../../../src/store/database/statement.ts';
import type { JobRow } from '../../../../src/store/jobs/jobs.ts';
import { availableDatabases } from '../../../support/database.ts';
import { createTestStore, type TestStore } from '../../../support/test-store.ts';

const PAYLOAD = {
  type: 'object',
  required: ['n'],
  properties: { n: { type: 'integer' }, tags: { type: 'array', items: { enum: ['a', 'b'] } } },
  additionalProperties: false,
};

function holdOf({ holdKey, holdKeySeconds }: Record<string, unknown>): KeyHold | null {
  if (holdKeySeconds) return { until: 'time', seconds: holdKeySeconds as number };
  return holdKey === 'UNTIL_FINISHED' ? { until: 'finished' } : null;
}

interface Submitted {
  task_id: string;
  duplicate: boolean;
}

const CALL = statement(
  'test_submit_task',
  `SELECT * FROM submit_task($1, $2, $3::text::jsonb, idempotency_key => $4, labels => $5::text::jsonb, created_by => $6,
    run_at => $7::text::timestamptz, priority => $8::int, max_attempts => $9::int, traceparent => $10, limit_key => $11,
    hold_key => $12, hold_key_seconds => $13::int, depends_on => $14::text::jsonb)`,
);

describe.each(availableDatabases())('submit_task on %s', (kind) => {
  let testStore: TestStore;
  let job: JobRow;

  beforeAll(async () => {
    testStore = await createTestStore(kind);
    job = await testStore.newJob({ payloadSchema: PAYLOAD });
  });
  afterAll(() => testStore.close());

  const call = async (given: Record<string, unknown> = {}, session = testStore.db): Promise<Submitted> => {
    const all = { room: job.room, job: job.fullName, payload: { n: 1 }, labels: {}, ...given };
    const [row] = await session.query<Submitted>(CALL, [
      ...[all.room, all.job, JSON.stringify(all.payload), given['key'] ?? null, JSON.stringify(all.labels)],
      ...[given['by'] ?? null, given['runAt'] ?? null, given['priority'] ?? 0, given['maxAttempts'] ?? null],
      given['traceparent'] ?? null,
      ...[given['limitKey'] ?? null, given['holdKey'] ?? null, given['holdKeySeconds'] ?? null],
      JSON.stringify(given['dependsOn'] ?? []),
    ]);
    return row as Submitted;
  };
  const uuidOf = ({ task_id }: Submitted) => parseTypeId(task_id)?.uuid as string;
  const refusal = (given: Record<string, unknown>) =>
    call(given).then(
      () => 'none',
      (error: Error) => error.message,
    );

  /** Everything that is stored of a task, but what tells two submissions apart. */
  async function stored(id: string) {
    const rows = async (table: string, column: string) => {
      const text = `SELECT to_jsonb(row) AS row FROM ${table} row WHERE ${column} = $1::uuid`;
      return (
        await testStore.db.query<{ row: Record<string, unknown> }>(statement(`test_${table}`, text), [id])
      ).map(({ row }) => row);
    };
    const times = new Set(['created_at', 'updated_at', 'run_at', 'at', 'due_at', 'key_until']);
    const own = new Set(['id', 'task_id', 'xid', 'horizon']);
    const tables = [
      await rows('task', 'id'),
      await rows('task_transition', 'task_id'),
      await rows('task_queue', 'task_id'),
    ];
    return tables.map((found) =>
      found.map((row) =>
        Object.fromEntries(
          Object.entries(row)
            .filter(([name]) => !own.has(name))
            .map(([name, value]) => [name, times.has(name) && value !== null ? 'a time' : value]),
        ),
      ),
    );
  }

  it.each([
    ['a task that is due', {}],
    ['a task that is delayed', { runAt: '2199-01-01T00:00:00.000Z' }],
    [
      'a task with all that one may have',
      {
        ...{ key: 'k', labels: { album: 'summer' }, by: 'ann', priority: 3, maxAttempts: 2 },
        limitKey: 'customer 7',
        traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      },
    ],
    ['a task that holds its key for a time', { key: 'a time', holdKeySeconds: 60 }],
    ['a task that holds its key until it has ended', { key: 'its end', holdKey: 'UNTIL_FINISHED' }],
    ['a task that holds its key for ever', { key: 'for ever', holdKey: 'FOREVER' }],
  ])('writes %s as the server does', async (_what, given: Record<string, unknown>) => {
    const byServer = await testStore.submit(job, {
      createdBy: 'ann',
      idempotencyKey: given['key'] ? `other than ${given['key']}` : null,
      labels: (given['labels'] as Record<string, string>) ?? {},
      runAt: given['runAt'] ? new Date(given['runAt'] as string) : null,
      priority: (given['priority'] as number) ?? 0,
      maxAttempts: (given['maxAttempts'] as number) ?? null,
      traceparent: (given['traceparent'] as string) ?? null,
      limitKey: (given['limitKey'] as string) ?? null,
      keyHold: holdOf(given),
    });
    const bySql = await call({ by: 'ann', ...given });
    const [[task] = [], ...others] = await stored(uuidOf(bySql));
    const [[expected] = [], ...expectedOthers] = await stored(byServer.id);
    expect({ ...task, idempotency_key: '' }).toEqual({ ...expected, idempotency_key: '' });
    expect(others).toEqual(expectedOthers);
    expect(others.map((rows) => rows.length)).toEqual([1, 1]);
  });

  describe('what depends on others', () => {
    const take = async () => {
      while ((await testStore.store.takeSqlSubmissions()) !== null);
    };
    const statusOf = async (id: string) => (await testStore.task(id)).status;

    it.each([
      ['completed', 'COMPLETED', 'PENDING', 'PENDING'],
      ['cancelled', null, 'CANCELLED', 'PENDING'],
    ] as const)(
      'is settled when one is %s, before it is linked and after',
      async (_how, outcome, strict, lenient) => {
        for (const isEarly of [true, false]) {
          const { held } = await testStore.taskIn('RUNNING');
          const task = toTypeId('task', held.taskId);
          const children = [
            await call({ dependsOn: [task] }),
            await call({ dependsOn: [{ task, onFailure: 'RUN' }] }),
          ].map(uuidOf);
          expect(await Promise.all(children.map(statusOf))).toEqual(['WAITING', 'WAITING']);
          if (!isEarly) await take();
          if (outcome) await testStore.store.completeTask({ ...held, outcome, result: null });
          else await testStore.store.cancelTask({ taskId: held.taskId, actor: 'ann', note: null });
          if (isEarly) await take();
          expect(await Promise.all(children.map(statusOf))).toEqual([strict, lenient]);
        }
      },
    );

    it('is stored as the server does, once a server has taken note of it', async () => {
      const first = await testStore.submit(job, {});
      const second = await testStore.submit(job, {});
      const edges = [
        { parent: first.id, runsOnFailure: false },
        { parent: second.id, runsOnFailure: true },
      ];
      const byServer = await testStore.submit(job, { createdBy: 'ann', dependsOn: edges });
      const bySql = await call({
        by: 'ann',
        dependsOn: [toTypeId('task', first.id), { task: toTypeId('task', second.id), onFailure: 'RUN' }],
      });
      expect(await stored(uuidOf(bySql))).toEqual(await stored(byServer.id));
      await take();
      const read = statement(
        'test_edges',
        `SELECT d.place, d.parent_id, d.runs_on_failure, d.settled, parent.dependent_count FROM task_dependency d
        JOIN task parent ON parent.id = d.parent_id WHERE d.task_id = $1::uuid ORDER BY d.place`,
      );
      const [expected, found] = await Promise.all(
        [byServer.id, uuidOf(bySql)].map((id) => testStore.db.query(read, [id])),
      );
      expect(found).toEqual(expected);
      expect(found).toMatchObject([{ dependent_count: 2 }, { dependent_count: 2 }]);
    });

    it('counts each submission once, whichever server takes note of it', async () => {
      await take();
      await Promise.all([call(), call(), call({ key: 'counted' }).then(() => call({ key: 'counted' }))]);
      const taken = await Promise.all([1, 2, 3].map(() => testStore.store.takeSqlSubmissions()));
      expect(taken.reduce((sum: number, count) => sum + (count ?? 0), 0)).toBe(3);
    });
  });

  // The clock of the embedded database, to which no application has a connection, is too coarse for it.
  it.runIf(kind === 'postgres')('has its tasks claimed in the order of their submission', async () => {
    const own = await testStore.newJob();
    const worker = await testStore.newWorker(own);
    const ids = await testStore.db.transaction(async (session) => {
      const made: string[] = [];
      for (let n = 0; n < 20; n++) {
        made.push(uuidOf(await call({ room: own.room, job: own.fullName }, session as never)));
      }
      return made;
    });
    const claim = { workerId: worker.id, limit: 20, start: true, actor: 'wim' };
    expect((await testStore.store.claimTasks(claim)).map(({ id }) => id)).toEqual(ids);
  });

  it('gives the first task of a key', async () => {
    const first = await call({ key: 'once' });
    expect(first.duplicate).toBe(false);
    expect(await call({ key: 'once' })).toEqual({ ...first, duplicate: true });
  });

  it('takes over a key that its task holds no more', async () => {
    const hold = { idempotencyKey: 'held', keyHold: { until: 'finished' } as const };
    const { id } = await testStore.submit(job, hold);
    expect(await call({ key: 'held' })).toMatchObject({ duplicate: true });
    await testStore.store.cancelTask({ taskId: id, actor: 'ann', note: null });
    const next = await call({ key: 'held' });
    expect(next.duplicate).toBe(false);
    expect(uuidOf(next)).not.toBe(id);
  });

  it('brings a retired job back', async () => {
    const own = await testStore.newJob();
    await testStore.db.script(`UPDATE job SET retired_at = now() WHERE id = '${own.id}'`);
    await call({ room: own.room, job: own.fullName });
    const read = statement('test_retired', 'SELECT retired_at FROM job WHERE id = $1::uuid');
    expect(await testStore.db.query(read, [own.id])).toEqual([{ retired_at: null }]);
    const events = statement(
      'test_restored',
      `SELECT actor FROM event WHERE subject_id = $1::uuid AND type = 'JOB_RESTORED'`,
    );
    expect(await testStore.db.query(events, [own.id])).toEqual([{ actor: expect.stringMatching(/^@role:/) }]);
  });

  it.each([
    ['another room', { room: 'elsewhere' }, 'JobNotFound: There is no job'],
    ['a job that there is not', { job: 'a:b:c' }, 'JobNotFound: There is no job a:b:c'],
    ['a room with white space', { room: 'a b' }, 'InvalidInput: room is not the name of a room: a b'],
    ['an invisible room', { room: 'a\u200bb' }, 'InvalidInput: room is not'],
    ['a missing property', { payload: {} }, 'InvalidInput: payload.n is required'],
    ['a wrong type', { payload: { n: 1.5 } }, 'InvalidInput: payload.n must be integer'],
    ['an unknown property', { payload: { n: 1, m: 1 } }, 'InvalidInput: payload.m is not known'],
    [
      'what is wrong in a list',
      { payload: { n: 1, tags: ['a', 'c'] } },
      'InvalidInput: payload.tags.1 must be one of',
    ],
    [
      'more than 256 KB',
      { payload: { n: 1, m: 'x'.repeat(262_144) } },
      'InvalidInput: payload must have 262144 bytes',
    ],
    ['the name of a server', { by: '@admin' }, 'InvalidInput: created_by'],
    ['the name of a key', { by: 'key_01h455vb4pex5vsknk084sn02q' }, 'InvalidInput: created_by'],
    ['labels that are none', { labels: { a: 1 } }, 'InvalidInput: labels must be a flat map'],
    ['labels in a list', { labels: ['a'] }, 'InvalidInput: labels must be a flat map'],
    ['too many attempts', { maxAttempts: 101 }, 'InvalidInput: max_attempts must be 1 to 100'],
    ['a wrong trace', { traceparent: 'x' }, 'InvalidInput: traceparent'],
    ['a hold without a key', { holdKey: 'FOREVER' }, 'InvalidInput: hold_key needs'],
    ['an unknown hold', { key: 'k', holdKey: 'A_WHILE' }, 'InvalidInput: hold_key must be'],
    ['a hold of no time', { key: 'k', holdKeySeconds: 0 }, 'InvalidInput: hold_key_seconds must be'],
    ['two holds', { key: 'k', holdKey: 'FOREVER', holdKeySeconds: 1 }, 'hold_key_seconds cannot be combined'],
    ['dependencies that are no list', { dependsOn: {} }, 'InvalidInput: depends_on must be a list'],
    ['dependencies without a task', { dependsOn: [{}] }, 'InvalidInput: depends_on.0 must be'],
    ['an unknown wish', { dependsOn: [{ task: 'x', onFailure: 'WAIT' }] }, 'depends_on.0 must be'],
    [
      'a parent that there is not',
      { dependsOn: ['task_01h455vb4pex5vsknk084sn02q'] },
      'TaskNotFound: There is no task task_01h455vb4pex5vsknk084sn02q.',
    ],
    ['an id that is none', { dependsOn: ['task_1'] }, 'TaskNotFound: There is no task task_1.'],
    ['no end of time', { runAt: 'infinity' }, 'InvalidInput: run_at'],
  ])('refuses %s', async (_what, given, message) => {
    expect(await refusal(given)).toContain(message);
  });

  it('refuses numbers that would be rounded, and keeps those that are not', async () => {
    const free = await testStore.newJob();
    const submit = (json: string) =>
      testStore.db
        .query(statement('test_number', 'SELECT * FROM submit_task($1, $2, $3::text::jsonb)'), [
          free.room,
          free.fullName,
          json,
        ])
        .then(
          () => 'taken',
          (error: Error) => error.message,
        );
    for (const kept of ['9007199254740991', '1e300', '0.1', '-5e-324', '18014398509481984']) {
      expect(await submit(`{"n": [${kept}]}`), kept).toBe('taken');
    }
    for (const lost of ['9007199254740993', '1e400', '-9007199254740993.5']) {
      expect(await submit(`{"n": [${lost}]}`), lost).toContain('would be rounded');
    }
  });

  it('refuses nothing that its schema allows', { timeout: 120_000 }, async () => {
    const leaf = fc.constantFrom(null, true, 0, 1, 2.5, -3, '', 'a', 'long');
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { depthSize: 'small' },
        leaf,
        fc.array(tie('any'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('any')),
      ),
    })).any;
    const type = fc.constantFrom('object', 'array', 'string', 'number', 'integer', 'boolean', 'null');
    const schema = fc.letrec((tie) => ({
      any: fc.oneof(
        { depthSize: 'small' },
        fc.boolean(),
        fc.record(
          {
            type: fc.oneof(type, fc.uniqueArray(type, { minLength: 1, maxLength: 3 })),
            const: leaf,
            enum: fc.uniqueArray(leaf, { minLength: 1, maxLength: 4 }),
            required: fc.uniqueArray(fc.constantFrom('a', 'b')),
            properties: fc.dictionary(fc.constantFrom('a', 'b'), tie('any')),
            additionalProperties: fc.boolean(),
            patternProperties: fc.constant({ '^c': {} }),
            items: tie('any'),
            prefixItems: fc.array(tie('any'), { minLength: 1, maxLength: 2 }),
            minimum: fc.integer({ min: -2, max: 2 }),
            maximum: fc.integer({ min: -2, max: 2 }),
            minLength: fc.nat(3),
            maxLength: fc.nat(3),
          },
          { requiredKeys: [] },
        ),
      ),
    })).any;
    const violation = statement(
      'test_violation',
      `SELECT schema_violation($1::text::jsonb, $2::text::jsonb, 'payload') AS wrong`,
    );
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(schema, value, async (wanted, given) => {
        const compiled = compileSchema(wanted);
        fc.pre(compiled.ok);
        const [row] = await testStore.db.query<{ wrong: string | null }>(violation, [
          JSON.stringify(wanted),
          JSON.stringify(given),
        ]);
        if (row?.wrong == null) return;
        refused++;
        const issues = compiled.ok ? compiled.validate(given) : [];
        expect(issues, row.wrong).not.toEqual([]);
      }),
      { numRuns: 400 },
    );
    expect(refused).toBeGreaterThan(20);
  });
});

describe.runIf(availableDatabases().includes('postgres'))(
  'a role that may call submit_task and nothing else',
  () => {
    let testStore: TestStore;
    let job: JobRow;
    let client: pg.Client;
    const role = `app_${process.pid}_${Math.random().toString(36).slice(2, 8)}`;
    const call = (text = 'SELECT * FROM submit_task($1, $2)') => client.query(text, [job.room, job.fullName]);

    beforeAll(async () => {
      testStore = await createTestStore('postgres');
      job = await testStore.newJob();
      await testStore.db.script(
        `CREATE ROLE ${role} LOGIN; GRANT EXECUTE ON FUNCTION submit_task TO ${role}`,
      );
      const url = new URL(testStore.url as string);
      url.username = role;
      client = new pg.Client({ connectionString: url.href });
      await client.connect();
    });
    afterAll(async () => {
      await client.end();
      await testStore.db.script(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
      await testStore.close();
    });

    it('submits in its own name', async () => {
      const { rows } = await call();
      const task = await testStore.task(parseTypeId(rows[0].task_id)?.uuid as string);
      expect(task).toMatchObject({ createdBy: `@role:${role}`, status: 'PENDING', version: 1 });
    });

    it('reads and writes no table', async () => {
      for (const text of [
        'SELECT FROM task',
        'DELETE FROM task_queue',
        'INSERT INTO job DEFAULT VALUES',
        'SELECT FROM api_key',
      ]) {
        await expect(client.query(text), text).rejects.toMatchObject({ code: '42501' });
      }
    });

    it('cannot lead the function elsewhere', async () => {
      // What the function names stands in the temporary schema of the session, which everybody may fill, and on its path.
      await client.query(`
      CREATE TEMP TABLE job (id uuid, room text, full_name text, schema_version int, payload_schema jsonb, max_attempts int, retired_at timestamptz);
      CREATE TEMP TABLE task (id uuid);
      CREATE FUNCTION pg_temp.type_id(text, uuid) RETURNS text LANGUAGE sql AS $$ SELECT 'stolen' $$;
      SET search_path = pg_temp, public`);
      const { rows } = await call('SELECT * FROM public.submit_task($1, $2)');
      expect(rows).toEqual([{ task_id: expect.stringMatching(/^task_/), duplicate: false }]);
      expect((await client.query('SELECT FROM pg_temp.task')).rowCount).toBe(0);
      await client.query('DISCARD ALL');
    });

    it('may not once the right is taken back', async () => {
      await testStore.db.script(`REVOKE EXECUTE ON FUNCTION submit_task FROM ${role}`);
      await expect(call()).rejects.toMatchObject({ code: '42501' });
      await testStore.db.script(`GRANT EXECUTE ON FUNCTION submit_task TO ${role}`);
    });
  },
);
