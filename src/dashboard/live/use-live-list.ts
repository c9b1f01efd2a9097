/** The SDK's live list of what a document reads and a stream continues, for a component. */
import { useCallback, useEffect, useMemo, useSyncExternalStore } from 'react';
import type { TypedDocument } from '../../client/connection/connection.ts';
import { LiveList } from '../../client/streams/live-list.ts';
import type {
  LiveChange,
  LiveListSnapshot,
  LiveListSource,
  LiveRow,
} from '../../client/streams/live-list-types.ts';
import { readPersistently, streamOf } from './follow.ts';

export interface LivePage<TRow> {
  rows: TRow[];
  /** The position behind the last row; undefined where there are no more. */
  next: string | undefined;
  /** Where the stream goes on. */
  streamCursor: string;
}

export interface LiveSource<TRow extends LiveRow, TData, TVariables> {
  /** Names what is listed: another one is another list. */
  key: string;
  readPage(after: string | undefined, first: number, signal: AbortSignal): Promise<LivePage<TRow>>;
  stream: {
    document: TypedDocument<TData, TVariables>;
    variables: TVariables;
    /** What an event says of the rows; undefined: nothing. */
    read(data: TData): LiveChange<TRow> | undefined;
  };
}

export interface LiveListState<TRow extends LiveRow> {
  list: LiveList<TRow>;
  view: LiveListSnapshot;
  /** Holds more rows, where there are more. */
  more(): void;
  /** Reads again. */
  again(): void;
}

/** Servers give pages of no more. */
const PAGE = 100;

/** Begins with a page, and holds `limit` rows once more are asked for. */
export function useLiveList<TRow extends LiveRow, TData, TVariables>(
  source: LiveSource<TRow, TData, TVariables>,
  limit: number,
): LiveListState<TRow> {
  const { key } = source;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the source.
  const list = useMemo(() => {
    // What leaves is gone at once where nothing shall move.
    const leaveMs = matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : undefined;
    return new LiveList<TRow>(listSource(source), { limit: PAGE, leaveMs });
  }, [key]);
  useEffect(() => {
    list.start();
    return () => list.close();
  }, [list]);
  const view = useSyncExternalStore(list.subscribe, list.getSnapshot);
  const more = useCallback(() => list.resize(Math.max(PAGE, limit)), [list, limit]);
  return { list, view, more, again: () => list.refresh() };
}

function listSource<TRow extends LiveRow, TData, TVariables>(
  source: LiveSource<TRow, TData, TVariables>,
): LiveListSource<TRow> {
  const { document, variables, read } = source.stream;
  return {
    async read(limit, signal) {
      const rows: TRow[] = [];
      let cursor: string | undefined;
      for (let after: string | undefined; ; ) {
        const first = Math.min(PAGE, limit - rows.length);
        const page = await readPersistently(() => source.readPage(after, first, signal), signal);
        rows.push(...page.rows);
        // That of the first page: what has changed since then comes again.
        cursor ??= page.streamCursor;
        after = page.next;
        if (after === undefined || rows.length >= limit)
          return { rows, cursor, hasMore: after !== undefined };
      }
    },
    async *follow(after, signal) {
      for await (const data of streamOf(document, variables, { after, signal })) {
        const change = read(data);
        if (change) yield change;
      }
    },
  };
}
