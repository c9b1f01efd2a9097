/**
 * For lists of what only administrators change: whenever the audit log says that something of them was changed, they are
 * read again. Nothing is missed: the stream goes on from a position that was taken before the last read.
 */
import { useEffect } from 'react';
import { request } from '../api/connection.ts';
import { AuditPositionDocument, AuditStreamDocument } from '../api/events.ts';
import { reread } from '../api/read.ts';
import type { EventType } from '../generated/graphql.ts';
import { followSubscription, RESYNC } from './follow.ts';

/** Reads everything of these keys again when events of these types come. */
export function useAudit(types: readonly EventType[], keys: readonly string[]): void {
  const about = JSON.stringify([types, keys]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text stands for both lists.
  useEffect(() => {
    return followSubscription({
      document: AuditStreamDocument,
      variables: { types: [...types] },
      async read(signal) {
        const { events } = await request(AuditPositionDocument, {}, signal);
        // What was read before the position may be older than it.
        for (const key of keys) reread(key);
        return events.streamCursor;
      },
      take({ eventStream: event }) {
        if (event.__typename !== 'EventRecorded') return RESYNC;
        for (const key of keys) reread(key);
        return undefined;
      },
    });
  }, [about]);
}
