/** The graph of a task's dependencies as it is executed, and the same as a table for readers of the screen. */
import { memo, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { GraphEdge, GraphNode } from '../../api/task-graph.ts';
import { Banner, Empty, ErrorNote, Loading } from '../../design/note.tsx';
import { Aspect, Status } from '../../design/status.tsx';
import { countText, jobName, many, shortId, wordOf } from '../../design/text.ts';
import { Link } from '../../frame/link.tsx';
import styles from './graph.module.css';
import { type Bundle, edgesInto, fold, statusCountsOf } from './graph-fold.ts';
import { type GraphLayout, layoutOf, type Place, stopsOf } from './graph-layout.ts';
import { type TaskGraph, useGraph } from './use-graph.ts';

/** Of a bundle, with each click. */
const SHOWN_MORE = 25;

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
  const { nodes, truncated } = graph;
  const [shown, setShown] = useState<ReadonlyMap<string, number>>(new Map());
  const { tasks, bundles, edges } = useMemo(() => fold(graph, taskId, shown), [graph, taskId, shown]);
  const ends = edges.map(({ from, to }) => `${from} ${to}`).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is where depends on the ends of the edges alone.
  const layout = useMemo(() => layoutOf([...tasks, ...bundles.map(({ id }) => id)], edges), [ends]);
  const unfold = (id: string) => setShown((now) => new Map(now).set(id, (now.get(id) ?? 0) + SHOWN_MORE));
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
          <Legend lines={lines} />
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
              {tasks.map((id) => {
                const [node, place] = [nodes.get(id), layout.places.get(id)];
                return node && place && <Node key={id} node={node} place={place} isPresent={id === taskId} />;
              })}
              {bundles.map((bundle) => {
                const place = layout.places.get(bundle.id);
                return (
                  place && (
                    <BundleMark
                      key={bundle.id}
                      bundle={bundle}
                      nodes={nodes}
                      place={place}
                      unfold={() => unfold(bundle.id)}
                    />
                  )
                );
              })}
            </ul>
          </div>
        </section>
        <Waits tasks={tasks} bundles={bundles} edges={edges} nodes={nodes} />
      </figure>
    </>
  );
}

function Legend({ lines }: { lines: readonly Line[] }) {
  const named = lines.filter((line, at) => lines.findIndex(({ text }) => text === line.text) === at);
  return (
    <ul className={styles.legend}>
      {named.map((line) => (
        <li key={line.text}>
          <svg className={styles.lines} width="28" height="10" aria-hidden="true">
            <LineMarks line={line} d="M1 5h24" heads="M21 1l5 4-5 4" />
          </svg>
          {line.text}
        </li>
      ))}
    </ul>
  );
}

function cornerOf({ column, row }: Place): { x: number; y: number } {
  return { x: MARGIN + column * STEP.x, y: MARGIN + row * STEP.y };
}

/** All edges of one kind as one path, and their heads as another: thousands are as light as one. */
function pathsOf(edges: readonly GraphEdge[], layout: GraphLayout): { d: string; heads: string } {
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

interface BundleProps {
  bundle: Bundle;
  nodes: TaskGraph['nodes'];
  place: Place;
  unfold(): void;
}

/** Many tasks that are alike, by their statuses. */
function BundleMark({ bundle, nodes, place, unfold }: BundleProps) {
  const { x, y } = cornerOf(place);
  const { job, members } = bundle;
  const more = Math.min(SHOWN_MORE, members.length);
  return (
    <li className={styles.place} style={{ left: x, top: y, width: NODE.width, height: NODE.height }}>
      <button
        type="button"
        className={`${styles.node} ${styles.bundle}`}
        title={`Show ${more === members.length ? 'them' : `${more} of them`} one by one`}
        onClick={unfold}
      >
        <span className={styles.job}>
          <bdi>{jobName(job.fullName)}</bdi>{' '}
          <span className={styles.times}>× {countText(members.length)}</span>
        </span>
        <span className={styles.counts}>
          {statusCountsOf(members, nodes).map(([status, count]) => (
            <span key={status} title={wordOf(status)}>
              <Aspect status={status} /> {countText(count)}
              <span className="visually-hidden"> {wordOf(status)}</span>
            </span>
          ))}
        </span>
      </button>
    </li>
  );
}

interface WaitsProps {
  tasks: readonly string[];
  bundles: readonly Bundle[];
  edges: readonly GraphEdge[];
  nodes: TaskGraph['nodes'];
}

/** Who waits for whom, in words. */
function Waits({ tasks, bundles, edges, nodes }: WaitsProps) {
  const parents = edgesInto(edges);
  const names = new Map(bundles.map((bundle) => [bundle.id, bundleName(bundle)]));
  for (const id of tasks) {
    const node = nodes.get(id);
    if (node) names.set(id, nameOf(node));
  }
  const parentText = (edge: GraphEdge) => {
    const line = LINES.find((one) => isOf(one, edge));
    return `${names.get(edge.from) ?? shortId(edge.from)}: ${line?.text.toLowerCase() ?? ''}`;
  };
  const rowOf = (id: string, status: string) => (
    <tr key={id}>
      <th scope="row">{names.get(id)}</th>
      <td>{status}</td>
      <td>{parents.get(id)?.map(parentText).join('; ') ?? 'Nothing'}</td>
    </tr>
  );
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
          {tasks.map((id) => rowOf(id, wordOf(nodes.get(id)?.status ?? '')))}
          {bundles.map(({ id, members }) =>
            rowOf(
              id,
              statusCountsOf(members, nodes)
                .map(([status, count]) => `${countText(count)} ${wordOf(status)}`)
                .join(', '),
            ),
          )}
        </tbody>
      </table>
    </div>
  );
}

const nameOf = ({ id, job }: GraphNode) => `${jobName(job.fullName)} ${shortId(id)}`;
const bundleName = ({ job, members }: Bundle) => `${countText(members.length)} × ${jobName(job.fullName)}`;
