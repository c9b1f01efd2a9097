import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { Database } from '../../../src/store/database/database.ts';
import { availableDatabases, createTestDatabase } from '../../support/database.ts';

const cleanUps: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

describe.each(availableDatabases())('the database port on %s', (kind) => {
  async function testDatabase(): Promise<Database> {
    const database = await createTestDatabase(kind);
    cleanUps.push(() => database.close());
    return database.db;
  }

  const one = async (database: Database, text: string, parameters: unknown[]) => {
    const [row] = await database.query<{ value: unknown }>(
      { name: `test_${text}`.slice(0, 63), text },
      parameters,
    );
    return row?.value;
  };

  it('gives values as they were sent', async () => {
    const database = await testDatabase();
    const at = new Date('2026-01-02T03:04:05.678Z');
    expect(await one(database, 'SELECT $1::text AS value', ['a "b" \\ {c,d} ü 東京 \n'])).toBe(
      'a "b" \\ {c,d} ü 東京 \n',
    );
    expect(await one(database, 'SELECT $1::timestamptz AS value', [at])).toEqual(at);
    expect(await one(database, 'SELECT $1::int AS value', [-7])).toBe(-7);
    expect(await one(database, 'SELECT $1::float8 AS value', [0.1])).toBe(0.1);
    expect(await one(database, 'SELECT $1::boolean AS value', [null])).toBeNull();
    expect(await one(database, 'SELECT $1::text::jsonb AS value', ['{"a": [1, null]}'])).toEqual({
      a: [1, null],
    });
    expect(await one(database, 'SELECT $1::float8[] AS value', [[1, 2.5]])).toEqual([1, 2.5]);
    const texts = ['', 'null', 'NULL', null, 'a,b', '{"x"}', '\\', "'", '"', ' '];
    expect(await one(database, 'SELECT $1::text[] AS value', [texts])).toEqual(texts);
    expect(await one(database, 'SELECT cardinality($1::text[]) AS value', [[]])).toBe(0);
  });

  it('gives lists of any texts, numbers and dates as they were sent', async () => {
    const database = await testDatabase();
    const text = fc.oneof(
      fc.string({ unit: 'grapheme' }).filter((value) => !value.includes('\0')),
      fc.string({ unit: fc.constantFrom(...'nulNUL{},"\\\'- \n\t_') }),
      fc.uuid(),
    );
    const lists = fc.record({
      texts: fc.array(fc.option(text), { size: '+1' }),
      ints: fc.array(fc.option(fc.integer())),
      floats: fc.array(fc.double({ noDefaultInfinity: true, noNaN: true })),
      dates: fc.array(fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true })),
    });
    const statement = {
      name: 'test_lists',
      text: 'SELECT $1::text[] AS texts, $2::int[] AS ints, $3::float8[] AS floats, $4::timestamptz[] AS dates',
    };
    await fc.assert(
      fc.asyncProperty(lists, async ({ texts, ints, floats, dates }) => {
        const [row] = await database.query<Record<keyof typeof lists, unknown[]>>(statement, [
          texts,
          ints,
          floats,
          dates,
        ]);
        expect(row).toEqual({ texts, ints, floats: floats.map((value) => value + 0), dates });
      }),
    );
  });

  it('gives the SQLSTATE of what it refuses', async () => {
    const database = await testDatabase();
    await expect(one(database, 'SELECT 1 / $1::int AS value', [0])).rejects.toMatchObject({ code: '22012' });
    await expect(one(database, 'SELECT $1::uuid AS value', ['x'])).rejects.toMatchObject({ code: '22P02' });
    await expect(one(database, 'SELECT $1::text AS value', ['a\0b'])).rejects.toMatchObject({
      code: expect.stringMatching(/^22/),
    });
    await expect(database.script('SELECT nothing')).rejects.toMatchObject({ code: '42703' });
    expect(await one(database, 'SELECT 1 AS value', [])).toBe(1);
  });

  it('does all of a transaction or nothing, and lets nobody see the half of it', async () => {
    const database = await testDatabase();
    const insert = (name: string) =>
      `INSERT INTO worker (id, name, owner, capacity) VALUES (gen_random_uuid(), '${name}', 'o', 1)`;
    const names = async () => {
      const rows = await database.query<{ name: string }>({
        name: 'test_names',
        text: 'SELECT name FROM worker',
      });
      return rows.map(({ name }) => name);
    };
    await expect(
      database.transaction(async (session) => {
        await session.script(insert('lost'));
        throw new Error('changed my mind');
      }),
    ).rejects.toThrow('changed my mind');
    expect(await names()).toEqual([]);
    await expect(
      database.transaction(async (session) => {
        await session.script(insert('lost'));
        await session.script('SELECT 1 / 0');
      }),
    ).rejects.toMatchObject({ code: '22012' });
    expect(await names()).toEqual([]);
    let seen: Promise<string[]> | undefined;
    const answer = await database.transaction(async (session) => {
      await session.script(insert('one'));
      seen = names();
      await session.script(insert('two'));
      return 42;
    });
    expect(answer).toBe(42);
    // On PGlite the other statement waits for the end; it sees both or none.
    expect([0, 2]).toContain((await seen)?.length);
    expect(await names()).toEqual(['one', 'two']);
  });

  it('runs what a session is given at once in order, each by itself, whatever fails', async () => {
    const database = await testDatabase();
    const insert = (name: string) => ({
      name: `test_insert_${name}`,
      text: `INSERT INTO worker (id, name, owner, capacity)
        SELECT gen_random_uuid(), '${name}', 'o', (SELECT count(*)::int FROM worker) + 1 RETURNING capacity AS value`,
    });
    const answers = await database.session((session) =>
      Promise.allSettled([
        session.query<{ value: number }>(insert('one')),
        session.query({ name: 'test_wrong', text: 'SELECT 1 / $1::int AS value' }, [0]),
        session.query<{ value: number }>(insert('two')),
      ]),
    );
    expect(answers).toMatchObject([
      { value: [{ value: 1 }] },
      { reason: { code: '22012' } },
      { value: [{ value: 2 }] },
    ]);
    expect(await one(database, 'SELECT count(*)::int AS value FROM worker', [])).toBe(2);
  });

  it('finishes what is under way before it closes, and takes nothing after that', async () => {
    const { db: database, close } = await createTestDatabase(kind);
    const slow = database.query<{ value: string }>({
      name: 'test_slow',
      text: "SELECT 'done' AS value FROM pg_sleep(0.2)",
    });
    await turn();
    await database.close();
    expect(await slow).toEqual([{ value: 'done' }]);
    await expect(database.query({ name: 'test_late', text: 'SELECT 1' })).rejects.toThrow();
    await close();
  });
});
