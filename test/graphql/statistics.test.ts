/** Statistics through the API: what is told, to whom, and live. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, type Caller, startApi } from '../support/api.ts';
import { PROTOCOLS } from '../support/client.ts';
import { newJob, taskIn } from './task-in-status.ts';

const ACTIVITY = `at submitted completed failed cancelled attemptsFailed failureRate throughput
  wait { p50 p95 p99 } run { p50 p95 p99 }`;
const STATISTICS = `counts { byStatus { status count } total queueDepth } oldestPendingSince
  window { ${ACTIVITY} } series { ${ACTIVITY} }`;
const QUERY = `query ($room: String, $job: String, $window: StatisticsWindow! = {}) {
  statistics(room: $room, job: $job, window: $window) { ${STATISTICS} } }`;
const EVENTS = `subscription ($room: String, $job: String) {
  statisticsEvents(room: $room, job: $job) { counts { byStatus { status count } queueDepth } } }`;

let api: Api;
let admin: Caller;

beforeAll(async () => {
  api = await startApi('pglite');
  admin = api.admin;
  const cast = { worker: admin, submitter: admin, room: 'main' };
  for (const status of ['COMPLETED', 'FAILED', 'CANCELLED', 'PENDING', 'RUNNING'] as const)
    await taskIn(status, cast);
  await taskIn('COMPLETED', { ...cast, room: 'elsewhere' });
});
afterAll(() => api?.close());

const byStatus = ({ counts }: { counts: { byStatus: { status: string; count: number }[] } }) =>
  Object.fromEntries(
    counts.byStatus.filter(({ count }) => count > 0).map(({ status, count }) => [status, count]),
  );

describe('statistics', () => {
  it('of a room tell what there is, and what has happened', async () => {
    const statistics = await admin.ask(QUERY, { room: 'main' });
    expect(byStatus(statistics)).toEqual({ COMPLETED: 1, FAILED: 1, CANCELLED: 1, PENDING: 1, RUNNING: 1 });
    expect(statistics.counts).toMatchObject({ total: 5, queueDepth: 1 });
    expect(statistics.counts.byStatus).toHaveLength(8);
    expect(statistics.oldestPendingSince).toEqual(expect.any(String));
    expect(statistics.window).toMatchObject({
      ...{ submitted: 5, completed: 1, failed: 1, cancelled: 1, attemptsFailed: 1, failureRate: 0.5 },
      run: { p50: expect.any(Number), p99: expect.any(Number) },
      wait: { p50: expect.any(Number) },
    });
    expect(statistics.window.throughput).toBeGreaterThan(0);
    expect(statistics.series).toHaveLength(60);
    const sum = statistics.series.reduce(
      (total: number, { submitted }: { submitted: number }) => total + submitted,
      0,
    );
    expect(sum).toBe(5);
    expect(statistics.series[0]).toMatchObject({ submitted: 0, failureRate: null, run: null });
    const minutes = statistics.series.map(({ at }: { at: string }) => new Date(at).getTime() / 60_000);
    expect(minutes.every((minute: number, index: number) => minute === minutes[0] + index)).toBe(true);
  });

  it.each([
    [{ last: 24, interval: 'HOUR' }, 24],
    [{ last: 7, interval: 'DAY' }, 7],
    [{ last: 1 }, 1],
  ])('have a series of the window: %j', async (window, points) => {
    const { series, window: whole } = await admin.ask(QUERY, { room: 'main', window });
    expect(series).toHaveLength(points);
    expect(whole.at).toBe(series[0].at);
  });

  it.each([{ last: 0 }, { last: 361 }, { last: 367, interval: 'DAY' }])(
    'refuse a window that is none: %j',
    async (window) => {
      const { errors } = await admin.send(QUERY, { room: 'main', window });
      expect(errors).toMatchObject([
        { extensions: { code: 'INVALID_INPUT', problem: { issues: [{ path: ['window', 'last'] }] } } },
      ]);
    },
  );

  it('of all rooms are those that the caller belongs to', async () => {
    expect((await admin.ask(QUERY)).counts.total).toBe(6);
    const member = await api.caller('mia', 'MEMBER', ['elsewhere', 'nowhere']);
    expect(byStatus(await member.ask(QUERY))).toEqual({ COMPLETED: 1 });
    const nobody = await api.caller('nora', 'MEMBER', []);
    expect((await nobody.ask(QUERY)).counts.total).toBe(0);
    const user = await api.caller('uma', 'USER', ['main']);
    for (const variables of [{}, { room: 'main' }]) {
      expect((await user.send(QUERY, variables)).errors).toMatchObject([
        {
          message: expect.stringContaining('MEMBER, WORKER and ADMIN do'),
          extensions: { code: 'FORBIDDEN' },
        },
      ]);
    }
    const { errors } = await user.send(QUERY, { room: 'elsewhere' });
    expect(errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
  });

  it('of a job are none where the caller does not see the job', async () => {
    const job = await newJob(admin, 'main');
    await admin.submit({ room: 'main', job: job.fullName });
    expect(byStatus(await admin.ask(QUERY, { job: job.fullName }))).toEqual({ PENDING: 1 });
    const member = await api.caller('mia', 'MEMBER', ['elsewhere']);
    for (const name of [job.fullName, 'main:general:none', 'a\0b']) {
      expect((await member.send(QUERY, { job: name })).errors).toMatchObject([
        { message: 'The job was not found.', extensions: { code: 'NOT_FOUND' } },
      ]);
    }
  });

  it.each(PROTOCOLS)('come live over %s: as they are, then as they change', async (protocol) => {
    const job = await newJob(admin, 'main');
    for (const variables of [{ room: 'main', job: job.fullName }, { job: job.fullName }]) {
      const stream = admin.subscribe(protocol, EVENTS, variables);
      const before = await stream.event();
      await admin.submit({ room: 'main', job: job.fullName });
      let now = before;
      while (now.counts.queueDepth !== before.counts.queueDepth + 1) now = await stream.event();
      stream.close();
    }
  });

  it('come with the points that are moving, as a series has them', async () => {
    const job = await newJob(admin, 'main');
    const points = 'points { at submitted throughput }';
    const events = `subscription ($job: String!) { statisticsEvents(room: "main", job: $job, interval: HOUR) {
      counts { queueDepth } ${points} } }`;
    const stream = admin.subscribe('WebSocket', events, { job: job.fullName });
    const first = await stream.event();
    expect(first).toMatchObject({ counts: { queueDepth: 0 }, points: [{ submitted: 0 }, { submitted: 0 }] });
    await admin.submit({ room: 'main', job: job.fullName });
    let now = first;
    while (now.counts.queueDepth === 0) now = await stream.event();
    const { series } = await admin.ask(QUERY, { job: job.fullName, window: { last: 2, interval: 'HOUR' } });
    expect(now.points).toMatchObject(
      series.map(({ at, submitted }: { at: string; submitted: number }) => ({ at, submitted })),
    );
    expect(series[1].submitted).toBe(1);
    stream.close();
    const plain = admin.subscribe('SSE', `subscription { statisticsEvents(room: "main") { ${points} } }`);
    expect(await plain.event()).toEqual({ points: [] });
    plain.close();
  });
});

describe('statistics of jobs', () => {
  const JOBS = `query ($room: String, $window: StatisticsWindow! = {}, $order: JobStatisticsOrder! = BACKLOG, $first: Int! = 20) {
    jobStatistics(room: $room, window: $window, order: $order, first: $first) { job { fullName workerCount } ${STATISTICS} } }`;

  it('are those that each job has by itself, in one answer', async () => {
    const window = { last: 3, interval: 'HOUR' };
    const jobs = await admin.ask(JOBS, { room: 'main', window });
    expect(jobs.length).toBeGreaterThan(3);
    for (const { job, ...statistics } of jobs) {
      const alone = await admin.ask(QUERY, { room: 'main', job: job.fullName, window });
      // Points a second, of the one that is under way: the clock goes on.
      for (const one of [statistics, alone])
        for (const span of [one.window, ...one.series]) delete span.throughput;
      expect(statistics).toEqual(alone);
    }
  });

  it('stand in the order that is asked for', async () => {
    const of = async (order: string, first = 20) => admin.ask(JOBS, { room: 'main', order, first });
    const backlog = (await of('BACKLOG')).map(
      ({ counts }: { counts: { queueDepth: number } }) => counts.queueDepth,
    );
    expect(backlog).toEqual([...backlog].sort((a: number, b: number) => b - a));
    expect((await of('FAILURES', 1))[0].window.failed).toBe(1);
    expect((await of('THROUGHPUT', 1))[0].window.throughput).toBeGreaterThan(0);
    expect((await of('RUN_P95', 1))[0].window.run.p95).toBeGreaterThan(0);
    expect(await of('BACKLOG', 2)).toHaveLength(2);
  });

  it('are those of the rooms of the caller, and none for a USER', async () => {
    const member = await api.caller('mia', 'MEMBER', ['elsewhere', 'nowhere']);
    expect(await member.ask(JOBS)).toMatchObject([{ counts: { total: 1 }, window: { completed: 1 } }]);
    expect(await member.ask(JOBS, { room: 'nowhere' })).toEqual([]);
    const user = await api.caller('uma', 'USER', ['main']);
    expect((await user.send(JOBS)).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });

  it.each([{ first: 0 }, { first: 101 }, { first: 20, window: { last: 744, interval: 'HOUR' } }])(
    'are bounded: %j',
    async (variables) => {
      const { errors } = await admin.send(JOBS, { room: 'main', ...variables });
      expect(errors).toMatchObject([
        { extensions: { code: 'INVALID_INPUT', problem: { issues: [{ path: ['first'] }] } } },
      ]);
    },
  );
});
