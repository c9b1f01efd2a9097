/**
 * `node main.ts [--rounds N] [--quick] [--only TEXT] [--write] [CASE…]`: runs the cases (all of them, when none is named),
 * with `--only` those whose name has the text, prints the tables, and with `--write` keeps them in results/.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Redis } from 'ioredis';
import pg from 'pg';
import { type Case, casesOf } from './cases.ts';
import type { ContenderName } from './contenders/open.ts';
import { createBenchDatabase, onServer } from './measure/database.ts';
import { writeHistory } from './measure/history.ts';
import type { Figures, Task } from './measure/once.ts';
import { type Results, reportOf, toJson } from './report.ts';

const SERVER = process.env.DATABASE_URL || 'postgres://postgres@127.0.0.1:5432/postgres';
const REDIS = process.env.REDIS_URL || 'redis://127.0.0.1:6379';
const HERE = fileURLToPath(new URL('./', import.meta.url));
/** A measurement that takes longer than this hangs. */
const PATIENCE_MS = 180_000;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '5' },
    quick: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    write: { type: 'boolean', default: false },
  },
});

const cases = casesOf(options.quick).filter(({ id }) => positionals.length === 0 || positionals.includes(id));
const rounds = Number(options.rounds);
const date = new Date().toISOString().slice(0, 16).replace('T', ' ');
const run = `sb_bench_${process.pid}`;
const histories = new Map<string, string>();
const results: Results = new Map();

try {
  // Round by round and in turn, so that what the machine does meanwhile meets all alike.
  for (let round = 1; round <= rounds; round++) {
    for (const one of cases) {
      for (const contender of one.contenders)
        if (contender.includes(options.only)) await measure(one, contender, round);
    }
    await report(round);
  }
} finally {
  for (const template of histories.values()) {
    await onServer(SERVER, `DROP DATABASE IF EXISTS ${template} WITH (FORCE)`);
  }
}

async function measure(one: Case, contender: ContenderName, round: number): Promise<void> {
  const { id, measurement } = one;
  const name = `${run}_${Math.random().toString(36).slice(2, 8)}`;
  const template = one.history && (await historyOf(one.history));
  const database = await createBenchDatabase(SERVER, name, template);
  try {
    const place = { databaseUrl: database.url, redisUrl: REDIS, name };
    const figures = await inProcess({ contender, measurement, place });
    const ofCase = results.get(id) ?? new Map<string, Figures[]>();
    results.set(id, ofCase.set(contender, [...(ofCase.get(contender) ?? []), figures]));
    const shown = Object.entries(figures.values).map(([what, value]) => `${value.toFixed(1)} ${what}`);
    console.error(`${round}/${rounds} ${id} · ${contender} · ${shown.join(', ')}`);
  } catch (error) {
    console.error(
      `${round}/${rounds} ${id} · ${contender} · ${error instanceof Error ? error.message : error}`,
    );
  } finally {
    await database.drop();
  }
}

/** The database with a past is written once, and copied for each measurement. */
async function historyOf(history: NonNullable<Case['history']>): Promise<string> {
  const key = JSON.stringify(history);
  const known = histories.get(key);
  if (known) return known;
  const name = `${run}_past_${histories.size}`;
  const { url } = await createBenchDatabase(SERVER, name);
  histories.set(key, name);
  await inherit(process.execPath, [`${HERE}../dist/main.js`, 'migrate'], { DATABASE_URL: url });
  await writeHistory(url, history);
  return name;
}

function inherit(command: string, args: string[], env: Record<string, string>): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${args.join(' ')}: ${code}`))));
  });
}

function inProcess(task: Task): Promise<Figures> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [`${HERE}measure/once.ts`, JSON.stringify(task)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      errors += text;
    });
    const timer = setTimeout(() => child.kill('SIGTERM'), PATIENCE_MS);
    child.once('close', () => {
      clearTimeout(timer);
      const line = out.split('\n').find((text) => text.startsWith('{"values"'));
      if (line) resolve(JSON.parse(line));
      else reject(new Error(`no figures; ${errors.trim().slice(-1_500)}`));
    });
  });
}

/** After each round, so that a run that is broken off has its results. */
async function report(round: number): Promise<void> {
  const settings = { date, rounds: String(round), ...(await settingsOf()) };
  const text = reportOf(results, cases, settings);
  if (round === rounds) console.log(text);
  if (!options.write) return;
  const file = `${HERE}results/${date.replace(' ', '-').replace(':', '')}`;
  mkdirSync(`${HERE}results`, { recursive: true });
  writeFileSync(`${file}.md`, `${text}\n`);
  writeFileSync(
    `${file}.json`,
    `${JSON.stringify({ settings, cases, results: toJson(results) }, null, 1)}\n`,
  );
}

async function settingsOf(): Promise<Record<string, string>> {
  const client = new pg.Client({ connectionString: SERVER });
  await client.connect();
  const { rows } = await client.query(
    `SELECT name, current_setting(name) AS value FROM pg_settings WHERE name IN
     ('server_version', 'fsync', 'synchronous_commit', 'full_page_writes', 'shared_buffers', 'max_wal_size')`,
  );
  await client.end();
  const redis = new Redis(REDIS);
  const info = await redis.info('server');
  const [, appendonly] = (await redis.config('GET', 'appendonly')) as string[];
  redis.disconnect();
  const version = (name: string) =>
    JSON.parse(readFileSync(`${HERE}node_modules/${name}/package.json`, 'utf8')).version;
  return {
    machine: `${cpus().length} × ${cpus()[0]?.model}`,
    node: process.version,
    PostgreSQL: rows.map(({ name, value }) => `${name} ${value}`).join(', '),
    Redis: `${/redis_version:(\S+)/.exec(info)?.[1]}, appendonly ${appendonly}`,
    peers: ['pg-boss', 'graphile-worker', 'bullmq'].map((name) => `${name} ${version(name)}`).join(', '),
  };
}
