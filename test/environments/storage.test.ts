/** The suites of the storage and of its maintenance, in unusual surroundings. */
import { describe } from 'vitest';
import { hasPrograms } from './services.ts';

// Each in a describe of its own: its servers start when it begins, and end with it.
describe.runIf(hasPrograms)('in unusual surroundings', async () => {
  await import('./in-environment.ts');
  describe('submit', async () => void (await import('../store/tasks/submit/submit.test.ts')));
  describe('race', async () => void (await import('../store/tasks/race.test.ts')));
  describe('cancel retry', async () => void (await import('../store/tasks/change/cancel-retry.test.ts')));
  describe('pipelined claims', async () =>
    void (await import('../store/tasks/claim/pipelined-claims.test.ts')));
  describe('jobs', async () => void (await import('../store/jobs/jobs.test.ts')));
  describe('workers', async () => void (await import('../store/workers/workers.test.ts')));
  describe('log', async () => void (await import('../store/log/log.test.ts')));
  describe('schedules', async () => void (await import('../store/schedules/schedules.test.ts')));
  describe('statistics', async () => void (await import('../store/statistics/statistics.test.ts')));
  describe('operations', async () => void (await import('../maintenance/operations.test.ts')));
  describe('retention', async () => void (await import('../maintenance/retention.test.ts')));
});
