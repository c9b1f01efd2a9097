// Brings a checkout into a state that can run: packages, generated code, build output. Each step is skipped
// when a stamp says that nothing it depends on has changed. Node builtins only: nothing is installed yet.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { compressFiles } from './compress.mjs';
import { lock } from './lock.mjs';
import { installed, root, run, StepError } from './run.mjs';

const GENERATED = ['src/generated/prisma/client.ts', 'src/generated/pothos-prisma-types.ts'];

/** Installs the locked packages when they are missing or others than package-lock.json wants. */
export async function ensureInstalled() {
  requireNode();
  const stamp = at('node_modules/.signalbox/installed');
  const wanted = hashFiles(['package-lock.json']);
  if (readStamp(stamp) === wanted) return;
  await lock('install', async () => {
    if (readStamp(stamp) === wanted) return;
    if (!isInstalled()) {
      tell('Installing packages…');
      await run('Installing the packages', npm(), ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
    }
    writeStamp(stamp, wanted);
  });
}

/** Generates the Prisma client and the types that Pothos reads, into src/generated/. */
export async function ensureGenerated() {
  await ensureInstalled();
  const stamp = at('src/generated/.stamp');
  const wanted = hashFiles([
    'prisma/schema.prisma',
    'prisma.config.ts',
    'node_modules/prisma/package.json',
    'node_modules/@pothos/plugin-prisma/package.json',
  ]);
  const current = () => readStamp(stamp) === wanted && GENERATED.every((file) => existsSync(at(file)));
  if (current()) return;
  await lock('generate', async () => {
    if (current()) return;
    tell('Generating the database client…');
    await run(
      'Generating the database client',
      process.execPath,
      [installed('prisma/build/index.js'), 'generate'],
      {
        env: {
          // `generate` looks for this engine, fails when it cannot download it, and never runs it.
          PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
          CHECKPOINT_DISABLE: '1',
          PRISMA_HIDE_UPDATE_MESSAGE: '1',
          // Generators are found by name; without npm in front of us nothing else puts them on the path.
          PATH: `${installed('.bin')}${delimiter}${process.env.PATH ?? ''}`,
        },
      },
    );
    writeStamp(stamp, wanted);
  });
}

/** Compiles src/ to dist/, and the dashboard in it. */
export async function ensureBuilt() {
  await ensureGenerated();
  const stamp = at('dist/.stamp');
  const wanted = () =>
    hashFiles(['package-lock.json', 'tsconfig.json', 'tsconfig.build.json', ...filesBelow('src')]);
  if (readStamp(stamp) === wanted()) return;
  await lock('build', async () => {
    const sources = wanted();
    if (readStamp(stamp) === sources) return;
    tell('Building…');
    // Built beside dist/ and then swapped in: a failed build leaves the last good one, and files of deleted
    // sources do not stay behind. Source maps name the sources from where they are written, so that is as deep.
    const fresh = at('dist-fresh');
    const old = at('dist-old');
    for (const directory of [fresh, old]) rmSync(directory, { recursive: true, force: true });
    const args = [installed('typescript/bin/tsc'), '-p', 'tsconfig.build.json', '--outDir', fresh];
    await run('Building', process.execPath, args);
    await buildDashboard(join(fresh, 'dashboard'));
    writeStamp(join(fresh, '.stamp'), sources);
    if (existsSync(at('dist'))) renameSync(at('dist'), old);
    renameSync(fresh, at('dist'));
    rmSync(old, { recursive: true, force: true });
  });
}

/** Bundles the web application, which a browser loads, and compresses it. */
async function buildDashboard(directory) {
  const config = at('src/dashboard/vite.config.ts');
  const vite = [installed('vite/bin/vite.js'), 'build', '--config', config, '--outDir', directory];
  // Whatever this process is: a page of React's development build is half as large again, and starts effects twice.
  await run('Building the dashboard', process.execPath, [...vite, '--emptyOutDir', '--logLevel', 'warn'], {
    env: { NODE_ENV: 'production' },
  });
  compressFiles(join(directory, 'assets'));
}

/** To people: what is prepared for may have a stdout for programs, such as the server's log. */
function tell(sentence) {
  process.stderr.write(`${sentence}\n`);
}

/** Ends with one sentence on a Node.js that is too old. */
function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new StepError(`Signalbox needs Node.js 20.19 or later; this is ${process.versions.node}.`);
}

/**
 * Whether node_modules is what package-lock.json wants, by npm's own record of what it installed there. So
 * an `npm install` by hand is not undone by a second one.
 */
function isInstalled() {
  const record = readJson('node_modules/.package-lock.json')?.packages;
  const lockfile = readJson('package-lock.json')?.packages;
  if (!record || !lockfile) return false;
  const same = (name) => {
    const [have, want] = [record[name], lockfile[name]];
    if (!have) return want.optional === true;
    return have.version === want?.version && have.integrity === want?.integrity;
  };
  const names = new Set([...Object.keys(record), ...Object.keys(lockfile)]);
  names.delete('');
  return [...names].every(same);
}

function npm() {
  return process.platform === 'win32' ? 'npm.cmd' : 'npm';
}

function at(path) {
  return join(root, path);
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(at(path), 'utf8'));
  } catch {
    return undefined;
  }
}

export function readStamp(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

export function writeStamp(path, value) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, value);
}

export function filesBelow(directory) {
  return readdirSync(at(directory), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name !== '.stamp')
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(root.length))
    .sort();
}

/** One hash over names and contents; a missing file is part of it, as missing. */
export function hashFiles(paths) {
  const hash = createHash('sha256');
  for (const path of paths) {
    const content = existsSync(at(path)) ? readFileSync(at(path)) : 'missing';
    hash.update(`${path}\0`).update(createHash('sha256').update(content).digest());
  }
  return hash.digest('hex');
}
