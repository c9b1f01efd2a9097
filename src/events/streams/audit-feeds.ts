/** The feeds of the small logs: events of the audit log, and runs of operations each time they change. */
import type { AuditEntry } from '../../domain/audit.ts';
import type { RunRow } from '../../domain/operation-run.ts';
import { AUDIT_CHANNEL, RUNS_CHANNEL } from '../messages/message.ts';
import { createFeed, type Feed, type FeedOptions, type FollowedLog } from './feed.ts';

/** How the log is read, and what the feed is made of. */
export interface AuditFeedOptions<Row> extends Omit<FeedOptions<Row>, 'log'> {
  read: FollowedLog<Row>['read'];
  horizon: FollowedLog<Row>['horizon'];
}

export function createAuditFeed({
  read,
  horizon,
  ...options
}: AuditFeedOptions<AuditEntry>): Feed<AuditEntry> {
  return createFeed<AuditEntry>({
    ...options,
    log: { channel: AUDIT_CHANNEL, read, horizon, positionOf, keyOf: ({ id }) => id },
  });
}

/** Of changes in short order perhaps only the latest comes: each row has the whole state of the run. */
export function createRunFeed({ read, horizon, ...options }: AuditFeedOptions<RunRow>): Feed<RunRow> {
  return createFeed<RunRow>({
    ...options,
    log: { channel: RUNS_CHANNEL, read, horizon, positionOf, keyOf: ({ id, version }) => `${id} ${version}` },
  });
}

function positionOf({ xid, serial }: { xid: string; serial: string }) {
  return { xid, id: serial };
}
