/** The suites of streams, in unusual surroundings. */
import { describe } from 'vitest';
import { hasPrograms } from './services.ts';

// Each in a describe of its own: its servers start when it begins, and end with it.
describe.runIf(hasPrograms)('in unusual surroundings', async () => {
  await import('./in-environment.ts');
  describe('task events', async () => void (await import('../graphql/task-events.test.ts')));
  describe('room events', async () => void (await import('../graphql/room-events.test.ts')));
  describe('worker signals', async () => void (await import('../graphql/worker-signals.test.ts')));
  describe('log pages', async () => void (await import('../events/log-pages.test.ts')));
  describe('replay', async () => void (await import('../events/streams/replay.test.ts')));
});
