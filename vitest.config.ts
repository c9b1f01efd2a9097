import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Vite would take graphql's ES modules for our files while its other users take CommonJS: two realms, whose types and
  // errors do not know each other.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    include: ['test/**/*.test.ts'],
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
