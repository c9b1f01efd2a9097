/** The graph of a task's dependencies: where its tasks are drawn, and that it follows what happens to them. */
import fc from 'fast-check';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GraphNode } from '../../src/dashboard/api/task-graph.ts';
import { fold, statusCountsOf } from '../../src/dashboard/views/task/graph-fold.ts';
import { layoutOf, stopsOf } from '../../src/dashboard/views/task/graph-layout.ts';
import { Caller } from '../support/api.ts';
import { ADMIN_TOKEN } from '../support/app.ts';
import { chromiumPath } from '../support/browser.ts';
import { violations } from './axe.ts';
import { BUILD_MS, type DashboardFixture, openDashboardFixture, settled } from './fixture.ts';

describe('the layout of a graph', () => {
  /** Edges go from a smaller number to a greater one, so that there is no circle. */
  const graphs = fc.integer({ min: 1, max: 30 }).chain((size) =>
    fc.record({
      ids: fc.constant(Array.from({ length: size }, (_, at) => String(at))),
      edges: fc.array(
        fc
          .uniqueArray(fc.integer({ min: 0, max: size - 1 }), { minLength: 2, maxLength: 2 })
          .map((ends) => ends.sort((a, b) => a - b).map(String))
          .map(([from = '', to = '']) => ({ from, to })),
        size > 1 ? { maxLength: 60 } : { maxLength: 0 },
      ),
    }),
  );

  it('gives every task a place of its own, in the column of its longest path', () => {
    fc.assert(
      fc.property(graphs, ({ ids, edges }) => {
        const layout = layoutOf(ids, edges);
        const { places, columns, rows } = layout;
        const columnOf = (id: string) => places.get(id)?.column ?? -1;
        for (const id of ids) {
          const parents = edges.filter(({ to }) => to === id).map(({ from }) => columnOf(from));
          expect(columnOf(id)).toBe(Math.max(-1, ...parents) + 1);
        }
        const drawn = [...places.values()];
        expect(new Set(drawn.map(({ column, row }) => `${column} ${row}`)).size).toBe(drawn.length);
        for (const { column, row } of drawn) {
          expect(column).toBeLessThan(columns);
          expect(row).toBeGreaterThanOrEqual(0);
          expect(row).toBeLessThanOrEqual(rows - 1);
        }
      }),
    );
  });

  it('leads every line from column to column through gaps of its own, behind no task', () => {
    fc.assert(
      fc.property(graphs, ({ ids, edges }) => {
        const layout = layoutOf(ids, edges);
        for (const edge of edges) {
          const [start, ...stops] = stopsOf(edge, layout);
          expect(start).toBe(layout.places.get(edge.from));
          expect(stops.at(-1)).toBe(layout.places.get(edge.to));
          expect(stops.map(({ column }) => column)).toEqual(
            stops.map((_, at) => (start?.column ?? 0) + 1 + at),
          );
          const tasks = ids.map((id) => layout.places.get(id));
          for (const gap of stops.slice(0, -1)) expect(tasks).not.toContainEqual(gap);
        }
      }),
    );
  });

  it('puts tasks beside what they depend on, so that lines do not cross', () => {
    const { places } = layoutOf(
      ['c', 'a', 'b', 'of a', 'of b', 'of c'],
      ['b', 'c', 'a'].map((from) => ({ from, to: `of ${from}` })),
    );
    for (const one of ['a', 'b', 'c']) expect(places.get(`of ${one}`)?.row).toBe(places.get(one)?.row);
  });
});

