/** Reading what tasks depend on, and the graph that a task belongs to. */
import type { TaskRow, TaskStatus } from '../../../domain/task.ts';
import type { DatabaseSession } from '../../database/database.ts';
import { statement } from '../../database/statement.ts';
import type { TaskScope } from '../read/task-conditions.ts';
import { taskColumns } from '../rows.ts';

/** Which dependencies of a task: in the order of its submission, so many behind the parent that is named. */
export interface DependencyPage {
  taskId: string;
  first: number;
  /** A parent by its id; null: from the beginning. */
  after: string | null;
}

export interface DependencyRow {
  runsOnFailure: boolean;
  /** Whether it is waited for no longer. */
  settled: boolean;
  /** With its result, without its payload. */
  parent: TaskRow;
}

/**
 * The dependencies that each page asks for, by one statement, in the order of the submissions. What retention has
 * removed is left out.
 */
export async function findDependencies(
  session: DatabaseSession,
  pages: readonly DependencyPage[],
): Promise<DependencyRow[][]> {
  const found: DependencyRow[][] = pages.map(() => []);
  if (pages.length === 0) return found;
  const rows = await session.query<TaskRow & Omit<DependencyRow, 'parent'> & { page: number }>(FIND, [
    pages.map(({ taskId }) => taskId),
    pages.map(({ first }) => first),
    pages.map(({ after }) => after),
  ]);
  for (const { page, runsOnFailure, settled, ...parent } of rows) {
    found[page - 1]?.push({ runsOnFailure, settled, parent });
  }
  return found;
}

/** Ids of the parents of each task, at most so many. */
export async function findParentIds(
  session: DatabaseSession,
  taskIds: readonly string[],
  limit: number,
): Promise<string[][]> {
  const found: string[][] = taskIds.map(() => []);
  const rows = await session.query<{ place: number; id: string }>(FIND_PARENT_IDS, [taskIds, limit]);
  for (const { place, id } of rows) found[place - 1]?.push(id);
  return found;
}

/** What must be known of a task to let somebody depend on it. */
export function findTaskAccess(
  session: DatabaseSession,
  ids: readonly string[],
): Promise<Pick<TaskRow, 'id' | 'room' | 'createdBy' | 'workerId'>[]> {
  return session.query(FIND_ACCESS, [ids]);
}

export interface GraphSearch {
  taskId: string;
  scope: TaskScope;
  nodes: number;
  edges: number;
}

export interface GraphRows {
  nodes: TaskRow[];
  edges: GraphEdgeRow[];
}

export interface GraphEdgeRow {
  from: string;
  to: string;
  runsOnFailure: boolean;
  settled: boolean;
}

/**
 * The tasks that are connected with one, the nearest first, and the edges between them. Both are cut off one behind
 * their limits. What the scope does not show is not there: nothing is found through it.
 */
export async function findGraph(session: DatabaseSession, search: GraphSearch): Promise<GraphRows> {
  const { taskId, scope, nodes: limit, edges: edgeLimit } = search;
  const nodes = await session.query<TaskRow & { status: TaskStatus }>(FIND_NODES, [
    taskId,
    scope.rooms,
    scope.createdBy ?? null,
    scope.heldBy ?? [],
    limit + 1,
  ]);
  const ids = nodes.slice(0, limit).map(({ id }) => id);
  return { nodes, edges: await session.query<GraphEdgeRow>(FIND_EDGES, [ids, edgeLimit + 1]) };
}

const FIND = statement(
  'find_dependencies',
  `SELECT wanted.ord::int AS page, d.runs_on_failure AS "runsOnFailure", d.settled,
    ${taskColumns('parent')}, parent.result
  FROM unnest($1::uuid[], $2::int[], $3::uuid[]) WITH ORDINALITY AS wanted (task_id, first, after, ord)
  CROSS JOIN LATERAL (
    SELECT * FROM task_dependency d WHERE d.task_id = wanted.task_id AND (wanted.after IS NULL OR d.place > (
      SELECT max(place) FROM task_dependency past WHERE past.task_id = wanted.task_id AND past.parent_id = wanted.after))
    ORDER BY d.place LIMIT wanted.first
  ) d
  CROSS JOIN LATERAL (SELECT * FROM task WHERE task.id = d.parent_id) parent
  ORDER BY wanted.ord, d.place`,
);

const FIND_PARENT_IDS = statement(
  'find_parent_ids',
  `SELECT wanted.ord::int AS place, d.parent_id AS id FROM unnest($1::uuid[]) WITH ORDINALITY AS wanted (id, ord)
  CROSS JOIN LATERAL (SELECT * FROM task_dependency d WHERE d.task_id = wanted.id ORDER BY d.place LIMIT $2::int) d`,
);

const FIND_ACCESS = statement(
  'find_task_access',
  `SELECT task.id, task.room, task.created_by AS "createdBy", task.worker_id AS "workerId"
  FROM unnest($1::uuid[]) AS wanted (id) JOIN task ON task.id = wanted.id`,
);

// Neighbours of one task are looked at as far as the limit goes; the walk ends with the limit, since rows of a recursion
// are made as they are read.
const FIND_NODES = statement(
  'find_graph_nodes',
  `WITH RECURSIVE reached (id) AS (
    SELECT $1::uuid
    UNION
    SELECT t.id FROM reached CROSS JOIN LATERAL (
      (SELECT d.parent_id AS id FROM task_dependency d WHERE d.task_id = reached.id ORDER BY d.place LIMIT $5::int)
      UNION ALL
      (SELECT d.task_id FROM task_dependency d WHERE d.parent_id = reached.id LIMIT $5::int)
    ) next JOIN task t ON t.id = next.id
      AND (($2::text[] IS NULL OR t.room = ANY ($2::text[])) OR t.worker_id = ANY ($4::uuid[]))
      AND ($3::text IS NULL OR t.created_by = $3::text)
  )
  SELECT ${taskColumns('t')} FROM (SELECT id FROM reached LIMIT $5::int) near JOIN task t ON t.id = near.id`,
);

const FIND_EDGES = statement(
  'find_graph_edges',
  `SELECT d.parent_id AS "from", d.task_id AS "to", d.runs_on_failure AS "runsOnFailure", d.settled
  FROM unnest($1::uuid[]) AS node (id) JOIN task_dependency d ON d.task_id = node.id
  WHERE d.parent_id IN (SELECT unnest($1::uuid[]))
  ORDER BY d.task_id, d.place LIMIT $2::int`,
);
