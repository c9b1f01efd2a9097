/**
 * `npm run bench:filters [-- TASKS]`: how long a page of 20, and a count, take for each filter in a database with so many
 * tasks (1,000,000) in 20 rooms, and by which plan; and what the indexes of filters cost a submission. On the PostgreSQL
 * of DATABASE_URL, or the default local one; it makes a database and drops it.
 */
import type { ErrorKind } from '../../src/domain/error-fingerprint.ts';
import type { TaskFilter } from '../../src/domain/task-filter.ts';
import type { Database } from '../../src/store/database/database.ts';
import { instrumentStatements } from '../../src/store/database/instrument.ts';
import { migrate } from '../../src/store/database/migrate.ts';
import { openPostgres } from '../../src/store/database/postgres.ts';
import { createStore } from '../../src/store/store.ts';
import type { Submission } from '../../src/store/tasks/submit/submit.ts';
import { submissionOf } from '../../test/support/test-store.ts';
import { createBenchDatabase } from '../measure/database.ts';
import { ROOMS, writeTasks } from '../statistics/tasks.ts';

const REPEATS = 7;
const count = Number(process.argv[2] ?? 1_000_000);
const server = process.env.DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres';

const FILTERS: Record<string, Partial<TaskFilter>> = {
  'no filter': {},
  'FAILED, not discarded': { statuses: ['FAILED'], discarded: false },
  COMPLETED: { statuses: ['COMPLETED'] },
  PENDING: { statuses: ['PENDING'] },
  'a label of one in 6': { labels: { env: 'live' } },
  'a label of one in 6,000': { labels: { album: 'a42' } },
  'a label of 3': { labels: { commit: 'c4ca4238a0b923820dcc509a6f75849b' } },
  'a label that nobody has': { labels: { album: 'none' } },
  'two labels': { labels: { env: 'test', album: 'a3' } },
  'the key of a label': { labelKeys: ['commit'] },
  'the key of no label': { labelKeys: ['none'] },
  'an entity': { entityType: 'photo', entityId: 'p43' },
  'a type of entity that there is not': { entityType: 'none' },
  'a correlation id': { correlationId: 'c77' },
  'an error code': { errorCode: 'E7' },
  'an error code that there is not': { errorCode: 'none' },
  'a fingerprint of an error': { errorKind: { jobId: '', fingerprint: '' } },
  'frequent words of an error': { errorWords: ['connection', 'refused'] },
  'rare words of an error': { errorWords: ['disk', 'full'] },
  'a priority': { minPriority: 2 },
  'a priority that there is not': { minPriority: 9 },
  'finished in an hour of a month ago': {
    finishedAfter: new Date(Date.now() - 25 * 86_400_000),
    finishedBefore: new Date(Date.now() - 25 * 86_400_000 + 3_600_000),
  },
  'a value in the payload, of one in 5,000': { payload: [{ path: ['user', 'id'], equals: 42 }] },
  'a part of a text in the payload': { payload: [{ path: ['path'], contains: 'module-7' }] },
};

const bench = await createBenchDatabase(server, `signalbox_filters_${process.pid}`);
try {
  const database = await openPostgres({ url: bench.url });
  try {
    await migrate(database);
    const begun = performance.now();
    await writeTasks(database, count);
    const seconds = ((performance.now() - begun) / 1_000).toFixed(0);
    console.log(`${count.toLocaleString('en')} tasks of ${ROOMS} rooms, written in ${seconds} s`);
    await setKind(database);
    await readAll(database);
    await submitAll(database);
  } finally {
    await database.close();
  }
} finally {
  await bench.drop();
}

/** The most frequent one. */
async function setKind(database: Database): Promise<void> {
  const [kind] = await database.query<ErrorKind>({
    name: 'bench_kind',
    text: `SELECT job_id AS "jobId", error->>'fingerprint' AS fingerprint FROM task WHERE error IS NOT NULL
      GROUP BY 1, 2 ORDER BY count(*) DESC, 1, 2 LIMIT 1`,
  });
  Object.assign(FILTERS['a fingerprint of an error'] ?? {}, { errorKind: kind });
}

