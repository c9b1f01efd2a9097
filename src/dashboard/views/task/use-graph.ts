/** The graph that a task belongs to, live: a read, and the stream of its transitions. */
import { useCallback, useEffect, useState } from 'react';
import { request } from '../../api/connection.ts';
import {
  type GraphEdge,
  type GraphNode,
  TaskGraphDocument,
  TaskGraphEventsDocument,
} from '../../api/task-graph.ts';
import type { TaskStatus } from '../../generated/graphql.ts';
import { followSubscription, RESYNC } from '../../live/follow.ts';

export interface TaskGraph {
  /** By id, the nearest to the task first. */
  nodes: ReadonlyMap<string, GraphNode>;
  edges: readonly GraphEdge[];
  truncated: boolean;
}

export type GraphLoad =
  | { is: 'reading' }
  | { is: 'none' }
  | { is: 'failed'; error: unknown; again(): void }
  | { is: 'there'; graph: TaskGraph };

const OVER: readonly TaskStatus[] = ['COMPLETED', 'PARTIAL', 'FAILED', 'CANCELLED'];

/** The graph after a transition of one of its tasks; the same graph where it knows that already. */
function withTransition(graph: TaskGraph, task: Pick<GraphNode, 'id' | 'status' | 'version'>): TaskGraph {
  const known = graph.nodes.get(task.id);
  if (!known || task.version <= known.version) return graph;
  const nodes = new Map(graph.nodes).set(task.id, { ...known, ...task });
  // A parent that has ended once is not waited for again, also when it is retried.
  const edges = OVER.includes(task.status)
    ? graph.edges.map((edge) => (edge.from === task.id ? { ...edge, settled: true } : edge))
    : graph.edges;
  return { ...graph, nodes, edges };
}

/** Shown once a frame at most: a graph may change a thousand times in a second. */
export function useGraph(taskId: string): GraphLoad {
  const [load, setLoad] = useState<GraphLoad>({ is: 'reading' });
  const [tries, setTries] = useState(0);
  const again = useCallback(() => setTries((now) => now + 1), []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another try reads again.
  useEffect(() => {
    setLoad({ is: 'reading' });
    let graph: TaskGraph = { nodes: new Map(), edges: [], truncated: false };
    let frame: number | undefined;
    /** What a read was begun for: one that does not show the task is not repeated. */
    const soughtIds = new Set<string>();
    const show = () => {
      frame = undefined;
      setLoad({ is: 'there', graph });
    };
    const end = followSubscription({
      document: TaskGraphEventsDocument,
      variables: { id: taskId },
      async read(signal) {
        const { taskGraph } = await request(TaskGraphDocument, { id: taskId }, signal);
        if (!taskGraph) throw new NoGraph();
        const { nodes, edges, truncated, streamCursor } = taskGraph;
        graph = { nodes: new Map(nodes.map((node) => [node.id, node])), edges, truncated };
        frame ??= requestAnimationFrame(show);
        return streamCursor;
      },
      take({ taskGraphEvents: event }) {
        if (event.__typename === 'ResyncRequired') return RESYNC;
        if (event.__typename !== 'TaskTransitioned') return undefined;
        const { task } = event;
        if (!graph.nodes.has(task.id) && !soughtIds.has(task.id)) {
          soughtIds.add(task.id);
          return RESYNC;
        }
        graph = withTransition(graph, task);
        frame ??= requestAnimationFrame(show);
        return undefined;
      },
      fail: (error) => setLoad(error instanceof NoGraph ? { is: 'none' } : { is: 'failed', error, again }),
    });
    return () => {
      end();
      if (frame !== undefined) cancelAnimationFrame(frame);
    };
  }, [taskId, tries, again]);
  return load;
}

class NoGraph extends Error {}
