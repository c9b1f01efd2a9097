/** Contract between a {@link LiveList}, what it is made of, and what shows it. */

/** Anything with an id and a version that rises with each change, as a task. */
export interface LiveRow {
  id: string;
  version: number;
}

/** Change of a row, or a sign that changes may have been missed. */
export type LiveChange<TRow extends LiveRow> =
  /** `keepsVersion`: it says more of the same version, as progress does. `leaves`: the server says that it left the list. */
  { kind: 'row'; row: TRow; keepsVersion?: boolean; leaves?: boolean } | { kind: 'resync' };

/** Origin of a list. */
export interface LiveListSource<TRow extends LiveRow> {
  /** The first `limit` rows in order, and the position of the log at or before which they were read. */
  read(limit: number, signal: AbortSignal): Promise<{ rows: TRow[]; cursor: string; hasMore: boolean }>;
  /** Every change after a position; goes on over lost connections, and may repeat changes. */
  follow(after: string, signal: AbortSignal): AsyncIterable<LiveChange<TRow>>;
  /** Whether a row belongs into the list as far as the row shows; left out: all do. */
  matches?(row: TRow): boolean;
  /** Order of the list; left out: the highest id first, which for tasks is the newest. */
  compare?(a: TRow, b: TRow): number;
}

/** How to show a list. */
export interface LiveListOptions {
  /** Rows at most; 500 by default. */
  limit?: number | undefined;
  /** Milliseconds that a row which has left stays to be seen; 2,000 by default, 0 for at once. */
  leaveMs?: number | undefined;
  /** Runs a flush soon, once; left out: with the next frame, and where there are none in a moment. */
  schedule?(flush: () => void): void;
}

/** State of a list but for its rows; a new object after each change. */
export interface LiveListSnapshot {
  state: 'loading' | 'ready' | 'failed';
  /** In order, those that are leaving among them. */
  ids: readonly string[];
  /** Rows that wait to enter while the list is held. */
  waiting: number;
  /** There were more rows than the limit. */
  hasMore: boolean;
  /** Why the list has failed: it is not followed any more. */
  error?: unknown;
}
