/** With node:test: `node --import tsx --test resize.node.ts`. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { runTask, startTestServer, type TestServer } from '../../src/testing/index.ts';
import { resize, resizeHandler } from './resize.ts';

describe('resize', () => {
  let server: TestServer;

  before(async () => {
    server = await startTestServer();
  });
  after(() => server.stop());

  it('does one attempt, without a server', async () => {
    const run = await runTask(resize, resizeHandler, { picture: '1' });
    assert.equal(run.status, 'COMPLETED');
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
    assert.equal(await server.advance(3_600), 1);
    await server.drain();
    assert.deepEqual(await handle.result(), { width: 100 });
  });
});
