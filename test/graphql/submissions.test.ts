/** What a submission says comes back as it was, at the limits of each field, however it is read. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, type Caller, startApi } from '../support/api.ts';
import { availableDatabases } from '../support/database.ts';
import { newJob } from './task-in-status.ts';

const FIELDS = 'id priority runAt correlationId entityType entityId labels createdBy';
const LONG = 'ä€😀"\\'.repeat(42);

describe.each(availableDatabases())('a submission on %s', (kind) => {
  let api: Api;
  let mia: Caller;
  let job: string;

  beforeAll(async () => {
    api = await startApi(kind);
    job = (await newJob(api.admin, 'main')).fullName;
    mia = await api.caller('mia@example.com "M" 😀', 'MEMBER', ['main', 'other']);
  });
  afterAll(() => api?.close());

  it('shares the keys of a room with all who submit to it, but for a USER, whose keys are its own', async () => {
    const ada = await api.caller('ada', 'USER', ['main']);
    const bob = await api.caller('bob', 'USER', ['main']);
    const moe = await api.caller('moe', 'MEMBER', ['main']);
    const input = { room: 'main', job, idempotencyKey: 'invoice 7' };
    const submit = async (caller: Caller) => {
      const { task, duplicate } = await caller.submit(input);
      return { id: task.id as string, duplicate };
    };
    // Whoever sees only its own tasks takes no key of another in advance.
    const first = await submit(ada);
    const ofRoom = await submit(mia);
    const other = await submit(bob);
    expect([first, ofRoom, other].map(({ duplicate }) => duplicate)).toEqual([false, false, false]);
    expect(new Set([first.id, ofRoom.id, other.id]).size).toBe(3);
    expect(await submit(ada)).toEqual({ id: first.id, duplicate: true });
    expect(await submit(moe)).toEqual({ id: ofRoom.id, duplicate: true });
    expect(await submit(api.admin)).toEqual({ id: ofRoom.id, duplicate: true });
    // All at once, by everybody, and in lists.
    const key = { room: 'main', job, idempotencyKey: 'invoice 8' };
    const lists = await Promise.all([ada, bob, mia, moe].map((caller) => caller.submitAll([key, key, key])));
    const ids = lists.map(
      ({ results }) => new Set(results.map((one: { task: { id: string } }) => one.task.id)),
    );
    expect(ids.map((set) => set.size)).toEqual([1, 1, 1, 1]);
    expect(new Set(ids.map((set) => [...set][0])).size).toBe(3);
  });

  it('says how long a key is taken, and whether the payload is the one of its task', async () => {
    const submit = (rest: object, payload: object = {}) =>
      mia.ask(
        `mutation ($input: SubmitTaskInput!) { submitTask(input: $input) {
          ... on SubmitTaskSuccess { duplicate payloadDiffers task { id payload runAt createdAt transitions { nodes { reason updates { field before after } } } } }
          ... on InvalidInput { issues { path message } }
        } }`,
        { input: { room: 'main', job, payload, ...rest } },
      );
    const oneAtATime = { idempotencyKey: 'nightly', holdKey: 'UNTIL_FINISHED' };
    const first = await submit(oneAtATime);
    expect(first).toMatchObject({ duplicate: false, payloadDiffers: false });
    expect(await submit(oneAtATime, { n: 1 })).toMatchObject({
      ...{ duplicate: true, payloadDiffers: true, task: { id: first.task.id, payload: {} } },
    });
    await mia.ask('mutation ($input: CancelTaskInput!) { cancelTask(input: $input) { __typename } }', {
      input: { taskId: first.task.id },
    });
    expect(await submit(oneAtATime)).toMatchObject({ duplicate: false });

    const debounced = { idempotencyKey: 'index', debounceSeconds: 600 };
    const { task } = await submit(debounced, { n: 1 });
    expect(Date.parse(task.runAt) - Date.parse(task.createdAt)).toBe(600_000);
    const moved = await submit({ ...debounced, debounceSeconds: 900 }, { n: 2 });
    expect(moved).toMatchObject({
      ...{ duplicate: true, payloadDiffers: false },
      task: { id: task.id, payload: { n: 2 } },
    });
    expect(moved.task.transitions.nodes).toEqual([
      { reason: 'SUBMITTED', updates: [] },
      {
        reason: 'UPDATED',
        updates: [
          { field: 'runAt', before: task.runAt, after: moved.task.runAt },
          { field: 'payload', before: null, after: null },
        ],
      },
    ]);
    const { results } = await mia.submitAll([
      { room: 'main', job, payload: { n: 3 }, ...debounced },
      { room: 'main', job, idempotencyKey: 'hour', holdKeySeconds: 3_600 },
      { room: 'main', job, idempotencyKey: 'hour', holdKeySeconds: 3_600 },
    ]);
    expect(results.map((one: { duplicate: boolean }) => one.duplicate)).toEqual([true, false, true]);
    expect(results[0].task.id).toBe(task.id);

    const later = new Date(Date.now() + 60_000).toISOString();
    for (const [rest, path] of [
      [{ holdKey: 'UNTIL_FINISHED' }, 'holdKey'],
      [{ debounceSeconds: 1 }, 'debounceSeconds'],
      [{ ...oneAtATime, holdKeySeconds: 1 }, 'holdKeySeconds'],
      [{ ...debounced, holdKey: 'FOREVER' }, 'debounceSeconds'],
      [{ ...debounced, runAt: later }, 'runAt'],
      [{ ...debounced, dependsOn: [{ taskId: task.id }] }, 'dependsOn'],
      [{ ...debounced, debounceSeconds: 0 }, 'debounceSeconds'],
      [{ ...debounced, debounceSeconds: 604_801 }, 'debounceSeconds'],
      [{ idempotencyKey: 'k', holdKeySeconds: 31_536_001 }, 'holdKeySeconds'],
    ] as const) {
      expect(await submit(rest)).toMatchObject({ issues: [{ path: [path] }] });
    }
  });

  it.each<[what: string, given: object, read?: object]>([
    ['the lowest priority', { priority: -(2 ** 31) }],
    ['the highest priority', { priority: 2 ** 31 - 1 }],
    ['nothing', {}, { priority: 0, correlationId: null, entityType: null, entityId: null, labels: {} }],
    [
      'null',
      { priority: null, correlationId: null, labels: null, runAt: null, idempotencyKey: null },
      { labels: {} },
    ],
    [
      'texts at their limits',
      { correlationId: LONG, entityType: LONG, entityId: LONG, idempotencyKey: LONG },
    ],
    [
      'labels of any kind',
      { labels: { '': undefined, [LONG.slice(0, 128)]: 'x'.repeat(1_024), ' ': '', constructor: 'c' } },
    ],
    ['a time of antiquity', { runAt: '0100-01-01T00:00:00.000Z' }],
    ['the last of all times', { runAt: '9999-12-31T23:59:59.999Z' }],
    ['a time long ago', { runAt: '1582-10-04T12:00:00.001Z' }],
    ['a time before 1970', { runAt: '1969-12-31T23:59:59.999Z' }],
    ['a time without milliseconds', { runAt: '2026-03-29T02:30:00Z' }, { runAt: '2026-03-29T02:30:00.000Z' }],
    [
      'a time with more than milliseconds',
      { runAt: '2026-03-29T02:30:00.123456Z' },
      { runAt: '2026-03-29T02:30:00.123Z' },
    ],
    [
      'a time of another zone',
      { runAt: '2026-03-29T02:30:00.5-11:30' },
      { runAt: '2026-03-29T14:00:00.500Z' },
    ],
  ])('keeps %s', async (_what, given, read = given) => {
    const query = `mutation ($input: SubmitTaskInput!) { submitTask(input: $input) {
      ... on SubmitTaskSuccess { task { ${FIELDS} } } ... on InvalidInput { issues { path message } }
    } }`;
    const { task } = await mia.ask(query, { input: { room: 'main', job, ...given } });
    const { idempotencyKey: _, ...visible } = JSON.parse(JSON.stringify(read));
    expect(task).toMatchObject({ ...visible, createdBy: mia.id });
    const found = await mia.send(
      `query ($id: ID!) { task(id: $id) { ${FIELDS} } tasks(first: 1, filter: { ids: [$id] }) { nodes { ${FIELDS} } } }`,
      { id: task.id },
    );
    expect(found.data).toEqual({ task, tasks: { nodes: [task] } });
  });

  it.each<[what: string, input: object, path: string[]]>([
    ['an empty correlation', { correlationId: '' }, ['correlationId']],
    ['a correlation that is too long', { correlationId: 'x'.repeat(257) }, ['correlationId']],
    ['an empty idempotency key', { idempotencyKey: '' }, ['idempotencyKey']],
    ['an entity that is too long', { entityId: 'x'.repeat(257) }, ['entityId']],
    ['labels that are no map', { labels: ['a'] }, ['labels']],
    ['a label that is no text', { labels: { a: 1 } }, ['labels', 'a']],
    ['a label that is a map', { labels: { a: { b: 'c' } } }, ['labels', 'a']],
    ['a label without a name', { labels: { '': 'x' } }, ['labels', '']],
    [
      'a name of a label that is too long',
      { labels: { ['x'.repeat(129)]: '' } },
      ['labels', 'x'.repeat(129)],
    ],
    ['a label that is too long', { labels: { a: 'x'.repeat(1_025) } }, ['labels', 'a']],
    ['a label with a name that objects have', JSON.parse('{ "labels": { "__proto__": "x" } }'), ['labels']],
    ['a job that is too long', { job: 'x'.repeat(401) }, ['job']],
  ])('refuses %s', async (_what, input, path) => {
    const answer = await mia.submit({ room: 'main', job, ...input });
    expect(answer).toMatchObject({ __typename: 'InvalidInput', issues: [{ path }] });
  });

  it.each([
    '10000-01-01T00:00:00Z',
    '9999-12-31T23:59:59-01:00',
    '0001-01-01T00:00:00+01:00',
    '2026-02-29T00:00:00Z',
  ])('refuses the time %s', async (runAt) => {
    const query = 'mutation ($input: SubmitTaskInput!) { submitTask(input: $input) { __typename } }';
    const { errors } = await mia.send(query, { input: { room: 'main', job, runAt } });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(errors?.[0]?.message).toContain('A DateTime is written as in RFC 3339');
  });

  it('tells a hundred of many things that are wrong', async () => {
    const payload = Array(500).fill('\0');
    const { issues } = await mia.submit({ room: 'main', job, payload });
    expect(issues).toHaveLength(101);
    expect(issues[100]).toEqual({ path: [], message: '… and 400 more' });
  });

  it('with a key is made once, in its room and for its job', async () => {
    const other = (await newJob(api.admin, '@global')).fullName;
    const key = { idempotencyKey: 'once' };
    const inputs = [
      { room: 'main', job, ...key },
      { room: 'main', job: other, ...key },
      { room: 'other', job: other, ...key },
      { room: 'main', job, idempotencyKey: 'Once' },
      { room: 'main', job, ...key },
    ];
    const { results } = await mia.submitAll(inputs);
    expect(results.map(({ duplicate }: { duplicate: boolean }) => duplicate)).toEqual([
      false,
      false,
      false,
      false,
      true,
    ]);
    expect(results[4].task.id).toBe(results[0].task.id);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => mia.submit({ room: 'main', job, idempotencyKey: 'race' })),
    );
    expect(new Set(answers.map(({ task }) => task.id)).size).toBe(1);
    expect(answers.filter(({ duplicate }) => !duplicate)).toHaveLength(1);
  });
});
