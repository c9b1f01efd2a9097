/** Each filter of lists, alone and with others; and that a stream with the filter means the same. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, type Caller, startApi } from '../support/api.ts';
import { availableDatabases } from '../support/database.ts';
import { newJob } from './task-in-status.ts';

const ODD = ['a.b', 'a"b', "a'b", 'a\\b', '{a}', '$', 'a,b', '0', ' ', 'ä€😀', 'constructor'];

describe.each(availableDatabases())('filters on %s', (kind) => {
  let api: Api;
  let ann: Caller;
  let start: string;
  const jobs: string[] = [];
  /** Names of tasks by their ids. */
  const names = new Map<string, string>();
  const times = new Map<string, string>();
  /** Where the room stood before anything was submitted. */
  let cursor: string;

  beforeAll(async () => {
    api = await startApi(kind);
    ann = await api.caller('ann', 'MEMBER', ['main', 'other']);
    const bob = await api.caller('bob', 'MEMBER', ['main', 'other']);
    for (let n = 0; n < 2; n++) jobs.push((await newJob(api.admin, 'main')).fullName);
    const other = (await newJob(api.admin, 'other')).fullName;
    cursor = (await ann.ask('{ tasks { streamCursor } }')).streamCursor;
    start = new Date(Date.now() - 60_000).toISOString();
    const [a, b] = jobs;
    const submit = async (name: string, by: Caller, input: object) => {
      const { task } = await by.submit({ room: 'main', job: a, ...input });
      names.set(task.id, name);
      times.set(
        name,
        (await by.ask(`query ($id: ID!) { task(id: $id) { createdAt } }`, { id: task.id })).createdAt,
      );
    };
    await submit('plain', ann, {});
    await submit('of bob', bob, { correlationId: 'c-1' });
    await submit('of b', ann, { job: b, correlationId: 'c-1' });
    await submit('labelled', ann, { labels: { env: 'test', 'a.b': 'c' } });
    await submit('labelled otherwise', ann, { labels: { env: 'live', a: 'b' } });
    await submit('oddly labelled', bob, {
      labels: Object.fromEntries(ODD.map((label) => [label, `=${label}`])),
    });
    await submit('with an entity', ann, {
      ...{ entityType: 'repo', entityId: '1', idempotencyKey: 'k-1' },
      payload: { user: { id: 7, name: 'Ada' }, 'a/b': [1, 'two'], none: null },
    });
    await submit('with another', ann, {
      ...{
        entityType: 'repo',
        entityId: '2',
        idempotencyKey: 'k-2',
        priority: -3,
        runAt: '2999-01-01T00:00:00Z',
      },
    });
    await submit('cancelled', bob, { labels: { env: 'test' } });
    await submit('elsewhere', bob, { room: 'other', job: other, correlationId: 'c-1' });
    await ann.act('cancelTask', { taskId: idOf('cancelled') });
  });
  afterAll(() => api?.close());

  const idOf = (name: string) => [...names].find(([, one]) => one === name)?.[0] as string;

  async function find(filter: object, room?: string): Promise<string[]> {
    const query =
      'query ($room: String, $filter: TaskFilter) { tasks(room: $room, filter: $filter) { nodes { id } } }';
    const { nodes } = await ann.ask(query, { room, filter });
    return nodes.map(({ id }: { id: string }) => names.get(id)).reverse();
  }

  const everything = () => [...names.values()];
  const cases: Record<string, [filter: () => object, found: string[] | (() => string[])]> = {
    'no condition at all': [() => ({}), everything],
    'conditions that are null': [
      () => ({ statuses: null, job: null, createdBy: null, createdAfter: null, labels: null, ids: null }),
      everything,
    ],
    status: [() => ({ statuses: ['CANCELLED'] }), ['cancelled']],
    'one of several statuses': [() => ({ statuses: ['CANCELLED', 'PENDING'] }), everything],
    'none of no statuses': [() => ({ statuses: [] }), []],
    job: [() => ({ job: jobs[1] }), ['of b']],
    'a job that there is not': [() => ({ job: 'main:general:none' }), []],
    creator: [() => ({ createdBy: 'bob' }), ['of bob', 'oddly labelled', 'cancelled', 'elsewhere']],
    correlation: [() => ({ correlationId: 'c-1' }), ['of bob', 'of b', 'elsewhere']],
    'a part of a correlation': [() => ({ correlationId: 'c-' }), []],
    'the idempotency key': [() => ({ idempotencyKey: 'k-1' }), ['with an entity']],
    'the type of entity': [() => ({ entityType: 'repo' }), ['with an entity', 'with another']],
    'an entity': [() => ({ entityType: 'repo', entityId: '2' }), ['with another']],
    ids: [() => ({ ids: [idOf('plain'), idOf('of b'), 'garbage'] }), ['plain', 'of b']],
    'ids of nothing': [() => ({ ids: ['garbage'] }), []],
    'no ids': [() => ({ ids: [] }), []],
    'a label': [() => ({ labels: { env: 'test' } }), ['labelled', 'cancelled']],
    'labels, all of them': [() => ({ labels: { env: 'test', 'a.b': 'c' } }), ['labelled']],
    'a label with another value': [() => ({ labels: { env: 'tes' } }), []],
    'no labels': [() => ({ labels: {} }), everything],
    'labels with odd names': [
      () => ({ labels: Object.fromEntries(ODD.map((label) => [label, `=${label}`])) }),
      ['oddly labelled'],
    ],
    'one of several jobs': [() => ({ jobs: [jobs[1], 'main:general:none'] }), ['of b']],
    'a job that is none of several': [() => ({ job: jobs[0], jobs: [jobs[1]] }), []],
    'the keys of labels': [() => ({ labelKeys: ['env', 'a'] }), ['labelled otherwise']],
    priority: [() => ({ maxPriority: -1, minPriority: -3 }), ['with another']],
    'when it may run': [() => ({ runAfter: '2900-01-01T00:00:00Z' }), ['with another']],
    'the beginning of an id': [() => ({ text: idOf('of b').slice(0, -1) }), ['of b']],
    'the beginning of all ids': [() => ({ text: 'task_' }), everything],
    'the beginning of no id': [() => ({ text: 'task_8' }), []],
    'words of no error': [() => ({ text: 'refused' }), []],
    'the code of no error': [() => ({ errorCode: 'E404' }), []],
    'a worker that holds nothing': [() => ({ workerId: 'worker_01h455vb4pex5vsknk084sn02q' }), []],
    'what there is not': [() => ({ workerId: 'none' }), []],
    'a value in the payload': [() => ({ payload: [{ path: '/user/id', equals: 7 }] }), ['with an entity']],
    'a number that is no text': [() => ({ payload: [{ path: '/user/id', equals: '7' }] }), []],
    'a part of a text in the payload': [
      () => ({ payload: [{ path: '/user/name', contains: 'ADA' }] }),
      ['with an entity'],
    ],
    'an element behind an odd name': [
      () => ({ payload: [{ path: '/a~1b/1', equals: 'two' }] }),
      ['with an entity'],
    ],
    'null, which is a value': [
      () => ({
        payload: [
          { path: '/none', equals: null },
          { path: '/none', exists: true },
        ],
      }),
      ['with an entity'],
    ],
    'what is not in the payload': [
      () => ({ payload: [{ path: '/user', exists: false }], entityType: 'repo' }),
      ['with another'],
    ],
    'the time after': [() => ({ createdAfter: start }), everything],
    'the time before': [() => ({ createdBefore: start }), []],
    'the very time of one, which is neither before nor after itself': [
      () => ({ createdAfter: times.get('of b'), createdBefore: times.get('of b') }),
      [],
    ],
    'everything together': [
      () => ({
        ...{ statuses: ['PENDING'], job: jobs[0], createdBy: 'bob', correlationId: 'c-1' },
        ...{ createdAfter: start, createdBefore: '9999-12-31T23:59:59Z', labels: {}, ids: [...names.keys()] },
      }),
      ['of bob'],
    ],
  };

  it.each(Object.keys(cases))('by %s', async (name) => {
    const [filter, found] = cases[name] as (typeof cases)[string];
    const expected = typeof found === 'function' ? found() : found;
    expect(await find(filter())).toEqual(expected);
    expect(await find(filter(), 'main')).toEqual(expected.filter((one) => one !== 'elsewhere'));
  });

  it('by when they were finished', async () => {
    expect(await find({ finishedAfter: start, finishedBefore: '2999-01-01T00:00:00Z' })).toEqual([
      'cancelled',
    ]);
    expect(await find({ finishedBefore: start })).toEqual([]);
  });

  it('by times to the millisecond', async () => {
    const at = Date.parse(times.get('of b') as string);
    const found = await find({
      createdAfter: new Date(at - 1).toISOString(),
      createdBefore: new Date(at + 1).toISOString(),
    });
    expect(found).toContain('of b');
    const later = new Date(at + 3_600_000).toISOString().replace('Z', '+01:00');
    expect(await find({ createdAfter: later })).toEqual(
      everything().filter((one) => (times.get(one) as string) > (times.get('of b') as string)),
    );
  });

  it.each(Object.keys(cases))('of the stream of the room mean the same: by %s', async (name) => {
    const [filter, found] = cases[name] as (typeof cases)[string];
    const expected = typeof found === 'function' ? found() : found;
    const { statuses } = filter() as { statuses?: string[] };
    const everyEvent = [...everything().map((one) => `${one} PENDING`), 'cancelled CANCELLED'];
    const wanted = everyEvent.filter((event) => {
      const [, one = '', status = ''] = /^(.*) (\w+)$/.exec(event) ?? [];
      return one !== 'elsewhere' && expected.includes(one) && (!statuses || statuses.includes(status));
    });
    const stream = ann.subscribe(
      'SSE',
      `subscription ($filter: TaskFilter, $after: Cursor) {
        roomEvents(room: "main", filter: $filter, after: $after) {
          ... on TaskTransitioned { task { id } transition { to } }
        }
      }`,
      { filter: filter(), after: cursor },
    );
    const seen: string[] = [];
    while (seen.length < wanted.length) {
      const { task, transition } = await stream.event();
      seen.push(`${names.get(task.id)} ${transition.to}`);
    }
    stream.close();
    expect(seen).toEqual(wanted);
  });
});
