/** The suites of the API, in unusual surroundings: what Prisma reads, filters and pages by as well. */
import { describe } from 'vitest';
import { hasPrograms } from './services.ts';

// Each in a describe of its own: its servers start when it begins, and end with it.
describe.runIf(hasPrograms)('in unusual surroundings', async () => {
  await import('./in-environment.ts');
  describe('main path', async () => void (await import('../graphql/main-path.test.ts')));
  describe('paging', async () => void (await import('../graphql/paging.test.ts')));
  describe('filters', async () => void (await import('../graphql/filters.test.ts')));
  describe('history', async () => void (await import('../graphql/history.test.ts')));
  describe('dead letters', async () => void (await import('../graphql/dead-letters.test.ts')));
  describe('schedules', async () => void (await import('../graphql/schedules.test.ts')));
  describe('statistics', async () => void (await import('../graphql/statistics.test.ts')));
  describe('api keys', async () => void (await import('../graphql/api-keys.test.ts')));
});
