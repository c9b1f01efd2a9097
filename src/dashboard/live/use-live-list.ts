/** A list of a read and the stream that goes on from it, for a component. */
import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import type { TypedDocument } from '../../client/connection/connection.ts';
import { type Follow, type Following, follow } from './follow.ts';
import { type ListPage, type ListView, LiveList, type LiveRow } from './live-list.ts';

export interface LiveSource<T extends LiveRow, TData, TVariables> {
  /** Names what is listed: another one is another list. */
  key: string;
  matches(row: T): boolean;
  /** One page after a cursor, and for the first one where the stream goes on. */
  readPage(
    after: string | undefined,
    signal?: AbortSignal,
  ): Promise<ListPage<T> & { streamCursor: string | undefined }>;
  /** Left out: the list is not live. */
  stream?: {
    document: TypedDocument<TData, TVariables>;
    variables(after: string | undefined): TVariables;
    take(data: TData, list: LiveList<T>): ReturnType<Follow<TData, TVariables>['take']>;
  };
}

export interface LiveState<T extends LiveRow> {
  list: LiveList<T>;
  view: ListView;
  error: unknown;
  /** Reads the next page, if there is one. */
  more(): void;
  /** Reads from the beginning. */
  again(): void;
}

export function useLiveList<T extends LiveRow, TData, TVariables>(
  source: LiveSource<T, TData, TVariables>,
  limit: number,
): LiveState<T> {
  const { key } = source;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the source.
  const list = useMemo(() => new LiveList<T>({ matches: source.matches, limit }), [key, limit]);
  const [error, setError] = useState<unknown>();
  const [following, setFollowing] = useState<Following>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the source.
  useEffect(() => {
    setError(undefined);
    const started = start(source, list, setError);
    setFollowing(started);
    const onVisible = () => {
      if (!document.hidden && list.isStale) started.again();
    };
    document.addEventListener('visibilitychange', onVisible);
    return () => {
      document.removeEventListener('visibilitychange', onVisible);
      started.end();
      list.close();
    };
  }, [list]);
  const view = useSyncExternalStore(list.subscribe, list.view);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the source.
  const more = useCallback(() => void readMore(source, list).catch(setError), [list]);
  return {
    list,
    view,
    error,
    more,
    again: () => {
      setError(undefined);
      following?.again();
    },
  };
}

function start<T extends LiveRow, TData, TVariables>(
  source: LiveSource<T, TData, TVariables>,
  list: LiveList<T>,
  fail: (error: unknown) => void,
): Following {
  const { stream } = source;
  const read = async (signal?: AbortSignal) => {
    const page = await source.readPage(undefined, signal);
    list.replace(page);
    return page.streamCursor;
  };
  if (!stream) {
    const gone = new AbortController();
    const again = () => void read(gone.signal).catch((error) => gone.signal.aborted || fail(error));
    again();
    return { end: () => gone.abort(), again };
  }
  return follow({
    document: stream.document,
    variables: stream.variables,
    read,
    take: (data) => stream.take(data, list),
    fail,
  });
}

const reading = new WeakSet<object>();

async function readMore<T extends LiveRow, TData, TVariables>(
  source: LiveSource<T, TData, TVariables>,
  list: LiveList<T>,
): Promise<void> {
  const { next } = list;
  if (next === undefined || reading.has(list)) return;
  reading.add(list);
  try {
    const page = await source.readPage(next);
    // A list that was read anew meanwhile has pages of its own.
    if (list.next === next) list.append(page);
  } finally {
    reading.delete(list);
  }
}
