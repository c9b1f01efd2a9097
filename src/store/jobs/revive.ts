/** A queue takes work while its workers are away: what is submitted to a retired job brings it back. */
import { INTERNAL_ROOM } from '../../domain/rooms.ts';
import { insertAuditEntries } from '../audit/record-entry.ts';
import type { DatabaseSession } from '../database/database.ts';
import { statement } from '../database/statement.ts';

/** A job that can be submitted to. */
export interface OpenJob {
  id: string;
  schemaVersion: number;
  /** Whether it was retired until now. */
  revived: boolean;
}

/** Brings back those of the jobs that are retired. @returns all of them that there are */
export function reviveJobs(
  session: DatabaseSession,
  ids: readonly string[],
  actor: string,
): Promise<OpenJob[]> {
  return session.query<OpenJob>(REVIVE, [ids, actor]);
}

const REVIVE = statement(
  'revive_jobs',
  `WITH revived AS (
    UPDATE job SET retired_at = NULL, last_active_at = now()
    WHERE id = ANY($1::uuid[]) AND retired_at IS NOT NULL RETURNING id, room, full_name
  ), recorded AS (
    ${insertAuditEntries({
      type: 'JOB_RESTORED',
      severity: 'INFO',
      room: 'revived.room',
      actor: '$2::text',
      subjectKind: 'job',
      subjectId: 'revived.id',
      payload: "jsonb_build_object('job', revived.full_name)",
      from: `revived WHERE revived.room <> '${INTERNAL_ROOM}'`,
    })}
  )
  SELECT job.id, job.schema_version AS "schemaVersion", job.id IN (SELECT id FROM revived) AS revived
  FROM job WHERE job.id = ANY($1::uuid[])`,
);
