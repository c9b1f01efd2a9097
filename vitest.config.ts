import { readFileSync } from 'node:fs';
import { configDefaults, defineConfig } from 'vitest/config';

/** Suites that have not been seen green on the present code, see CONTRIBUTING.md. SIGNALBOX_TEST_ALL=1 runs them as well. */
const leftOut: string[] = process.env['SIGNALBOX_TEST_ALL']
  ? []
  : JSON.parse(readFileSync(new URL('test/left-out.json', import.meta.url), 'utf8'));

export default defineConfig({
  // Vite would take graphql's ES modules for our files while its other users take CommonJS: two realms, whose types and
  // errors do not know each other.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, ...leftOut],
    environment: 'node',
    // Transformed modules are kept on disk: a run of one file spends most of its time on them.
    experimental: { fsModuleCache: true },
    globalSetup: ['test/support/services.ts'],
    // Servers, sockets and WebAssembly end with their process.
    pool: 'forks',
    maxWorkers: 2,
    // Programs are started and killed in many tests: a busy machine must not look like a failure.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // The horizon of the log is that of the whole server: another test may hold it for seconds.
    expect: { poll: { timeout: 30_000 } },
    // No second chance, but for suites that kill processes: test/support/second-chance.ts.
    retry: 0,
  },
});
