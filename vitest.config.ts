import { defineConfig } from 'vitest/config';

/**
 * Suites that share the modules of their process with others: each has servers and databases of its own and leaves nothing
 * behind, and importing the server anew for each of them took half of the time. A file that changes what belongs to the whole
 * process (settings of the environment, the global API of OpenTelemetry, a prototype) goes elsewhere, or into APART.
 */
const SHARING = ['test/{async,domain,graphql,maintenance,server,store}/**/*.test.ts'];

/** They listen to rejections and garbage of the whole process, or need WebAssembly that nothing else has used up. */
const APART = [
  'test/server/fuzz.test.ts',
  'test/server/graphql/execution.test.ts',
  'test/store/database/drift.test.ts',
];

/**
 * They kill servers, workers and databases in the middle of their work: on a busy machine that takes longer than some test
 * waits.
 */
const KILLING = [
  'test/chaos/chaos.test.ts',
  'test/oracle/oracle.test.ts',
  'test/app/{data-directory,killed-operation,late-redis,outages,shutdown,two-servers}.test.ts',
  'test/client/worker/{outages,rolling-update}.test.ts',
  'test/clients/frontends.test.ts',
  'test/dashboard/truth.test.ts',
];

const shared = {
  // Vite would take graphql's ES modules for our files while its other users take CommonJS: two realms, whose types and
  // errors do not know each other.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
};

const suites = {
  environment: 'node',
  // Servers, sockets and WebAssembly end with their process.
  pool: 'forks',
  // Programs are started and killed in many tests: a busy machine must not look like a failure.
  testTimeout: 60_000,
  hookTimeout: 120_000,
  // The horizon of the log is that of the whole server: another test may hold it for seconds.
  expect: { poll: { timeout: 30_000 } },
  // On CI alone, where all suites share two cores and one PostgreSQL: the closing line counts what passed only so.
  retry: process.env['CI'] ? 1 : 0,
} as const;

export default defineConfig({
  ...shared,
  test: {
    maxWorkers: 2,
    // Once for all projects.
    globalSetup: ['test/support/services.ts'],
    // Transformed modules are kept on disk: a run of one file spends most of its time on them.
    experimental: { fsModuleCache: true },
    projects: [
      {
        ...shared,
        test: { ...suites, name: 'sharing', isolate: false, include: SHARING, exclude: APART },
      },
      {
        ...shared,
        test: {
          ...suites,
          name: 'alone',
          include: ['test/**/*.test.ts'],
          exclude: [...SHARING, ...KILLING],
        },
      },
      { ...shared, test: { ...suites, name: 'apart', include: APART } },
      { ...shared, test: { ...suites, name: 'killing', include: KILLING } },
    ],
  },
});
