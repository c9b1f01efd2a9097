/** The graph of a task's dependencies: where its tasks are drawn, and that it follows what happens to them. */
import fc from 'fast-check';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GraphNode } from '../../src/dashboard/api/task-graph.ts';
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