describe('a graph with many alike', () => {
  const task = (id: string, name = 'step', status = 'PENDING'): [string, GraphNode] => [
    id,
    { id, status, version: 1, dependencyCount: 0, job: { fullName: `lab:general:${name}` } } as GraphNode,
  ];
  const edge = (from: string, to: string, settled = false) =>
    ({ from, to, onFailure: 'CANCEL', settled }) as const;
  const children = Array.from({ length: 1_000 }, (_, at) => `child ${at}`);
  const graph = {
    nodes: new Map([
      task('root', 'split'),
      ...children.map((id, at) => task(id, 'step', at < 10 ? 'RUNNING' : 'PENDING')),
      ...children.map((id) => task(`${id}'s`, 'check')),
      task('end', 'join'),
    ]),
    edges: [
      ...children.flatMap((id) => [edge('root', id, true), edge(id, `${id}'s`), edge(`${id}'s`, 'end')]),
    ],
  };

  it('is a bundle for each step of their chains', () => {
    const folded = fold(graph, 'root', new Map());
    expect(folded.tasks).toEqual(['root', 'end']);
    expect(folded.bundles.map(({ members }) => members.length)).toEqual([1_000, 1_000]);
    expect(folded.edges.map(({ settled }) => settled)).toEqual([true, false, false]);
    expect(layoutOf([...folded.tasks, ...folded.bundles.map(({ id }) => id)], folded.edges)).toMatchObject({
      columns: 4,
      rows: 1,
    });
    expect(statusCountsOf(folded.bundles[0]?.members ?? [], graph.nodes)).toEqual([
      ['PENDING', 990],
      ['RUNNING', 10],
    ]);
  });

  it('leaves the task of the page and what follows from it by itself', () => {
    const folded = fold(graph, 'child 7', new Map());
    expect(folded.tasks).toEqual(['root', 'child 7', "child 7's", 'end']);
    expect(folded.bundles.map(({ members }) => members.length)).toEqual([999, 999]);
  });

  it('shows as many of a bundle as it is asked for, with what follows from them', () => {
    const [first] = fold(graph, 'root', new Map()).bundles;
    const folded = fold(graph, 'root', new Map([[first?.id ?? '', 5]]));
    expect(folded.tasks.filter((id) => id.startsWith('child'))).toEqual([
      ...children.slice(0, 5),
      ...children.slice(0, 5).map((id) => `${id}'s`),
    ]);
  });

  it('waits in a line for as long as one of its edges does', () => {
    const half = graph.edges.map((one, at) => ({ ...one, settled: at < 1_500 }));
    expect(fold({ ...graph, edges: half }, 'root', new Map()).edges.map(({ settled }) => settled)).toEqual([
      false,
      false,
      false,
    ]);
  });

  it('has every task exactly once, whatever is shown', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1_200 }),
        fc.constantFrom('root', 'child 3', 'end'),
        (most, page) => {
          const ids = fold(graph, page, new Map()).bundles.map(({ id }) => id);
          const { tasks, bundles } = fold(graph, page, new Map(ids.map((id) => [id, most])));
          const all = [...tasks, ...bundles.flatMap(({ members }) => members)];
          expect(new Set(all).size).toBe(graph.nodes.size);
          expect(all).toHaveLength(graph.nodes.size);
        },
      ),
      { numRuns: 20 },
    );
  });
});

