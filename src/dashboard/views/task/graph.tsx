/** The graph of a task's dependencies as it is executed, and the same as a table for readers of the screen. */
import { memo, useLayoutEffect, useMemo, useRef } from 'react';
import type { GraphEdge, GraphNode } from '../../api/task-graph.ts';
import { Banner, Empty, ErrorNote, Loading } from '../../design/note.tsx';
import { Status } from '../../design/status.tsx';
import { jobName, many, shortId, wordOf } from '../../design/text.ts';
import { Link } from '../../frame/link.tsx';
import styles from './graph.module.css';
import { type Layout, layoutOf, type Place, stopsOf } from './graph-layout.ts';
import { type TaskGraph, useGraph } from './use-graph.ts';

/** Pixels. */
const NODE = { width: 188, height: 54 };
const STEP = { x: NODE.width + 48, y: NODE.height + 12 };
const MARGIN = 12;

const LINES = [
  { isRun: false, isSettled: false, text: 'Waits for it to end well' },
  { isRun: true, isSettled: false, text: 'Waits for its end, good or bad' },
  { isRun: false, isSettled: true, text: 'Waits no longer' },
  { isRun: true, isSettled: true, text: 'Waits no longer' },
] as const;
type Line = (typeof LINES)[number];

export function GraphTab({ taskId }: { taskId: string }) {
  const load = useGraph(taskId);
  switch (load.is) {
    case 'reading':
      return <Loading what="the graph" />;
    case 'none':
      return <Empty title="There is no such task any more" />;
    case 'failed':
      return <ErrorNote error={load.error} retry={load.again} />;
    case 'there':
      return load.graph.edges.length > 0 ? (
        <Graph graph={load.graph} taskId={taskId} />
      ) : (
        <Alone task={load.graph.nodes.get(taskId)} />
      );
  }
}

function Alone({ task }: { task: GraphNode | undefined }) {
  if (task && task.dependencyCount > 0) {
    return (
      <Empty title={`It depends on ${many(task.dependencyCount, 'task')} that cannot be shown`}>
        <p>Those that finished long ago are removed. Others may lie in rooms that you do not see.</p>
      </Empty>
    );
  }
  return (
    <Empty title="It depends on nothing, and nothing depends on it">
      <p>
        A task waits for others that its submission names in <code>dependsOn</code>: by <code>taskId</code>,
        or by <code>ref</code> where all are submitted as one list. Those that come to depend on this one
        appear here.
      </p>
    </Empty>
  );
}

const isOf = ({ isRun, isSettled }: Line, { onFailure, settled }: GraphEdge) =>
  isRun === (onFailure === 'RUN') && isSettled === settled;

function Graph({ graph, taskId }: { graph: TaskGraph; taskId: string }) {
  const { nodes, edges, truncated } = graph;
  const ends = edges.map(({ from, to }) => `${from} ${to}`).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is where depends on the ends of the edges alone.
  const layout = useMemo(() => layoutOf([...nodes.keys()], edges), [ends]);
  const box = useRef<HTMLElement>(null);
  const present = layout.places.get(taskId);
  // biome-ignore lint/correctness/useExhaustiveDependencies: afterwards the box stays where it was scrolled to.
  useLayoutEffect(() => {
    if (!box.current || !present) return;
    const { clientWidth, clientHeight } = box.current;
    const { x, y } = cornerOf(present);
    box.current.scrollTo(x - (clientWidth - NODE.width) / 2, y - (clientHeight - NODE.height) / 2);
  }, []);
  const lines = LINES.filter((line) => edges.some((edge) => isOf(line, edge)));
  const legend = lines.filter((line, at) => lines.findIndex(({ text }) => text === line.text) === at);
  const width = layout.columns * STEP.x - (STEP.x - NODE.width) + 2 * MARGIN;
  const height = layout.rows * STEP.y - (STEP.y - NODE.height) + 2 * MARGIN;
  return (
    <>
      {truncated && (
        <Banner>
          The graph is larger than this. It shows 1,000 tasks, those nearest to this one, and 5,000
          dependencies at most.
        </Banner>
      )}
      <figure className={styles.graph}>
        <figcaption>
          <ul className={styles.legend}>
            {legend.map((line) => (
              <li key={line.text}>
                <svg className={styles.lines} width="28" height="10" aria-hidden="true">
                  <LineMarks line={line} d="M1 5h24" heads="M21 1l5 4-5 4" />
                </svg>
                {line.text}
              </li>
            ))}
          </ul>
        </figcaption>
        <section ref={box} className={styles.box} tabIndex={0} aria-label="Graph of dependencies">
          <div className={styles.plane} style={{ width, height }}>
            <svg className={styles.lines} width={width} height={height} aria-hidden="true">
              {lines.map((line) => (
                <LineMarks
                  key={`${line.isRun} ${line.isSettled}`}
                  line={line}
                  {...pathsOf(
                    edges.filter((edge) => isOf(line, edge)),
                    layout,
                  )}
                />
              ))}
            </svg>
            <ul>
              {[...nodes.values()].map((node) => {
                const place = layout.places.get(node.id);
                return (
                  place && <Node key={node.id} node={node} place={place} isPresent={node.id === taskId} />
                );
              })}
            </ul>
          </div>
        </section>
        <Waits graph={graph} />
      </figure>
    </>
  );
}

