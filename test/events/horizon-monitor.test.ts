import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { monitorHorizon } from '../../src/events/horizon-monitor.ts';
import { type HorizonState, openLog } from '../../src/store/log/log.ts';
import { submitTasks } from '../../src/store/tasks/submit/submit.ts';
import { availableDatabases } from '../support/database.ts';
import { createTestStore, submissionOf, type TestStore } from '../support/test-store.ts';
import { recordingLogger } from './inbox.ts';

const look = async () => ({ epoch: '', next: '0' });

describe('the watch over the horizon', () => {
  it('tells once when it is held for too long, by whom, and when it moves again', async () => {
    let state: HorizonState = { xid: '7', held: true, holder: { pid: 42 } };
    let looks = 0;
    const logger = recordingLogger();
    const horizonState = async () => {
      looks++;
      return state;
    };
    const watch = monitorHorizon({ log: { horizonState, look }, logger, intervalMs: 2, warnAfterMs: 20 });
    expect(watch.lagSeconds()).toBe(0);
    await expect.poll(() => logger.lines.length, { interval: 2 }).toBe(1);
    expect(logger.lines[0]).toMatchObject({ level: 'warn', details: { xid: '7', holder: { pid: 42 } } });
    expect(watch.lagSeconds()).toBeGreaterThanOrEqual(0.02);
    state = { xid: '9', held: false, holder: {} };
    await expect.poll(() => logger.lines.length, { interval: 2 }).toBe(2);
    expect(logger.lines[1]?.level).toBe('info');
    expect(watch.lagSeconds()).toBe(0);
    watch.close();
    const before = looks;
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(looks).toBeLessThanOrEqual(before + 1);
  });

  it('says nothing where one transaction after the other holds it, and bears a database that is away', async () => {
    let looks = 0;
    const logger = recordingLogger();
    const horizonState = async () => {
      if (++looks % 5 === 0) throw new Error('no database');
      return { xid: String(looks), held: true, holder: {} };
    };
    const watch = monitorHorizon({ log: { horizonState, look }, logger, intervalMs: 0, warnAfterMs: 1_000 });
    await expect.poll(() => looks, { interval: 2 }).toBeGreaterThan(50);
    watch.close();
    expect(logger.lines.filter(({ level }) => level !== 'debug')).toEqual([]);
  });
});

describe.each(availableDatabases())('the state of the horizon on %s', (kind) => {
  let testStore: TestStore;

  beforeAll(async () => {
    testStore = await createTestStore(kind);
  });
  afterAll(() => testStore.close());

  it('is where the horizon is', async () => {
    await testStore.submit(await testStore.newJob());
    const before = await testStore.log.horizon();
    const { xid } = await testStore.log.horizonState();
    expect(BigInt(xid)).toBeGreaterThanOrEqual(BigInt(before.xid));
    if (kind === 'pglite')
      expect(await testStore.log.horizonState()).toEqual({ xid, held: false, holder: {} });
  });

  it.runIf(kind === 'postgres')('names who holds it, also to a role that may see nothing', async () => {
    const job = await testStore.newJob();
    await testStore.db.session(async (session) => {
      const unprivileged = await openLog({ ...testStore.db, query: (...asked) => session.query(...asked) });
      await session.script('SET ROLE pg_signal_backend');
      await testStore.db.transaction(async (holding) => {
        await submitTasks(holding, [submissionOf(job)]);
        const [{ pid } = { pid: 0 }] = await holding.query<{ pid: number }>({
          name: 'test_pid',
          text: 'SELECT pg_backend_pid() AS pid',
        });
        await testStore.submit(job);
        // What runs beside this test may hold it for a moment.
        const isOurs = { held: true, holder: { pid, application: 'signalbox', user: expect.any(String) } };
        await expect.poll(() => testStore.log.horizonState(), { timeout: 20_000 }).toMatchObject(isOurs);
        expect((await testStore.log.horizonState()).holder).toMatchObject({ since: expect.any(Date) });
        await expect.poll(() => unprivileged.horizonState(), { timeout: 20_000 }).toMatchObject(isOurs);
      });
      await session.script('RESET ROLE');
    });
  });
});