describe.skipIf(!chromiumPath)('the graph on the page of a task', () => {
  let fixture: DashboardFixture;
  let admin: Caller;
  let workerId: string;
  beforeAll(async () => {
    fixture = await openDashboardFixture();
    admin = new Caller(fixture.url, 'admin', ADMIN_TOKEN);
    workerId = await admin.newWorker({ room: 'graph', name: 'step' });
  }, BUILD_MS);
  afterAll(() => fixture?.close());

  const step = (more: object = {}) => ({ room: 'graph', job: 'graph:general:step', payload: {}, ...more });

  async function submitAll(...inputs: object[]): Promise<GraphNode[]> {
    const { results } = await admin.submitAll(inputs.map(step));
    return results.map(({ task }: { task: GraphNode }) => task);
  }

  /** Ends the one that is next. */
  async function completeNext(): Promise<void> {
    const { tasks } = await admin.claim({ workerId, start: true });
    await admin.act('completeTask', { taskId: tasks[0].id, workerId, attempt: tasks[0].attempt });
  }

  async function openGraph(task: GraphNode, options = {}): Promise<{ page: Page; graph: Locator }> {
    const page = await fixture.open(`/tasks/${task.id}?tab=graph`, options);
    await settled(page);
    return { page, graph: page.getByRole('region', { name: 'Graph of dependencies' }) };
  }

  const node = (graph: Locator, { id }: GraphNode) => graph.locator(`a[href*="${id}"]`);

  /** Reads of the graph from now on. */
  function readsOf(page: Page): string[] {
    const reads: string[] = [];
    page.on('request', (request) => {
      const body = request.postData() ?? '';
      if (body.includes('DashboardTaskGraph(')) reads.push(body);
    });
    return reads;
  }

  it('follows the end of a parent, without a touch', async () => {
    const [child, parent] = (await submitAll({ dependsOn: [{ ref: 'parent' }] }, { ref: 'parent' })) as [
      GraphNode,
      GraphNode,
    ];
    const { page, graph } = await openGraph(child);
    const reads = readsOf(page);
    await node(graph, child).filter({ hasText: 'Waiting' }).waitFor();
    expect(await node(graph, child).getAttribute('aria-current')).not.toBeNull();
    expect(await graph.locator('g[data-settled]').count()).toBe(0);
    expect(await page.getByRole('row').filter({ hasText: 'waits for it to end well' }).count()).toBe(1);

    await completeNext();
    await node(graph, parent).filter({ hasText: 'Completed' }).waitFor();
    await node(graph, child).filter({ hasText: 'Pending' }).waitFor();
    await graph.locator('g[data-settled]').waitFor();
    await page.getByRole('row').filter({ hasText: 'waits no longer' }).waitFor({ state: 'attached' });
    expect(reads).toEqual([]);

    await completeNext();
    await node(graph, child).filter({ hasText: 'Completed' }).waitFor();
    await page.context().close();
  });

  it('is joined by what is submitted later, also to a task that stood alone', async () => {
    const [alone] = (await submitAll({})) as [GraphNode];
    const { page, graph } = await openGraph(alone);
    await page.getByText('It depends on nothing, and nothing depends on it').waitFor();
    const reads = readsOf(page);
    const [next] = (await submitAll({ dependsOn: [{ taskId: alone.id, onFailure: 'RUN' }] })) as [GraphNode];
    await node(graph, next).filter({ hasText: 'Waiting' }).waitFor();
    await page.getByText('Waits for its end, good or bad').first().waitFor();
    expect(reads).toHaveLength(1);

    await node(graph, next).click();
    await page.waitForURL(new RegExp(next.id));
    await node(graph, alone).filter({ hasText: 'Pending' }).waitFor();
    await completeNext();
    await node(graph, next).filter({ hasText: 'Pending' }).waitFor();
    await completeNext();
    await page.context().close();
  });

  it.each([
    ['light', 1400],
    ['dark', 390],
  ] as const)('is accessible and scrolls within its own box: %s at %i px', async (theme, width) => {
    const parents = Array.from({ length: 30 }, (_, at) => ({ ref: `parent ${at}` }));
    const middle = { ref: 'middle', dependsOn: parents };
    const [last] = (await submitAll(
      { dependsOn: [{ ref: 'middle', onFailure: 'RUN' }] },
      middle,
      ...parents,
    )) as [GraphNode];
    const context = await fixture.browser.newContext({
      viewport: { width, height: 800 },
      colorScheme: theme,
      bypassCSP: true,
    });
    const { page, graph } = await openGraph(last, { context });
    await node(graph, last).waitFor();
    // The parents are alike: one bundle, which shows them when asked.
    const bundle = graph.getByRole('button', { name: /step × 30/ });
    await bundle.waitFor();
    expect(await graph.getByRole('listitem').count()).toBe(3);
    expect(await violations(page)).toEqual([]);
    await bundle.click();
    await graph.getByRole('button', { name: /step × 5/ }).waitFor();
    expect(await graph.getByRole('listitem').count()).toBe(28);
    expect(await violations(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)).toBe(false);
    expect(await graph.evaluate((box) => box.scrollHeight > box.clientHeight)).toBe(true);
    const before = await graph.evaluate((box) => box.scrollTop);
    await graph.focus();
    await page.keyboard.press('End');
    await expect.poll(() => graph.evaluate((box) => box.scrollTop)).toBeGreaterThan(before);
    await context.close();
    await admin.act('cancelTask', { taskId: last.id, reason: 'Seen' });
  });

  it('keeps to the policy all the while', () => {
    expect(fixture.complaints).toEqual([]);
  });
});
