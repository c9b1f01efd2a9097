/** The suites of the storage, in unusual surroundings. */
import { describe } from 'vitest';
import { hasPrograms } from './services.ts';

describe.runIf(hasPrograms)('storage', async () => {
  await import('./in-environment.ts');
  await import('../store/tasks/submit.test.ts');
});
