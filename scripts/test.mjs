// `npm test [-- VITEST ARGUMENTS]`: prepares what is missing, provides PostgreSQL, Redis and Chromium, runs the tests.
// The last line printed is `N passed, N failed`, and the exit code says the same.
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureGenerated } from './prepare.mjs';
import { installed, root, runOnTerminal, runScript, StepError } from './run.mjs';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

await runScript(async () => {
  await ensureGenerated();
  const directory = mkdtempSync(join(tmpdir(), 'signalbox-test-'));
  // As open as the temporary directory it stands for: some tests look through another user's eyes.
  chmodSync(directory, 0o755);
  const { stopServers } = await import('./services/throwaway.mjs');
  const cleanUp = async () => {
    await stopServers();
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    const { environment, leftOut } = await interruptible(cleanUp, provide);
    const results = join(directory, 'results.json');
    // Whatever an interrupted test leaves behind in the temporary directory goes with ours.
    const code = await runOnTerminal(process.execPath, vitest(results), {
      ...environment,
      TMPDIR: directory,
      SIGNALBOX_TEST_RETRIES: join(directory, 'retries'),
    });
    const interrupted = code > 128;
    return interrupted ? code : conclude(code, results, leftOut, again(join(directory, 'retries')));
  } finally {
    await cleanUp();
  }
});

/** The environment of the tests with the servers that are to be had, and a sentence for each that is not. */
async function provide() {
  // Reads packages, which are only now sure to be there.
  const { provideServices } = await import('./services/provide.mjs');
  const { databaseUrl, redisUrl, chromium, leftOut } = await provideServices();
  for (const sentence of leftOut) console.log(sentence);
  if (leftOut.length > 0 && /^(1|true)$/i.test(process.env.CI ?? '')) {
    throw new StepError('With CI=true nothing may be left out.');
  }
  const provided = {
    SIGNALBOX_TEST_DATABASE_URL: databaseUrl,
    SIGNALBOX_TEST_REDIS_URL: redisUrl,
    SIGNALBOX_TEST_CHROMIUM: chromium,
  };
  return { environment: { ...withoutSettings(), ...provided }, leftOut };
}

/** A developer's own settings must not reach the servers under test. */
function withoutSettings() {
  const ours = /^(DATABASE_URL|REDIS_URL|HOST|PORT|LOG_LEVEL|SIGNALBOX_(?!TEST_).*)$/;
  return Object.fromEntries(
    Object.keys(process.env)
      .filter((name) => ours.test(name))
      .map((name) => [name, undefined]),
  );
}

function vitest(results) {
  const retries = fileURLToPath(new URL('./retry-reporter.mjs', import.meta.url));
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${results}`];
  reporters.push(`--reporter=${retries}`);
  return [installed('vitest/vitest.mjs'), 'run', ...reporters, ...process.argv.slice(2)];
}

/** Cleans up and ends when a signal comes while the body runs; later, the tests get it and end first. */
async function interruptible(cleanUp, body) {
  const end = (signal) => cleanUp().finally(() => process.exit(signal === 'SIGINT' ? 130 : 143));
  for (const signal of SIGNALS) process.on(signal, end);
  try {
    return await body();
  } finally {
    for (const signal of SIGNALS) process.off(signal, end);
  }
}

/** How many tests have passed only at their second try, see retry-reporter.mjs. */
function again(file) {
  try {
    return readFileSync(file, 'utf8').split('\n').filter(Boolean).length;
  } catch {
    return 0;
  }
}

/** Prints the closing line, as the last thing of all, and gives the exit code: nothing run is a failure. */
function conclude(code, results, leftOut, retried) {
  const { passed, failed, skipped, parts } = count(results);
  process.on('exit', () => {
    // Again, because by now the first time has scrolled away.
    for (const sentence of leftOut) console.log(sentence);
    if (parts.length > 1) console.log(`Seconds by part: ${parts.join(', ')}`);
    const further = [
      ...(skipped > 0 ? [`, ${skipped} skipped`] : []),
      ...(retried > 0 ? [`, ${retried} passed only at the second try`] : []),
    ];
    console.log(`${passed} passed, ${failed} failed${further.join('')}`);
  });
  if (passed + failed === 0) console.error('No test was run.');
  return code || (failed > 0 || passed === 0 ? 1 : 0);
}

function count(results) {
  let report;
  try {
    report = JSON.parse(readFileSync(results, 'utf8'));
  } catch {
    return { passed: 0, failed: 0, skipped: 0, parts: [] };
  }
  // A file that could not even be loaded has no failed test to count.
  const broken = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((result) => result.status === 'failed'),
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + report.numTodoTests,
    parts: partsOf(report.testResults),
  };
}

/** How long the files of each folder of test/ took together, the longest first; two of them run at the same time. */
function partsOf(files) {
  const seconds = new Map();
  for (const { name, startTime, endTime } of files) {
    const part = relative(join(root, 'test'), name).split(sep)[0];
    seconds.set(part, (seconds.get(part) ?? 0) + (endTime - startTime) / 1_000);
  }
  return [...seconds]
    .sort(([, one], [, other]) => other - one)
    .map(([part, took]) => `${part} ${took.toFixed(0)}`);
}
