/** What subscriptions to the small logs deliver. */

import { pullIterator } from '../../async/pull-iterator.ts';
import type { AuditEntry } from '../../domain/audit.ts';
import type { RunRow } from '../../domain/operation-run.ts';
import type { Position } from '../../domain/position.ts';
import { LogReplaced, PositionExpired } from '../../store/log/log.ts';
import type { Feed } from './feed.ts';

export type AuditStreamItem =
  /** `position` is where to resume after the event; a resume may repeat some, and misses none. */
  | { kind: 'event'; event: AuditEntry; position: Position }
  /** The position asked for cannot be resumed from; the stream ends with it. */
  | { kind: 'resync'; reason: string };

/** Every event after the position, or from now on, that is accepted; `ready` when it is attached. */
export function openAuditStream({
  feed,
  after,
  accept,
}: {
  feed: Feed<AuditEntry>;
  after?: Position | undefined;
  accept: (event: AuditEntry) => boolean;
}): AsyncIterableIterator<AuditStreamItem> & { readonly ready: Promise<void> } {
  const following = feed.follow(after);
  const items = pullIterator<AuditStreamItem>({
    async pull() {
      try {
        for await (const { row, position } of unclosed(following)) {
          if (accept(row)) return { kind: 'event', event: row, position };
        }
      } catch (error) {
        if (error instanceof LogReplaced) return { kind: 'resync', reason: error.message };
        if (error instanceof PositionExpired) return { kind: 'resync', reason: EXPIRED };
        throw error;
      }
      return undefined;
    },
    close: () => void following.return?.(),
  });
  return Object.assign(items, { ready: following.ready });
}

const EXPIRED = 'The position is older than what the log of events still holds.';

export type RunStreamItem = { kind: 'snapshot'; runs: RunRow[] } | { kind: 'changed'; run: RunRow };

/** First what is running; then every accepted run when it begins, gets on and ends. */
export async function openRunStream({
  feed,
  running,
  accept,
}: {
  feed: Feed<RunRow>;
  running: () => Promise<RunRow[]>;
  accept: (run: RunRow) => boolean;
}): Promise<AsyncIterableIterator<RunStreamItem>> {
  const following = feed.follow();
  await following.ready;
  let begun = false;
  return pullIterator<RunStreamItem>({
    async pull() {
      if (!begun) {
        begun = true;
        return { kind: 'snapshot', runs: (await running()).filter(accept) };
      }
      for await (const { row } of unclosed(following)) {
        if (accept(row)) return { kind: 'changed', run: row };
      }
      return undefined;
    },
    close: () => void following.return?.(),
  });
}

/** The same iterator for a loop that is left and entered again: leaving it must not close it. */
function unclosed<T>(iterator: AsyncIterator<T>): AsyncIterable<T> {
  return { [Symbol.asyncIterator]: () => ({ next: () => iterator.next() }) };
}
