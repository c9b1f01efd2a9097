import { describe, expect, it } from 'vitest';
import type { TransitionChange } from '../../src/domain/task.ts';
import { Sweep } from '../../src/events/log-pages.ts';
import { submitTasks } from '../../src/store/tasks/submit/submit.ts';
import { availableDatabases } from '../support/database.ts';
import { submissionOf } from '../support/test-store.ts';
import { label } from './changes.ts';
import { deferred } from './inbox.ts';
import { useTestServers } from './test-servers.ts';

async function readAll(sweep: Sweep): Promise<TransitionChange[]> {
  const rows: TransitionChange[] = [];
  for (let page = await sweep.nextPage(); page; page = await sweep.nextPage()) rows.push(...page);
  return rows;
}

describe.each(availableDatabases())('a sweep over the log on %s', (kind) => {
  const servers = useTestServers(kind, 'memory');

  it('gives everything after its position, page by page, and then begins there again', async () => {
    const { log, newJob, submit, horizonPastNow } = servers;
    const job = await newJob();
    const start = await log.horizon();
    const ids: string[] = [];
    for (let n = 0; n < 5; n++) ids.push((await submit(job)).id);
    await horizonPastNow();
    const sweep = new Sweep(log, { rooms: [job.room] }, start, 2);
    expect((await readAll(sweep)).map(({ task }) => task.id)).toEqual(ids);
    expect(await sweep.nextPage()).toBeUndefined();
    expect(await readAll(new Sweep(log, { rooms: [job.room] }, sweep.position, 2))).toEqual([]);
  });
});

describe.runIf(availableDatabases().includes('postgres'))('a sweep where transactions overlap', () => {
  const servers = useTestServers('postgres', 'memory');

  it('does not count as read what is committed behind it while it goes on', async () => {
    const { log, db, newJob, submit } = servers;
    const job = await newJob();
    const start = await log.horizon();
    const [holding, mayCommit] = [deferred(), deferred()];
    const holder = db.transaction(async (session) => {
      const [late] = await submitTasks(session, [submissionOf(job)]);
      holding.resolve();
      await mayCommit.promise;
      return late?.kind === 'created' ? label(late.change) : '';
    });
    await holding.promise;
    for (let n = 0; n < 5; n++) await submit(job);
    const sweep = new Sweep(log, { rooms: [job.room] }, start, 2);
    const first = (await sweep.nextPage()) ?? [];
    mayCommit.resolve();
    const late = await holder;
    const rest = await readAll(sweep);
    expect([...first, ...rest].map(label)).not.toContain(late);
    const again = await readAll(new Sweep(log, { rooms: [job.room] }, sweep.position, 2));
    expect(again.map(label)).toContain(late);
  });
});
