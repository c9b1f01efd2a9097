/** Fields of events that need a read: read once for many events, also for who resumes, and in order all the same. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { instrumentStatements } from '../../../src/store/database/instrument.ts';
import { newJob } from '../../graphql/task-in-status.ts';
import { Caller } from '../../support/api.ts';
import { ADMIN_TOKEN, startApp, type TestApp } from '../../support/app.ts';
import { createTestDatabase } from '../../support/database.ts';

const TASKS = 200;
const EVENTS = `subscription ($after: Cursor) { roomEvents(room: "reads", after: $after) {
  ... on TaskTransitioned { cursor transition { version } task { id status worker { name } job { fullName } payload } }
} }`;

let app: TestApp;
let admin: Caller;
const reads = new Map<string, number>();

beforeAll(async () => {
  const { db } = await createTestDatabase('pglite');
  const counting = instrumentStatements(db, ({ verb }, run) => {
    reads.set(verb, (reads.get(verb) ?? 0) + 1);
    return run();
  });
  app = await startApp({ database: counting });
  admin = new Caller(app.url, 'admin', ADMIN_TOKEN);
});
afterAll(() => app?.stop());

it('reads workers, jobs and payloads of a resumed stream for many events at a time', async () => {
  const job = await newJob(admin, 'reads');
  const workerId = await admin.newWorker(job);
  const after = (await admin.ask('{ tasks(first: 1) { streamCursor } }')).streamCursor;
  const inputs = Array.from({ length: TASKS }, (_, n) => ({
    room: 'reads',
    job: job.fullName,
    payload: { n },
  }));
  await admin.submitAll(inputs);
  for (let claimed = 0; claimed < TASKS; claimed += 100)
    await admin.claim({ workerId, limit: 100, start: true });
  reads.clear();
  for (const protocol of ['WebSocket', 'SSE'] as const) {
    const stream = admin.subscribe(protocol, EVENTS, { after });
    const versions = new Map<string, number>();
    for (let taken = 0; taken < 3 * TASKS; taken++) {
      const { task, transition } = await stream.event();
      expect(transition.version).toBe((versions.get(task.id) ?? 0) + 1);
      versions.set(task.id, transition.version);
      expect(task.worker).toEqual(task.status === 'PENDING' ? null : { name: 'worker of admin' });
      expect(task).toMatchObject({ job: { fullName: job.fullName }, payload: { n: expect.any(Number) } });
    }
    stream.close();
  }
  for (const verb of ['find_workers', 'find_jobs', 'find_tasks']) {
    expect([verb, reads.get(verb) ?? 0]).toSatisfy(([, count]) => (count as number) <= (2 * 3 * TASKS) / 15);
  }
});
