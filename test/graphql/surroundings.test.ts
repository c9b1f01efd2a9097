/** What a caller learns of itself, of the rooms, and of the server. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { type Api, type Caller, startApi } from '../support/api.ts';
import { newJob, taskIn } from './task-in-status.ts';

const ROOMS = `query ($prefix: String, $first: Int, $after: String, $last: Int, $before: String) {
  rooms(prefix: $prefix, first: $first, after: $after, last: $last, before: $before) {
    nodes { name counts { total byStatus { status count } } jobs workers lastSubmittedAt }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  } }`;
const VIEWER = `{ viewer { id role rooms tier rateLimit { limit remaining resetAt } expiresAt
  canOperate canManageKeys canRegisterWorkers } }`;

let api: Api;
let admin: Caller;
const names = ['abc', 'abd', 'b', 'ä', '😀'];

beforeAll(async () => {
  api = await startApi('pglite');
  admin = api.admin;
  for (const room of names) {
    await taskIn('COMPLETED', { worker: admin, submitter: admin, room });
    await admin.newWorker(await newJob(admin, room));
  }
});
afterAll(() => api?.close());

const namesOf = ({ nodes }: { nodes: { name: string }[] }) => nodes.map(({ name }) => name);

describe('rooms', () => {
  it('are all that have jobs or tasks, in order, for who belongs to all; page by page, forth and back', async () => {
    const { nodes, pageInfo } = await admin.ask(ROOMS);
    expect(namesOf({ nodes })).toEqual(names);
    expect(nodes[0]).toMatchObject({ counts: { total: 1 }, jobs: 2, lastSubmittedAt: expect.any(String) });
    expect(nodes[0].workers).toBeGreaterThan(0);
    expect(pageInfo).toMatchObject({ hasNextPage: false, startCursor: 'abc', endCursor: '😀' });
    const first = await admin.ask(ROOMS, { first: 3 });
    expect(first.pageInfo.hasNextPage).toBe(true);
    const second = await admin.ask(ROOMS, { first: 3, after: first.pageInfo.endCursor });
    expect([...namesOf(first), ...namesOf(second)]).toEqual(names);
    const last = await admin.ask(ROOMS, { last: 2, before: 'ä' });
    expect([namesOf(last), last.pageInfo.hasPreviousPage]).toEqual([['abd', 'b'], true]);
    expect(namesOf(await admin.ask(ROOMS, { prefix: 'ab' }))).toEqual(['abc', 'abd']);
    expect(namesOf(await admin.ask(ROOMS, { prefix: '%' }))).toEqual([]);
  });

  it('are those of the caller, whether there is anything in them or not', async () => {
    const member = await api.caller('mia', 'MEMBER', ['b', 'empty', 'b']);
    const { nodes } = await member.ask(ROOMS);
    expect(nodes).toMatchObject([
      { name: 'b', counts: { total: 1 }, jobs: 2 },
      { name: 'empty', counts: { total: 0 }, jobs: 0, workers: 0, lastSubmittedAt: null },
    ]);
    const nobody = await api.caller('nora', 'MEMBER', []);
    expect(namesOf(await nobody.ask(ROOMS))).toEqual([]);
  });

  it('show a USER nothing of the tasks of others, and no workers', async () => {
    const user = await api.caller('uma', 'USER', ['b']);
    expect((await user.ask(ROOMS)).nodes).toEqual([
      { name: 'b', counts: null, jobs: 2, workers: null, lastSubmittedAt: null },
    ]);
  });

  it('refuse what can be no part of a name', async () => {
    for (const variables of [{ prefix: 'x'.repeat(129) }, { after: 'a\0' }, { first: 101 }]) {
      const { errors } = await admin.send(ROOMS, variables);
      expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT' } }]);
    }
  });
});

describe('the viewer', () => {
  it('has no limit as an ADMIN, and may do everything', async () => {
    expect(await admin.ask(VIEWER)).toMatchObject({
      ...{ role: 'ADMIN', rooms: ['*'], tier: null, rateLimit: null },
      ...{ canOperate: true, canManageKeys: true, canRegisterWorkers: true },
    });
  });

  it('sees its points as they are after this operation, and when its token ends', async () => {
    const member = await api.caller('max', 'MEMBER', ['b']);
    const [one, other] = [await member.ask(VIEWER), await member.ask(VIEWER)];
    expect(one).toMatchObject({
      ...{ id: 'max', role: 'MEMBER', expiresAt: expect.any(String) },
      ...{ canOperate: false, canManageKeys: false, canRegisterWorkers: false },
    });
    if (one.tier === null) return expect(one.rateLimit).toBeNull();
    expect(other.rateLimit).toMatchObject({
      ...{ limit: one.rateLimit.limit, remaining: one.rateLimit.remaining - 1 },
      resetAt: expect.any(String),
    });
  });
});

it('the server says what it is', async () => {
  const user = await api.caller('uma', 'USER', []);
  const server =
    await user.ask(`{ server { version storage spreading categories workerTimeoutSeconds readOnly now
    retention { completedDays failedDays deadLetterDays eventDays } } }`);
  expect(server).toMatchObject({
    ...{ version: packageJson.version, storage: 'EMBEDDED', spreading: 'PROCESS', readOnly: false },
    ...{ workerTimeoutSeconds: expect.any(Number), now: expect.any(String) },
    retention: { completedDays: 7, failedDays: 30, deadLetterDays: 180, eventDays: expect.any(Number) },
  });
  expect(server.categories.length).toBeGreaterThan(0);
});
