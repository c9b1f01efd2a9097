/** taskGraph and taskGraphEvents: the tasks that are connected by dependencies, as they are and as they change. */
import { canSeeTask, isInRoom } from '../../domain/access.ts';
import { reduceToRooms } from '../../domain/narrow-viewer.ts';
import { encodeCursor } from '../../domain/position.ts';
import type { TaskChange, TaskRow } from '../../domain/task.ts';
import { fromTypeId, toTypeId } from '../../domain/typeid.ts';
import { openRoomStream, type Verdict } from '../../events/streams/stream.ts';
import type { GraphEdgeRow } from '../../store/tasks/dependencies/find-dependencies.ts';
import { builder } from '../builder.ts';
import { type Context, loadersOfTurn, viewerOf } from '../context.ts';
import { notFoundError } from '../errors.ts';
import { OnDependencyFailure } from './depends-on.ts';
import { sharedHub, TaskEvent, withPosition } from './events.ts';
import { asTask, TaskType } from './type.ts';
import { loadVisibleTask, scopeOf } from './visible.ts';

const MAX_NODES = 1_000;
const MAX_EDGES = 5_000;

interface Graph {
  nodes: TaskRow[];
  edges: GraphEdgeRow[];
  truncated: boolean;
  streamCursor: string;
}

const TaskGraphEdge = builder.objectRef<GraphEdgeRow>('TaskGraphEdge').implement({
  description: 'One dependency between two tasks of the graph.',
  fields: (t) => ({
    from: t.id({
      description: 'ID of the task that must end before.',
      resolve: ({ from }) => toTypeId('task', from),
    }),
    to: t.id({
      description: 'ID of the task that depends on it.',
      resolve: ({ to }) => toTypeId('task', to),
    }),
    onFailure: t.field({
      type: OnDependencyFailure,
      description: 'What happens to the dependent task if the other ends FAILED or CANCELLED.',
      resolve: ({ runsOnFailure }) => (runsOnFailure ? 'RUN' : 'CANCEL'),
    }),
    settled: t.exposeBoolean('settled', { description: 'Whether it is waited for no longer.' }),
  }),
});

const TaskGraphType = builder.objectRef<Graph>('TaskGraph').implement({
  description: 'The tasks that are connected with one by dependencies, in either direction.',
  fields: (t) => ({
    nodes: t.field({
      type: [TaskType],
      complexity: { field: 1, multiplier: 25 },
      description: 'The tasks, the nearest first: 1,000 at most. Only those that the caller may see.',
      resolve: ({ nodes }, _args, context) => {
        for (const { id } of nodes) context.granted.add(id);
        return nodes.map(asTask);
      },
    }),
    edges: t.field({
      type: [TaskGraphEdge],
      complexity: { field: 1, multiplier: 25 },
      description: 'The dependencies between them: 5,000 at most.',
      resolve: ({ edges }) => edges,
    }),
    truncated: t.exposeBoolean('truncated', { description: 'Whether there is more of the graph than this.' }),
    streamCursor: t.expose('streamCursor', {
      type: 'Cursor',
      description:
        'Pass it as `after` to taskGraphEvents: no transition between this read and that subscription is missed.',
    }),
  }),
});

builder.queryField('taskGraph', (t) =>
  t.field({
    type: TaskGraphType,
    nullable: true,
    description:
      'The graph that the task belongs to: what it depends on, what depends on it, and so on. Null when there is no such task that the caller may see.',
    args: { id: t.arg.id({ required: true }) },
    resolve: async (_root, { id }, context) => {
      const task = await loadVisibleTask(context, fromTypeId('task', id));
      if (!task) return null;
      const { log } = context.services;
      // Read before the graph: whatever it does not show yet comes after this position.
      const streamCursor = encodeCursor(log.epoch, await log.horizon());
      return { ...(await readGraph(context, task.id)), streamCursor };
    },
  }),
);

async function readGraph(context: Context, taskId: string): Promise<Omit<Graph, 'streamCursor'>> {
  const limits = { nodes: MAX_NODES, edges: MAX_EDGES };
  const scope = await scopeOf(context, null);
  const found = await context.services.store.findGraph({ taskId, scope, ...limits });
  // A token for one task shows no other.
  const { only } = viewerOf(context);
  const nodes = only ? found.nodes.filter(({ id }) => id === only.taskId) : found.nodes;
  const edges = only ? [] : found.edges;
  return {
    nodes: nodes.slice(0, MAX_NODES),
    edges: edges.slice(0, MAX_EDGES),
    truncated: nodes.length > MAX_NODES || edges.length > MAX_EDGES,
  };
}

builder.subscriptionField('taskGraphEvents', (t) =>
  t.field({
    type: TaskEvent,
    description:
      'Every transition of the tasks of the graph, also of those that are submitted to it later. Starts at `after`, or now. It follows the rooms in which the graph has tasks when it begins.',
    args: { id: t.arg.id({ required: true }), after: t.arg({ type: 'Cursor' }) },
    subscribe: (_root, { id, after }, context) => subscribeToGraph(context, id, after),
    resolve: (event) => event,
  }),
);

async function subscribeToGraph(context: Context, id: string, after: string | null | undefined) {
  const task = await loadVisibleTask(context, fromTypeId('task', id));
  if (!task) throw notFoundError('The task');
  const { nodes } = await readGraph(context, task.id);
  const { log } = context.services;
  const caller = viewerOf(context);
  const mine = ({ room }: TaskRow) => caller.role === 'USER' || isInRoom(caller, room);
  const rooms = [...new Set(nodes.filter(mine).map(({ room }) => room))];
  // A worker sees what it holds, but not the room of that.
  if (rooms.length === 0) throw notFoundError('The task');
  const viewer = reduceToRooms(caller, rooms);
  const known = new Set(nodes.map((node) => node.id));

  const judge = (change: TaskChange): Verdict | Promise<Verdict> => {
    const { task, kind } = change;
    if (!canSeeTask(viewer, task, false)) return undefined;
    if (known.has(task.id)) return true;
    // A task joins the graph when it is created, and at no other time.
    const joins = kind === 'transition' && change.transition.from === null && task.dependencyCount > 0;
    return joins && known.size < MAX_NODES ? joinsGraph(context, known, task.id) : undefined;
  };
  return withPosition(context, after, (position) =>
    openRoomStream({
      hub: sharedHub(context, viewer, judge),
      ...{ log, rooms, after: position, judge },
    }),
  );
}

async function joinsGraph(context: Context, known: Set<string>, taskId: string): Promise<Verdict> {
  const parents = await loadersOfTurn(context.services).parentIds.load(taskId);
  if (!parents.some((parent) => known.has(parent))) return undefined;
  // What else it depends on belongs to the graph from now on.
  for (const one of [taskId, ...parents]) if (known.size < MAX_NODES) known.add(one);
  return true;
}
