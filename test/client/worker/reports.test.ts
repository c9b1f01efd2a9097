/** Reports that the way to the server does not take. */
import { expect, it } from 'vitest';
import type { Connection } from '../../../src/client/connection/connection.ts';
import { ConnectionError } from '../../../src/client/errors.ts';
import { createReports } from '../../../src/client/worker/reports.ts';
import { quiet } from '../client-fixture.ts';

it('fails a task whose result closes the socket, as one behind a proxy with limits of its own may', async () => {
  const failures: unknown[] = [];
  const connection = {
    bindTrace: () => (run: () => unknown) => run(),
    async send(_document: unknown, { input }: { input: { result?: string; error?: unknown } }) {
      if (input.result) throw new ConnectionError('The connection was closed (1009)', { closeCode: 1009 });
      failures.push(input.error);
      return { failTask: { __typename: 'TaskSuccess' } };
    },
  } as unknown as Connection;
  const warnings: string[] = [];
  const logger = { ...quiet, warn: (line: string) => void warnings.push(line) };
  const reports = createReports(connection, logger, new AbortController().signal);
  const holder = { taskId: 'task', workerId: 'worker', attempt: 1 };
  await reports.complete({ ...holder, outcome: 'COMPLETED', result: 'x'.repeat(40_000) });
  expect(failures).toEqual([
    {
      code: 'RESULT_TOO_LARGE',
      message: expect.stringContaining('40002 bytes; something between here and the server takes less.'),
      retryable: false,
    },
  ]);
  expect(warnings).toEqual([expect.stringMatching(/^Attempt 1 of task failed: The result has 40002 bytes/)]);
});
