/** Saved views, and what a search box offers. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAX_VIEWS } from '../../src/store/store.ts';
import { type Api, type Caller, PROBLEM, startApi } from '../support/api.ts';
import { newJob, newView } from './task-in-status.ts';

const VIEW = 'id name path search shared room owner viewerCanEdit';
const SAVE = `mutation ($input: SaveViewInput!) { saveView(input: $input) { ${PROBLEM} ... on SaveViewSuccess { view { ${VIEW} } } } }`;
const DELETE = `mutation ($id: ID!) { deleteView(input: { id: $id }) { ${PROBLEM} ... on DeleteViewSuccess { deletedId } } }`;
const LIST = `query ($path: String) { savedViews(path: $path) { ${VIEW} } }`;
const SUGGEST = `query ($room: String, $field: SuggestField!, $key: String, $prefix: String! = "", $first: Int! = 10) {
  suggest(room: $room, field: $field, key: $key, prefix: $prefix, first: $first) }`;

let api: Api;
let mia: Caller;
let max: Caller;
let una: Caller;
let far: Caller;

beforeAll(async () => {
  api = await startApi('pglite');
  mia = await api.caller('mia', 'MEMBER', ['main']);
  max = await api.caller('max', 'MEMBER', ['main']);
  una = await api.caller('una', 'USER', ['main']);
  far = await api.caller('far', 'MEMBER', ['elsewhere']);
});
afterAll(() => api?.close());

const input = (more: object = {}) => ({ name: 'Failed', path: '/tasks', search: 'statuses=FAILED', ...more });
const names = async (caller: Caller, variables = {}) =>
  (await caller.ask(LIST, variables)).map(({ name }: { name: string }) => name);

describe('a saved view', () => {
  it('is seen by its owner alone, until it is shared with a room or by an ADMIN with everybody', async () => {
    const { view } = await mia.ask(SAVE, { input: input({ name: 'a' }) });
    expect(view).toMatchObject({ ...input({ name: 'a' }), shared: false, room: null, owner: 'mia' });
    expect(view.viewerCanEdit).toBe(true);
    expect(await names(max)).toEqual([]);
    const shared = input({ name: 'b', id: view.id, room: 'main', shared: true });
    expect((await mia.ask(SAVE, { input: shared })).view).toMatchObject({ id: view.id, name: 'b' });
    for (const caller of [mia, max, una]) expect(await names(caller)).toEqual(['b']);
    expect(await names(far)).toEqual([]);
    expect((await max.ask(LIST))[0].viewerCanEdit).toBe(false);
    await api.admin.ask(SAVE, { input: input({ name: 'c', path: '/jobs', shared: true }) });
    for (const caller of [mia, far]) expect(await names(caller)).toContain('c');
    expect(await names(mia, { path: '/jobs' })).toEqual(['c']);
    expect(await max.ask(DELETE, { id: view.id })).toMatchObject({ __typename: 'Forbidden' });
    expect(await far.ask(DELETE, { id: view.id })).toMatchObject({ __typename: 'ViewNotFound' });
    expect(await mia.ask(DELETE, { id: view.id })).toMatchObject({ deletedId: view.id });
    expect(await mia.ask(SAVE, { input: input({ id: view.id }) })).toMatchObject({
      __typename: 'ViewNotFound',
    });
    expect(await names(max)).toEqual(['c']);
  });

  it.each([
    [{ path: 'tasks' }, 'path'],
    [{ path: '/a?b' }, 'path'],
    [{ name: '' }, 'name'],
    [{ search: 'x'.repeat(4_001) }, 'search'],
  ])('is refused: %j', async (more, path) => {
    expect(await mia.ask(SAVE, { input: input(more) })).toMatchObject({
      ...{ __typename: 'InvalidInput', issues: [{ path: [path] }] },
    });
  });

  it('is shared only where the caller may, and is one of a bounded number', async () => {
    const refused: [Caller, object][] = [
      [mia, { shared: true }],
      [una, { shared: true, room: 'main' }],
      [mia, { room: 'elsewhere' }],
    ];
    for (const [caller, more] of refused)
      expect(await caller.ask(SAVE, { input: input(more) })).toMatchObject({ __typename: 'Forbidden' });
    for (let n = 0; n < MAX_VIEWS; n++) await newView(far);
    expect(await far.ask(SAVE, { input: input() })).toMatchObject({
      ...{ __typename: 'InvalidInput', issues: [{ path: ['name'] }] },
    });
  });
});

describe('suggestions', () => {
  const suggest = (caller: Caller, field: string, more: object = {}) =>
    caller.ask(SUGGEST, { field, ...more });

  beforeAll(async () => {
    const job = await newJob(api.admin, 'main');
    const submission = { room: 'main', job: job.fullName };
    for (const [caller, labels, payload] of [
      [mia, { album: 'summer', env: 'live' }, { user: { id: 1 }, 'a/b': 1 }],
      [max, { album: 'winter' }, { user: { id: 2, name: 'x' } }],
      [una, { album: 'winter' }, { own: [1] }],
    ] as const)
      await caller.submit({ ...submission, labels, payload, entityType: 'photo' });
  });

  it('are what tasks have that the caller may see, the most frequent first', async () => {
    expect(await suggest(mia, 'LABEL_KEY')).toEqual(['album', 'env']);
    expect(await suggest(mia, 'LABEL_VALUE', { key: 'album' })).toEqual(['winter', 'summer']);
    expect(await suggest(mia, 'LABEL_VALUE', { key: 'album', prefix: 'S' })).toEqual(['summer']);
    expect(await suggest(mia, 'ENTITY_TYPE', { room: 'main' })).toEqual(['photo']);
    expect(await suggest(mia, 'CREATED_BY', { prefix: 'm' })).toEqual(['max', 'mia']);
    expect(await suggest(mia, 'PAYLOAD_PATH', { prefix: '/user' })).toEqual([
      '/user',
      '/user/id',
      '/user/name',
    ]);
    expect(await suggest(mia, 'PAYLOAD_PATH', { prefix: '/a' })).toEqual(['/a~1b']);
    expect(await suggest(mia, 'LABEL_KEY', { first: 1 })).toEqual(['album']);
    expect(await suggest(mia, 'ERROR_CODE')).toEqual([]);
  });

  it('show a USER its own tasks alone, and others nothing of rooms that are not theirs', async () => {
    expect(await suggest(una, 'LABEL_VALUE', { key: 'album' })).toEqual(['winter']);
    expect(await suggest(una, 'CREATED_BY')).toEqual(['una']);
    expect(await suggest(una, 'PAYLOAD_PATH')).toEqual(['/own']);
    expect(await suggest(far, 'LABEL_KEY')).toEqual([]);
    expect(await suggest(far, 'JOB', { prefix: 'main' })).toEqual([]);
    expect((await suggest(una, 'JOB', { prefix: 'JOB-' })).length).toBeGreaterThan(0);
    expect((await far.send(SUGGEST, { field: 'JOB', room: 'main' })).errors).toMatchObject([
      { extensions: { code: 'NOT_FOUND' } },
    ]);
  });

  it.each([{ field: 'LABEL_VALUE' }, { field: 'JOB', first: 51 }, { field: 'JOB', prefix: 'x'.repeat(129) }])(
    'are refused: %j',
    async (variables) => {
      expect((await mia.send(SUGGEST, variables)).errors).toMatchObject([
        { extensions: { code: 'INVALID_INPUT' } },
      ]);
    },
  );
});
