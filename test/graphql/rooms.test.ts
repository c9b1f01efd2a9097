/** Rooms: what names one, on every operation that takes one; and which jobs can be run from which. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, type Caller, startApi } from '../support/api.ts';
import { operations } from './operations.ts';
import { newJob, newSchedule } from './task-in-status.ts';

let api: Api;
let admin: Caller;
let scheduleId: string;
let webhook: string;

beforeAll(async () => {
  api = await startApi('pglite');
  admin = api.admin;
  scheduleId = await newSchedule(admin, await newJob(admin, 'here'));
  webhook = (await admin.newWebhook(QUIET)).id;
});
afterAll(() => api?.close());

/** A webhook that nothing is sent to. */
const QUIET = { url: 'https://hooks.example', types: ['OPERATION_SKIPPED'] };

/** What each operation that takes a room needs besides. */
const OTHERS: Record<string, (room: string) => Record<string, unknown>> = {
  jobs: (room) => ({ room }),
  jobEvents: (room) => ({ room }),
  checkPayload: (room) => ({ room, job: 'x' }),
  blockedCounts: (room) => ({ room }),
  pauseJob: (room) => ({ input: { room, fullName: 'x' } }),
  resumeJob: (room) => ({ input: { room, fullName: 'x' } }),
  schedules: (room) => ({ room }),
  scheduleEvents: (room) => ({ room }),
  tasks: (room) => ({ room }),
  deadLetters: (room) => ({ room }),
  taskCounts: (room) => ({ room }),
  taskCountEvents: (room) => ({ room }),
  statistics: (room) => ({ room }),
  statisticsEvents: (room) => ({ room }),
  jobStatistics: (room) => ({ room }),
  errorGroups: (room) => ({ room }),
  suggest: (room) => ({ room, field: 'JOB', prefix: '' }),
  saveView: (room) => ({ input: { room, name: 'x', path: '/x', search: '' } }),
  workers: (room) => ({ filter: { room } }),
  workerEvents: (room) => ({ filter: { room } }),
  roomEvents: (room) => ({ room, after: 'none' }),
  registerJob: (room) => ({ input: { room, category: 'general', name: 'x' } }),
  submitTask: (room) => ({ input: { room, job: 'x' } }),
  submitTasks: (room) => ({ inputs: [{ room, job: 'x' }] }),
  planBulk: (room) => ({ input: { action: 'CANCEL', room, filter: {} } }),
  retryTasks: (room) => ({ input: { room } }),
  createSchedule: (room) => ({ input: { name: 'x', cron: '@daily', task: { room, job: 'x' } } }),
  updateSchedule: (room) => ({ input: { scheduleId, task: { room, job: 'x' } } }),
  discardTasks: (room) => ({ input: { room } }),
  events: (room) => ({ filter: { room } }),
  eventStream: (room) => ({ room, after: 'none' }),
  operationRuns: (room) => ({ filter: { room } }),
  operationRunEvents: (room) => ({ room }),
  runOperation: (room) => ({ input: { room, operation: 'x' } }),
  createWebhook: (room) => ({ input: { room, ...QUIET } }),
  updateWebhook: (room) => ({ input: { room, id: webhook } }),
  createApiKey: (room) => ({ input: { name: 'x', role: 'USER', rooms: [room] } }),
};
const OPERATIONS = operations({
  submitTasks: '... on SubmitTasksSuccess { results { __typename ... on Problem { detail } } }',
}).filter(({ leaves }) => leaves.some(({ path }) => path.includes('room') || path.includes('rooms')));

const BAD = {
  'an empty text': '',
  'another reserved name': '@local',
  'a sign for something else': 'a@b',
  'the separator of names': 'a:b',
  'white space': 'a b',
  'white space that cannot be seen': 'a\u200bb',
  'a line': 'a\nb',
  'a control character': 'a\u0007b',
  'too many characters': 'x'.repeat(129),
};
const GOOD = ['@global', 'a', 'x'.repeat(128), 'Zimmer-42/ä.é_😀', '..', '%20', '*'];

