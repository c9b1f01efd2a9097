/**
 * Many tasks of one job that depend on the same are drawn as one bundle: a thousand children would be a column of a
 * thousand. It is decided from what depends on nothing onwards, so that chains behind the children fold, too. What is
 * shown of a bundle, and the task of the page, stand by themselves.
 */
import type { GraphEdge, GraphNode } from '../../api/task-graph.ts';
import type { TaskStatus } from '../../generated/graphql.ts';
import { byDepth } from './graph-layout.ts';

/** So many alike are a bundle. */
const FOLDED_FROM = 12;

export interface Bundle {
  /** Names the bundle for as long as its place in the graph is the same. */
  id: string;
  job: GraphNode['job'];
  /** Ids of its tasks, the nearest to the task of the page first. */
  members: readonly string[];
}

export interface FoldedGraph {
  /** Ids of tasks that stand by themselves. */
  tasks: readonly string[];
  bundles: readonly Bundle[];
  /** Between what is drawn; of several alike one. */
  edges: readonly GraphEdge[];
}

interface Graph {
  nodes: ReadonlyMap<string, GraphNode>;
  edges: readonly GraphEdge[];
}

/**
 * @param present the task of the page
 * @param shown how many of a bundle stand by themselves, by its id
 */
export function fold(
  { nodes, edges }: Graph,
  present: string,
  shown: ReadonlyMap<string, number>,
): FoldedGraph {
  const into = edgesInto(edges);
  // As they were read: the nearest first.
  const order = new Map([...nodes.keys()].map((id, at) => [id, at]));
  /** What stands for a task in the drawing. */
  const drawnAs = new Map<string, string>();
  const tasks: string[] = [];
  const bundles: Bundle[] = [];
  for (const column of byDepth([...nodes.keys()], edges)) {
    for (const { id, members } of alikeIn(column, { nodes, order, into, drawnAs, present })) {
      const alone = members.length < FOLDED_FROM ? members.length : (shown.get(id) ?? 0);
      const rest = members.slice(alone);
      for (const task of members.slice(0, alone)) tasks.push(task);
      const job = nodes.get(rest[0] ?? '')?.job;
      if (job) bundles.push({ id, job, members: rest });
      for (const task of rest) drawnAs.set(task, id);
    }
  }
  return { tasks, bundles, edges: mergedEdges(edges, drawnAs) };
}

/** The edges by the task that waits. */
export function edgesInto(edges: readonly GraphEdge[]): ReadonlyMap<string, readonly GraphEdge[]> {
  return groupBy(edges, ({ to }) => to);
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

interface Known {
  nodes: Graph['nodes'];
  /** The place of each task among all. */
  order: ReadonlyMap<string, number>;
  into: ReadonlyMap<string, readonly GraphEdge[]>;
  drawnAs: ReadonlyMap<string, string>;
  present: string;
}

/** The tasks of a column in groups that could be a bundle; the task of the page is one by itself. */
function alikeIn(column: readonly string[], { nodes, order, into, drawnAs, present }: Known) {
  const groups = groupBy(column, (id) => {
    if (id === present) return id;
    const drawn = new Set((into.get(id) ?? []).map(({ from }) => drawnAs.get(from) ?? from));
    return `bundle of ${nodes.get(id)?.job.fullName} after ${[...drawn].sort().join(' ')}`;
  });
  return [...groups].map(([id, members]) => ({
    id,
    members: members.sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0)),
  }));
}

/** A line between two bundles waits for as long as one of its edges does. */
function mergedEdges(edges: readonly GraphEdge[], drawnAs: ReadonlyMap<string, string>): GraphEdge[] {
  const merged = new Map<string, GraphEdge>();
  for (const edge of edges) {
    const from = drawnAs.get(edge.from) ?? edge.from;
    const to = drawnAs.get(edge.to) ?? edge.to;
    const key = `${from}\n${to}\n${edge.onFailure}`;
    const known = merged.get(key);
    if (!known) merged.set(key, { ...edge, from, to });
    else if (known.settled && !edge.settled) merged.set(key, { ...known, settled: false });
  }
  return [...merged.values()];
}

/** How many of these tasks are in each status. */
export function statusCountsOf(
  members: readonly string[],
  nodes: ReadonlyMap<string, GraphNode>,
): [TaskStatus, number][] {
  const counts = new Map<TaskStatus, number>();
  for (const id of members) {
    const status = nodes.get(id)?.status;
    if (status) counts.set(status, (counts.get(status) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a);
}