async function readAll(database: Database): Promise<void> {
  const statements: { text: string; parameters: readonly unknown[] }[] = [];
  const recording: Database = {
    ...database,
    query: (statement, parameters = []) => {
      statements.push({ text: statement.text, parameters });
      return database.query(statement, parameters);
    },
  };
  const store = createStore(recording, { onCommit: () => undefined, workerTimeoutSeconds: 60 });
  const scopes = { 'one room': ['room-3'], 'all rooms': null };
  for (const [scopeName, rooms] of Object.entries(scopes)) {
    console.log(
      `\n${scopeName}: a page of 20, a count; median and worst of ${REPEATS}, and how the page was found`,
    );
    for (const [name, filter] of Object.entries(FILTERS)) {
      const search = { scope: { rooms }, filter: { labels: {}, ...filter }, order: 'desc' as const };
      statements.length = 0;
      const page = await store.findTasksByFilter(search, 20);
      const plan = await planOf(database, statements);
      const pages = await times(() => store.findTasksByFilter(search, 20));
      const counted = await store.countTasksByFilter(search.scope, search.filter);
      const counts = await times(() => store.countTasksByFilter(search.scope, search.filter));
      const found = `${page.rows.length}${page.stoppedAt ? ', stopped' : ''}`;
      const total = `${counted.total.toLocaleString('en')}${counted.atLeast ? ' at least' : ''}`;
      console.log(
        `  ${name.padEnd(42)} ${pages.padEnd(20)} (${found})  ${counts.padEnd(20)} (${total})  ${plan}`,
      );
    }
  }
}

/** The indexes of the last statement's plan. */
async function planOf(
  database: Database,
  statements: readonly { text: string; parameters: readonly unknown[] }[],
): Promise<string> {
  const used = new Set<string>();
  for (const { text, parameters } of statements) {
    const explain = { name: 'explain', text: `EXPLAIN ${text}`, once: true as const };
    for (const { 'QUERY PLAN': line } of await database.query<{ 'QUERY PLAN': string }>(
      explain,
      parameters,
    )) {
      const index = /(?:using|on) (task\w*_(?:idx|pkey|order))|(Seq Scan on \w+)/.exec(line);
      if (index) used.add(index[1] ?? (index[2] as string));
    }
  }
  return [...used].join(', ');
}

async function times(run: () => Promise<unknown>): Promise<string> {
  const taken: number[] = [];
  for (let n = 0; n < REPEATS; n++) {
    const begun = performance.now();
    await run();
    taken.push(performance.now() - begun);
  }
  taken.sort((a, b) => a - b);
  return `${taken[REPEATS >> 1]?.toFixed(1)} / ${taken.at(-1)?.toFixed(1)} ms`;
}

/** Thousands of submissions with and without what has an index, in turns. */
async function submitAll(database: Database): Promise<void> {
  const timed = { ms: 0 };
  const measured = instrumentStatements(database, async (_statement, run) => {
    const begun = performance.now();
    try {
      return await run();
    } finally {
      timed.ms += performance.now() - begun;
    }
  });
  const store = createStore(measured, { onCommit: () => undefined, workerTimeoutSeconds: 60 });
  const [job] = await database.query<{ id: string }>({
    name: 'bench_job',
    text: `SELECT id FROM job WHERE full_name = 'room-1:general:job-1'`,
  });
  let n = 0;
  const kinds: Record<string, () => Partial<Submission>> = {
    plain: () => ({}),
    'with three labels': () => ({ labels: { env: 'live', album: `a${n % 2000}`, commit: `${n}` } }),
    'with an entity': () => ({ entityType: 'photo', entityId: `p${n}` }),
  };
  const totals = Object.fromEntries(Object.keys(kinds).map((kind) => [kind, 0]));
  const ROUNDS = 10;
  for (let round = 0; round < ROUNDS; round++) {
    for (const [kind, details] of Object.entries(kinds)) {
      timed.ms = 0;
      await store.submitTasks(
        Array.from({ length: 1_000 }, () => {
          n++;
          return submissionOf({ id: job?.id as string, room: 'room-1' }, details());
        }),
      );
      totals[kind] = (totals[kind] ?? 0) + timed.ms;
    }
  }
  console.log('\nsubmissions in lists of 1,000, microseconds each in the database:');
  for (const [kind, ms] of Object.entries(totals))
    console.log(`  ${kind.padEnd(20)} ${(ms / ROUNDS).toFixed(0)}`);
}
