/** With vitest; there the file would be resize.test.ts. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runTask, startTestServer, type TestServer } from '../../src/testing/index.ts';
import { resize, resizeHandler } from './resize.ts';

describe('resize', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.stop());

  it('does one attempt, without a server', async () => {
    const run = await runTask(resize, resizeHandler, { picture: '1' });
    expect(run).toMatchObject({ status: 'COMPLETED', result: { width: 100 } });
  });

  it('is tried again an hour later when the storage is busy', async () => {
    const worker = server.worker();
    worker.job(resize, resizeHandler);
    await worker.start();
    const client = server.client();
    const handle = await client.submit(resize, { payload: { picture: 'busy' } });
    for await (const event of handle.watch()) {
      if (event.kind === 'transition' && event.transition.reason === 'RETRY_SCHEDULED') break;
    }
    // Nobody waits for an hour.
    expect(await server.advance(3_600)).toBe(1);
    await server.drain();
    expect(await handle.result()).toEqual({ width: 100 });
  });
});