async function ask(name: string, room: string) {
  const operation = OPERATIONS.find((one) => one.name === name);
  const document = operation?.document ?? '';
  const variables = OTHERS[name]?.(room) ?? {};
  if (operation?.kind !== 'subscription') return admin.send(document, variables);
  const stream = admin.subscribe('SSE', document, variables);
  return stream.next();
}

describe('what is no room', () => {
  it('is tried on every operation that takes one', () => {
    expect(Object.keys(OTHERS).sort()).toEqual(OPERATIONS.map(({ name }) => name).sort());
  });

  it.each(Object.entries(BAD))('is refused by all of them: %s', async (_what, room) => {
    for (const name of Object.keys(OTHERS)) {
      const { data, errors } = await ask(name, room);
      // biome-ignore lint/suspicious/noExplicitAny: answers of any shape
      const [found] = Object.values(data ?? {}) as any[];
      const problem = errors?.[0]?.extensions?.['problem'] ?? found?.results?.[0] ?? found;
      expect(errors?.[0]?.extensions?.['code'] ?? problem.__typename).toMatch(
        /^INVALID_ROOM_ID$|^InvalidRoomId$/,
      );
      expect(problem.detail).toMatch(/is no room id: use 1 to 128 characters/);
    }
  });

  it.each(GOOD)('is not %s', async (room) => {
    for (const name of Object.keys(OTHERS)) {
      expect(JSON.stringify(await ask(name, room))).not.toMatch(/INVALID_ROOM_ID|InvalidRoomId/);
    }
  });
});

describe('a room', () => {
  const names = async (caller: Caller, room: string, category?: string) => {
    const query = `query ($room: String!, $category: String) {
      jobs(room: $room, category: $category, first: 100) { nodes { fullName } }
    }`;
    const { nodes } = await caller.ask(query, { room, category });
    return nodes.map(({ fullName }: { fullName: string }) => fullName);
  };

  it('lists its jobs and those of @global, and @global only its own', async () => {
    const own = (await newJob(admin, 'lists')).fullName;
    const other = (await newJob(admin, 'lists-not')).fullName;
    const shared = (await newJob(admin, '@global')).fullName;
    const special = (await newJob(admin, 'lists', { category: 'analysis' })).fullName;
    const user = await api.caller('u', 'USER', ['lists']);
    const [here, global] = [await names(user, 'lists'), await names(user, '@global')];
    expect(here).toEqual(expect.arrayContaining([own, shared, special]));
    expect(here).not.toContain(other);
    expect(global).toContain(shared);
    expect(global.every((name: string) => name.startsWith('@global:'))).toBe(true);
    expect(await names(user, 'lists', 'analysis')).toEqual([special]);
    expect(await names(user, 'lists', 'no-category')).toEqual([]);
  });

  it('runs its jobs and those of @global, which keep the task in the room', async () => {
    const own = (await newJob(admin, 'runs')).fullName;
    const shared = (await newJob(admin, '@global')).fullName;
    const other = (await newJob(admin, 'runs-not')).fullName;
    for (const job of [own, shared]) {
      expect((await admin.submit({ room: 'runs', job })).task).toMatchObject({
        room: 'runs',
        job: { fullName: job },
      });
    }
    for (const [room, job] of [
      ['runs', other],
      ['@global', own],
    ] as const) {
      expect(await admin.submit({ room, job })).toMatchObject({ __typename: 'JobNotFound' });
    }
  });

  it('has a job for each name, and finds it by exactly that', async () => {
    const { fullName, id } = await newJob(admin, 'Names');
    expect(await admin.ask('query ($n: String!) { job(fullName: $n) { id } }', { n: fullName })).toEqual({
      id,
    });
    for (const n of [fullName.toLowerCase(), `${fullName} `, fullName.slice(0, -1), '']) {
      expect(await admin.ask('query ($n: String!) { job(fullName: $n) { id } }', { n })).toBeNull();
    }
  });
});
