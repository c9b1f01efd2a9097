/** Schedules that the code declares beside a job. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineJob, type JobSchedule } from '../../../src/client/index.ts';
import { createWorker } from '../../../src/client/worker/index.ts';
import { type Api, type Caller, startApi } from '../../support/api.ts';
import { quiet } from '../client-fixture.ts';

let api: Api;
let wim: Caller;
beforeAll(async () => {
  api = await startApi('pglite');
  // No administrator: whoever may serve a job of its rooms may declare its schedules.
  wim = await api.caller('wim', 'WORKER', ['lab']);
}, 60_000);
afterAll(() => api?.close());

interface Found {
  id: string;
  name: string;
  cron: string;
  version: number;
  pausedAt: string | null;
  task: { payload: unknown; limitKey: string | null };
}
const LIST =
  '{ schedules(first: 100) { nodes { id name cron version pausedAt task { payload limitKey } } } }';
const list = async (): Promise<Found[]> => (await wim.ask(LIST)).nodes;
const byName = async () => new Map((await list()).map((found) => [found.name, found]));

const reportWith = (schedules?: JobSchedule<{ days: number }>[]) =>
  defineJob({
    room: 'lab',
    name: 'report',
    payload: z.object({ days: z.int() }),
    ...(schedules && { schedules }),
  });

/** A worker from its start to its stop. */
async function runWorker(schedules?: JobSchedule<{ days: number }>[]): Promise<void> {
  const worker = createWorker({ url: api.url, token: wim.token, name: 'reports', logger: quiet });
  worker.job(reportWith(schedules), () => null);
  await worker.start();
  await worker.stop();
}

const nightly = { name: 'nightly', cron: '30 2 * * *', timeZone: 'Europe/Berlin', payload: { days: 1 } };
const weekly = { name: 'weekly', cron: '@weekly', payload: { days: 7 }, overlap: 'QUEUE' as const };

describe('declared schedules', () => {
  it('are created, changed and removed with the code; what is the same is not touched', async () => {
    await runWorker([nightly, weekly]);
    const first = await byName();
    expect([...first.keys()].sort()).toEqual(['report#nightly', 'report#weekly']);

    await runWorker([nightly, { ...weekly, payload: { days: 8 }, limitKey: 'acme' }]);
    const second = await byName();
    expect(second.get('report#nightly')).toEqual(first.get('report#nightly'));
    expect(second.get('report#weekly')).toMatchObject({
      ...{ id: first.get('report#weekly')?.id, task: { payload: { days: 8 }, limitKey: 'acme' } },
    });

    await runWorker([nightly]);
    expect((await list()).map(({ name }) => name)).toEqual(['report#nightly']);
  });

  it('leave alone what people have made, and what they have paused', async () => {
    const task = { job: 'lab:general:report', room: 'lab', payload: { days: 3 } };
    await wim.ask(
      `mutation ($input: CreateScheduleInput!) { createSchedule(input: $input) { __typename } }`,
      { input: { name: 'by hand', cron: '@daily', task } },
    );
    const [declared] = (await list()).filter(({ name }) => name === 'report#nightly');
    await wim.ask(
      `mutation ($input: UpdateScheduleInput!) { updateSchedule(input: $input) { __typename } }`,
      { input: { scheduleId: declared?.id, paused: true } },
    );
    await runWorker([{ ...nightly, cron: '0 3 * * *' }]);
    const found = await byName();
    expect([...found.keys()].sort()).toEqual(['by hand', 'report#nightly']);
    expect(found.get('report#nightly')).toMatchObject({ cron: '0 3 * * *', pausedAt: expect.any(String) });
  });

  it('are left alone by code that says nothing of them, and removed by an empty list', async () => {
    await runWorker();
    expect([...(await byName()).keys()]).toContain('report#nightly');
    await runWorker([]);
    expect([...(await byName()).keys()]).toEqual(['by hand']);
  });

  it('are there once, however many workers start at the same time', async () => {
    await Promise.all(Array.from({ length: 4 }, () => runWorker([nightly, weekly])));
    expect((await list()).map(({ name }) => name).sort()).toEqual([
      'by hand',
      'report#nightly',
      'report#weekly',
    ]);
  });

  it('that are wrong end the start, and say which and why', async () => {
    const start = runWorker([{ ...nightly, name: 'broken', cron: '61 * * * *' }]);
    await expect(start).rejects.toMatchObject({
      ...{ name: 'InvalidInput', message: expect.stringContaining('The schedule report#broken is refused') },
    });
    await expect(runWorker([{ ...nightly, payload: { days: 'one' as never } }])).rejects.toMatchObject({
      name: 'InvalidInput',
    });
    await expect(runWorker([nightly, nightly])).rejects.toThrow('have the same name');
  });

  it('need a room where the job belongs to none', async () => {
    const admin = await api.caller('root', 'ADMIN', []);
    const worker = createWorker({ url: api.url, token: admin.token, name: 'everywhere', logger: quiet });
    const job = defineJob({
      name: 'anywhere',
      payload: z.object({}),
      schedules: [{ name: 'daily', cron: '@daily' }],
    });
    worker.job(job, () => null);
    await expect(worker.start()).rejects.toThrow('say for its schedule daily which one');
  });
});