function cornerOf({ column, row }: Place): { x: number; y: number } {
  return { x: MARGIN + column * STEP.x, y: MARGIN + row * STEP.y };
}

/** All edges of one kind as one path, and their heads as another: thousands are as light as one. */
function pathsOf(edges: readonly GraphEdge[], layout: Layout): { d: string; heads: string } {
  let d = '';
  let heads = '';
  for (const edge of edges) {
    const [start, ...stops] = stopsOf(edge, layout).map(cornerOf);
    if (!start) continue;
    let [x, y] = [start.x + NODE.width, start.y + NODE.height / 2];
    d += `M${x} ${y}`;
    stops.forEach((stop, at) => {
      const isEnd = at === stops.length - 1;
      const [nextX, nextY] = [stop.x - (isEnd ? 3 : 0), stop.y + NODE.height / 2];
      const bend = (nextX - x) / 2;
      d += `C${x + bend} ${y} ${nextX - bend} ${nextY} ${nextX} ${nextY}`;
      [x, y] = [nextX, nextY];
      if (isEnd) return;
      // Through the gap, beside the tasks of the column.
      x += NODE.width;
      d += `H${x}`;
    });
    heads += `M${x - 5} ${y - 4}l5 4-5 4`;
  }
  return { d, heads };
}

function LineMarks({ line, d, heads }: { line: Line; d: string; heads: string }) {
  return (
    <g data-settled={line.isSettled || undefined}>
      <path d={d} data-run={line.isRun || undefined} />
      <path d={heads} />
    </g>
  );
}

const Node = memo(function Node({
  node,
  place,
  isPresent,
}: {
  node: GraphNode;
  place: Place;
  isPresent: boolean;
}) {
  const { x, y } = cornerOf(place);
  const { id, status, job } = node;
  return (
    <li className={styles.place} style={{ left: x, top: y, width: NODE.width, height: NODE.height }}>
      <Link
        to={`/tasks/${id}`}
        search={{ tab: 'graph' }}
        className={styles.node}
        title={`${job.fullName} ${id}`}
        data-present={isPresent || undefined}
        aria-current={isPresent ? 'true' : undefined}
      >
        <span className={styles.job}>
          <bdi>{jobName(job.fullName)}</bdi>
        </span>
        <span className={styles.state}>
          <Status status={status} />
          {isPresent ? <span className={styles.present}>this task</span> : <code>{shortId(id)}</code>}
        </span>
      </Link>
    </li>
  );
});

/** Who waits for whom, in words. */
function Waits({ graph: { nodes, edges } }: { graph: TaskGraph }) {
  const parents = new Map<string, GraphEdge[]>();
  for (const edge of edges) parents.set(edge.to, [...(parents.get(edge.to) ?? []), edge]);
  return (
    <div className="visually-hidden">
      <table>
        <caption>Who waits for whom</caption>
        <thead>
          <tr>
            <th scope="col">Task</th>
            <th scope="col">Status</th>
            <th scope="col">Depends on</th>
          </tr>
        </thead>
        <tbody>
          {[...nodes.values()].map((node) => (
            <tr key={node.id}>
              <th scope="row">{nameOf(node)}</th>
              <td>{wordOf(node.status)}</td>
              <td>
                {parents
                  .get(node.id)
                  ?.map((edge) => parentText(edge, nodes))
                  .join('; ') ?? 'Nothing'}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const nameOf = ({ id, job }: GraphNode) => `${jobName(job.fullName)} ${shortId(id)}`;

function parentText(edge: GraphEdge, nodes: TaskGraph['nodes']): string {
  const parent = nodes.get(edge.from);
  const line = LINES.find((one) => isOf(one, edge));
  return `${parent ? nameOf(parent) : shortId(edge.from)}: ${line?.text.toLowerCase() ?? ''}`;
}
