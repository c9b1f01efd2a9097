/** Lists page by page: forward, backward, in every size, while new tasks arrive; and what a page cannot be. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, type Caller, startApi } from '../support/api.ts';
import { availableDatabases } from '../support/database.ts';
import { newJob } from './task-in-status.ts';

const TASKS = 237;
const PAGE =
  'edges { cursor node { id } } nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }';
const LISTS = {
  tasks: `query ($room: String!, $first: Int, $after: String, $last: Int, $before: String) {
    tasks(room: $room, first: $first, after: $after, last: $last, before: $before) { ${PAGE} }
  }`,
  jobs: `query ($room: String!, $first: Int, $after: String, $last: Int, $before: String) {
    jobs(room: $room, first: $first, after: $after, last: $last, before: $before) { ${PAGE} }
  }`,
};
type List = keyof typeof LISTS;

interface Page {
  edges: { cursor: string; node: { id: string } }[];
  nodes: { id: string }[];
  pageInfo: {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor: string | null;
    endCursor: string | null;
  };
}

describe.each(availableDatabases())('paging on %s', (kind) => {
  let api: Api;
  let admin: Caller;
  let job: string;
  /** Ids in the order of the lists: tasks newest first, jobs oldest first. */
  const ids: Record<List, string[]> = { tasks: [], jobs: [] };

  beforeAll(async () => {
    api = await startApi(kind);
    admin = api.admin;
    job = (await newJob(admin, 'full')).fullName;
    const { results } = await admin.submitAll(Array.from({ length: TASKS }, () => ({ room: 'full', job })));
    ids.tasks = results.map(({ task }: { task: { id: string } }) => task.id).reverse();
    for (let n = 0; n < 7; n++) ids.jobs.push((await newJob(admin, n % 2 ? 'some' : '@global')).id);
    await newJob(admin, 'elsewhere');
  });
  afterAll(() => api?.close());

  async function read(list: List, page: object): Promise<Page> {
    const room = list === 'tasks' ? 'full' : 'some';
    const found: Page = await admin.ask(LISTS[list], { room, ...page });
    expect(found.edges.map(({ node }) => node)).toEqual(found.nodes);
    expect(found.pageInfo.startCursor).toBe(found.edges[0]?.cursor ?? null);
    expect(found.pageInfo.endCursor).toBe(found.edges.at(-1)?.cursor ?? null);
    return found;
  }
  const idsOf = ({ nodes }: Page) => nodes.map(({ id }) => id);

  it.each([1, 2, 3, 7, 20, 50, 79, 99, 100])(
    'goes through everything in pages of %i, there and back',
    async (size) => {
      for (const list of ['tasks', 'jobs'] as const) {
        // Small pages of many tasks would be many requests: a part of them says as much.
        const all = ids[list].slice(0, size < 7 ? 20 : undefined);
        const forth: string[] = [];
        for (let after: string | null = null; forth.length < all.length; ) {
          const page = await read(list, { first: size, after });
          expect(page.nodes).toHaveLength(Math.min(size, ids[list].length - forth.length));
          expect(page.pageInfo.hasPreviousPage).toBe(after !== null);
          forth.push(...idsOf(page));
          expect(page.pageInfo.hasNextPage).toBe(forth.length < ids[list].length);
          after = page.pageInfo.endCursor;
        }
        expect(forth.slice(0, all.length)).toEqual(all);

        const back: string[] = [];
        for (let before: string | null = null; back.length < all.length; ) {
          const page = await read(list, { last: size, before });
          expect(page.pageInfo.hasNextPage).toBe(before !== null);
          back.unshift(...idsOf(page));
          expect(page.pageInfo.hasPreviousPage).toBe(back.length < ids[list].length);
          before = page.pageInfo.startCursor;
        }
        expect(back).toEqual(ids[list].slice(-back.length));
      }
    },
  );

  it('reads what lies between two cursors, from either side', async () => {
    const [after, before] = [ids.tasks[10], ids.tasks[16]];
    const between = ids.tasks.slice(11, 16);
    expect(idsOf(await read('tasks', { after, before }))).toEqual(between);
    const front = await read('tasks', { after, before, first: 2 });
    expect(idsOf(front)).toEqual(between.slice(0, 2));
    expect(front.pageInfo.hasNextPage).toBe(true);
    const end = await read('tasks', { after, before, last: 2 });
    expect(idsOf(end)).toEqual(between.slice(-2));
    expect(end.pageInfo.hasPreviousPage).toBe(true);
    expect(idsOf(await read('tasks', { after: before, before: after }))).toEqual([]);
  });

  it('takes 20 by default, and 100 at most', async () => {
    expect(idsOf(await read('tasks', {}))).toEqual(ids.tasks.slice(0, 20));
    const most = await read('tasks', { first: 100 });
    expect(idsOf(most)).toEqual(ids.tasks.slice(0, 100));
    expect(most.pageInfo.hasNextPage).toBe(true);
    expect(idsOf(await read('tasks', { last: 100 }))).toEqual(ids.tasks.slice(-100));
  });

  it('knows empty pages', async () => {
    const none = { startCursor: null, endCursor: null };
    expect(await read('tasks', { first: 0 })).toEqual({
      ...{ edges: [], nodes: [] },
      pageInfo: { ...none, hasNextPage: true, hasPreviousPage: false },
    });
    const beyond = await read('tasks', { first: 5, after: ids.tasks.at(-1) });
    expect(beyond).toMatchObject({
      edges: [],
      pageInfo: { ...none, hasNextPage: false, hasPreviousPage: true },
    });
    const nothing = await admin.ask(LISTS.tasks, { room: 'empty' });
    expect(nothing).toEqual({
      ...{ edges: [], nodes: [] },
      pageInfo: { ...none, hasNextPage: false, hasPreviousPage: false },
    });
  });

  it('goes on from a cursor whose task is not in the list', async () => {
    const other = (await newJob(admin, 'other')).fullName;
    const { task } = await admin.submit({ room: 'other', job: other });
    expect(idsOf(await read('tasks', { first: 3, after: task.id }))).toEqual(ids.tasks.slice(0, 3));
  });

  it('is not disturbed by new tasks', async () => {
    const first = await read('tasks', { first: 50 });
    const seen = idsOf(first);
    let after = first.pageInfo.endCursor;
    const fresh: string[] = [];
    for (let next = true; next; ) {
      fresh.unshift((await admin.submit({ room: 'full', job })).task.id);
      const page = await read('tasks', { first: 50, after });
      seen.push(...idsOf(page));
      ({ hasNextPage: next, endCursor: after } = page.pageInfo);
    }
    expect(seen).toEqual(ids.tasks);
    const newer = await read('tasks', { last: 10, before: ids.tasks[0] });
    expect(idsOf(newer)).toEqual(fresh);
    ids.tasks.unshift(...fresh);
  });

  it.each<[what: string, list: List, page: object, path: string[]]>([
    ['a negative size', 'tasks', { first: -1 }, ['first']],
    ['a negative size from the end', 'jobs', { last: -(2 ** 31) }, ['last']],
    ['both ends at once', 'tasks', { first: 1, last: 1 }, ['last']],
    ['a cursor of nothing', 'tasks', { after: 'garbage' }, ['cursor']],
    ['an empty cursor', 'tasks', { before: '' }, ['cursor']],
    ['a cursor of another list', 'tasks', { after: 'job_01h455vb4pex5vsknk084sn02q' }, ['cursor']],
    ['a cursor of tasks among jobs', 'jobs', { after: 'task_01h455vb4pex5vsknk084sn02q' }, ['cursor']],
    ['a very long cursor', 'jobs', { before: 'x'.repeat(100_000) }, ['cursor']],
  ])('refuses %s', async (_what, list, page, path) => {
    const { data, errors } = await admin.send(LISTS[list], { room: 'some', ...page });
    expect(data).toBeNull();
    expect(errors).toMatchObject([
      {
        path: [list],
        extensions: {
          code: 'INVALID_INPUT',
          problem: { type: '/problems/invalid-input', status: 400, issues: [{ path }] },
        },
      },
    ]);
  });
});
