/** Changes that change nothing: the answer is how it is, and nothing is written, least of all to the audit log. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, type Caller, PROBLEM, startApi } from '../support/api.ts';
import { availableDatabases } from '../support/database.ts';
import { newJob } from './task-in-status.ts';

const EVENTS = '{ events(first: 100) { nodes { id type } } }';

describe.each(availableDatabases())('what is so already on %s', (kind) => {
  let api: Api;
  let admin: Caller;

  beforeAll(async () => {
    api = await startApi(kind);
    admin = api.admin;
  });
  afterAll(() => api?.close());

  const change = (verb: string, input: object, gives: string) => {
    const type = `${verb[0]?.toUpperCase()}${verb.slice(1)}Input`;
    return admin.ask(
      `mutation ($input: ${type}!) { ${verb}(input: $input) { ${PROBLEM} ... on ${gives} } }`,
      {
        input,
      },
    );
  };
  /** Types of the entries that a change has written. */
  async function entriesOf(act: () => Promise<unknown>): Promise<string[]> {
    const before = new Set((await admin.ask(EVENTS)).nodes.map(({ id }: { id: string }) => id));
    await act();
    const after: { id: string; type: string }[] = (await admin.ask(EVENTS)).nodes;
    return after.filter(({ id }) => !before.has(id)).map(({ type }) => type);
  }

  it('stays so: a job', async () => {
    const { fullName } = await newJob(admin, 'same');
    const limits = [{ name: 'few', scope: 'ROOM', maxRunning: 3 }];
    const settings = {
      description: 'd',
      timeoutSeconds: 5,
      retryPolicy: { maxAttempts: 2, backoffSeconds: [1, 2] },
    };
    const JOB =
      'JobSuccess { job { id description timeoutSeconds limits { name } retryPolicy { maxAttempts backoffSeconds } } }';
    const update = (more: object) => change('updateJob', { fullName, ...more }, JOB);
    const expected = { job: { description: 'd', timeoutSeconds: 5, limits: [{ name: 'few' }] } };
    expect(await entriesOf(() => update({ ...settings, limits }))).toEqual(['JOB_UPDATED']);
    const same = [{ ...settings, limits }, { description: 'd' }, { timeoutSeconds: 5 }, { limits }];
    for (const more of [...same, { retryPolicy: { backoffSeconds: [1, 2] } }]) {
      expect(await entriesOf(async () => expect(await update(more)).toMatchObject(expected))).toEqual([]);
    }
    expect(await entriesOf(() => update({ ...settings, limits: [] }))).toEqual(['JOB_UPDATED']);
    expect(await entriesOf(() => update({ description: null }))).toEqual(['JOB_UPDATED']);
    expect(await entriesOf(() => update({ description: null }))).toEqual([]);
  });

  it('stays so: a pause, a retirement', async () => {
    const { fullName } = await newJob(admin, 'same');
    const acts = [
      ['pauseJob', { fullName, reason: 'r' }, 'PauseJobSuccess { pause { reason } }', 'JOB_PAUSED'],
      ['resumeJob', { fullName }, 'ResumeJobSuccess { job { id } }', 'JOB_RESUMED'],
    ] as const;
    for (const [verb, input, gives, type] of acts) {
      expect(await entriesOf(() => change(verb, input, gives))).toEqual([type]);
      expect(await entriesOf(() => change(verb, { ...input, reason: undefined }, gives))).toEqual([]);
    }
    for (const [verb, type] of [
      ['retireJob', 'JOB_RETIRED'],
      ['restoreJob', 'JOB_RESTORED'],
    ]) {
      const act = () =>
        admin.ask(`mutation ($input: JobInput!) { ${verb}(input: $input) { ${PROBLEM} } }`, {
          input: { fullName },
        });
      expect(await entriesOf(act)).toEqual([type]);
      expect(await entriesOf(act)).toEqual([]);
    }
  });

  it('stays so: a schedule, a webhook, a saved view, a key that is revoked, a worker that is drained', async () => {
    const { fullName: job } = await newJob(admin, 'same');
    const task = { room: 'same', job, payload: { b: 1, a: [2] }, labels: { x: 'y' } };
    const SCHEDULE = 'ScheduleSuccess { schedule { id version updatedAt pausedAt } }';
    const timing = { name: 'n', cron: '0 0 29 2 *', timeZone: 'UTC', paused: true };
    const { schedule } = await change('createSchedule', { ...timing, task }, SCHEDULE);
    const update = (more: object) => change('updateSchedule', { scheduleId: schedule.id, ...more }, SCHEDULE);
    for (const more of [{ ...timing, task }, { paused: true }, { cron: '0  0 29 2 *' }, {}]) {
      expect(await entriesOf(async () => expect(await update(more)).toMatchObject({ schedule }))).toEqual([]);
    }
    expect(await entriesOf(() => update({ paused: false }))).toEqual(['SCHEDULE_UPDATED']);

    const target = { url: 'https://example.com/hook', types: ['TASK_FAILED'], minSeverity: 'WARNING' };
    const { id } = await admin.newWebhook(target);
    const WEBHOOK = 'UpdateWebhookSuccess { secret webhook { id updatedAt enabled } }';
    const save = (more: object) => change('updateWebhook', { id, ...more }, WEBHOOK);
    const { webhook } = await save({});
    for (const more of [target, { enabled: true }, {}]) {
      expect(
        await entriesOf(async () =>
          expect(await save(more)).toEqual(expect.objectContaining({ secret: null, webhook })),
        ),
      ).toEqual([]);
    }
    expect(await entriesOf(() => save({ rotateSecret: true }))).toEqual(['WEBHOOK_UPDATED']);
    expect(await entriesOf(() => save({ enabled: false }))).toEqual(['WEBHOOK_UPDATED']);

    const contents = { name: 'v', path: '/tasks', search: 'a=b' };
    const VIEW = 'SaveViewSuccess { view { id updatedAt } }';
    const { view } = await change('saveView', contents, VIEW);
    expect(await change('saveView', { ...contents, id: view.id }, VIEW)).toMatchObject({ view });

    const { apiKey } = await admin.createKey({ name: 'k', role: 'USER' });
    const revoke = () => admin.ask(`mutation { revokeApiKey(id: "${apiKey.id}") { ${PROBLEM} } }`);
    expect(await entriesOf(revoke)).toEqual(['API_KEY_REVOKED']);
    expect(await entriesOf(revoke)).toEqual([]);

    const workerId = await admin.newWorker();
    const drain = () => change('drainWorker', { workerId }, 'DrainWorkerSuccess { worker { id } }');
    expect(await entriesOf(drain)).toEqual(['WORKER_DRAINED']);
    expect(await entriesOf(drain)).toEqual([]);
  });
});
