/** A stream that begins with everything there is and goes on with what changes: rows by id, shown once a frame at most. */
import { useEffect, useState } from 'react';
import type { TypedDocument } from '../../client/connection/connection.ts';
import { followSubscription } from './follow.ts';

/** What one event says of the rows. */
export type SnapshotChange<TRow> = { all: readonly TRow[] } | { changed: TRow } | { gone: string };

export interface SnapshotSource<TRow extends { id: string }, TData, TVariables> {
  document: TypedDocument<TData, TVariables>;
  variables: TVariables;
  take(data: TData): SnapshotChange<TRow> | undefined;
}

export interface Snapshot<TRow> {
  /** In the order in which they came; undefined until the first event. */
  rows: readonly TRow[] | undefined;
  error: unknown;
}

/** Follows the source for as long as its variables stay the same. */
export function useSnapshot<TRow extends { id: string }, TData, TVariables>(
  source: SnapshotSource<TRow, TData, TVariables>,
  enabled = true,
): Snapshot<TRow> {
  const [rows, setRows] = useState<readonly TRow[]>();
  const [error, setError] = useState<unknown>();
  const key = JSON.stringify(source.variables);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the source.
  useEffect(() => {
    setRows(undefined);
    setError(undefined);
    if (!enabled) return;
    const byId = new Map<string, TRow>();
    let frame: number | undefined;
    const show = () => {
      frame = undefined;
      setRows([...byId.values()]);
    };
    const end = followSubscription({
      document: source.document,
      variables: source.variables,
      take(data) {
        const change = source.take(data);
        if (change === undefined) return;
        if ('all' in change) {
          byId.clear();
          for (const row of change.all) byId.set(row.id, row);
        } else if ('gone' in change) byId.delete(change.gone);
        else byId.set(change.changed.id, change.changed);
        frame ??= requestAnimationFrame(show);
      },
      fail: setError,
    });
    return () => {
      end();
      if (frame !== undefined) cancelAnimationFrame(frame);
    };
  }, [key, enabled]);
  return { rows, error };
}
