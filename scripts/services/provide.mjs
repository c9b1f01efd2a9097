// What the tests run on: servers, those that are there or throw-away ones, and a browser.
import { StepError } from '../run.mjs';
import { answersPostgres, answersRedis, reasonOf } from './answers.mjs';
import {
  canInstall,
  findChromium,
  findPgbouncer,
  findPostgres,
  findPython,
  findRedis,
  install,
} from './programs.mjs';
import { startPostgres, startRedis } from './throwaway.mjs';

const SERVICES = [
  {
    name: 'PostgreSQL',
    variable: 'DATABASE_URL',
    local: 'postgres://postgres@127.0.0.1:5432/postgres',
    answers: answersPostgres,
    find: findPostgres,
    programs: 'initdb and postgres, version 15 or later',
    debian: 'postgresql',
    start: startPostgres,
  },
  {
    name: 'Redis',
    variable: 'REDIS_URL',
    local: 'redis://127.0.0.1:6379',
    answers: answersRedis,
    find: findRedis,
    programs: 'redis-server',
    debian: 'redis-server',
    start: startRedis,
  },
];

const CHROMIUM = { find: findChromium, debian: 'chromium' };
const PGBOUNCER = { find: findPgbouncer, debian: 'pgbouncer' };
const PYTHON = { find: findPython, debian: 'python3' };

/**
 * Finds or starts PostgreSQL and Redis: from DATABASE_URL and REDIS_URL, else on the default local ports, else
 * from the programs on this machine, which root on Debian installs, as it does Chromium,
 * PgBouncer and Python.
 * SIGNALBOX_TEST_OWN_SERVERS=1 looks at no default port.
 * @returns {Promise<{ databaseUrl?: string, redisUrl?: string, chromium?: string, leftOut: string[] }>} one sentence
 *   for each that is not to be had
 */
export async function provideServices() {
  const urls = await Promise.all(SERVICES.map(findRunning));
  await installMissing([...SERVICES.filter((_, index) => !urls[index]), CHROMIUM, PGBOUNCER, PYTHON]);
  const leftOut = [];
  for (const [index, service] of SERVICES.entries()) {
    urls[index] ??= await startOwn(service);
    if (!urls[index]) leftOut.push(sentence(service));
  }
  const chromium = findChromium();
  if (!chromium) {
    leftOut.push(
      'The tests in a browser are left out: Chromium is not on this machine; root on Debian would have installed it.',
    );
  }
  if (!findPgbouncer() || !(await findPostgres())) {
    leftOut.push(
      'The suites in unusual surroundings are left out: PgBouncer and the programs of PostgreSQL are not both on this machine; root on Debian would have installed them.',
    );
  }
  if (!(await findPython())) {
    leftOut.push(
      'The tests of the worker in Python are left out: Python 3.9 or later is not on this machine; root on Debian would have installed it.',
    );
  }
  const [databaseUrl, redisUrl] = urls;
  return { databaseUrl, redisUrl, chromium, leftOut };
}

async function findRunning({ name, variable, local, answers }) {
  const given = process.env[variable];
  if (given) {
    // Never another server than the one that was asked for.
    await answers(given).catch((error) => {
      throw new StepError(`${variable} is set, but the tests cannot use that ${name}: ${reasonOf(error)}`);
    });
    console.log(`${name}: ${withoutPassword(given)}`);
    return given;
  }
  if (process.env.SIGNALBOX_TEST_OWN_SERVERS === '1') return undefined;
  const usable = await answers(local).then(
    () => true,
    () => false,
  );
  if (usable) console.log(`${name}: ${local}`);
  return usable ? local : undefined;
}

async function installMissing(services) {
  if (!canInstall()) return;
  const found = await Promise.all(services.map(({ find }) => find()));
  const missing = services.filter((_, index) => !found[index]);
  if (missing.length === 0) return;
  await install(missing.map(({ debian }) => debian)).catch((error) => {
    if (!(error instanceof StepError)) throw error;
    console.error(`${error.output}\n${error.message}`);
  });
}

async function startOwn({ name, find, start }) {
  const programs = await find();
  if (!programs) return undefined;
  const url = await start(programs);
  console.log(`${name}: ${url} (for this run only)`);
  return url;
}

function sentence({ name, variable, programs }) {
  return (
    `The suites on ${name} are left out: ${variable} is not set, no usable ${name} answers on its default port, ` +
    `and its programs (${programs}) are not on this machine; root on Debian would have installed them.`
  );
}

function withoutPassword(url) {
  return url.replace(/:[^:@/]*@/, ':…@');
}
