/** Where the tasks of a graph are drawn: in columns by depth, what belongs together side by side. */

export interface Place {
  /** The longest path from a task that depends on nothing. */
  column: number;
  /** In heights of a row from the top; halves, where a column is shorter than the tallest. */
  row: number;
}

export interface GraphLayout {
  /** Of tasks by their ids, and of the gaps that lines pass through by {@link gapOf}. */
  places: ReadonlyMap<string, Place>;
  columns: number;
  rows: number;
}

interface Edge {
  from: string;
  to: string;
}

/** With more gaps than this, long lines run behind tasks instead. */
const MAX_GAPS = 2_000;

/** @param edges between these ids, without a circle */
export function layoutOf(ids: readonly string[], edges: readonly Edge[]): GraphLayout {
  const columns = byDepth(ids, edges);
  const parts = withGaps(columns, edges);
  const rows = Math.max(0, ...columns.map((column) => column.length));
  const parents = neighboursOf(parts.map(({ from, to }) => [to, from]));
  const children = neighboursOf(parts.map(({ from, to }) => [from, to]));
  const places = new Map<string, Place>();
  const arrange = (column: number, ids: string[], near: Neighbours) => {
    const top = (rows - ids.length) / 2;
    const meanOf = (id: string, at: number) =>
      meanRow(near.get(id), places) ?? places.get(id)?.row ?? top + at;
    const means = new Map(ids.map((id, at) => [id, meanOf(id, at)]));
    ids.sort((a, b) => (means.get(a) ?? 0) - (means.get(b) ?? 0));
    ids.forEach((id, at) => {
      places.set(id, { column, row: top + at });
    });
  };
  const numbered = [...columns.entries()];
  // To the last column, back and again, so that lines cross less often.
  for (const [column, ids] of numbered) arrange(column, ids, parents);
  for (const [column, ids] of numbered.toReversed()) arrange(column, ids, children);
  for (const [column, ids] of numbered) arrange(column, ids, parents);
  return { places, columns: columns.length, rows };
}

/** Where a line begins, the gaps that it passes through, and where it ends. */
export function stopsOf({ from, to }: Edge, { places }: GraphLayout): Place[] {
  const [start, end] = [places.get(from), places.get(to)];
  if (!start || !end) return [];
  const gaps: Place[] = [];
  for (let column = start.column + 1; column < end.column; column++) {
    const gap = places.get(gapOf(from, column));
    if (gap) gaps.push(gap);
  }
  return [start, ...gaps, end];
}

/** Lines from the same task pass a column through the same gap. */
function gapOf(from: string, column: number): string {
  return `${from} ${column}`;
}

/** Adds gaps to the columns, and returns the edges in parts that go from one column to the next. */
function withGaps(columns: string[][], edges: readonly Edge[]): readonly Edge[] {
  const columnOf = new Map(columns.flatMap((ids, column) => ids.map((id) => [id, column] as const)));
  const parts: Edge[] = [];
  const gaps = new Map<string, number>();
  for (const { from, to } of edges) {
    const [start, end] = [columnOf.get(from), columnOf.get(to)];
    if (start === undefined || end === undefined) continue;
    let last = from;
    for (let column = start + 1; column < end; column++) {
      const gap = gapOf(from, column);
      parts.push({ from: last, to: gap });
      gaps.set(gap, column);
      if (gaps.size > MAX_GAPS) return edges;
      last = gap;
    }
    parts.push({ from: last, to });
  }
  for (const [gap, column] of gaps) columns[column]?.push(gap);
  return parts;
}

type Neighbours = ReadonlyMap<string, ReadonlySet<string>>;

function neighboursOf(pairs: readonly (readonly [of: string, neighbour: string])[]): Neighbours {
  const found = new Map<string, Set<string>>();
  for (const [of, neighbour] of pairs) {
    const known = found.get(of);
    if (known) known.add(neighbour);
    else found.set(of, new Set([neighbour]));
  }
  return found;
}

/** The ids by their depth: a task is placed when the last of its parents is. */
export function byDepth(ids: readonly string[], edges: readonly Edge[]): string[][] {
  const parents = neighboursOf(edges.map(({ from, to }) => [to, from]));
  const children = neighboursOf(edges.map(({ from, to }) => [from, to]));
  const missing = new Map(ids.map((id) => [id, parents.get(id)?.size ?? 0]));
  const columns: string[][] = [];
  let column = ids.filter((id) => missing.get(id) === 0);
  while (column.length > 0) {
    columns.push(column);
    const next: string[] = [];
    for (const child of column.flatMap((id) => [...(children.get(id) ?? [])])) {
      const left = (missing.get(child) ?? 0) - 1;
      missing.set(child, left);
      if (left === 0) next.push(child);
    }
    column = next;
  }
  return columns;
}

function meanRow(
  ids: ReadonlySet<string> | undefined,
  places: ReadonlyMap<string, Place>,
): number | undefined {
  if (!ids) return undefined;
  return [...ids].reduce((sum, id) => sum + (places.get(id)?.row ?? 0), 0) / ids.size;
}
